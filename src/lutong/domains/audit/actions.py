"""Write one line of the trail, inside the transaction of the act that it records."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lutong.domains.audit.models import CourtEvent, LawyerEvent
from lutong.kernel.acting import action
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
    about = About(subject, facts, case_id, filing_id)
    record_each(actor=actor, court_id=court_id, action=action, about=[about], now=now)


@dataclass(frozen=True, slots=True)
class About:
    """What one event of several is about."""

    subject: str
    facts: dict[str, object] = field(default_factory=dict)
    case_id: uuid.UUID | None = None
    filing_id: uuid.UUID | None = None


def record_each(*, actor: Actor, court_id: int, action: str, about: Sequence[About], now: dt.datetime) -> None:
    """Record the same act upon several things, an event each, in one statement."""
    CourtEvent.objects.bulk_create(
        CourtEvent(
            court_id=court_id, case_id=one.case_id, filing_id=one.filing_id, at=now, actor_id=actor.person_id,
            actor_name=actor.name, actor_role=actor.role, for_id=actor.for_id, for_name=actor.for_name,
            action=action, subject=one.subject[:120], facts=one.facts,
        )
        for one in about
    )  # fmt: skip


@action
def note_look(*, actor: Actor, act: str, facts: dict[str, Any], now: dt.datetime) -> None:
    """The auditor looked through the trail, or took it out: that stands in it, too."""
    record(actor=actor, court_id=actor.court_id or 0, action=f"audit.{act}", subject="", now=now, **facts)


def record_own(*, actor: Actor, action: str, subject: str, now: dt.datetime, **facts: object) -> None:
    """Record an act upon what belongs to a lawyer alone: drafts, uploads, tokens, sign-in.

    What an assistant does stands in the trail of the lawyer for whom he does it.
    """
    LawyerEvent.objects.create(
        lawyer_id=actor.lawyer_id, at=now, actor_id=actor.person_id, actor_name=actor.name,
        actor_role=actor.role, for_id=actor.for_id, for_name=actor.for_name,
        action=action, subject=subject[:120], facts=facts,
    )  # fmt: skip
