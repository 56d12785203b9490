"""The guard over all statements: what it lets pass, what it finds, and that it is really on."""

import sys
import types
import uuid
from pathlib import Path

import pytest

from lutong.domains.cases.models import Case, CaseAccess
from tests.support import query_guard
from tests.support.query_guard import OwnerMissing, owners, unowned

FINE = (
    'SELECT * FROM "cases_case" WHERE "cases_case"."court_id" = %s AND "cases_case"."id" = %s',
    "SELECT * FROM cases_case c JOIN cases_party p ON (p.court_id = c.court_id AND p.id = c.id) WHERE c.court_id = 1",
    "SELECT * FROM cases_case WHERE (court_id, id) IN ((%s, %s))",
    "SELECT * FROM cases_case WHERE court_id = ANY(%s) AND id = %s",
    "SELECT * FROM cases_case WHERE (court_id = 1 AND stage = 'a') OR (court_id = 2)",
    "UPDATE cases_case SET version = version + 1 WHERE court_id = %s AND id = %s",
    "DELETE FROM dossier_upload WHERE lawyer_id = %s",
    "INSERT INTO cases_numbercounter (court_id, last) VALUES (%s, 1) ON CONFLICT (court_id) DO UPDATE SET last = 2",
    "SELECT * FROM courts_court WHERE id = %s",
    "SELECT set_config('app.person', %s, true)",
    "SAVEPOINT s",
)
FOUND = (
    "SELECT * FROM cases_case WHERE id = %s",
    "SELECT * FROM cases_case",
    "SELECT * FROM cases_case WHERE court_id > %s",
    "SELECT * FROM cases_case WHERE NOT court_id = %s",
    "SELECT * FROM cases_case WHERE court_id = %s OR id = %s",
    "SELECT * FROM cases_case c JOIN cases_party p ON p.case_id = c.id WHERE c.court_id = %s",
    "SELECT court_id FROM cases_case ORDER BY court_id LIMIT 5",
    "SELECT 1 FROM courts_court WHERE id IN (SELECT court_id FROM cases_case)",
    "WITH q AS (SELECT * FROM cases_case) SELECT * FROM q WHERE court_id = %s",
    "UPDATE cases_case SET stage = 'closed' WHERE id = %s",
    "UPDATE cases_case SET court_id = %s",
    "DELETE FROM dossier_upload WHERE expires_at < %s",
    "SELECT * FROM cases_lawyercase WHERE court_id = %s",
)


@pytest.mark.parametrize("sql", FINE)
def test_a_statement_with_its_owner_passes(sql: str) -> None:
    assert unowned(sql) == ()


@pytest.mark.parametrize("sql", FOUND)
def test_a_statement_without_its_owner_is_found(sql: str) -> None:
    assert unowned(sql)


def test_every_owned_model_is_watched() -> None:
    assert len(owners()) > 30
    assert owners()["cases_case"] == "court_id"
    assert owners()["cases_lawyercase"] == "lawyer_id"


@pytest.mark.django_db
def test_the_guard_stops_the_products_own_code_but_not_a_test() -> None:
    assert not Case.objects.filter(stage="nothing").exists()
    planted = types.FunctionType(
        compile(
            "def look(model): return model.objects.filter(stage='nothing').exists()",
            str(Path(query_guard.PRODUCT) / "domains" / "cases" / "queries.py"),
            "exec",
        ).co_consts[0],
        {},
    )
    with pytest.raises(OwnerMissing, match="cases_case without court_id"):
        planted(Case)


@pytest.mark.django_db
def test_a_real_query_of_the_product_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from lutong.domains.audit.queries import list_case_events
    from lutong.kernel.actor import system

    seen: list[str] = []
    monkeypatch.setattr(query_guard, "unowned", lambda sql: seen.append(sql) or ())
    list_case_events(actor=system(7), court_id=7, case_id=uuid.uuid4())
    assert any("audit_courtevent" in sql for sql in seen)
    assert "django" in sys.modules
    assert CaseAccess._meta.db_table in owners()
