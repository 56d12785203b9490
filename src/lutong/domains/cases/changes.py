"""变更授权, read: a part of `queries`, which hands it on."""

import datetime as dt
import uuid

from lutong.domains.cases.access import in_sight
from lutong.domains.cases.models import MandateChange, Representation
from lutong.domains.cases.powers import Act, acts_on, objection_to
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound

NOT_YOURS = "没有这个案件，或您无权查看"


def list_changes(
    *, actor: Actor, court_id: int, case_id: uuid.UUID | None = None, limit: int = 50
) -> list[MandateChange]:
    """变更授权: with a case its whole history (counsel: his own), without one what waits in the court, oldest first."""
    with reading(actor):
        rows = MandateChange.objects.select_related("representation", "case").filter(court_id=court_id)
        if not actor.is_staff:
            rows = rows.filter(lawyer_id=actor.lawyer_id)
        else:
            rows = in_sight(rows, actor=actor, court_id=court_id)
        if case_id is not None:
            return list(rows.filter(case_id=case_id).order_by("-asked_at", "-id")[:limit])
        return list(rows.filter(state="claimed").order_by("asked_at", "id")[:limit])


def get_change(*, actor: Actor, court_id: int, change_id: uuid.UUID, lock: bool = False) -> MandateChange:
    """One change of powers: who handles its case in the court, or the lawyer himself; or NotFound."""
    with reading(actor):
        rows = MandateChange.objects.filter(court_id=court_id, id=change_id)
        mine = (
            in_sight(rows, actor=actor, court_id=court_id) if actor.is_staff else rows.filter(lawyer_id=actor.lawyer_id)
        )
        found = (mine.select_for_update() if lock else mine.select_related("representation", "case")).first()
    if found is None:
        raise NotFound("没有这份变更授权的申请，或您无权查看")
    return found


def my_representation(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> Representation:
    """The actor's own representation of record in a case (an assistant: that of his lawyer), or NotFound."""
    with reading(actor):
        mine = Representation.objects.select_related("party").filter(
            court_id=court_id, case_id=case_id, lawyer_id=actor.lawyer_id, state="confirmed"
        )
        found = mine.first()
    if found is None:
        raise NotFound(NOT_YOURS)
    return found


def acts_carried(*, representation: Representation, today: dt.date) -> list[tuple[Act, bool]]:
    """Every act of counsel with whether the powers on file carry it, in the order of the table."""
    return [
        (act, objection_to(act=act, powers=representation.powers, special_powers=representation.special_powers) is None)
        for act in acts_on(today).values()
    ]
