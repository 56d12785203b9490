"""法定休假日: the table of statutory holidays and make-up working days, as data with its source."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

SATURDAY = 5
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One year as the State Council's notice fixed it."""

    notice: str
    holidays: Mapping[dt.date, str]
    workdays: frozenset[dt.date]


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """All published years. A year that is missing is unknown, never guessed."""

    years: Mapping[int, HolidayYear]
    source: str = ""

    def knows(self, day: dt.date) -> bool:
        return day.year in self.years

    @property
    def last_day(self) -> dt.date:
        return dt.date(max(self.years), 12, 31)

    def is_working_day(self, day: dt.date) -> bool:
        """Whether courts work on this day. In an unpublished year only weekends are known to be free.

        A Saturday or Sunday worked in exchange for a holiday (调休上班) is a working day.
        """
        year = self.years.get(day.year)
        if year and day in year.workdays:
            return True
        if year and day in year.holidays:
            return False
        return day.weekday() < SATURDAY

    def rest_name(self, day: dt.date) -> str:
        """Why nobody works on this day, as the explanation says it: 中秋节, 星期六."""
        year = self.years.get(day.year)
        if year and day in year.holidays:
            return year.holidays[day]
        return "星期六" if day.weekday() == SATURDAY else "星期日"

    def next_working_day(self, day: dt.date) -> dt.date:
        """The day itself if courts work on it, else the first working day after it."""
        while not self.is_working_day(day):
            day += DAY
        return day


def read_table(text: str) -> HolidayTable:
    """Read the JSON form of the table (what the package ships and what an operator may edit)."""
    raw = json.loads(text)
    years = {
        int(year): HolidayYear(
            notice=entry["notice"],
            holidays={dt.date.fromisoformat(day): name for day, name in entry["holidays"].items()},
            workdays=frozenset(dt.date.fromisoformat(day) for day in entry["workdays"]),
        )
        for year, entry in raw["years"].items()
    }
    return HolidayTable(years, raw["source"])


@lru_cache(maxsize=1)
def published() -> HolidayTable:
    """The table that the package ships."""
    return read_table((files("lutong.kernel") / "data" / "holidays.json").read_text(encoding="utf-8"))
