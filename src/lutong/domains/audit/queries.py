"""Reading the trail."""

import uuid

from lutong.domains.audit.models import CourtEvent, LawyerEvent
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor


def list_case_events(*, actor: Actor, court_id: int, case_id: uuid.UUID, limit: int = 200) -> list[CourtEvent]:
    """The newest events of a case. Staff of the court only: a lawyer sees the timeline instead."""
    with reading(actor):
        if not actor.is_staff:
            return []
        return list(CourtEvent.objects.filter(court_id=court_id, case_id=case_id).order_by("-at", "-id")[:limit])


def list_own_events(*, actor: Actor, limit: int = 50) -> list[LawyerEvent]:
    """What the actor did with his own account and drafts, newest first."""
    with reading(actor):
        return list(LawyerEvent.objects.filter(lawyer_id=actor.person_id).order_by("-at")[:limit])
