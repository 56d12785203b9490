"""The court's own board: rooms and judges by day."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from lutong.domains.hearings.access import KEEPERS_OF_ROOMS, SCHEDULERS, visible_to
from lutong.domains.hearings.models import Courtroom, Hearing
from lutong.domains.hearings.states import HearingKind, HearingState
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING, beijing, beijing_date
from lutong.kernel.errors import NotFound
from lutong.kernel.holidays import DAY, published

ONLINE = "线上"
WEEK = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """One hearing on the board; `open` says whether its case is the reader's work, else it shows room and time only."""

    hearing: Hearing
    open: bool


@dataclass(slots=True)
class DayCell:
    """One row's hearings on one day."""

    day: dt.date
    hearings: list[Slot] = field(default_factory=list)


def list_courtrooms(*, actor: Actor, court_id: int) -> list[Courtroom]:
    """The courtrooms of the actor's court, in the order of the list."""
    _require_own_court(actor, court_id)
    with reading(actor):
        return list(Courtroom.objects.filter(court_id=court_id).order_by("place", "name"))


def get_courtroom(*, actor: Actor, court_id: int, room_id: uuid.UUID) -> Courtroom:
    """One courtroom of the actor's court. Raises NotFound."""
    found = next((r for r in list_courtrooms(actor=actor, court_id=court_id) if r.id == room_id), None)
    if found is None:
        raise NotFound("本院没有这个法庭")
    return found


def list_board(
    *, actor: Actor, court_id: int, monday: dt.date, by: str = "room"
) -> tuple[list[dt.date], list[tuple[str, list[DayCell]]]]:
    """A week of the court: (days, rows of (room or judge, one cell a day)). `by` is room or judge.

    Everybody of the court sees which room is taken when; the slot opens only for those whose work the case is.
    Saturday and Sunday appear only when a hearing or a working day falls on them. Every room has a row,
    also an idle one; a judge has one when he sits that week.
    """
    rooms = [room.name for room in list_courtrooms(actor=actor, court_id=court_id)] if by == "room" else []
    hearings = _between(actor, court_id, monday, monday + WEEK * DAY)
    with reading(actor):
        mine = set(visible_to(actor, court_id).filter(id__in=[h.id for h in hearings]).values_list("id", flat=True))
    held_on = {beijing_date(h.during.lower) for h in hearings}
    week = [monday + i * DAY for i in range(WEEK)]
    days = [d for d in week if d.weekday() < 5 or d in held_on or published().is_working_day(d)]
    rows = {name: {day: DayCell(day) for day in days} for name in rooms}
    for hearing in hearings:
        name = (hearing.room_name or ONLINE) if by == "room" else hearing.judge_name
        cells = rows.setdefault(name, {day: DayCell(day) for day in days})
        cells[beijing_date(hearing.during.lower)].hearings.append(Slot(hearing, hearing.id in mine))
    order = list(rows) if by == "room" else sorted(rows)
    return days, [(name, list(rows[name].values())) for name in order]


def busy_at(
    *,
    actor: Actor,
    court_id: int,
    judge_id: int | None,
    room_id: uuid.UUID | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    hearing_id: uuid.UUID | None = None,
) -> str:
    """The sentence that names the slot in which the room or the judge is taken, '' when both are free.

    It says room, judge and time, never the other case. `hearing_id` is not held against itself.
    """
    _require_own_court(actor, court_id)
    with reading(actor):
        taken = Hearing.objects.filter(court_id=court_id, state=HearingState.SCHEDULED)
        rivals = taken.filter(during__overlap=(starts_at, ends_at))
        for rival in rivals.exclude(id__in=[hearing_id] if hearing_id else []).order_by("during"):
            first, last = rival.during.lower.astimezone(BEIJING), rival.during.upper.astimezone(BEIJING)
            when = f"{first:%m-%d %H:%M}–{last:%H:%M}"
            if room_id is not None and rival.room_id == room_id:
                return f"{rival.room_name}在 {when} 已有庭审，请另选法庭或时间"
            if judge_id is not None and rival.judge_id == judge_id:
                return f"{rival.judge_name}法官在 {when} 已有庭审，请另选时间"
    return ""


def list_on_day(*, actor: Actor, court_id: int, day: dt.date) -> list[Hearing]:
    """The hearings of the actor's court that touch a day and are not cancelled, in order of time."""
    return _between(actor, court_id, day, day + DAY)


def hearing_kinds() -> list[tuple[str, str]]:
    """The kinds of hearings: (code, Chinese name)."""
    return [(str(kind), str(label)) for kind, label in HearingKind.choices]


def may_schedule(*, actor: Actor) -> bool:
    """Whether the actor arranges hearings: feeds the buttons."""
    return actor.role in SCHEDULERS


def may_keep_rooms(*, actor: Actor) -> bool:
    """Whether the actor keeps the list of courtrooms."""
    return actor.role in KEEPERS_OF_ROOMS


def _between(actor: Actor, court_id: int, first: dt.date, after: dt.date) -> list[Hearing]:
    _require_own_court(actor, court_id)
    with reading(actor):
        return list(
            Hearing.objects.filter(court_id=court_id)
            .filter(during__overlap=(beijing(first), beijing(after)))
            .exclude(state=HearingState.CANCELLED)
            .order_by("during", "id")
        )


def _require_own_court(actor: Actor, court_id: int) -> None:
    if not actor.is_staff or actor.court_id != court_id:
        raise NotFound("没有这个页面，或您无权查看")
