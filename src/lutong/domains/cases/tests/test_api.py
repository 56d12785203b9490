"""/api/v1 of a lawyer's cases: what it answers, what it refuses, and that PostgreSQL's JSON is the ORM's."""

import datetime as dt
import json
import uuid
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lutong.domains.cases import queries
from lutong.domains.cases.models import LawyerCase
from lutong.domains.cases.tests import world
from lutong.domains.identity.models import Lawyer
from lutong.domains.identity.tests.browser import browser
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from tests.support.databases import Database

FIELDS = ("id", "court_id", "court_name", "number", "title", "cause_name", "stage", "side", "party_name", "judge_name",
          "amount_fen", "active", "filed_at", "next_hearing_at")  # fmt: skip


def listed(lawyer_id: int, count: int) -> None:
    """List rows of one lawyer; several share an instant, so that the id must break the tie."""
    LawyerCase.objects.bulk_create([
        LawyerCase(
            lawyer_id=lawyer_id, id=uuid.uuid4(), court_id=1 + n % 7, court_name="某法院", number=f"（2026）某{n}号",
            title=f"甲{n} 诉 乙100%_\\“{n}”", cause_name="买卖合同纠纷", stage=("trial", "closed")[n % 2],
            side=("plaintiff", "defendant")[n // 2 % 2], party_name=f"甲{n}", amount_fen=None if n % 5 else n,
            filed_at=world.NOW - dt.timedelta(minutes=n // 3), next_hearing_at=None if n % 4 else world.LATER,
            active=n % 2 == 0, search=f"（2026）某{n}号 甲{n} 诉 乙100%_\\“{n}” 买卖合同纠纷 某法院",
        )
        for n in range(count)
    ])  # fmt: skip


def plain(row: LawyerCase) -> dict[str, Any]:
    """The JSON of a row as the ORM's version would write it."""
    facts = {name: getattr(row, name) for name in FIELDS}
    at = {name: facts[name].isoformat(timespec="microseconds") if facts[name] else None
          for name in ("filed_at", "next_hearing_at")}  # fmt: skip
    return facts | at | {"id": str(row.id)}


def pages(actor: Actor, wanted: queries.CaseFilter, limit: int) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = []
    before = None
    while True:
        page = queries.page_of_my_cases(actor=actor, wanted=wanted, before=before, limit=limit)
        found.append(json.loads(page.text))
        before = page.last
        if before is None:
            return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [{}, {"stage": "trial"}, {"side": "defendant"}, {"text": "某1 买卖"}, {"text": "100%_\\"}, {"text": "甲_"},
     {"stage": "closed", "side": "plaintiff", "text": "甲3"}],
)  # fmt: skip
def test_the_json_of_postgresql_is_that_of_the_orm(wanted: dict[str, str]) -> None:
    listed(world.ZHOU, 67)
    listed(world.GU, 9)
    actor, narrowed = world.lawyer(world.ZHOU), queries.CaseFilter(**wanted)
    expected = [plain(row) for row in queries.list_my_cases(actor=actor, wanted=narrowed, limit=1000)]
    found = pages(actor, narrowed, 10)
    assert [row for page in found for row in page] == expected
    assert expected or wanted == {"text": "甲_"}
    assert all(len(page) == 10 for page in found[:-1])


@pytest.mark.django_db
def test_the_list_is_one_statement_however_long() -> None:
    listed(world.ZHOU, 300)
    with CaptureQueriesContext(connection) as caught:
        queries.page_of_my_cases(actor=world.lawyer(world.ZHOU), wanted=queries.CaseFilter(), limit=50)
    assert len(caught) == 1


def test_the_list_reads_the_lawyers_rows_in_the_order_of_the_index(committed_db: Database) -> None:
    for lawyer_id in range(5000, 5040):
        listed(lawyer_id, 150)
    with psycopg.connect(**committed_db.conninfo("lutong_owner"), autocommit=True) as owner:
        owner.execute("ANALYZE cases_lawyercase")
    for wanted in (queries.CaseFilter(), queries.CaseFilter(text="甲7"), queries.CaseFilter(side="plaintiff")):
        asked: list[tuple[str, Any]] = []

        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any, asked: Any = asked) -> Any:
            asked.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            queries.page_of_my_cases(
                actor=Actor(5007, world.Role.LAWYER, "某"), wanted=wanted,
                before=(world.NOW, uuid.uuid4()),
            )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + asked[0][0], asked[0][1])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "lawyer_case_" in plan, plan
        assert "Seq Scan" not in plan, plan


