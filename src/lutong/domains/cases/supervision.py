"""Reading about who read: 紧急查阅 of a case and of a court, what exists beyond one's own work, a mediator's notes."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from lutong.domains.cases.access import handled_by, in_sight, opened_by, visible_to
from lutong.domains.cases.models import Case, MediatorNote, UrgentAccess
from lutong.domains.cases.states import URGENT
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import NotAllowed, NotFound
from lutong.kernel.lifecycle import Step

R = TypeVar("R", bound=Model)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """That a case exists in the court, for who may open it urgently: no party, no title."""

    id: uuid.UUID
    number: str
    stage: str
    division: str
    judge: str


def require_handling(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> None:
    """Refuse a member of staff who sees a case only by 紧急查阅: that is for reading. Raises NotAllowed.

    Nothing is said of a case that he does not see at all, and nothing of counsel, whose powers are another matter.
    """
    if not may(actor, Duty.OPEN_URGENTLY) or actor.court_id != court_id:
        return
    with reading(actor):
        seen = visible_to(actor, court_id=court_id).filter(id=case_id)
        if seen.exists() and not handled_by(actor, court_id=court_id).filter(id=case_id).exists():
            raise NotAllowed("紧急查阅只能查看，不能办理；请联系承办人，或请院庭长变更承办人")


def handles(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> bool:
    """Whether the case is the actor's own work, and not only opened urgently."""
    with reading(actor):
        return handled_by(actor, court_id=court_id).filter(id=case_id).exists()


def staff_rows(*, actor: Actor, court_id: int, rows: QuerySet[R], column: str = "case_id") -> QuerySet[R]:
    """Rows of one court, narrowed to the cases that a member of its staff sees; none for another court's."""
    return in_sight(rows, actor=actor, court_id=court_id, column=column)


def find_elsewhere(*, actor: Actor, number: str) -> Elsewhere | None:
    """The case of exactly this 案号 in the actor's court that he does not see, if he may open one urgently."""
    if not may(actor, Duty.OPEN_URGENTLY):
        return None
    court_id = actor.court_id or 0
    with reading(actor):
        case = Case.objects.filter(court_id=court_id, number=number).first()
        if case is None or visible_to(actor, court_id=court_id).filter(id=case.id).exists():
            return None
    return Elsewhere(case.id, case.number, case.get_stage_display(), case.division, case.judge_name)


def get_elsewhere(*, actor: Actor, case_id: uuid.UUID) -> Elsewhere:
    """The same by id, for the page that warns first. Raises NotFound."""
    with reading(actor):
        case = Case.objects.filter(court_id=actor.court_id or 0, id=case_id).first()
        found = find_elsewhere(actor=actor, number=case.number) if case else None
    if found is None:
        raise NotFound("没有这个案件，或者您已经可以查看它")
    return found


def urgent_until(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> dt.datetime | None:
    """Until when the actor sees the case by 紧急查阅 alone; None when it is his work, or he does not see it."""
    if not may(actor, Duty.OPEN_URGENTLY):
        return None
    with reading(actor):
        if handled_by(actor, court_id=court_id).filter(id=case_id).exists():
            return None
        opened = UrgentAccess.objects.filter(
            court_id=court_id, case_id__in=opened_by(actor, court_id=court_id), person_id=actor.person_id
        )
        newest = opened.filter(case_id=case_id).order_by("-id").first()
        return newest.during.upper if newest else None


def readers_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> list[UrgentAccess]:
    """谁查阅了: who opened a case urgently, newest first, for everybody who sees the case."""
    with reading(actor):
        if not actor.is_staff:
            cases = visible_to(actor, court_id=court_id).filter(id=case_id).values("id")
            rows = UrgentAccess.objects.filter(court_id=court_id, case_id__in=cases)
        else:
            rows = in_sight(UrgentAccess.objects.all(), actor=actor, court_id=court_id).filter(case_id=case_id)
        return list(rows.order_by("-id")[:50])


def list_urgent(
    *, actor: Actor, state: str = "", after: uuid.UUID | None = None, limit: int = 30
) -> list[UrgentAccess]:
    """All 紧急查阅 of the court for those who review them, newest first. Raises NotFound."""
    if not may(actor, Duty.URGENT_LIST):
        raise NotFound("没有这个页面，或您无权查看")
    with reading(actor):
        rows = UrgentAccess.objects.filter(court_id=actor.court_id or 0)
        if state:
            rows = rows.filter(state=state)
        if after is not None:
            rows = rows.filter(id__lt=after)
        return list(rows.order_by("-id")[:limit])


def urgent_steps(*, actor: Actor, opened: UrgentAccess) -> list[Step]:
    """What the reviewer may do next; nothing with his own."""
    return [] if opened.person_id == actor.person_id else URGENT.open_steps(opened.state, actor.role)


def notes_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> list[MediatorNote]:
    """The mediator's own notes on a case that he mediates, newest first; none for anybody else."""
    if not may(actor, Duty.KEEP_MEDIATION_NOTES):
        return []
    with reading(actor):
        rows = in_sight(MediatorNote.objects.all(), actor=actor, court_id=court_id)
        return list(rows.filter(case_id=case_id, author_id=actor.person_id).order_by("-at")[:100])
