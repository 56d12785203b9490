"""What a person typed, as dates and times; each refusal says where and how to write it."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from lutong.kernel.clock import BEIJING
from lutong.kernel.errors import Invalid

_DAY = re.compile(r"^\s*(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?\s*$")
_CLOCK = re.compile(r"^\s*([01]?\d|2[0-3])\s*[:：时]\s*([0-5]\d)\s*分?\s*$")
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


def read_day(text: str, field_name: str = "day") -> dt.date:
    """2026-11-21, 2026/11/21, 2026年11月21日 and 20261121. Raises Invalid."""
    found = _DAY.match(text[:40])
    try:
        day = dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise Invalid("日期不对", fields={field_name: "请填日期，例如 2026-11-21"})
    return day


def read_clock(text: str, field_name: str) -> dt.time:
    """09:30 (also with a full-width colon). Raises Invalid."""
    found = _CLOCK.match(text[:20])
    if not found:
        raise Invalid("时间不对", fields={field_name: "请填时间，例如 09:30"})
    return dt.time(int(found[1]), int(found[2]))


def day_or(text: str | None, otherwise: dt.date) -> dt.date:
    """A date of an address, or another when it is missing or unusable: no address may break a calendar."""
    try:
        return read_day(text or "")
    except Invalid:
        return otherwise


def uuid_or_none(text: str | None) -> uuid.UUID | None:
    """An id from a form, None when there is none or it is no id."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def whole(text: str | None, field_name: str, *, most: int) -> int:
    """A whole number from 0 to `most`. Raises Invalid."""
    text = (text or "0").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > most:
        raise Invalid("数字不对", fields={field_name: f"请填 0 至 {most} 的整数"})
    return int(text)


def on_beijing_clock(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, BEIJING)


@dataclass
class Wish:
    """The scheduling form as typed, so that nothing typed is lost; `times()` reads it."""

    kind: str = "trial"
    mode: str = "onsite"
    room: str = ""
    day: str = ""
    starts: str = "09:30"
    minutes: str = "120"
    pick: str = ""
    clash_reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, data: Mapping[str, str]) -> "Wish":
        """A proposal that was picked overrules the single fields."""
        wish = cls()
        for name in ("kind", "mode", "room", "day", "starts", "minutes", "pick", "clash_reason"):
            setattr(wish, name, data.get(name, "")[:600])
        day, _, rest = wish.pick.partition(" ")
        clock, _, room = rest.partition(" ")
        if day and clock:
            wish.day, wish.starts = day, clock
            wish.room = room or wish.room
        return wish

    @property
    def room_id(self) -> uuid.UUID | None:
        return uuid_or_none(self.room)

    @property
    def length(self) -> int:
        """Minutes, within what a form may ask for. Raises Invalid."""
        minutes = whole(self.minutes, "minutes", most=720)
        if minutes < 15:
            raise Invalid("时长不对", fields={"minutes": "应为 15 分钟至 12 小时"})
        return minutes

    def times(self) -> tuple[dt.datetime, dt.datetime]:
        """From when until when. Raises Invalid."""
        start = on_beijing_clock(read_day(self.day), read_clock(self.starts, "starts"))
        return start, start + dt.timedelta(minutes=self.length)
