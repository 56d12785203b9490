"""案件办理: the court's pages and step forms, one happy and one refused path each."""

from typing import Any

import pytest
from django.test import Client

from lutong.domains.cases import queries
from lutong.domains.cases.tests import world
from lutong.domains.casespace.panels import DESK_TABS
from lutong.domains.casespace.tests.conftest import Browser
from lutong.kernel.actor import system


def text(answer: Any) -> str:
    return str(answer.content.decode())


def do(client: Client, case: Any, step: str, **fields: Any) -> Any:
    return client.post(f"/desk/cases/{case.id}/do/{step}/", {"version": case.version, **fields})


def fresh(case: Any) -> Any:
    return queries.get_case(actor=system(case.court_id), court_id=case.court_id, case_id=case.id)


def in_trial() -> Any:
    case = world.open_case()
    world.step(case, "begin_trial", system(case.court_id))
    return fresh(case)


@pytest.fixture
def judge(browser: Browser) -> Client:
    return browser(world.staff(world.JUDGE))


@pytest.mark.parametrize("tab", sorted(DESK_TABS.keys() - {"notes"}))
def test_every_tab_opens_for_the_court_and_for_nobody_else(browser: Browser, judge: Client, tab: str) -> None:
    case = world.open_case()
    path = f"/desk/cases/{case.id}/{tab}/"
    assert case.number in text(judge.get(path))
    assert browser(world.lawyer(world.ZHOU)).get(path).status_code == 404
    assert browser(world.staff(world.JUDGE, "沪0115")).get(path).status_code == 404


def test_the_judge_sees_his_own_cases_and_no_others(judge: Client) -> None:
    mine, other = world.open_case(), world.open_case(judge_id=world.JUDGE_2, judge_name="柏然")
    assert mine.number in text(judge.get("/desk/cases/"))
    assert other.number not in text(judge.get("/desk/cases/"))
    assert other.number not in text(judge.get("/desk/cases/?all=1"))
    assert judge.get(f"/desk/cases/{other.id}/").status_code == 404
    assert "没有符合条件的案件" in text(judge.get("/desk/cases/?q=不存在"))


def test_the_search_box_finds_cases_by_party(judge: Client) -> None:
    case = world.open_case()
    assert case.number in text(judge.get("/desk/cases/search/?q=程屿舟"))
    assert "没有找到案件" in text(judge.get("/desk/cases/search/?q=不存在"))


def test_the_plan_is_set_with_its_presiding_judge_first(judge: Client) -> None:
    case = in_trial()
    done = do(
        judge, case, "plan", procedure="ordinary", panel=[world.JUDGE, world.JUDGE_2, world.JUDGE_3],
        presiding=world.JUDGE_2, evidence_due_on="2026-12-20",
    )  # fmt: skip
    assert done.status_code == 302
    assert [p["role"] for p in fresh(case).panel] == ["审判长", "审判员", "审判员"]
    assert fresh(case).panel[0]["person_id"] == world.JUDGE_2
    assert "12-20 届满" in text(judge.get(f"/desk/cases/{case.id}/"))


def test_a_wrong_day_is_said_at_the_field_and_what_was_typed_stays(judge: Client) -> None:
    case = in_trial()
    refused = do(judge, case, "plan", procedure="ordinary", panel=[world.JUDGE], evidence_due_on="下周三")
    assert refused.status_code == 422
    assert "举证期限：请填日期" in text(refused)
    assert 'value="下周三"' in text(refused)


def test_a_stale_form_is_refused(judge: Client) -> None:
    case = in_trial()
    assert do(judge, case, "plan", procedure="simple", panel=[world.JUDGE]).status_code == 302
    refused = do(judge, case, "plan", procedure="ordinary", panel=[world.JUDGE])
    assert refused.status_code == 409
    assert "请刷新后再办" in text(refused)


def test_the_president_allots_and_a_recorder_does_not(browser: Browser) -> None:
    case = world.open_case()
    wish = {"judge_id": world.JUDGE_2, "recorder_id": world.RECORDER}
    assert do(browser(world.staff(world.RECORDER)), case, "allot", **wish).status_code == 403
    assert do(browser(world.staff(world.PRESIDENT)), case, "allot", **wish).status_code == 302
    assert fresh(case).judge_name == "柏然"


def test_mediation_is_extended_only_when_all_agree(judge: Client) -> None:
    case = world.open_case(mediation_agreed=True)
    assert do(judge, case, "extend").status_code == 422
    assert do(judge, case, "extend", agreed="1").status_code == 302
    assert fresh(case).mediation_due_on > case.mediation_due_on


def test_mediation_that_succeeds_closes_the_case(judge: Client) -> None:
    case = world.open_case(mediation_agreed=True)
    assert do(judge, case, "settle", note="分期还款").status_code == 302
    assert "分期还款" in text(judge.get(f"/desk/cases/{case.id}/"))
    assert do(judge, fresh(case), "settle").status_code == 409


def test_mediation_that_fails_is_billed(judge: Client) -> None:
    case = world.open_case(mediation_agreed=True)
    assert do(judge, case, "bill").status_code == 302
    assert fresh(case).stage == "fee_due"


def test_an_outcome_is_recorded_then_the_case_closed(judge: Client) -> None:
    case = in_trial()
    refused = do(judge, case, "decide", outcome="", decided_on="2026-11-20", note="驳回")
    assert refused.status_code == 422
    assert "驳回</textarea>" in text(refused)
    assert do(judge, case, "decide", outcome="judgment", decided_on="2026-11-20").status_code == 302
    assert do(judge, fresh(case), "close", effective_on="2026-11-20").status_code == 302
    assert fresh(case).stage == "closed"


def test_an_unpaid_case_is_deemed_withdrawn(judge: Client) -> None:
    case = world.open_case()
    assert do(judge, case, "deem-withdrawn").status_code == 302
    assert fresh(case).outcome == "deemed_withdrawn"


def test_a_clerk_has_no_form_for_the_outcome(browser: Browser) -> None:
    case = in_trial()
    clerk = browser(world.staff(world.CLERK))
    assert do(clerk, case, "decide", outcome="judgment", decided_on="2026-11-20").status_code == 404  # handed over
    waiting = world.open_case()
    assert "录入裁判结果" not in text(clerk.get(f"/desk/cases/{waiting.id}/"))
    assert do(clerk, waiting, "decide", outcome="judgment", decided_on="2026-11-20").status_code == 403


def test_an_unknown_step_is_not_found(judge: Client) -> None:
    assert do(judge, world.open_case(), "burn").status_code == 404


def test_the_trail_is_told_in_words(judge: Client) -> None:
    case = world.open_case()
    page = text(judge.get(f"/desk/cases/{case.id}/audit/"))
    assert "登记立案" in page
    assert "cases.open</" not in page
