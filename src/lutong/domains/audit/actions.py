"""Write one line of the trail, inside the transaction of the act that it records."""

import datetime as dt
import uuid

from lutong.domains.audit.models import CourtEvent, LawyerEvent
from lutong.kernel.actor import Actor


def record(
    *,
    actor: Actor,
    court_id: int,
    action: str,
    subject: str,
    now: dt.datetime,
    case_id: uuid.UUID | None = None,
    filing_id: uuid.UUID | None = None,
    **facts: object,
) -> None:
    """Record an act (or a look) upon what belongs to a court.

    `action` is "domain.verb"; `facts` hold ids and states, never names or numbers of persons.
    """
    CourtEvent.objects.create(
        court_id=court_id, case_id=case_id, filing_id=filing_id, at=now, actor_id=actor.person_id,
        actor_name=actor.name, actor_role=actor.role, action=action, subject=subject[:120], facts=facts,
    )  # fmt: skip


def record_own(*, actor: Actor, action: str, subject: str, now: dt.datetime, **facts: object) -> None:
    """Record an act upon what belongs to the actor alone: drafts, uploads, tokens, sign-in."""
    LawyerEvent.objects.create(
        lawyer_id=actor.person_id, at=now, actor_id=actor.person_id, actor_name=actor.name,
        actor_role=actor.role, action=action, subject=subject[:120], facts=facts,
    )  # fmt: skip
