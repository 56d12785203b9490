"""空闲时段: the first times at which judge, room and all counsel are free."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lutong.domains.hearings.rules.clashes import Engagement, find_clash
from lutong.kernel.clock import BEIJING
from lutong.kernel.holidays import DAY, HolidayTable

GRID = dt.timedelta(minutes=30)
SITTINGS = ((dt.time(9), dt.time(12)), (dt.time(14), dt.time(18)))  # 上午庭, 下午庭
WHOLE_DAY = ((dt.time(9), dt.time(18)),)


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch in which a room or the judge is taken."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def meets(self, starts_at: dt.datetime, ends_at: dt.datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Slot:
    """A proposed time. `room` is the first free room of those asked for, None for an online hearing."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    room: str | None


def working_days(*, after: dt.date, count: int, table: HolidayTable) -> list[dt.date]:
    """The first `count` days on which courts work, beginning with `after` itself."""
    days: list[dt.date] = []
    day = after
    while len(days) < count:
        day = table.next_working_day(day)
        days.append(day)
        day += DAY
    return days


def half_days(day: dt.date, minutes: int) -> Iterator[list[tuple[dt.datetime, dt.datetime]]]:
    """The possible times of a day on a half-hour grid, one list per sitting; a long hearing spans the day."""
    length = dt.timedelta(minutes=minutes)
    for opens, closes in SITTINGS if length <= dt.timedelta(hours=3) else WHOLE_DAY:
        start = dt.datetime.combine(day, opens, BEIJING)
        times = []
        while start + length <= dt.datetime.combine(day, closes, BEIJING):
            times.append((start, start + length))
            start += GRID
        yield times


def free_slots(
    *,
    days: Sequence[dt.date],
    minutes: int,
    wanted: Engagement,
    judge: Sequence[Busy],
    rooms: Mapping[str, Sequence[Busy]],
    counsel: Sequence[Engagement],
    not_before: dt.datetime,
    limit: int,
) -> list[Slot]:
    """The first free time of each half-day, at most `limit`.

    `wanted` carries the place of the hearing; `rooms` maps a room's key to its taken stretches, in the order
    of preference, and is empty for an online hearing. The same rule decides here and when scheduling.
    """
    found: list[Slot] = []
    for day in days:
        near = [e for e in counsel if abs(e.starts_at.astimezone(BEIJING).date() - day) <= DAY]
        for times in half_days(day, minutes):
            slot = _first_free(times, wanted, judge, rooms, near, not_before)
            if slot is not None:
                found.append(slot)
            if len(found) == limit:
                return found
    return found


def _first_free(
    times: Sequence[tuple[dt.datetime, dt.datetime]],
    wanted: Engagement,
    judge: Sequence[Busy],
    rooms: Mapping[str, Sequence[Busy]],
    counsel: Sequence[Engagement],
    not_before: dt.datetime,
) -> Slot | None:
    for starts_at, ends_at in times:
        if starts_at < not_before or any(busy.meets(starts_at, ends_at) for busy in judge):
            continue
        room = next((key for key, taken in rooms.items() if not any(b.meets(starts_at, ends_at) for b in taken)), None)
        if rooms and room is None:
            continue
        tried = Engagement(wanted.id, starts_at, ends_at, wanted.place)
        if not any(find_clash(tried, other) for other in counsel):
            return Slot(starts_at, ends_at, room)
    return None
