"""限次: count tries to get in, exactly and across all processes. Without PostgreSQL nobody gets in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from lutong.domains.identity.models import Tries
from lutong.domains.identity.rules import LIMITS, living, wait

HOLD = "SELECT at FROM identity_tries WHERE key = %s FOR UPDATE"
OPEN = """
INSERT INTO identity_tries (key, at) VALUES (%s, '{}') ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING at
"""
PUT = "UPDATE identity_tries SET at = %s WHERE key = %s"
TAKE_BACK = """
WITH held AS (
  SELECT key FROM identity_tries WHERE key = ANY(%(keys)s)
  ORDER BY array_position(%(keys)s::text[], key::text) FOR UPDATE
)
UPDATE identity_tries t SET at = array_remove(at, %(at)s) FROM held WHERE t.key = held.key
"""


@dataclass(frozen=True, slots=True)
class Try:
    """One try: admitted when `wait` is zero, else `refused_by` a limit. `last` names the limits that it used up."""

    keys: tuple[str, ...]
    at: dt.datetime
    wait: dt.timedelta
    last: frozenset[str]
    refused_by: str = ""

    @property
    def is_admitted(self) -> bool:
        return not self.wait


def begin_try(*, limits: Sequence[tuple[str, str]], now: dt.datetime) -> Try:
    """Count a try against each (limit, whom), or against none when one of them is used up.

    The rows are locked in the order given, the narrowest first, so parallel guesses count one after the other and a
    guess that is refused costs one row.
    """
    keys = tuple(f"{limit}:{whom}"[:100] for limit, whom in limits)
    last, rows = set(), []
    with transaction.atomic(), connection.cursor() as cursor:
        for (limit, _), key in zip(limits, keys, strict=True):
            cursor.execute(HOLD, [key])
            found = cursor.fetchone()
            if found is None:
                cursor.execute(OPEN, [key])
                found = cursor.fetchone()
            windows = LIMITS[limit]
            tries = living(windows, found[0], now)
            pause = wait(windows, tries, now)
            if pause:
                return Try(keys, now, pause, frozenset(), limit)
            rows.append((key, [*tries, now]))
            if wait(windows, [*tries, now], now):
                last.add(limit)
        for key, tries in rows:
            cursor.execute(PUT, [tries, key])
    return Try(keys, now, dt.timedelta(0), frozenset(last))


def take_back(*, made: Try) -> None:
    """The try was right: it does not count against anybody. The rows are locked in the order of `begin_try`."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"at": made.at, "keys": list(made.keys)})


def forget_tries(*, now: dt.datetime) -> int:
    """Remove rows in which nothing counts any more; answers how many."""
    longest = max(window.per for windows in LIMITS.values() for window in windows)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM identity_tries WHERE cardinality(at) = 0 OR (SELECT max(t) FROM unnest(at) t) < %s",
            [now - longest],
        )
        return int(cursor.rowcount)


def count_tries(*, limit: str, whom: str) -> int:
    """How many tries are counted under a key."""
    row = Tries.objects.filter(key=f"{limit}:{whom}"[:100]).first()
    return len(row.at) if row else 0
