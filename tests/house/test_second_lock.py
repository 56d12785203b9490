"""Row-level security without any help: raw SQL as the application role, in the name of somebody who may see nothing.

The first lock is each domain's `access`; here it is left out altogether. The world is committed in a database of
its own, so that real transactions and a planted fault are possible.
"""

from typing import Any

import psycopg
import pytest

from lutong.kernel.actor import Actor
from lutong.site.embedded.connection import OWNER
from tests.house.test_catalog import OPEN
from tests.support.databases import Database
from tests.support.query_guard import owners
from tests.world import World, build

DRAFTS = "filing_draft"  # a lawyer's rows that an assistant may be let into
LOCKED = [*sorted(table for table, owner in owners().items() if owner == "court_id" and table not in OPEN), DRAFTS]
# Court-owned rows that this world does not have.
EMPTY = {
    "cases_urgentaccess", "cases_mediatornote",
    "staffing_freezelift", "staffing_importbatch", "staffing_invitation", "staffing_member", "staffing_proposal",
    "staffing_provisioningtoken",
    "dossier_bundle", "dossier_pageimage",
    "fees_paymentnotice", "fees_paymentorder", "filing_correction", "filing_review",
}  # fmt: skip


@pytest.fixture
def world(committed_db: Database) -> World:
    return build()


def rows_seen(database: Database, actor: Actor | None, tables: list[str]) -> dict[str, int]:
    """How many rows of each table PostgreSQL shows to this actor when a query forgets every filter."""
    person = "" if actor is None else str(actor.person_id)
    court = "" if actor is None or not actor.is_staff else str(actor.court_id)
    principal = "" if actor is None or actor.for_id is None else str(actor.for_id)
    with psycopg.connect(**database.conninfo()) as connection:
        connection.execute(
            "SELECT set_config('app.person', %s, true), set_config('app.court', %s, true), "
            "set_config('app.for', %s, true)",
            [person, court, principal],
        )
        return {table: _count(connection, table) for table in tables}


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # type: ignore[index]


def seen(found: dict[str, int]) -> dict[str, int]:
    return {table: count for table, count in found.items() if count}


def test_the_database_itself_keeps_strangers_out(world: World, committed_db: Database) -> None:
    everything = rows_seen(committed_db, world["recorder"], LOCKED)
    assert {table for table, count in everything.items() if not count} <= EMPTY, "the world must hold what is guarded"
    assert seen(rows_seen(committed_db, world["stranger"], LOCKED)) == {}
    assert seen(rows_seen(committed_db, world["elsewhere"], LOCKED)) == {}
    assert seen(rows_seen(committed_db, None, LOCKED)) == {}, "nobody acting sees nothing"

    opposing = rows_seen(committed_db, world["opposing"], LOCKED)
    assert opposing["cases_case"] == 1
    assert opposing["filing_filing"] == 0, "the other side's submission stays with him and the court"

    assert seen(rows_seen(committed_db, world["revoked"], LOCKED)) == {}, "taken back is taken back here, too"
    assert seen(rows_seen(committed_db, world["idle"], LOCKED)) == {}
    watcher, assistant = (seen(rows_seen(committed_db, world[who], LOCKED)) for who in ("watcher", "assistant"))
    named = {"dossier_document", "fees_bill", "eservice_delivery", "eservice_deliveryitem"}
    assert not named & watcher.keys(), "who may only look at the case sees no paper, no bill, no delivery"
    assert named <= assistant.keys()
    assert not {"filing_filing", "filing_correction"} & assistant.keys(), "a submission is not a case"
    assert (assistant[DRAFTS], watcher.get(DRAFTS)) == (1, None), "exactly the draft that was named"
    own = rows_seen(committed_db, world["own"], [DRAFTS])
    assert own[DRAFTS] == 4
    assert everything[DRAFTS] == 2, "a court sees what it has received, no draft"

    with psycopg.connect(**committed_db.conninfo(OWNER), autocommit=True) as owner:
        owner.execute("ALTER TABLE dossier_document DISABLE ROW LEVEL SECURITY")
    assert seen(rows_seen(committed_db, world["stranger"], LOCKED)).keys() == {"dossier_document"}


def test_a_stranger_cannot_write_into_another_courts_rows(world: World, committed_db: Database) -> None:
    stranger = world["stranger"]
    with psycopg.connect(**committed_db.conninfo()) as connection:
        connection.execute("SELECT set_config('app.person', %s, true)", [str(stranger.person_id)])
        assert connection.execute("UPDATE cases_case SET title = 'x'").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO cases_caseaccess (court_id, id, case_id, person_id, capacity, during) "
                "SELECT %s, gen_random_uuid(), %s, 0, 'counsel:plaintiff', tstzrange(now(), NULL)",
                [world.court_id, world.things["case_id"]],
            )
