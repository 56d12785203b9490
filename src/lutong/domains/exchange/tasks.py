"""The relay: outbox rows become jobs, jobs call the handlers that site/wiring names for the topic."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lutong.domains.exchange import actions
from lutong.kernel import clock

# A handler does its work at least once: it makes its own effect idempotent with `actions.first_time`.
TopicHandler = Callable[..., None]  # (*, court_id: int, payload: dict, now: datetime)
_handlers: Mapping[str, Sequence[TopicHandler]] = {}


def wire_topics(table: Mapping[str, Sequence[TopicHandler]]) -> None:
    """Install the table of topics; called once by site/wiring.py."""
    global _handlers
    _handlers = table


def relay_once(*, now: dt.datetime, limit: int = 100) -> int:
    """Turn waiting outbox rows into jobs in one transaction; returns how many."""
    with transaction.atomic():
        rows = actions.take_waiting(limit=limit)
        for row in rows:
            for place, _ in enumerate(_handlers.get(row.topic, ())):
                deliver.defer(topic=row.topic, place=place, court_id=row.court_id, payload=row.payload)
        actions.mark_relayed(rows=rows, now=now)
    return len(rows)


@app.task(name="exchange.deliver", queue="outbox", retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def deliver(*, topic: str, place: int, court_id: int, payload: dict[str, Any]) -> None:
    """Call one handler for one fact; a failure is tried again with growing pauses."""
    handlers = _handlers.get(topic, ())
    if place < len(handlers):
        handlers[place](court_id=court_id, payload=payload, now=clock.now())
