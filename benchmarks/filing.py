"""A filing submitted (draft of real content, seven files) beside the very same rows inserted by bare psycopg.

Ours is `filing.actions.submit`: locks, the whole check list, documents, audit, outbox, receipt number. The bare side
knows the rows in advance: one round trip a table, one transaction, as the owner of the tables, bound by no policy.
"""

import datetime as dt
import itertools
import time
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from benchmarks.measure import Line, at_least, interleaved, median, note
from benchmarks.world import World

TITLE = "filing transaction: submit beside the same rows inserted bare"
AIM = 0.5
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows that one submission wrote into one table."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def run(world: World) -> list[Line]:
    count = world.rounds * (8 if world.full else 4)
    submissions = _submissions(count + 3)
    with world.connect() as connection:
        batches = _written_by(connection, next(submissions))
        next(submissions)()  # warm
        serial = itertools.count()
        whole = sum(len(batch.rows) for batch in batches) - 1  # the day's counter is there already

        def ours() -> float:
            submit = next(submissions)
            begun = time.perf_counter()
            submit()
            return time.perf_counter() - begun

        def bare() -> float:
            fresh = [_renewed(batch, new, next(serial)) for new in [{}] for batch in batches]
            begun = time.perf_counter()
            written = 0
            for statement, rows in fresh:
                cursor = connection.cursor()
                cursor.executemany(statement, rows)
                written += cursor.rowcount
            connection.commit()
            assert written >= whole, f"bare inserted {written} of {whole} rows"
            return time.perf_counter() - begun

        bare()  # warm
        found = interleaved(count, {"ours": ours, "bare": bare})
    seconds = {name: median(values) for name, values in found.items()}
    rows = sum(len(batch.rows) for batch in batches)
    return [
        note("rows in a submission", f"{rows} in {len(batches)} tables"),
        note("ours", f"{seconds['ours'] * 1000:.1f} ms"),
        note("bare inserts", f"{seconds['bare'] * 1000:.1f} ms"),
        at_least("bare / ours: share of the limit's rate", seconds["bare"] / seconds["ours"], AIM),
    ]


def _submissions(count: int) -> Any:
    """Ready drafts of one lawyer, each as a function that submits it; made beforehand, outside the measurement."""
    from lutong.domains.filing import actions
    from lutong.domains.filing.tests import world as story

    story.NOW = dt.datetime.now(dt.UTC)
    lawyer = story.lawyer(900)
    drafts = []
    for _ in range(count):
        draft = story.ready(lawyer)
        more = {"other": [story.upload(lawyer, draft, f"附件{n}.pdf") for n in range(2)]}
        content = draft.content["files"] | more
        drafts.append(
            actions.save_step(
                actor=lawyer, draft_id=draft.id, version=draft.version, step="evidence",
                content_patch={"files": content}, now=story.NOW,
            )
        )  # fmt: skip
    return iter([lambda d=draft: story.submit(lawyer, d, key=f"bench-{d.id}", now=story.NOW) for draft in drafts])


def _written_by(connection: psycopg.Connection[Any], submit: Any) -> list[Batch]:
    """Submit once and read back every row that it wrote, in whichever table."""
    before = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    connection.commit()
    submit()
    batches = []
    for (table,) in connection.execute(TABLES).fetchall():
        found = connection.execute(
            sql.SQL("SELECT * FROM {} WHERE xmin::text::bigint > %s").format(sql.Identifier(table)), before
        )
        rows = found.fetchall()
        if rows:
            batches.append(Batch(table, tuple(c.name for c in found.description or ()), tuple(rows)))
    connection.commit()
    order = {"filing_filing": 0}
    return sorted(batches, key=lambda batch: order.get(batch.table, 1))


def _renewed(batch: Batch, new: dict[uuid.UUID, uuid.UUID], number: int) -> tuple[sql.Composed, list[tuple[Any, ...]]]:
    """The same rows under new ids; a text that must be unique gets a number."""
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
        sql.Identifier(batch.table),
        sql.SQL(", ").join(map(sql.Identifier, batch.columns)),
        sql.SQL(", ").join(sql.Placeholder() * len(batch.columns)),
    )
    rows = [zip(batch.columns, row, strict=True) for row in batch.rows]
    return statement, [tuple(_value(column, value, new, number) for column, value in row) for row in rows]


def _value(column: str, value: Any, new: dict[uuid.UUID, uuid.UUID], number: int) -> Any:
    if isinstance(value, uuid.UUID):
        return new.setdefault(value, uuid.uuid4())
    if column in ("receipt_no", "submit_key", "key"):
        return f"{value[:20]}-{number}-{time.monotonic_ns() % 10**9}"
    if isinstance(value, dict | list):
        return Jsonb(value)
    return value
