"""What the migrated database itself says: keys begin with their owner, rows are locked, the trail is append-only."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps

from lutong.kernel.rowsecurity import APP_ROLE
from lutong.kernel.tables import CourtOwned
from lutong.site.embedded.connection import OWNER
from lutong.site.embedded.postgres import Cluster
from tests.support.databases import Database, cloned_database, template_database
from tests.support.query_guard import owners

# Tables of one node with plain keys; everything else belongs to a court, to a lawyer, or is reference data.
LOCAL = {
    "identity_account": "sign-in happens before anybody is known",
    "identity_checkedlicence": "people without account, so without owner, found by number when the registry speaks",
    "identity_feedposition": "one row: how far the registry's feed has been taken in",
    "identity_post": "read at sign-in, by account",
    "identity_lawyer": "the registry's answers, one row an account, looked up by licence number",
    "delegation_openinvitation": "found by the number of a person who has no account, and so no owner, yet",
    "identity_pause": "pauses of a person's account, whichever side of the desk he works on",
    "identity_tries": "guesses at the door are counted before anybody is known",
    "identity_codeuse": "part of sign-in, by account",
    "identity_device": "part of sign-in, by account",
    "identity_newmobile": "part of the account",
    "identity_platformlink": "who an account is at the verification platform, looked up by its number there",
    "identity_platformvisit": "sessions that rest on a visit there, ended by its word",
    "identity_shortmessage": "outbox of the short messages of the account",
    "shared_cache": "Django's cache",
}
LOCAL_PREFIXES = ("account_", "mfa_", "usersessions_", "auth_", "django_", "procrastinate_")
# Owned tables in which staff of any court and lawyers may see all rows, with the reason.
OPEN = {
    "exchange_courtoutbox": "machinery: ids only, read by the relay for all courts",
    "exchange_effect": "machinery: keys of effects",
    "cases_numbercounter": "a number says nothing about a case, and registration must see the last one",
    "filing_receiptcounter": "written by the lawyer's own submission",
    "hearings_courtroom": "names of courtrooms are public",
    "gatepass_venue": "names of entrances are public, a lawyer chooses one",
}
# Unique keys that do not begin with the owner, with the reason.
GLOBAL_KEYS = {
    "hearings_lawyercalendar.lawyer_calendar_feed": "a calendar program knows the random address and nothing else",
}


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> Iterator[Database]:
    with cloned_database(cluster, template_database(cluster)) as own:
        yield own


@pytest.fixture
def catalog(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """As the owner of the tables; what a test plants is rolled back."""
    with psycopg.connect(**database.conninfo(OWNER)) as connection:
        yield connection
        connection.rollback()


def rows(connection: psycopg.Connection[Any], sql: str, *params: Any) -> list[Any]:
    return connection.execute(sql, params or None).fetchall()


def keys_without_owner(connection: psycopg.Connection[Any]) -> list[str]:
    """PRIMARY KEY, UNIQUE, EXCLUDE and FOREIGN KEY of an owned table, and unique indexes, begin with the owner."""
    found = rows(
        connection,
        """
        SELECT c.conrelid::regclass::text, c.conname, a.attname FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype IN ('p', 'u', 'x', 'f') AND c.connamespace = 'public'::regnamespace
        UNION
        SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, coalesce(a.attname, '?') FROM pg_index i
        JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indisunique
        """,
    )
    wrong = [f"{table}.{name}" for table, name, first in found if table in owners() and owners()[table] != first]
    return [key for key in wrong if key not in GLOBAL_KEYS]


def relations_to_elsewhere(connection: psycopg.Connection[Any]) -> list[str]:
    """A row of a court refers to rows of the same court only; nothing refers across owners."""
    found = rows(
        connection,
        """
        SELECT c.conrelid::regclass::text, c.conname, c.confrelid::regclass::text, a.attname FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = c.confkey[1]
        WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
        """,
    )
    wrong = []
    for table, name, target, column in found:
        ours, theirs = owners().get(table), owners().get(target)
        if (ours or theirs) and (ours != theirs or column != ours):
            wrong.append(f"{table}.{name} → {target}")
    return wrong


def unlocked_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Court-owned tables without row security or without the one policy for the application role."""
    found = rows(
        connection,
        """
        SELECT c.relname, c.relrowsecurity, array_agg(p.polname::text) FILTER (WHERE p.polname IS NOT NULL),
               bool_and(p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL AND %s::regrole = ANY (p.polroles))
        FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY 1, 2
        """,
        APP_ROLE,
    )
    return [
        table
        for table, locked, policies, sound in found
        if owners().get(table) == "court_id"
        and table not in OPEN
        and not (locked and policies == ["who_sees"] and sound)
    ]


