"""Outbox, effects that happen once, and calls answered once."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from django.db import connection

from lutong.domains.exchange.models import AnsweredCall, CourtOutbox, Effect
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid


def put_out(*, court_id: int, topic: str, payload: dict[str, Any], now: dt.datetime) -> None:
    """Write a fact for the relay, in the transaction of the fact. Payload: ids and plain values only."""
    CourtOutbox.objects.create(court_id=court_id, at=now, topic=topic, payload=payload)


def take_waiting(*, court_id: int | None = None, limit: int = 100) -> list[CourtOutbox]:
    """Lock the oldest rows not yet relayed; other relays skip them (call inside a transaction)."""
    waiting = CourtOutbox.objects.filter(relayed_at=None)
    if court_id is not None:
        waiting = waiting.filter(court_id=court_id)
    return list(waiting.select_for_update(skip_locked=True).order_by("id")[:limit])


def mark_relayed(*, rows: list[CourtOutbox], now: dt.datetime) -> None:
    """Tick rows off in the transaction that locked them."""
    for row in rows:
        CourtOutbox.objects.filter(court_id=row.court_id, id=row.id).update(relayed_at=now)


def first_time(*, court_id: int, key: str, now: dt.datetime) -> bool:
    """True exactly once per key: the second delivery of a job finds the row and does nothing."""
    row = Effect(court_id=court_id, key=key, at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_effect (court_id, id, key, at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (court_id, key) DO NOTHING RETURNING id",
            [row.court_id, row.id, row.key, row.at],
        )
        return cursor.fetchone() is not None


@action
def answer_once(
    *,
    actor: Actor,
    key: str,
    request_body: Any,
    work: Callable[[], tuple[int, dict[str, Any]]],
    now: dt.datetime,
) -> tuple[int, dict[str, Any], bool]:
    """Do `work` once per Idempotency-Key of this person; repeat the first answer to whoever asks again.

    Returns (status, body, replayed). This is the outermost transaction, so `work` must not call outward; the
    key is taken in it, so a crash between leaves neither. Raises Invalid without a usable key, Conflict when
    the key came with another request.
    """
    if not 8 <= len(key) <= 80 or not key.isprintable():
        raise Invalid("请在 Idempotency-Key 头中给出 8 至 80 个可见字符的唯一键")
    print_of_call = hashlib.sha256(orjson.dumps(request_body, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
    taken, _ = _take(actor.person_id, key, print_of_call, now)
    if not taken:
        earlier = AnsweredCall.objects.get(lawyer_id=actor.person_id, key=key)
        if earlier.fingerprint != print_of_call:
            raise Conflict("这个 Idempotency-Key 已用于另一个请求，请换一个新键")
        return earlier.status, earlier.body, True
    status, body = work()
    AnsweredCall.objects.filter(lawyer_id=actor.person_id, key=key).update(status=status, body=body)
    return status, body, False


def _take(person_id: int, key: str, print_of_call: str, now: dt.datetime) -> tuple[bool, uuid.UUID]:
    """Insert the key; a concurrent holder makes us wait until it commits or rolls back."""
    row = AnsweredCall(lawyer_id=person_id, key=key, fingerprint=print_of_call, status=0, body={}, at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_answeredcall (lawyer_id, id, key, fingerprint, status, body, at) "
            "VALUES (%s, %s, %s, %s, 0, '{}', %s) ON CONFLICT (lawyer_id, key) DO NOTHING RETURNING id",
            [row.lawyer_id, row.id, key, print_of_call, now],
        )
        return cursor.fetchone() is not None, row.id
