"""期间: golden dates of the 2026 calendar, month ends, make-up Saturdays, unpublished years."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lutong.kernel.errors import Invalid
from lutong.kernel.holidays import HolidayTable, published, read_table
from lutong.kernel.periods import (
    Unit,
    add_working_days,
    days_left,
    is_working_day,
    latest_before,
    left_text,
    reckon,
)

D = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("start_on", "length", "due_on"),
    [
        ("2026-09-10", 15, "2026-09-28"),  # 09-25 is 中秋节
        ("2026-09-16", 15, "2026-10-08"),  # 10-01 is 国庆节
        ("2026-09-25", 15, "2026-10-10"),  # a make-up Saturday does not roll
        ("2026-01-30", 15, "2026-02-14"),  # nor does this one
        ("2026-02-01", 15, "2026-02-24"),  # 春节
        ("2026-09-22", 10, "2026-10-08"),  # ruling
        ("2026-11-10", 7, "2026-11-17"),  # nothing in the way
        ("2026-11-14", 7, "2026-11-23"),  # 11-21 is a Saturday
    ],
)
def test_days_roll_over_holidays_only_at_the_end(start_on: str, length: int, due_on: str) -> None:
    assert reckon(start_on=D(start_on), length=length).due_on == D(due_on)


@pytest.mark.parametrize(
    ("start_on", "length", "unit", "nominal_end", "due_on"),
    [
        ("2026-03-16", 6, "month", "2026-09-16", "2026-09-16"),
        ("2026-01-31", 1, "month", "2026-02-28", "2026-02-28"),  # no 31st; that Saturday is worked
        ("2024-01-31", 1, "month", "2024-02-29", "2024-02-29"),
        ("2025-08-31", 6, "month", "2026-02-28", "2026-02-28"),
        ("2024-02-29", 1, "year", "2025-02-28", "2025-02-28"),
        ("2025-12-15", 2, "month", "2026-02-15", "2026-02-24"),
        ("2023-11-30", 2, "year", "2025-11-30", "2025-12-01"),
    ],
)
def test_months_end_on_the_same_date_or_the_last_of_the_month(
    start_on: str, length: int, unit: Unit, nominal_end: str, due_on: str
) -> None:
    period = reckon(start_on=D(start_on), length=length, unit=unit)
    assert (period.nominal_end, period.due_on) == (D(nominal_end), D(due_on))


def test_the_explanation_tells_each_step_with_its_article() -> None:
    period = reckon(start_on=D("2026-09-10"), length=15, law="民事诉讼法第一百二十八条", event="送达")
    assert [str(step) for step in period.steps] == [
        "2026-09-10 送达，当日不计入（民事诉讼法第八十五条第二款）",
        "自 2026-09-11 起算 15 日，届满日 2026-09-25（中秋节休假）（民事诉讼法第一百二十八条）",
        "顺延至休假结束后的第一日 2026-09-28（民事诉讼法第八十五条第三款）",
    ]
    assert period.rolled
    assert not period.provisional


def test_a_short_month_is_explained_by_the_civil_code() -> None:
    steps = reckon(start_on=D("2026-01-31"), length=1, unit="month").steps
    assert any(step.law == "民法典第二百零二条" and "没有 31 日" in step.text for step in steps)
    assert "星期六调休上班，不顺延" in steps[1].text


def test_beyond_the_last_published_year_the_date_is_marked_provisional() -> None:
    period = reckon(start_on=D("2026-12-25"), length=15)  # 2027-01-09 is a Saturday
    assert (period.due_on, period.provisional) == (D("2027-01-11"), True)
    assert period.due_text == "2027-01-11（待确认）"
    assert "2027 年放假安排未载入" in period.steps[-1].text


def test_the_last_published_day_is_final() -> None:
    period = reckon(start_on=D("2026-12-16"), length=15)
    assert (period.due_text, period.provisional) == ("2026-12-31", False)


def test_rolling_into_an_unpublished_year_is_provisional_too() -> None:
    table = published()
    short = HolidayTable({2021: table.years[2021]})
    period = reckon(start_on=D("2021-12-20"), length=15, table=short)
    assert period.provisional


def test_an_operators_table_replaces_the_shipped_one() -> None:
    text = '{"source": "x", "years": {"2027": {"notice": "n", "holidays": {"2027-01-11": "元旦"}, "workdays": []}}}'
    period = reckon(start_on=D("2026-12-25"), length=15, table=read_table(text))
    assert (period.due_on, period.provisional) == (D("2027-01-12"), False)


def test_working_days_skip_holidays_inside_the_period() -> None:
    period = add_working_days(start_on=D("2026-09-24"), length=5)
    assert period.due_on == D("2026-10-09")  # 28, 29, 30 September, then 8 and 9 October
    assert "休息日不计入" in period.steps[1].text


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-10-10", True), ("2026-09-20", True), ("2026-09-25", False), ("2026-11-21", False), ("2026-11-20", True)],
)
def test_working_days_follow_the_published_notice(day: str, works: bool) -> None:
    assert is_working_day(day=D(day)) is works


@pytest.mark.parametrize(
    ("due_on", "left", "text"),
    [("2026-11-21", 0, "今天届满"), ("2026-11-24", 3, "剩 3 天"), ("2026-11-19", -2, "超期 2 天")],
)
def test_days_left_are_calendar_days(due_on: str, left: int, text: str) -> None:
    today = D("2026-11-21")
    assert days_left(due_on=D(due_on), today=today) == left
    assert left_text(due_on=D(due_on), today=today) == text


def test_three_days_before_a_hearing() -> None:
    assert latest_before(event_on=D("2026-12-03"), days=3) == D("2026-11-30")


@pytest.mark.parametrize(("start_on", "length"), [("2026-01-01", 0), ("2026-01-01", 10**9), ("9999-01-01", 1)])
def test_absurd_periods_are_refused_with_a_sentence(start_on: str, length: int) -> None:
    with pytest.raises(Invalid):
        reckon(start_on=D(start_on), length=length)


def test_every_shipped_year_names_its_notice_and_has_a_spring_festival() -> None:
    table = published()
    assert sorted(table.years) == list(range(2020, 2027))
    for year in table.years.values():
        assert "国办发明电" in year.notice
        assert "春节" in year.holidays.values()
        assert not set(year.holidays) & year.workdays


@given(st.dates(D("2020-01-01"), D("2026-12-01")), st.integers(1, 400))
def test_a_due_day_is_always_a_working_day_and_never_early(start_on: dt.date, length: int) -> None:
    period = reckon(start_on=start_on, length=length)
    assert is_working_day(day=period.due_on)
    assert period.due_on >= period.nominal_end == start_on + dt.timedelta(days=length)
    assert reckon(start_on=start_on, length=length + 1).due_on >= period.due_on
