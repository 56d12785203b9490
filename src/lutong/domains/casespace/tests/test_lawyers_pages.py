"""工作台, 案件空间 and the case page, as a lawyer meets them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lutong.domains.cases import actions
from lutong.domains.cases.queries import representations_of
from lutong.domains.cases.tests import world
from lutong.domains.casespace.panels import TABS
from lutong.domains.casespace.tests.conftest import Browser, file_papers
from lutong.domains.dossier.models import Document
from lutong.domains.dossier.queries import newest_documents
from lutong.kernel.acting import reading
from lutong.kernel.actor import system

MOST_STATEMENTS = 12  # the frame, the session and the account included


def address(case: Any, tab: str = "") -> str:
    return f"/cases/{case.court_id}/{case.id}/" + (f"{tab}/" if tab else "")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_case_page_tells_number_facts_and_the_step_that_is_due(browser: Browser) -> None:
    case = world.open_case()
    page = text(browser(world.lawyer(world.ZHOU)).get(address(case)))
    for told in (case.number, case.title, "原告代理人（已核实）", "许知行", "方蕾", "345,731.51", "2026-11-20"):
        assert told in page
    assert page.count('aria-current="step"') == 1
    assert "缴纳诉讼费" in page


@pytest.mark.parametrize("tab", list(TABS))
def test_every_tab_is_a_page_and_a_panel(browser: Browser, tab: str) -> None:
    case = world.open_case()
    lawyer = browser(world.lawyer(world.ZHOU))
    page = lawyer.get(address(case, tab))
    panel = lawyer.get(address(case, tab), headers={"HX-Request": "true"})
    assert (page.status_code, panel.status_code) == (200, 200)
    assert "<html" in text(page)
    assert "<html" not in text(panel)


def test_a_tab_that_does_not_exist_is_not_found(browser: Browser) -> None:
    case = world.open_case()
    assert browser(world.lawyer(world.ZHOU)).get(address(case, "secrets")).status_code == 404


@pytest.mark.parametrize("tab", ["", *TABS])
def test_a_stranger_does_not_find_the_case(browser: Browser, tab: str) -> None:
    case = world.open_case()
    answer = browser(world.lawyer(world.GU)).get(address(case, tab))
    assert answer.status_code == 404
    assert case.number not in text(answer)
    assert "苏晚晴" not in text(answer)


def test_a_deadline_opens_to_its_reckoning_and_articles(browser: Browser) -> None:
    case = world.open_case(mediation_agreed=True)
    page = text(browser(world.lawyer(world.ZHOU)).get(address(case)))
    assert "先行调解期限届满" in page
    assert "当日不计入" in page
    assert "民事诉讼法第八十五条第二款" in page


def test_the_case_page_asks_as_often_for_a_thousand_papers_as_for_ten(browser: Browser) -> None:
    few, many = world.open_case(), world.open_case()
    file_papers(few, 10)
    file_papers(many, 1000)
    lawyer = browser(world.lawyer(world.ZHOU))
    counts = []
    for case in (few, many):
        with CaptureQueriesContext(connection) as asked:
            assert lawyer.get(address(case)).status_code == 200
        counts.append([q["sql"] for q in asked if "set_config" not in q["sql"] and "SAVEPOINT" not in q["sql"]])
    assert len(counts[0]) == len(counts[1])
    assert len(counts[0]) <= MOST_STATEMENTS, "\n".join(q[:120] for q in counts[0])


def test_proofs_of_service_come_after_the_papers_themselves() -> None:
    case = world.open_case()
    file_papers(case, 3)
    with reading(world.staff()):
        Document.objects.filter(court_id=case.court_id, case_id=case.id, place=2).update(kind="service_receipt")
    seen = {"actor": world.lawyer(world.ZHOU), "court_id": case.court_id, "case_id": case.id}
    newest, in_all = newest_documents(**seen, limit=3)
    assert [paper.kind for paper in newest] == ["evidence", "evidence", "service_receipt"]
    assert in_all == 3


def test_the_list_is_narrowed_by_stage_side_and_words(browser: Browser) -> None:
    world.open_case()
    world.open_case(
        mediation_agreed=True, title="罗湖贸易 诉 程屿舟 买卖合同纠纷", cause_name="买卖合同纠纷",
        parties=(world.party("plaintiff", "罗湖贸易"), world.party("defendant", "程屿舟")),
        counsel=(world.counsel("defendant", world.ZHOU),),
    )  # fmt: skip
    lawyer = browser(world.lawyer(world.ZHOU))
    for query, wanted, other in (
        ("stage=mediation", "罗湖贸易", "苏晚晴"),
        ("side=plaintiff", "苏晚晴", "罗湖贸易"),
        ("q=买卖", "罗湖贸易", "苏晚晴"),
    ):
        page = text(lawyer.get(f"/cases/?{query}"))
        assert wanted in page
        assert other not in page
    assert "没有符合条件的案件" in text(lawyer.get("/cases/?q=不存在的"))


def test_the_list_goes_on_where_the_page_ended(browser: Browser) -> None:
    numbers = [world.open_case().number for _ in range(22)]
    lawyer = browser(world.lawyer(world.ZHOU))
    first = lawyer.get("/cases/")
    second = lawyer.get(f"/cases/?before={first.context['more']}")
    seen = [row.number for answer in (first, second) for row in answer.context["rows"]]
    assert sorted(seen) == sorted(numbers)
    assert len(seen) == len(set(seen)) == 22
    assert lawyer.get("/cases/?before=tampered").status_code == 422


def test_the_desk_at_home_shows_periods_cases_and_the_bill_to_pay(browser: Browser) -> None:
    world.open_case()
    case = world.open_case(mediation_agreed=True)
    page = text(browser(world.lawyer(world.ZHOU)).get("/"))
    assert "周岚律师" in page
    assert "先行调解期限届满" in page
    assert case.number in page
    assert "<b>1</b>待交诉讼费" in page


def test_staff_are_sent_to_their_own_desk(browser: Browser) -> None:
    assert browser(world.staff(world.CLERK)).get("/")["Location"] == "/desk/filings/"
    assert browser(world.staff(world.JUDGE)).get("/")["Location"] == "/desk/cases/"
    assert browser(world.staff(world.JUDGE)).get("/cases/").status_code == 404


def test_counsel_who_left_no_longer_finds_the_case(browser: Browser) -> None:
    case = world.open_case()
    lawyer = browser(world.lawyer(world.ZHOU))
    assert lawyer.get(address(case)).status_code == 200
    (mine,) = representations_of(actor=system(case.court_id), court_id=case.court_id, case_id=case.id)
    actions.end_representation(
        actor=world.staff(world.RECORDER), court_id=case.court_id, representation_id=mine.id,
        reason="当事人书面解除委托", now=world.NOW,
    )  # fmt: skip
    assert lawyer.get(address(case)).status_code == 404


def test_a_closed_case_keeps_only_the_stops_it_came_to(browser: Browser) -> None:
    case = world.open_case(mediation_agreed=True)
    world.step(case, "settle", note="双方达成调解协议")
    page = text(browser(world.lawyer(world.ZHOU)).get(address(case)))
    assert 'aria-current="step"' not in page
    assert "双方达成调解协议" in page
    assert "开庭审理" not in page
