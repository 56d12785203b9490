"""案件规则: trial limits from the day after registration, mediation clocks, titles."""

import datetime as dt

import pytest

from lutong.domains.cases.rules import case_title, mediation_period, trial_limit

D = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("procedure", "registered_on", "due_on", "law"),
    [
        ("ordinary", "2026-03-16", "2026-09-16", "第一百五十二条"),
        ("simple", "2026-03-16", "2026-06-16", "第一百六十四条"),
        ("small", "2026-03-16", "2026-05-18", "第一百六十八条"),  # 05-16 is a Saturday
        ("ordinary", "2025-08-31", "2026-02-28", "第一百五十二条"),
    ],
)
def test_the_trial_limit_runs_from_the_day_after_registration(
    procedure: str, registered_on: str, due_on: str, law: str
) -> None:
    period = trial_limit(procedure=procedure, registered_on=D(registered_on))
    assert period.due_on == D(due_on)
    assert law in period.law
    assert any(step.law == "审限规定第八条第一款" for step in period.steps)


def test_an_unknown_procedure_is_a_bug() -> None:
    with pytest.raises(KeyError):
        trial_limit(procedure="express", registered_on=D("2026-03-16"))


@pytest.mark.parametrize(
    ("procedure", "extended", "due_on"),
    [
        ("ordinary", False, "2026-03-31"),
        ("simple", False, "2026-03-23"),
        ("small", False, "2026-03-23"),
        ("ordinary", True, "2026-04-30"),
        ("simple", True, "2026-04-22"),
    ],
)
def test_mediation_after_registration_has_its_own_clock(procedure: str, extended: bool, due_on: str) -> None:
    period = mediation_period(procedure=procedure, began_on=D("2026-03-16"), extended=extended)
    assert period.due_on == D(due_on)
    assert any("不计入审限" in step.text for step in period.steps) is extended


@pytest.mark.parametrize(
    ("plaintiffs", "defendants", "title"),
    [
        (["苏晚晴"], ["程屿舟"], "苏晚晴 诉 程屿舟 民间借贷纠纷"),
        (["苏晚晴", "甲", "乙"], ["程屿舟", "丙"], "苏晚晴 等 3 人 诉 程屿舟 等 2 人 民间借贷纠纷"),
        (["苏晚晴"], [], "苏晚晴 诉 （未列明） 民间借贷纠纷"),
    ],
)
def test_the_title_names_the_first_of_each_side(plaintiffs: list[str], defendants: list[str], title: str) -> None:
    assert case_title(plaintiffs=plaintiffs, defendants=defendants, cause="民间借贷纠纷") == title


def test_a_title_fits_its_column() -> None:
    assert len(case_title(plaintiffs=["长" * 500] * 3, defendants=["短" * 500], cause="民间借贷纠纷")) <= 200
