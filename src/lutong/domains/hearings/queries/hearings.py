"""The hearings of a case."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.cases import queries as cases
from lutong.domains.hearings import rules
from lutong.domains.hearings.access import visible_to
from lutong.domains.hearings.models import Hearing, LawyerHearing
from lutong.domains.hearings.queries import clashes
from lutong.domains.hearings.queries.calendar import my_calendar
from lutong.domains.hearings.states import HEARING, HearingState
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING, beijing, beijing_date
from lutong.kernel.errors import NotFound
from lutong.kernel.holidays import DAY
from lutong.kernel.lifecycle import Step

STRIP_HALF_HOURS = 16  # how many the strip of the case page can draw


def list_hearings(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> list[Hearing]:
    """All hearings of a case, the latest first; none of a case that is not visible."""
    with reading(actor):
        return list(visible_to(actor, court_id).filter(case_id=case_id).order_by("-during", "-id"))


def next_hearing(*, actor: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime) -> Hearing | None:
    """The next hearing of a case that is not over, or None. Raises NotFound when the case is not visible."""
    with reading(actor):
        cases.get_case(actor=actor, court_id=court_id, case_id=case_id)
        coming = visible_to(actor, court_id).filter(
            case_id=case_id, state=HearingState.SCHEDULED, during__endswith__gt=now
        )
        return coming.order_by("during", "id").first()


def get_hearing(*, actor: Actor, court_id: int, hearing_id: uuid.UUID) -> Hearing:
    """One hearing. Raises NotFound."""
    with reading(actor):
        found = visible_to(actor, court_id).filter(id=hearing_id).first()
    if found is None:
        raise NotFound("没有这场庭审，或您无权查看")
    return found


def open_steps(*, actor: Actor, hearing: Hearing) -> list[Step]:
    """What the actor may do with a hearing now: feeds the buttons."""
    return HEARING.open_steps(hearing.state, actor.role)


@dataclass(frozen=True, slots=True)
class StripBar:
    """One row of the overlap strip of the case page.

    `first` and `last` are half-hour grid lines from 1; `tone` is this, bad (clashes with this) or ok;
    `clash` is the sentence of the clash, and `bad_first`–`bad_last` the lines of a true overlap (0 without one).
    """

    tone: str
    title: str
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    first: int
    last: int
    clash: str = ""
    explanation: str = ""
    bad_first: int = 0
    bad_last: int = 0


def day_strip(*, actor: Actor, court_id: int, hearing: Hearing) -> tuple[list[int], list[StripBar]]:
    """The actor's whole day of a hearing: (the hours written above the strip, one bar per entry, this one first)."""
    day = beijing_date(hearing.during.lower)
    entries = my_calendar(actor=actor, start=beijing(day), end=beijing(day + DAY))
    this = next((e for e in entries if e.id == hearing.id and e.court_id == court_id), None)
    if this is None:
        return [], []
    opens = _opening_hour([this, *entries])
    wanted = clashes.engagement_of(this)
    bars = [_bar("this", this, opens)]
    bars += [_bar_beside(wanted, entry, opens) for entry in entries if entry.id != this.id]
    return list(range(opens, opens + STRIP_HALF_HOURS // 2)), bars


def _opening_hour(entries: list[LawyerHearing]) -> int:
    first = min(entry.starts_at for entry in entries).astimezone(BEIJING).hour
    return max(0, min(9, first, 24 - STRIP_HALF_HOURS // 2))


def _bar_beside(wanted: rules.Engagement, entry: LawyerHearing, opens: int) -> StripBar:
    finding = rules.find_clash(wanted, clashes.engagement_of(entry))
    if finding is None:
        return _bar("ok", entry, opens)
    if finding.kind == "travel":
        return _bar("bad", entry, opens, finding)
    shared = max(wanted.starts_at, entry.starts_at), min(wanted.ends_at, entry.ends_at)
    return _bar("bad", entry, opens, finding, (_line(shared[0], opens), _line(shared[1], opens, up=True)))


def _bar(
    tone: str, entry: LawyerHearing, opens: int, finding: rules.Finding | None = None, bad: tuple[int, int] = (0, 0)
) -> StripBar:
    return StripBar(
        tone, entry.title, entry.place, entry.starts_at, entry.ends_at,
        _line(entry.starts_at, opens), _line(entry.ends_at, opens, up=True),
        finding.text if finding else "", finding.explanation if finding else "", *bad,
    )  # fmt: skip


def _line(instant: dt.datetime, opens: int, *, up: bool = False) -> int:
    """The half-hour grid line of an instant, within the strip; 1 is the first line."""
    local = instant.astimezone(BEIJING)
    halves = ((local.hour - opens) * 60 + local.minute + (29 if up else 0)) // 30
    return max(1, min(halves + 1, STRIP_HALF_HOURS + 1))
