"""Time: instants are aware UTC, legal days are Beijing dates, and `now` is always passed in."""

import datetime as dt
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """The present instant. Called by the faces (pages, api, tasks, commands) only."""
    return dt.datetime.now(dt.UTC)


def beijing_date(instant: dt.datetime) -> dt.date:
    """The legal day on which an instant falls."""
    return instant.astimezone(BEIJING).date()


def beijing(day: dt.date, hour: int = 0, minute: int = 0) -> dt.datetime:
    """The instant of a Beijing wall-clock time."""
    return dt.datetime.combine(day, dt.time(hour, minute), BEIJING).astimezone(dt.UTC)
