"""限次: count tries to get in, exactly and across all processes. Without PostgreSQL nobody gets in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

from django.db import connection, transaction

from lutong.domains.identity.models import Tries
from lutong.domains.identity.rules import LIMITS, horizon, wait

HOLD = "SELECT at, sources FROM identity_tries WHERE key = %s FOR UPDATE"
OPEN = """
INSERT INTO identity_tries (key, at, sources) VALUES (%s, '{}', '{}')
ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING at, sources
"""
PUT = "UPDATE identity_tries SET at = %s, sources = %s WHERE key = %s"
TAKE_BACK = """
WITH held AS (
  SELECT key FROM identity_tries WHERE key = ANY(%(keys)s)
  ORDER BY array_position(%(keys)s::text[], key::text) FOR UPDATE
)
UPDATE identity_tries t SET (at, sources) = (
  SELECT coalesce(array_agg(one.moment ORDER BY one.n), '{}'), coalesce(array_agg(one.source ORDER BY one.n), '{}')
  FROM unnest(t.at, t.sources) WITH ORDINALITY AS one(moment, source, n) WHERE one.moment <> %(at)s
) FROM held WHERE t.key = held.key
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """A limit that a try used up: how long nothing is free under it, and from how many places its tries came."""

    wait: dt.timedelta
    sources: int


@dataclass(frozen=True, slots=True)
class Try:
    """One try: admitted when `wait` is zero, else `refused_by` a limit. `spent` has the limits that it used up."""

    keys: tuple[str, ...]
    at: dt.datetime
    wait: dt.timedelta
    spent: dict[str, Spent] = field(default_factory=dict)
    refused_by: str = ""

    @property
    def is_admitted(self) -> bool:
        return not self.wait


def begin_try(*, limits: Sequence[tuple[str, str]], source: str = "", now: dt.datetime) -> Try:
    """Count a try against each (limit, whom), or against none when one of them is used up.

    `source` tells places apart and does not name them. The rows are locked in the order given, the narrowest first,
    so parallel guesses count one after the other and a guess that is refused costs one row.
    """
    keys = tuple(key_of(limit=limit, whom=whom) for limit, whom in limits)
    spent, rows = {}, []
    with transaction.atomic(), connection.cursor() as cursor:
        for (limit, _), key in zip(limits, keys, strict=True):
            cursor.execute(HOLD, [key])
            found = cursor.fetchone()
            if found is None:
                cursor.execute(OPEN, [key])
                found = cursor.fetchone()
            windows = LIMITS[limit]
            living = _living(*found, after=horizon(windows, now))
            pause = wait(windows, [at for at, _ in living], now)
            if pause:
                return Try(keys, now, pause, refused_by=limit)
            tries, sources = zip(*living, (now, source), strict=True)
            rows.append((list(tries), list(sources), key))
            if following := wait(windows, tries, now):
                spent[limit] = Spent(following, len(set(sources)))
        for row in rows:
            cursor.execute(PUT, row)
    return Try(keys, now, dt.timedelta(0), spent)


def _living(at: list[dt.datetime], sources: list[str], *, after: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """The tries that still count, oldest first, each with its source; "" for those from before sources were kept."""
    known = chain(sources, repeat(""))
    return sorted(pair for pair in zip(at, known, strict=False) if pair[0] > after)


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


def free(*, key: str) -> None:
    """Nothing counts under this key any more."""
    Tries.objects.filter(key=key).delete()


def key_of(*, limit: str, whom: str) -> str:
    """Where the tries of this limit are counted."""
    return f"{limit}:{whom}"[:100]


def count_tries(*, limit: str, whom: str) -> int:
    """How many tries are counted under a key."""
    row = Tries.objects.filter(key=key_of(limit=limit, whom=whom)).first()
    return len(row.at) if row else 0
