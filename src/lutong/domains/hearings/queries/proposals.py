"""Before a time is fixed: what would clash, what speaks against the day, and which times are free."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from lutong.domains.cases import queries as cases
from lutong.domains.hearings import rules
from lutong.domains.hearings.access import require_scheduler
from lutong.domains.hearings.models import Courtroom
from lutong.domains.hearings.queries import clashes
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING, beijing, beijing_date
from lutong.kernel.errors import Conflict
from lutong.kernel.holidays import DAY, published
from lutong.kernel.ids import uuid7

SEARCHED_DAYS = 30
PROPOSALS = 10

# Judge, rooms and counsel in one statement; each arm is one range of one index.
TAKEN = """
SELECT 'room', h.room_id::text, lower(h.during), upper(h.during),
       NULL::bigint, NULL::text, NULL::numeric, NULL::numeric, NULL::uuid
  FROM hearings_hearing h
 WHERE h.court_id = %(court)s AND h.state = 'scheduled' AND h.room_id = ANY (%(rooms)s)
   AND h.during && tstzrange(%(start)s, %(end)s) AND h.id <> %(except)s
UNION ALL
SELECT 'judge', NULL, lower(h.during), upper(h.during), NULL, NULL, NULL, NULL, NULL
  FROM hearings_hearing h
 WHERE h.court_id = %(court)s AND h.state = 'scheduled' AND h.judge_id = %(judge)s
   AND h.during && tstzrange(%(start)s, %(end)s) AND h.id <> %(except)s
UNION ALL
SELECT 'counsel', l.mode, l.starts_at, l.ends_at, l.court_id, l.city, l.latitude, l.longitude, l.id
  FROM hearings_lawyerhearing l
 WHERE l.lawyer_id = ANY (%(counsel)s) AND l.active AND l.starts_at > %(start)s - interval '24 hours'
   AND l.starts_at < %(end)s + interval '12 hours' AND l.id <> %(except)s
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A free time, with the reason why it is proposed and what still speaks against the day."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    room_id: uuid.UUID | None
    room_name: str
    reason: str
    cautions: list[rules.Caution]

    @property
    def key(self) -> str:
        """What a form sends when this time is picked: day, clock and room."""
        when = f"{self.starts_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        return f"{when} {self.room_id}" if self.room_id else when


def preview_clashes(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    mode: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    hearing_id: uuid.UUID | None = None,
) -> list[clashes.ClashNote]:
    """The clashes that fixing this time would bring to counsel; nothing is locked or written.

    `hearing_id`: the hearing that would move, which is not held against itself.
    """
    require_scheduler(actor, court_id)
    with reading(actor):
        names = _counsel(actor, court_id, case_id)
        place = clashes.place_in_court(court_id=court_id, mode=mode)
        wanted = rules.Engagement(hearing_id or uuid7(), starts_at, ends_at, place)
        return clashes.notes_for_court(clashes.search(lawyer_ids=names, wanted=wanted), names)


def cautions_for(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, kind: str, day: dt.date, moves: int = 0, now: dt.datetime
) -> list[rules.Caution]:
    """What speaks against hearing the case on this day: notice, evidence period, limit of the trial, rest days."""
    with reading(actor):
        case = cases.get_case(actor=actor, court_id=court_id, case_id=case_id)
    return rules.cautions(
        day=day, today=beijing_date(now), kind=kind, procedure=case.procedure, moves=moves,
        evidence_due_on=case.evidence_due_on, trial_due_on=case.trial_due_on,
    )  # fmt: skip


