"""What a lawyer may ask a code for."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.cases.queries import CaseFilter, list_my_cases
from lutong.domains.courts.queries import CourtInfo, get_court, search_courts
from lutong.domains.gatepass.access import venues_of
from lutong.domains.gatepass.models import Venue
from lutong.domains.gatepass.queries.holders import Pass
from lutong.domains.gatepass.rules import Purpose
from lutong.domains.hearings.queries import get_hearing, my_calendar
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING, beijing, beijing_date
from lutong.kernel.errors import Conflict, NotFound
from lutong.kernel.holidays import DAY

COURTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button: `usable` is false where the door has no gate, `note` then says how one comes in."""

    court_id: int
    purpose: str
    place: uuid.UUID
    label: str
    detail: str
    usable: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The hearings of today, the doors of the chosen court, and the courts to choose from."""

    hearings: list[Choice]
    doors: list[Choice]
    courts: list[CourtInfo]
    court: CourtInfo | None


def choices_for(*, actor: Actor, court_id: int | None = None, text: str = "", now: dt.datetime) -> Choices:
    """What the actor may ask a code for today; without `court_id` in the court of his first hearing of today.

    `text` searches courts; without it those of his hearings and cases are offered.
    """
    with reading(actor):
        day = beijing(beijing_date(now))
        today = [e for e in my_calendar(actor=actor, start=day, end=day + DAY) if e.court_id and e.mode == "onsite"]
        near = [e.court_id for e in today if e.court_id]
        near += [case.court_id for case in list_my_cases(actor=actor, wanted=CaseFilter(), limit=50)]
        mine = [get_court(court_id=one) for one in list(dict.fromkeys(near))[:COURTS]]
        courts = search_courts(text=text, limit=COURTS) if text else mine
        chosen = court_id or (near[0] if near and not text else None)
        court = get_court(court_id=chosen) if chosen else None
        doors = (
            venues_of(court.id).filter(active=True).exclude(kind="courtroom").order_by("kind", "name") if court else []
        )
        hearings = [_hearing_choice(actor, entry.court_id or 0, entry.id, entry.title) for entry in today]
    return Choices(hearings=hearings, doors=[_door_choice(door) for door in doors], courts=courts, court=court)


def resolve_place(*, actor: Actor, court_id: int, purpose: Purpose, place: uuid.UUID, now: dt.datetime) -> Pass:
    """The pass that the actor may have. Raises NotFound for what is not his or not there, Conflict with the way out.

    A courtroom's code is for counsel of record of a hearing that takes place there today (意见第四条).
    """
    if purpose is Purpose.COURTROOM:
        return _hearing_pass(actor, court_id, place, now)
    venue = venues_of(court_id).filter(id=place, kind=purpose.word, active=True).first()
    if venue is None:
        raise NotFound("这个法院没有这个通行点，请重新选择")
    return Pass(court_id=court_id, purpose=purpose, place=venue.id, label=f"{purpose.label} · {venue.name}")


def find_venue(*, court_id: int, venue_id: uuid.UUID) -> Venue:
    """One venue of a court. Raises NotFound."""
    found = venues_of(court_id).filter(id=venue_id).first()
    if found is None:
        raise NotFound("本院没有这个通行点")
    return found


def _hearing_pass(actor: Actor, court_id: int, hearing_id: uuid.UUID, now: dt.datetime) -> Pass:
    hearing = get_hearing(actor=actor, court_id=court_id, hearing_id=hearing_id)
    if hearing.state == "cancelled":
        raise Conflict("这场庭审已取消，不再签发进入法庭的码；有疑问请联系书记员")
    if beijing_date(hearing.during.lower) != beijing_date(now):
        raise Conflict("这场庭审不在今天，开庭当日才能出示进入法庭的码")
    if hearing.room_id is None:
        raise Conflict("这场庭审在线上进行，请从案件空间进入，不需要一码通")
    if not venues_of(court_id).filter(room_id=hearing.room_id, active=True).exists():
        raise Conflict(f"{hearing.room_name}门口没有通行设备，请凭传票和律师执业证进入")
    return Pass(
        court_id=court_id, purpose=Purpose.COURTROOM, place=hearing.id, hearing_id=hearing.id, case_id=hearing.case_id,
        label=f"{hearing.room_name} · {hearing.get_kind_display()}",
    )  # fmt: skip


def _hearing_choice(actor: Actor, court_id: int, hearing_id: uuid.UUID, title: str) -> Choice:
    hearing = get_hearing(actor=actor, court_id=court_id, hearing_id=hearing_id)
    gated = venues_of(court_id).filter(room_id=hearing.room_id, active=True).exists()
    start = hearing.during.lower
    return Choice(
        court_id=court_id, purpose=Purpose.COURTROOM.word, place=hearing_id, usable=gated,
        label=f"{hearing.room_name} · {hearing.get_kind_display()}",
        detail=f"{start.astimezone(BEIJING):%H:%M} {title} · {get_court(court_id=court_id).name}",
        note="" if gated else "门口没有通行设备，请凭传票和律师执业证进入",
    )  # fmt: skip


def _door_choice(door: Venue) -> Choice:
    return Choice(
        court_id=door.court_id, purpose=door.kind, place=door.id, label=door.name,
        detail=Purpose[door.kind.upper()].label,
    )  # fmt: skip
