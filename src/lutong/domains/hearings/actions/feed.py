"""The address under which a lawyer's calendar can be subscribed to."""

import datetime as dt

from lutong.domains.audit.actions import record_own
from lutong.domains.hearings.actions import calendars
from lutong.domains.hearings.models import LawyerCalendar
from lutong.domains.hearings.queries.calendar import digest_of
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.ids import secret_token


@action
def open_feed(*, actor: Actor, now: dt.datetime) -> str:
    """Give the lawyer a new secret address (192 random bits); an earlier one stops working at once."""
    token = secret_token()
    calendars.lock([actor.person_id])
    LawyerCalendar.objects.filter(lawyer_id=actor.person_id).update(
        feed_digest=digest_of(token), feed_secret={"token": token}
    )
    record_own(actor=actor, action="hearings.open_feed", subject="ics", now=now)
    return token


@action
def close_feed(*, actor: Actor, now: dt.datetime) -> None:
    """Stop the address."""
    calendars.lock([actor.person_id])
    LawyerCalendar.objects.filter(lawyer_id=actor.person_id).update(feed_digest=None, feed_secret={})
    record_own(actor=actor, action="hearings.close_feed", subject="ics", now=now)
