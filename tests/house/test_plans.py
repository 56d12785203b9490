"""Lists stay fast when the tables are large: no page of lists reads a large table from end to end.

Every SELECT that a page sends is explained under the application role, row security included, on tables with
enough rows that the planner would rather use an index, if there is one that fits.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.identity.tests.browser import browser
from lutong.kernel.sealed import SealedJSONField, seal
from lutong.site.embedded.connection import OWNER
from tests.support.databases import Database
from tests.world import World, build

ROWS, LAWYERS = 12_000, 100
BIG = {
    "cases.LawyerCase": {"stage": "'trial'", "next_hearing_at": "NULL"},
    "cases.LawyerDeadline": {"state": "'open'"},
    "cases.Case": {"stage": "'trial'", "procedure": "'ordinary'", "outcome": "''", "amount_fen": "100"},
    "filing.Draft": {"state": "'draft'", "deleted_at": "NULL", "filing_id": "NULL"},
    "filing.Filing": {"state": "'submitted'", "clerk_id": "NULL", "amount_fen": "100"},
    "notices.Notice": {},
    "eservice.LawyerDelivery": {"state": "'sent'"},
    "hearings.LawyerHearing": {"ends_at": "now() - n * interval '1 minute' + interval '1 hour'", "kind": "'own'"},
    "audit.LawyerEvent": {},
}
PAGES = {
    "own": ("/", "/cases/", "/cases/?q=%E5%80%9F%E8%B4%B7", "/filing/", "/service/", "/calendar/", "/notices/",
            "/account/"),
    "clerk": ("/desk/filings/", "/desk/cases/", "/desk/cases/search/?q=x", "/notices/"),
}  # fmt: skip


def table_of(label: str) -> str:
    return str(apps.get_model(label)._meta.db_table)


def fill(database: Database, world: World) -> None:
    """Thousands of rows a table, spread over a hundred lawyers and courts; the world's own are among them."""
    court = get_court_by_code(code="京0105").id
    with psycopg.connect(**database.conninfo(OWNER)) as owner:
        for label, given in BIG.items():
            model = apps.get_model(label)
            columns = {field.column: _value(field, court, world) for field in model._meta.local_concrete_fields}
            columns |= {model._meta.get_field(name).column: sql for name, sql in given.items()}
            names = ", ".join(f'"{column}"' for column in columns)
            owner.execute(
                f'INSERT INTO "{model._meta.db_table}" ({names}) '
                f"SELECT {', '.join(columns.values())} FROM generate_series(1, {ROWS}) n"
            )
    with psycopg.connect(**database.conninfo(OWNER), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def _value(field: Any, court: int, world: World) -> str:
    """An SQL expression in `n` that fits the field."""
    if field.name == "lawyer_id":
        return f"{world['own'].person_id} + n % {LAWYERS}"
    if field.name == "court_id":
        return f"{court} + n % {LAWYERS}"
    if isinstance(field, SealedJSONField):
        sealed = seal(b"{}", bound_to=f"{field.model._meta.db_table}.{field.column}")
        return f"'\\x{sealed.hex()}'::bytea"
    kinds: tuple[tuple[Any, str], ...] = (
        (models.UUIDField, "gen_random_uuid()"),
        (models.DateTimeField, "now() - n * interval '1 minute'"),
        (models.DateField, "current_date + n % 90"),
        (models.BooleanField, "true"),
        (models.JSONField, "'{}'::jsonb"),
        (models.DecimalField, "1"),
        (models.CharField, f"left(md5(n::text), {field.max_length})"),
        (models.TextField, "md5(n::text)"),
        (models.IntegerField, "n % 30000"),
    )
    return next(sql for kind, sql in kinds if isinstance(field, kind))


@contextmanager
def explaining() -> Iterator[list[str]]:
    """Collect "table: statement" for each scan of a large table from end to end."""
    found: list[str] = []
    large = {table_of(label) for label in BIG}
    busy = False

    def look(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal busy
        answer = execute(sql, params, many, context)
        if isinstance(sql, str) and sql.startswith("SELECT") and not busy and any(table in sql for table in large):
            busy = True
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                plan = cursor.fetchone()[0]
            busy = False
            plan = json.loads(plan) if isinstance(plan, str) else plan
            found.extend(f"{table}: {sql[:300]}" for table in _scans(plan[0]["Plan"]) if table in large)
        return answer

    with connection.execute_wrapper(look):
        yield found


def _scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from _scans(child)


def visit(world: World) -> list[str]:
    with explaining() as found:
        for who, pages in PAGES.items():
            client: Client = browser(world[who])
            for page in pages:
                assert client.get(page).status_code == 200, page
    return found


@pytest.fixture
def world(committed_db: Database) -> World:
    made = build()
    fill(committed_db, made)
    return made


def test_no_list_reads_a_large_table_from_end_to_end(world: World, committed_db: Database) -> None:
    found = visit(world)
    assert not found, "\n".join(found)

    with psycopg.connect(**committed_db.conninfo(OWNER), autocommit=True) as owner:
        for index in ("notice_newest", "notice_unread", "notice_once"):
            owner.execute(f'ALTER TABLE notices_notice DROP CONSTRAINT IF EXISTS "{index}"')
            owner.execute(f'DROP INDEX IF EXISTS "{index}"')
        owner.execute("ALTER TABLE notices_notice DROP CONSTRAINT notices_notice_pkey")
    assert any(hit.startswith("notices_notice") for hit in visit(world)), "a list without its index is found"
