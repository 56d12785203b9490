"""Calendars as the templates draw them: grid lines and lanes become CSS classes, never inline styles."""

import calendar as month_table
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lutong.domains.hearings import rules
from lutong.domains.hearings.queries import OpenClash
from lutong.kernel.clock import BEIJING, beijing, beijing_date
from lutong.kernel.holidays import DAY, published
from lutong.kernel.periods import weekday_name

ROW_MINUTES = 15
OPENS, CLOSES = 8, 18
TONES = {"onsite": "court", "online": "online"}
MODES = {"onsite": "线下", "online": "线上"}


@dataclass(slots=True)
class Drawn:
    """One entry, or the mark of a clash: `tone` is court, online, own, over or travel."""

    tone: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    title: str
    entry: Any = None
    place: str = ""
    mode: str = ""
    bad: bool = False
    row: int = 1
    until: int = 2
    lane: int = 0
    lanes: int = 1
    quiet: bool = False  # hatched without its words, which would hide the entries

    @property
    def where(self) -> list[str]:
        return self.place.split(" · ")

    @property
    def is_mark(self) -> bool:
        return self.tone in ("over", "travel")

    @property
    def short(self) -> bool:
        return self.until - self.row < 3


@dataclass(slots=True)
class Day:
    """One day of a calendar."""

    date: dt.date
    today: dt.date
    deadlines: list[Any] = field(default_factory=list)
    entries: list[Drawn] = field(default_factory=list)
    outside: bool = False  # of the month shown

    @property
    def off(self) -> bool:
        return not published().is_working_day(self.date)

    @property
    def is_today(self) -> bool:
        return self.date == self.today

    @property
    def width(self) -> int:
        """How many entries stand side by side at most."""
        return max((entry.lanes for entry in self.entries), default=1)

    @property
    def full(self) -> str:
        return f"{self.date.month} 月 {self.date.day} 日 周{weekday_name(self.date)[-1]}"

    @property
    def week_name(self) -> str:
        return f"周{weekday_name(self.date)[-1]}"

    @property
    def real(self) -> list[Drawn]:
        return [entry for entry in self.entries if not entry.is_mark]


def week_of(day: dt.date) -> list[dt.date]:
    """Monday to Sunday of the week in which a day lies."""
    monday = day - day.weekday() * DAY
    return [monday + i * DAY for i in range(7)]


def month_of(day: dt.date) -> list[dt.date]:
    """The whole weeks that show a month."""
    return list(month_table.Calendar().itermonthdates(day.year, day.month))


def next_month(day: dt.date, step: int) -> dt.date:
    """The first day of the month `step` months away."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + step, 12)
    return dt.date(year, month0 + 1, 1)


def draw_days(
    *, dates: Sequence[dt.date], entries: Iterable[Any], clashes: Sequence[OpenClash], deadlines: Iterable[Any],
    today: dt.date,
) -> tuple[list[Day], list[int]]:  # fmt: skip
    """The days with everything placed on them, and the hours to write at the side."""
    days = {date: Day(date, today) for date in dates}
    bad = {c.one.id for c in clashes} | {c.other.id for c in clashes}
    for entry in entries:
        for date in _days_of(entry, days):
            days[date].entries.append(_draw(entry, date, entry.id in bad))
    for deadline in deadlines:
        if deadline.due_on in days:
            days[deadline.due_on].deadlines.append(deadline)
    for clash in clashes:
        for date, mark in _marks(clash):
            if date in days:
                days[date].entries.append(mark)
    opens, closes = _hours(days.values())
    for day in days.values():
        _place(day, opens)
    return list(days.values()), list(range(opens, closes))


def _days_of(entry: Any, days: dict[dt.date, Day]) -> list[dt.date]:
    first, last = beijing_date(entry.starts_at), beijing_date(entry.ends_at - dt.timedelta(seconds=1))
    return [date for date in dict.fromkeys((first, last)) if date in days]


def _draw(entry: Any, date: dt.date, bad: bool) -> Drawn:
    own = entry.court_id is None
    starts, ends = max(entry.starts_at, beijing(date)), min(entry.ends_at, beijing(date + DAY))
    return Drawn(
        "own" if own else TONES.get(entry.mode, "court"), starts, ends, entry.title, entry, entry.place,
        "自添" if own else MODES.get(entry.mode, ""), bad,
    )  # fmt: skip


def _marks(clash: OpenClash) -> list[tuple[dt.date, Drawn]]:
    """Where a clash is hatched: the shared time, or the gap that is too short. A gap over midnight has no mark."""
    first, second = clash.first, clash.second
    if clash.kind == "overlap":
        starts, ends = second.starts_at, min(first.ends_at, second.ends_at)
        return [(beijing_date(starts), Drawn("over", starts, ends, clash.text))]
    if beijing_date(first.ends_at) != beijing_date(second.starts_at):
        return []
    place = f"间隔 {clash.gap} 分钟，约需 {clash.needed} 分钟"
    mark = Drawn("travel", first.ends_at, second.starts_at, clash.text, place=place)
    return [(beijing_date(first.ends_at), mark)]


def _hours(days: Iterable[Day]) -> tuple[int, int]:
    opens, closes = OPENS, CLOSES
    for day in days:
        for entry in day.entries:
            start, end = _minutes(entry.starts_at, day.date), _minutes(entry.ends_at, day.date)
            opens, closes = min(opens, start // 60), max(closes, -(-end // 60))
    return opens, min(24, closes)


def _place(day: Day, opens: int) -> None:
    day.entries.sort(key=lambda entry: (entry.starts_at, not entry.is_mark, entry.ends_at))
    for entry in day.entries:
        entry.row = (_minutes(entry.starts_at, day.date) - opens * 60) // ROW_MINUTES + 1
        until = -((opens * 60 - _minutes(entry.ends_at, day.date)) // ROW_MINUTES) + 1
        entry.until = max(until, entry.row + (1 if entry.is_mark else 2))
    lanes = rules.lanes_of([(entry.starts_at, _drawn_end(entry)) for entry in day.real])
    for entry, lane in zip(day.real, lanes, strict=True):
        entry.lane, entry.lanes = lane.index + 1, lane.count
    for mark in day.entries:
        mark.quiet = mark.tone == "over" and day.width > 2


def _drawn_end(entry: Drawn) -> dt.datetime:
    """A very short entry is drawn half an hour tall, so its lane is taken that long."""
    return max(entry.ends_at, entry.starts_at + 2 * dt.timedelta(minutes=ROW_MINUTES))


def _minutes(instant: dt.datetime, date: dt.date) -> int:
    return int((instant - dt.datetime.combine(date, dt.time(), BEIJING)).total_seconds() // 60)
