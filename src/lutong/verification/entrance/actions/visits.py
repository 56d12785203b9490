"""Visits: noting a live check in one, and ending them."""

import datetime as dt
import uuid

from lutong.verification.entrance.models import Visit


def note_live_check(*, visit: Visit, passed_at: dt.datetime) -> Visit:
    """Keep that the person was seen in this visit. A check of before the visit says nothing about it."""
    if passed_at < visit.started_at or (visit.live_at is not None and visit.live_at >= passed_at):
        return visit
    visit.live_at, visit.authenticated_at = passed_at, max(visit.authenticated_at, passed_at)
    visit.save(update_fields=["live_at", "authenticated_at"])
    return visit


def leave(*, visit: Visit, why: str, now: dt.datetime) -> None:
    """End one visit; a second time changes nothing."""
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=now, ended_why=why)


def leave_everywhere(*, person_id: int, but: uuid.UUID | None, why: str, now: dt.datetime) -> int:
    """End all visits of a person but one; answers how many."""
    living = Visit.objects.filter(person_id=person_id, ended_at=None)
    if but is not None:
        living = living.exclude(pk=but)
    return living.update(ended_at=now, ended_why=why)


def end_visits_of_key(*, key_id: uuid.UUID, but: uuid.UUID | None, now: dt.datetime) -> None:
    """End the visits that a passkey opened, but for the one in which it is removed."""
    living = Visit.objects.filter(passkey_id=key_id, ended_at=None)
    (living.exclude(pk=but) if but else living).update(ended_at=now, ended_why="key")
