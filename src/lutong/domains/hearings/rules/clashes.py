"""排期冲突: two engagements of one person that overlap, or leave too little time to travel."""

import datetime as dt
import math
import uuid
from dataclasses import dataclass

from lutong.domains.hearings.rules.travel import ESTIMATE, Place, travel_between

LONGEST = dt.timedelta(hours=12)  # of one engagement; held by the CHECK lawyer_hearing_bounded
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Engagement:
    """One entry of a person's calendar: half-open from `starts_at` to `ends_at`."""

    id: uuid.UUID
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong between two engagements.

    `kind` is overlap or travel; `minutes` overlap, or are missing; `needed` and `gap` are minutes of travel
    and of free time (both 0 for an overlap).
    """

    kind: str
    minutes: int
    needed: int = 0
    gap: int = 0
    reason: str = ""

    @property
    def text(self) -> str:
        """重叠 60 分钟; 在途不足 40 分钟."""
        return f"重叠 {self.minutes} 分钟" if self.kind == "overlap" else f"在途不足 {self.minutes} 分钟"

    @property
    def explanation(self) -> str:
        """The reckoning in one sentence, '' for an overlap, which needs none."""
        return f"间隔 {self.gap} 分钟。{self.reason}" if self.kind == "travel" else ""


def find_clash(one: Engagement, other: Engagement) -> Finding | None:
    """The clash of two engagements, the same in either order; None when both can be attended."""
    first, second = (one, other) if one.starts_at <= other.starts_at else (other, one)
    if second.starts_at < first.ends_at:
        shared = min(first.ends_at, second.ends_at) - second.starts_at
        return Finding("overlap", math.ceil(shared / MINUTE))
    gap = (second.starts_at - first.ends_at) // MINUTE
    travel = travel_between(first.place, second.place)
    if gap >= travel.minutes:
        return None
    return Finding("travel", travel.minutes - gap, travel.minutes, gap, travel.reason)


def reach(starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
    """How far a search must look: (earliest start, latest start, earliest end) of what can clash.

    An engagement lasts at most `LONGEST` and no journey takes longer than the estimate's longest, so the
    starts that matter lie in one bounded stretch of the index (lawyer_id, starts_at).
    """
    journey = ESTIMATE.longest * MINUTE
    return starts_at - journey - LONGEST, ends_at + journey, starts_at - journey
