"""送达之后的期限: who must do what by when, and when a judgment takes effect."""

import datetime as dt
from typing import Any

import pytest

from lutong.domains.eservice.deadlines import Served, appeal_runs_out, check_evidence_days, deadlines_of
from lutong.kernel.errors import Invalid

D = dt.date.fromisoformat


def due(day: str = "2026-09-10", side: str = "defendant", *papers: str, **more: Any) -> dict[str, str]:
    served = Served(effective_on=D(day), papers=frozenset(papers), side=side, **more)
    return {deadline.kind: deadline.due_on.isoformat() for deadline in deadlines_of(served=served)}


def test_a_defendant_answers_and_objects_within_fifteen_days() -> None:
    assert due("2026-09-10", "defendant", "complaint_copy") == {
        "answer": "2026-09-28",
        "jurisdiction_objection": "2026-09-28",
    }


def test_a_plaintiff_has_nothing_to_answer() -> None:
    assert due("2026-09-10", "plaintiff", "complaint_copy") == {}


def test_a_third_party_answers_but_does_not_object_to_jurisdiction() -> None:
    assert set(due("2026-09-10", "third", "complaint_copy")) == {"answer"}


def test_a_defendant_abroad_has_thirty_days() -> None:
    assert due("2026-03-10", "defendant", "complaint_copy", foreign=True)["answer"] == "2026-04-09"


def test_in_small_claims_the_court_sets_the_answer() -> None:
    assert due("2026-03-10", "defendant", "complaint_copy", procedure="small", answer_days=7)["answer"] == "2026-03-17"
    with pytest.raises(Invalid, match="最长不得超过 15 日"):
        due("2026-03-10", "defendant", "complaint_copy", procedure="small", answer_days=16)


@pytest.mark.parametrize(
    ("papers", "more", "expected"),
    [
        (("evidence_notice",), {"evidence_days": 30}, {"evidence": "2026-04-09"}),
        (("evidence_notice",), {}, {}),
        (("fee_notice",), {}, {"fee": "2026-03-17"}),
        (("judgment",), {}, {"appeal": "2026-03-25"}),
        (("judgment",), {"foreign": True}, {"appeal": "2026-04-09"}),
        (("judgment",), {"procedure": "small"}, {}),
        (("ruling",), {"ruling_appealable": True}, {"appeal": "2026-03-20"}),
        (("ruling",), {}, {}),
        (("appeal_copy",), {}, {"appeal_answer": "2026-03-25"}),
        (("summons",), {"hearing_on": D("2026-04-02")}, {"hearing": "2026-04-02"}),
        (("summons",), {}, {}),
    ],
)
def test_each_paper_sets_its_own_period_running(
    papers: tuple[str, ...], more: dict[str, Any], expected: dict[str, str]
) -> None:
    assert due("2026-03-10", "plaintiff", *papers, **more) == expected


def test_every_deadline_explains_itself() -> None:
    served = Served(
        effective_on=D("2026-09-10"),
        papers=frozenset({"complaint_copy", "evidence_notice", "summons", "fee_notice"}),
        side="defendant",
        evidence_days=15,
        hearing_on=D("2026-11-03"),
        hearing_text="09:30 第十九法庭",
    )
    found = deadlines_of(served=served)
    assert [deadline.due_on for deadline in found] == sorted(deadline.due_on for deadline in found)
    for deadline in found:
        assert deadline.steps
        assert "条" in deadline.law
    answer = next(deadline for deadline in found if deadline.kind == "answer")
    assert "收到起诉状副本，当日不计入" in answer.steps[0].text
    objection = next(deadline for deadline in found if deadline.kind == "jurisdiction_objection")
    assert "提交答辩状期间" in objection.steps[-1].text


@pytest.mark.parametrize(
    ("procedure", "served_on", "sentence"),
    [
        ("ordinary", "2026-11-30", "至迟 2026-11-30"),
        ("ordinary", "2026-12-01", "可以申请延期"),
        ("simple", "2026-12-02", "简便方式传唤"),
    ],
)
def test_a_summons_is_checked_for_its_three_days(procedure: str, served_on: str, sentence: str) -> None:
    served = Served(
        effective_on=D(served_on),
        papers=frozenset({"summons"}),
        side="defendant",
        procedure=procedure,
        hearing_on=D("2026-12-03"),
    )
    assert sentence in deadlines_of(served=served)[0].steps[-1].text


@pytest.mark.parametrize(
    ("procedure", "days", "fine"),
    [
        ("ordinary", 15, True), ("ordinary", 14, False), ("ordinary", 30, True),
        ("simple", 15, True), ("simple", 16, False), ("simple", 0, False),
        ("small", 7, True), ("small", 8, False),
    ],
)  # fmt: skip
def test_the_courts_evidence_period_keeps_to_the_law(procedure: str, days: int, fine: bool) -> None:
    if fine:
        check_evidence_days(days=days, procedure=procedure, on=D("2026-03-10"))
        return
    with pytest.raises(Invalid, match="民诉法解释第") as refusal:
        check_evidence_days(days=days, procedure=procedure, on=D("2026-03-10"))
    assert "evidence_days" in refusal.value.fields


def served(day: str, side: str = "defendant", **more: Any) -> Served:
    return Served(**{"effective_on": D(day), "papers": frozenset({"judgment"}), "side": side} | more)


def test_a_judgment_takes_effect_after_the_last_partys_clock() -> None:
    end = appeal_runs_out(services=[served("2026-03-10", "plaintiff"), served("2026-03-16")])
    assert (end.last_appeal_on, end.effective_on) == (D("2026-03-31"), D("2026-04-01"))
    assert "均未上诉" in end.steps[-1].text


def test_holidays_move_the_end_of_the_appeal_period() -> None:
    end = appeal_runs_out(services=[served("2026-09-16", "plaintiff"), served("2026-09-10")])
    assert (end.last_appeal_on, end.effective_on) == (D("2026-10-08"), D("2026-10-09"))


def test_nothing_takes_effect_before_everyone_is_served() -> None:
    end = appeal_runs_out(services=[served("2026-03-10")], unserved=["程屿舟"])
    assert end.effective_on is None
    assert "程屿舟" in end.steps[0].text
    assert appeal_runs_out(services=[]).effective_on is None


def test_small_claims_are_final_when_the_last_party_is_served() -> None:
    services = [served("2026-03-10", procedure="small"), served("2026-03-12", "plaintiff", procedure="small")]
    end = appeal_runs_out(services=services)
    assert (end.effective_on, end.last_appeal_on) == (D("2026-03-12"), None)
    assert "一审终审" in end.steps[0].text
