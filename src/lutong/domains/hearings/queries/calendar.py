"""The lawyer's own calendar: one owner, one indexed statement a question."""

import datetime as dt
import hashlib
import uuid

from django.db.models import QuerySet

from lutong.domains.cases.queries import own_rows
from lutong.domains.hearings.models import LawyerCalendar, LawyerHearing
from lutong.domains.hearings.rules.clashes import LONGEST
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import NotFound

OWN = "own"
LARGEST_ID = 2**63 - 1


def _mine(actor: Actor, needs: Capability) -> QuerySet[LawyerHearing]:
    """His own entries; to his assistant the hearings of cases that he may see, and none of the lawyer's own days."""
    return own_rows(LawyerHearing.objects.all(), actor, case_column="case_id", needs=needs)


def my_calendar(*, actor: Actor, start: dt.datetime, end: dt.datetime) -> list[LawyerHearing]:
    """The actor's hearings in all courts and his own events that touch start–end, in order of time."""
    with reading(actor):
        return list(
            _mine(actor, Capability.USE_TOOLS).filter(
                active=True,
                starts_at__gt=start - LONGEST, starts_at__lt=end, ends_at__gt=start,
            ).order_by("starts_at", "id")
        )  # fmt: skip


def my_days(*, actor: Actor, now: dt.datetime, limit: int = 20) -> list[LawyerHearing]:
    """The next entries of the actor's calendar that are not over, at most `limit`."""
    with reading(actor):
        coming = _mine(actor, Capability.READ_CASE).filter(active=True, starts_at__gt=now - LONGEST, ends_at__gt=now)
        return list(coming.order_by("starts_at", "id")[:limit])


def my_own_events(*, actor: Actor, now: dt.datetime, limit: int = 200) -> list[LawyerHearing]:
    """The actor's own events that are not over, the soonest first."""
    with reading(actor):
        mine = LawyerHearing.objects.filter(
            lawyer_id=actor.person_id, kind=OWN, active=True, starts_at__gt=now - LONGEST, ends_at__gt=now
        )
        return list(mine.order_by("starts_at", "id")[:limit])


def count_own_events(*, actor: Actor, now: dt.datetime, most: int = 100) -> int:
    """How many own events are still to come, counted up to `most`."""
    return len(my_own_events(actor=actor, now=now, limit=most))


def get_own_event(*, actor: Actor, event_id: uuid.UUID) -> LawyerHearing:
    """One of the actor's own events. Raises NotFound."""
    with reading(actor):
        mine = LawyerHearing.objects.filter(lawyer_id=actor.person_id, id=event_id, kind=OWN, active=True).first()
    if mine is None:
        raise NotFound("没有这项日程，可能已被删除")
    return mine


def feed_token_of(*, actor: Actor) -> str:
    """The secret part of the actor's feed address, '' when there is none."""
    with reading(actor):
        calendar = LawyerCalendar.objects.filter(lawyer_id=actor.person_id).first()
    return str(calendar.feed_secret.get("token", "")) if calendar else ""


def lawyer_of_feed(*, lawyer_id: int, token: str) -> Actor:
    """Whose calendar a feed address shows; he acts without a session, only to be read. Raises NotFound."""
    known = (
        0 < lawyer_id <= LARGEST_ID
        and LawyerCalendar.objects.filter(lawyer_id=lawyer_id, feed_digest=digest_of(token)).exists()
    )
    if not known:
        raise NotFound("订阅地址无效或已停用，请在“庭审日程”中重新取得地址")
    return Actor(lawyer_id, Role.LAWYER, "日历订阅")


def digest_of(token: str) -> str:
    """What the database finds a feed by; the token itself is sealed."""
    return hashlib.sha256(token.encode()).hexdigest()