def rights_of_the_application(connection: psycopg.Connection[Any]) -> list[str]:
    """What the application role must not have: ownership, powers, memberships, or rights on reference data."""
    found = rows(
        connection,
        """
        SELECT 'owns ' || relname FROM pg_class WHERE relowner = %(app)s::regrole
        UNION ALL SELECT 'owns function ' || proname FROM pg_proc WHERE proowner = %(app)s::regrole
        UNION ALL SELECT 'may ' || power FROM pg_roles, LATERAL (VALUES ('bypass', rolbypassrls), ('super', rolsuper),
            ('createrole', rolcreaterole), ('createdb', rolcreatedb), ('replicate', rolreplication)) p(power, has)
            WHERE rolname = %(app)s AND has
        UNION ALL SELECT 'is member of ' || roleid::regrole FROM pg_auth_members WHERE member = %(app)s::regrole
        UNION ALL SELECT 'creates in public' WHERE has_schema_privilege(%(app)s, 'public', 'CREATE')
        UNION ALL SELECT 'truncates ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relkind = 'r' AND has_table_privilege(%(app)s, oid, 'TRUNCATE,TRIGGER,REFERENCES')
        """.replace("%(app)s", f"'{APP_ROLE}'"),
    )
    reference = [model._meta.db_table for model in apps.get_models() if getattr(model, "reference", False)]
    written = [
        f"writes {table}"
        for table in reference
        if rows(connection, "SELECT has_table_privilege(%s, %s, 'INSERT,UPDATE,DELETE')", APP_ROLE, table)[0][0]
    ]
    return [row[0] for row in found] + written


def homeless_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Tables that are nobody's: not a court's, not a lawyer's, not reference, not on the list of local ones."""
    reference = {model._meta.db_table for model in apps.get_models() if getattr(model, "reference", False)}
    known = owners().keys() | reference | LOCAL.keys()
    names = [row[0] for row in rows(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return [name for name in names if name not in known and not name.startswith(LOCAL_PREFIXES)]


PLANTED = {
    keys_without_owner: "CREATE UNIQUE INDEX planted ON cases_case (number)",
    relations_to_elsewhere: "ALTER TABLE cases_case ADD FOREIGN KEY (cause_id) REFERENCES courts_cause (id)",
    unlocked_tables: "ALTER TABLE dossier_document DISABLE ROW LEVEL SECURITY",
    rights_of_the_application: f"GRANT TRUNCATE ON cases_case TO {APP_ROLE}",
    homeless_tables: "CREATE TABLE planted (id int)",
}


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_catalog_keeps_the_rule(catalog: psycopg.Connection[Any], rule: Any) -> None:
    assert rule(catalog) == []


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_rule_finds_what_breaks_it(catalog: psycopg.Connection[Any], rule: Any) -> None:
    catalog.execute(PLANTED[rule])
    assert rule(catalog) != []


def test_every_open_table_exists_and_every_court_owned_model_states_its_rule() -> None:
    assert OPEN.keys() <= owners().keys()
    models = [model for model in apps.get_models() if issubclass(model, CourtOwned)]
    assert len(models) > 15
    assert [model.__name__ for model in models if not hasattr(model, "row_rule")] == []


def append_only() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


FORBIDDEN = (
    "UPDATE {t} SET id = id",
    "UPDATE {t} SET id = id WHERE false",
    "UPDATE ONLY {t} AS x SET id = x.id FROM courts_court WHERE false",
    "DELETE FROM {t}",
    "DELETE FROM {t} USING courts_court WHERE false",
    "TRUNCATE {t}",
    "TRUNCATE {t} CASCADE",
    "MERGE INTO {t} USING courts_court c ON false WHEN MATCHED THEN DELETE",
    "SELECT * FROM {t} FOR UPDATE",
    "LOCK TABLE {t} IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {t} OWNER TO " + APP_ROLE,
    "DROP TABLE {t}",
    "GRANT UPDATE ON {t} TO " + APP_ROLE,
    "CREATE RULE r AS ON INSERT TO {t} DO INSTEAD NOTHING",
)


def got_through(database: Database, tables: list[str]) -> list[str]:
    """Statements against the trail that the application role could run."""
    through = []
    with psycopg.connect(**database.conninfo(), autocommit=True) as connection:
        for table in tables:
            for statement in FORBIDDEN:
                sql = statement.format(t=table)
                connection.execute("BEGIN")
                try:
                    connection.execute(sql)
                    granted = rows(connection, "SELECT has_table_privilege(current_user, %s, 'UPDATE')", table)[0][0]
                    if granted or not sql.startswith("GRANT"):  # GRANT without the right only warns
                        through.append(sql)
                except psycopg.errors.InsufficientPrivilege:
                    pass
                connection.execute("ROLLBACK")
    return through


def test_the_trail_can_only_grow(database: Database) -> None:
    assert {"audit_courtevent", "audit_lawyerevent", "cases_milestone", "fees_paymentnotice"} <= set(append_only())
    assert len(append_only()) * len(FORBIDDEN) >= 40
    assert got_through(database, append_only()) == []


def test_a_right_given_by_mistake_is_found(cluster: Cluster) -> None:
    with cloned_database(cluster, template_database(cluster)) as own:
        with psycopg.connect(**own.conninfo(OWNER), autocommit=True) as connection:
            connection.execute(f"GRANT DELETE ON audit_courtevent TO {APP_ROLE}")
        assert "DELETE FROM audit_courtevent" in got_through(own, ["audit_courtevent"])
