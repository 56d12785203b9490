"""Who may see which case, and which of those he may handle."""

import uuid
from typing import Any, TypeVar

from django.contrib.postgres.functions import TransactionNow
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from lutong.domains.cases.models import Case, CaseAccess, UrgentAccess
from lutong.domains.cases.states import Stage
from lutong.domains.identity.queries import departments_of
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import Capability
from lutong.kernel.duties import Duty, may

M = TypeVar("M", bound=Model)

WHOLE_COURT = frozenset({Role.PRESIDENT, Role.SYSTEM})
# 立案庭 hands a case over when its trial begins (登记立案规定第十二条); until then it is the clerks' work.
BEFORE_TRIAL = (Stage.REGISTERED, Stage.MEDIATION, Stage.FEE_DUE)


def visible_to(actor: Actor, *, court_id: int, needs: Capability = Capability.READ_CASE) -> QuerySet[Case]:
    """A case of a court is visible if, and only if:

    * it is the work of the actor, a member of that court's staff (see `handled_by`); or
    * he has opened it urgently with a stated reason, not longer ago than the court allows (紧急查阅); or
    * the court has confirmed him as counsel of record, and that has not ended; or
    * he acts as the assistant of such counsel, whose grant for this case is running and names `needs` (意见第十四条).
    """
    cases = Case.objects.filter(court_id=court_id)
    if not actor.is_staff:
        return cases.filter(id__in=cases_of(actor, court_id=court_id, needs=needs))
    if actor.court_id != court_id:
        return cases.none()
    if sees_whole_court(actor, court_id=court_id):
        return cases
    seen = _work_of(actor, court_id)
    if may(actor, Duty.OPEN_URGENTLY):
        seen |= Q(id__in=opened_by(actor, court_id=court_id))
    return cases.filter(seen)


def handled_by(actor: Actor, *, court_id: int) -> QuerySet[Case]:
    """A case is a member of staff's own work if, and only if he is of its court and

    * leads the court; or is of the filing desk, and its trial has not begun; or
    * tries it: as its judge, in its panel, or as its 书记员; or presides over the division that tries it; or
    * mediates it, while it is in mediation; or keeps the archive, and it is closed.
    """
    cases = Case.objects.filter(court_id=court_id)
    if not actor.is_staff or actor.court_id != court_id:
        return cases.none()
    return cases if sees_whole_court(actor, court_id=court_id) else cases.filter(_work_of(actor, court_id))


def sees_whole_court(actor: Actor, *, court_id: int) -> bool:
    """True for those whose work is every case of the court: its presidents, and the platform itself."""
    return actor.role in WHOLE_COURT and actor.court_id == court_id


def in_sight(rows: QuerySet[M], *, actor: Actor, court_id: int, column: str = "case_id") -> QuerySet[M]:
    """Rows of one court narrowed to the cases that a member of staff sees, in the same statement."""
    rows = rows.filter(court_id=court_id)
    if sees_whole_court(actor, court_id=court_id):
        return rows
    return rows.filter(**{f"{column}__in": visible_to(actor, court_id=court_id).values("id")})


def _work_of(actor: Actor, court_id: int) -> Q:
    me = actor.person_id
    match actor.role:
        case Role.CLERK:
            return Q(stage__in=BEFORE_TRIAL)
        case Role.ARCHIVIST:
            return Q(stage=Stage.CLOSED)
        case Role.MEDIATOR:
            return Q(mediator_id=me, stage=Stage.MEDIATION)
        case Role.RECORDER:
            return Q(recorder_id=me)
        case Role.JUDGE | Role.PRESIDING:
            work = Q(judge_id=me) | Q(panel__contains=[{"person_id": me}])
            if actor.role is Role.PRESIDING:
                work |= Q(division__in=departments_of(person_id=me, court_id=court_id, role=actor.role))
            return work
    return Q(id=uuid.UUID(int=0))  # no case is the work of finance, hotline and hall


def cases_of(actor: Actor, *, court_id: int, needs: Capability = Capability.READ_CASE) -> Any:
    """The ids of one court's cases in which the actor is counsel of record now, or assists one, as a subquery.

    An assistant's grant must name `needs`. "Now" is the clock of the database, as in the row policies, so that both
    locks always agree.
    """
    mine = CaseAccess.objects.filter(
        court_id=court_id, person_id=actor.person_id, for_id=actor.for_id or 0, during__contains=TransactionNow()
    )
    if actor.is_assistant:
        mine = mine.filter(capabilities__contains=[needs.value])
    return mine.values("case_id")


def running_grant(actor: Actor, *, court_id: int, case_id: uuid.UUID) -> list[str]:
    """The capabilities that the assistant's running grant in a case names; none without one."""
    mine = CaseAccess.objects.filter(
        court_id=court_id, case_id=case_id, person_id=actor.person_id, for_id=actor.for_id or 0,
        during__contains=TransactionNow(),
    )  # fmt: skip
    return next(iter(mine.values_list("capabilities", flat=True)), [])


def own_rows(
    rows: QuerySet[M], actor: Actor, *, case_column: str, needs: Capability = Capability.READ_CASE
) -> QuerySet[M]:
    """Rows that a lawyer keeps of his cases are visible if, and only if:

    * they are the actor's own; or
    * they are of the lawyer for whom he acts, and of a case for which his running grant names `needs`.

    For the second he must be reading: PostgreSQL itself says which cases these are.
    """
    rows = rows.filter(lawyer_id=actor.lawyer_id)
    if not actor.is_assistant:
        return rows
    # The column is a constant of ours; an assistant in a session without an open read sees nothing.
    granted = RawSQL(f"{case_column} = ANY ((SELECT my_cases_with(%s))::uuid[])", [needs.value])  # noqa: S611
    return rows.filter(ExpressionWrapper(granted, BooleanField()))


def opened_by(actor: Actor, *, court_id: int) -> Any:
    """The ids of the cases that the actor has open by 紧急查阅 at this moment, as a subquery: it ends by itself."""
    mine = UrgentAccess.objects.filter(
        court_id=court_id, person_id=actor.person_id, role=actor.role, during__contains=TransactionNow()
    )
    return mine.values("case_id")
