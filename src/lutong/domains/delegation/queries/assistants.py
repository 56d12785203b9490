"""The lawyer's assistants, and the lawyers whom a person assists."""

import datetime as dt
import uuid

from lutong.domains.delegation import rules
from lutong.domains.delegation.models import Assistantship, Engagement, OpenInvitation, Roster
from lutong.domains.delegation.states import LIVING
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import NotFound


def list_assistants(*, actor: Actor, living: bool = True, limit: int = 30) -> list[Assistantship]:
    """The lawyer's assistants by place; `living` False: those of earlier times, the last ended first."""
    with reading(actor):
        rows = Assistantship.objects.filter(lawyer_id=actor.person_id)
        if living:
            return list(rows.filter(state__in=LIVING).order_by("slot"))
        return list(rows.exclude(state__in=LIVING).order_by("-invited_at", "id")[:limit])


def get_assistant(*, actor: Actor, assistantship_id: uuid.UUID, lock: bool = False) -> Assistantship:
    """One of the lawyer's own assistants, or NotFound; `lock` needs an open action."""
    with reading(actor):
        rows = Assistantship.objects.filter(lawyer_id=actor.person_id, id=assistantship_id)
        found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("没有这名助理，或您无权查看")
    return found


def free_places(*, actor: Actor, now: dt.datetime) -> int:
    """How many more the lawyer may invite now."""
    with reading(actor):
        taken = Assistantship.objects.filter(lawyer_id=actor.person_id, state__in=LIVING)
        taken = taken.exclude(state="invited", expires_at__lte=now)
        return max(0, rules.places(on=beijing_date(now)) - taken.count())


def list_engagements(*, actor: Actor, states: tuple[str, ...] = LIVING, limit: int = 50) -> list[Engagement]:
    """The lawyers whom the actor assists or is asked to assist, newest first."""
    with reading(actor):
        rows = Engagement.objects.filter(lawyer_id=actor.person_id, state__in=states)
        return list(rows.order_by("-invited_at", "id")[:limit])


def get_engagement(*, actor: Actor, engagement_id: uuid.UUID) -> Engagement:
    """The actor's own side of one assistantship, or NotFound."""
    with reading(actor):
        found = Engagement.objects.filter(lawyer_id=actor.person_id, id=engagement_id).first()
    if found is None:
        raise NotFound("没有这份邀请，或它不是发给您的")
    return found


def claimable(*, number: str) -> list[OpenInvitation]:
    """Invitations that went to this number before it had an account."""
    return list(OpenInvitation.objects.filter(number=number).order_by("id")) if number else []


def roster_of(*, actor: Actor) -> Roster | None:
    """The lawyer's roster: when he has to review his assistants next; None before his first invitation."""
    with reading(actor):
        return Roster.objects.filter(lawyer_id=actor.person_id).first()


def review_lapses(*, roster: Roster) -> dt.date | None:
    """The day on which grants are suspended unless the lawyer has confirmed; None while no review is set."""
    return rules.review_lapses(due_on=roster.review_due_on) if roster.review_due_on else None


def waiting_for_registry(*, limit: int = 200) -> list[Assistantship]:
    """Who accepted and is not verified yet, the longest waiting first: for the timer of this node only."""
    return list(Assistantship.objects.filter(state="accepted").order_by("accepted_at")[:limit])


def rosters_due(*, on: dt.date) -> list[Roster]:
    """All rosters whose review is due by `on`: for the nightly timer of this node only."""
    return list(Roster.objects.filter(review_due_on__lte=on).order_by("lawyer_id"))
