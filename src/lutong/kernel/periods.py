"""期间: the statutory period engine. Every result explains itself step by step, with the article.

Law: 民事诉讼法第八十五条; 民诉法解释第一百二十五条; 民法典第二百零二条 (month ends).
行政诉讼法第一百零一条 refers to the same rules. Calendar days everywhere; working days only where a
statute says so (行政复议法第八十八条).
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

from lutong.kernel.errors import Invalid
from lutong.kernel.holidays import DAY, HolidayTable, published

Unit = Literal["day", "month", "year", "workday"]
UNIT_NAMES: dict[Unit, str] = {"day": "日", "month": "个月", "year": "年", "workday": "个工作日"}

START_LAW = "民事诉讼法第八十五条第二款"
NEXT_DAY_LAW = "民诉法解释第一百二十五条"
REST_LAW = "民事诉讼法第八十五条第三款"
MONTH_LAW = "民法典第二百零二条"
WORKDAY_LAW = "行政复议法第八十八条"
PROVISIONAL_MARK = "待确认"

_LATEST_YEAR = 9000
_LONGEST: dict[Unit, int] = {"day": 36_500, "month": 1_200, "year": 100, "workday": 3_650}


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of an explanation and the article it rests on ('' when it is mere arithmetic)."""

    text: str
    law: str = ""

    def __str__(self) -> str:
        return f"{self.text}（{self.law}）" if self.law else self.text


@dataclass(frozen=True, slots=True)
class Period:
    """A reckoned period. `due_on` is its last day, until 24:00 for electronic filing.

    `provisional`: the holiday table of a year it touches is not published yet, so only weekends were
    respected and the date may still move; show `due_text`, which carries the mark 待确认.
    """

    start_on: dt.date
    first_day: dt.date
    nominal_end: dt.date
    due_on: dt.date
    provisional: bool
    steps: tuple[Step, ...]
    law: str = ""

    @property
    def due_text(self) -> str:
        return f"{self.due_on.isoformat()}（{PROVISIONAL_MARK}）" if self.provisional else self.due_on.isoformat()

    @property
    def rolled(self) -> bool:
        return self.due_on != self.nominal_end


def reckon(
    *,
    start_on: dt.date,
    length: int,
    unit: Unit = "day",
    law: str = "",
    event: str = "期间开始",
    table: HolidayTable | None = None,
) -> Period:
    """The period of `length` units that an event on `start_on` sets running.

    `law` is the article that gives the length, `event` the Chinese name of what happened on `start_on`
    (送达, 收到材料, 立案). The starting day does not count; a last day that is a statutory holiday gives
    way to the first day after the holidays; holidays inside the period count.

    Law: 民事诉讼法第八十五条; 民诉法解释第一百二十五条; 民法典第二百零二条. Raises Invalid.
    """
    _refuse_absurd(start_on, length, unit)
    table = table or published()
    first_day = start_on + DAY
    nominal_end = _nominal_end(start_on, length, unit, table)
    due_on = table.next_working_day(nominal_end)
    provisional = _is_unknown(table, first_day if unit == "workday" else nominal_end, nominal_end, due_on)
    steps = [Step(f"{start_on.isoformat()} {event}，当日不计入", START_LAW)]
    steps.append(_length_step(table, first_day, nominal_end, length, unit, law))
    if unit in ("month", "year") and nominal_end.day != start_on.day:
        steps.append(Step(f"{nominal_end.month} 月没有 {start_on.day} 日，以月末日为届满日", MONTH_LAW))
    if due_on != nominal_end:
        steps.append(Step(f"顺延至休假结束后的第一日 {due_on.isoformat()}", REST_LAW))
    if provisional:
        steps.append(_unknown_step(table, due_on))
    return Period(start_on, first_day, nominal_end, due_on, provisional, tuple(steps), law)


def _refuse_absurd(start_on: dt.date, length: int, unit: Unit) -> None:
    if not 0 < length <= _LONGEST[unit]:
        raise Invalid(
            f"期间长度应为 1 至 {_LONGEST[unit]} {UNIT_NAMES[unit]}，请改正", fields={"length": "超出可计算的范围"}
        )
    if start_on.year > _LATEST_YEAR:
        raise Invalid("起算日期超出可计算的范围，请检查年份", fields={"start_on": "请检查年份"})


def _nominal_end(start_on: dt.date, length: int, unit: Unit, table: HolidayTable) -> dt.date:
    if unit == "day":
        return start_on + dt.timedelta(days=length)
    if unit == "workday":
        return _count_working_days(start_on, length, table)
    months = length * 12 if unit == "year" else length
    year, month0 = divmod(start_on.year * 12 + start_on.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return dt.date(year, month0 + 1, min(start_on.day, last))


def _count_working_days(start_on: dt.date, length: int, table: HolidayTable) -> dt.date:
    day = start_on
    for _ in range(length):
        day = table.next_working_day(day + DAY)
    return day


def _is_unknown(table: HolidayTable, *days: dt.date) -> bool:
    return any(not table.knows(day) for day in days)


def _length_step(
    table: HolidayTable, first_day: dt.date, nominal_end: dt.date, length: int, unit: Unit, law: str
) -> Step:
    rest = "" if table.is_working_day(nominal_end) else f"（{table.rest_name(nominal_end)}休假）"
    made_up = ""
    if not rest and nominal_end.weekday() > 4:
        made_up = f"（{weekday_name(nominal_end)}调休上班，不顺延）"
    counted = "（休息日不计入）" if unit == "workday" else ""
    text = f"自 {first_day.isoformat()} 起算 {length} {UNIT_NAMES[unit]}{counted}，届满日 {nominal_end.isoformat()}"
    return Step(text + rest + made_up, law or (WORKDAY_LAW if unit == "workday" else NEXT_DAY_LAW))


def weekday_name(day: dt.date) -> str:
    """星期一 … 星期日."""
    return "星期" + "一二三四五六日"[day.weekday()]


def _unknown_step(table: HolidayTable, due_on: dt.date) -> Step:
    year = due_on.year
    return Step(
        f"{year} 年放假安排未载入（现有至 {table.last_day.year} 年），仅按周末推算，届满日{PROVISIONAL_MARK}", REST_LAW
    )


def is_working_day(*, day: dt.date, table: HolidayTable | None = None) -> bool:
    """Whether courts work on this day (weekends only where the year is not published yet)."""
    return (table or published()).is_working_day(day)


def add_working_days(*, start_on: dt.date, length: int, table: HolidayTable | None = None) -> Period:
    """A period counted in working days. Only for 行政复议: the procedure laws count calendar days.

    Law: 行政复议法第八十八条.
    """
    return reckon(start_on=start_on, length=length, unit="workday", law=WORKDAY_LAW, table=table)


def days_left(*, due_on: dt.date, today: dt.date) -> int:
    """Calendar days from today to the last day: 0 on the last day, negative when it has passed."""
    return (due_on - today).days


def left_text(*, due_on: dt.date, today: dt.date) -> str:
    """The short form for lists: 剩 3 天, 今天届满, 超期 2 天."""
    left = days_left(due_on=due_on, today=today)
    if left < 0:
        return f"超期 {-left} 天"
    return "今天届满" if left == 0 else f"剩 {left} 天"


def latest_before(*, event_on: dt.date, days: int) -> dt.date:
    """The last day on which something due `days` days before an event can still be done (开庭三日前).

    Law: 民事诉讼法第一百三十九条, 民法典第一千二百五十九条 (以前 includes the day itself).
    """
    return event_on - dt.timedelta(days=days)