@pytest.fixture
def counsel(db: None) -> Client:
    world.enrol()
    return browser(world.lawyer(world.ZHOU))


def test_the_list_pages_through_all_cases(counsel: Client) -> None:
    ids = {str(world.open_case().id) for _ in range(5)}
    first = counsel.get("/api/v1/cases", {"limit": 3}).json()
    second = counsel.get("/api/v1/cases", {"limit": 3, "before": first["next"]}).json()
    assert {row["id"] for row in first["items"] + second["items"]} == ids
    assert (len(first["items"]), second["next"]) == (3, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [({"before": "nonsense"}, 422), ({"limit": 0}, 422), ({"limit": 51}, 422), ({"stage": "won"}, 422),
     ({"q": "a" * 81}, 422), ({"q": "a\x00"}, 422), ({"limit": "many"}, 422)],
)  # fmt: skip
def test_an_unfit_question_is_refused(counsel: Client, query: dict[str, Any], status: int) -> None:
    answer = counsel.get("/api/v1/cases", query)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_case_tells_its_people_and_the_callers_periods(counsel: Client) -> None:
    case = world.open_case(mediation_agreed=True)
    told = counsel.get(f"/api/v1/cases/{case.court_id}/{case.id}").json()
    assert (told["number"], told["labels"]["stage"], told["panel"]) == (case.number, "先行调解中", ["许知行"])
    assert [(p["name"], [a["name"] for a in p["counsel"]]) for p in told["parties"]] == [
        ("苏晚晴", ["周岚"]), ("程屿舟", []),
    ]  # fmt: skip
    assert told["deadlines"][0]["steps"]
    assert "details" not in told["parties"][0]
    timeline = counsel.get(f"/api/v1/cases/{case.court_id}/{case.id}/timeline").json()
    assert {"登记立案", "转入先行调解"} <= {milestone["title"] for milestone in timeline}
    (mine,) = counsel.get("/api/v1/deadlines").json()
    assert mine["case_id"] == str(case.id)


def test_somebody_elses_case_is_not_found(counsel: Client) -> None:
    case = world.open_case(counsel=(world.counsel("plaintiff", world.WU),))
    for path in ("", "/timeline"):
        answer = counsel.get(f"/api/v1/cases/{case.court_id}/{case.id}{path}")
        assert answer.status_code == 404, answer.content
    assert counsel.get(f"/api/v1/cases/99999/{case.id}").status_code == 422
    assert counsel.get("/api/v1/cases").json()["items"] == []


def test_court_staff_have_no_lawyers_side(db: None) -> None:
    world.enrol()
    assert browser(world.staff()).get("/api/v1/cases").status_code == 404
    assert Client().get("/api/v1/cases").status_code == 401


def claim(case: Any, key: str = "key-00000001", **changes: Any) -> Any:
    body = {
        "court_id": case.court_id, "number": case.number, "party_name": "程屿舟", "powers": "general",
        "mandate_upload_id": str(world.upload(world.GU)), "firm_letter_upload_id": str(world.upload(world.GU)),
    } | changes  # fmt: skip
    Lawyer.objects.filter(lawyer_id=world.GU).update(checked_at=clock.now())  # asked a moment ago
    client = browser(world.lawyer(world.GU))
    return lambda: client.post(
        "/api/v1/representations", json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key}
    )


def test_a_claim_is_made_once_per_key(counsel: Client) -> None:
    send = claim(world.open_case())
    first, second = send(), send()
    assert (first.status_code, first.json()["state"]) == (201, "claimed")
    assert (second.status_code, second.json()) == (201, first.json())
    (mine,) = queries.my_claims(actor=world.lawyer(world.GU))
    assert str(mine.id) == first.json()["id"]


def test_a_claim_without_a_key_or_with_a_wrong_party_is_refused(counsel: Client) -> None:
    case = world.open_case()
    assert claim(case, key="")().status_code == 422
    refused = claim(case, party_name="别人")()
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"number", "party_name"})
    assert claim(case, powers="total")().status_code == 422
    assert queries.my_claims(actor=world.lawyer(world.GU)) == []