def free_slots(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    minutes: int,
    now: dt.datetime,
    days: int = SEARCHED_DAYS,
    kind: str = "trial",
    mode: str = "onsite",
    room_id: uuid.UUID | None = None,
    hearing_id: uuid.UUID | None = None,
    limit: int = PROPOSALS,
) -> list[Proposal]:
    """The first free times within `days` working days: judge, a room and all counsel, travel included.

    They begin when notice can still be given in time, and for a trial after the period for evidence.
    Without `room_id` any room of the court will do. Raises Conflict when the case has no judge yet.
    """
    require_scheduler(actor, court_id)
    with reading(actor):
        case = cases.get_case(actor=actor, court_id=court_id, case_id=case_id)
        if case.judge_id is None:
            raise Conflict("尚未确定承办法官，请先在案件页分案，再排期")
        names = _counsel(actor, court_id, case_id)
        rooms = _rooms(court_id, mode, room_id)
        if mode != "online" and not rooms:
            return []
        first = rules.earliest_day(today=beijing_date(now))
        if kind == "trial" and case.evidence_due_on:
            first = max(first, case.evidence_due_on + DAY)
        searched = rules.working_days(after=first, count=days, table=published())
        excepted = hearing_id or uuid7()
        taken = _taken(court_id, case.judge_id, list(rooms), list(names), searched, excepted)
    place = clashes.place_in_court(court_id=court_id, mode=mode)
    wanted = rules.Engagement(excepted, now, now, place)
    slots = rules.free_slots(
        days=searched, minutes=minutes, wanted=wanted, judge=taken.judge, rooms=taken.rooms, counsel=taken.counsel,
        not_before=now, limit=limit,
    )  # fmt: skip
    return [_proposal(slot, rooms, case, kind, len(names), now) for slot in slots]


class _Due(Protocol):
    evidence_due_on: dt.date | None
    trial_due_on: dt.date | None


@dataclass(slots=True)
class _Taken:
    judge: list[rules.Busy]
    rooms: dict[str, list[rules.Busy]]
    counsel: list[rules.Engagement]


def _taken(
    court_id: int, judge_id: int, rooms: list[str], counsel: list[int], searched: list[dt.date], excepted: uuid.UUID
) -> _Taken:
    found = _Taken([], {room: [] for room in rooms}, [])
    values: dict[str, Any] = {
        "court": court_id, "judge": judge_id, "rooms": [uuid.UUID(r) for r in rooms], "counsel": counsel,
        "start": beijing(searched[0]), "end": beijing(searched[-1] + DAY), "except": excepted,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, values)
        for what, key, starts_at, ends_at, at_court, city, latitude, longitude, entry_id in cursor:
            if what == "judge":
                found.judge.append(rules.Busy(starts_at, ends_at))
            elif what == "room":
                found.rooms[key].append(rules.Busy(starts_at, ends_at))
            else:
                place = rules.Place(at_court, city, latitude, longitude, key == "online")
                found.counsel.append(rules.Engagement(entry_id, starts_at, ends_at, place))
    return found


def _rooms(court_id: int, mode: str, room_id: uuid.UUID | None) -> dict[str, str]:
    """Key → name of the rooms that will do, in the order of the court's list; none for an online hearing."""
    if mode == "online":
        return {}
    rooms = Courtroom.objects.filter(court_id=court_id).order_by("place", "name")
    if room_id is not None:
        rooms = rooms.filter(id=room_id)
    return {str(room.id): room.name for room in rooms}


def _counsel(actor: Actor, court_id: int, case_id: uuid.UUID) -> dict[int, str]:
    return {c.lawyer_id: c.name for c in cases.counsel_of(actor=actor, court_id=court_id, case_id=case_id)}


def _proposal(
    slot: rules.Slot, rooms: dict[str, str], case: _Due, kind: str, counsel: int, now: dt.datetime
) -> Proposal:
    room = rooms.get(slot.room or "", "")
    who = {0: "承办法官", 1: "代理律师、承办法官", 2: "双方律师、承办法官"}.get(counsel, "全部代理律师、承办法官")
    return Proposal(
        slot.starts_at, slot.ends_at, uuid.UUID(slot.room) if slot.room else None, room,
        f"{who}{'、' + room if room else ''}均空闲",
        rules.cautions(
            day=beijing_date(slot.starts_at), today=beijing_date(now), kind=kind, procedure="",
            evidence_due_on=case.evidence_due_on, trial_due_on=case.trial_due_on,
        ),
    )  # fmt: skip
