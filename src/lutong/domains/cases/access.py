"""Who may see which case."""

import uuid
from typing import Any, TypeVar

from django.contrib.postgres.functions import TransactionNow
from django.db.models import BooleanField, ExpressionWrapper, Model, QuerySet
from django.db.models.expressions import RawSQL

from lutong.domains.cases.models import Case, CaseAccess
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability

M = TypeVar("M", bound=Model)


def visible_to(actor: Actor, *, court_id: int, needs: Capability = Capability.READ_CASE) -> QuerySet[Case]:
    """A case of a court is visible if, and only if:

    * the actor is of that court's staff; or
    * the court has confirmed him as counsel of record, and that has not ended; or
    * he acts as the assistant of such counsel, whose grant for this case is running and names `needs` (意见第十四条).
    """
    cases = Case.objects.filter(court_id=court_id)
    if actor.is_staff:
        return cases if actor.court_id == court_id else cases.none()
    return cases.filter(id__in=cases_of(actor, court_id=court_id, needs=needs))


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
