"""Who came through: the court's log, the arrivals at one hearing, the lawyer's own history."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from lutong.domains.cases.queries import Counsel, counsel_of
from lutong.domains.gatepass.access import require_counter, require_keeper, scans_of, slips_of, venues_of
from lutong.domains.gatepass.models import LawyerScan, Scan, Slip
from lutong.domains.gatepass.queries.holders import holder_id
from lutong.domains.hearings.queries import Hearing, get_hearing
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.clock import beijing, beijing_date
from lutong.kernel.errors import NotFound
from lutong.kernel.holidays import DAY

Cursor = tuple[dt.datetime, uuid.UUID]


TOLD_FOR = 30 * DAY  # scans are never forgotten before, so what is told until then is whole


@dataclass(frozen=True, slots=True)
class Arrival:
    """One counsel of a hearing: when he came into the building and into the room; None as long as he has not.

    `entered_at` is told to the court only.
    """

    name: str
    firm: str
    party_name: str
    side: str
    entered_at: dt.datetime | None
    in_room_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """谁已到庭, by party; `gated` is whether a gate stands at the door of the courtroom."""

    room_name: str
    gated: bool
    counsel: list[Arrival]


def tells_arrivals(*, hearing: Hearing, now: dt.datetime) -> bool:
    """Whether there is something to tell: from the day of a hearing in a courtroom on, for 30 days."""
    day = beijing(beijing_date(hearing.during.lower))
    return hearing.room_id is not None and hearing.state != "cancelled" and day <= now < day + TOLD_FOR


def arrivals_of(*, actor: Actor, court_id: int, hearing_id: uuid.UUID) -> Arrivals:
    """谁已到庭: the counsel of a hearing and when the gates saw them that day; for all who see the hearing.

    Counsel and their assistants learn what the timeline tells them, too: who entered the courtroom, and when. Who is
    somewhere in the building is the court's business. Raises NotFound.

    Silence of the gates proves nothing: a lawyer may have come in by his card, or through a door without a gate.
    """
    with reading(actor):
        hearing = get_hearing(actor=actor, court_id=court_id, hearing_id=hearing_id)
        counsel = counsel_of(actor=actor, court_id=court_id, case_id=hearing.case_id)
        gated = venues_of(court_id).filter(room_id=hearing.room_id, active=True).exists()
        with as_actor(system(court_id)):  # a scan is shown to its own lawyer and the court; this much of it to the case
            scans = list(_of_the_day(hearing, counsel, whole=actor.is_staff))
    return Arrivals(hearing.room_name, gated, [_arrival(one, hearing, scans) for one in counsel])


def _of_the_day(hearing: Hearing, counsel: Sequence[Counsel], *, whole: bool) -> QuerySet[Scan]:
    day = beijing(beijing_date(hearing.during.lower))
    scans = Scan.objects.filter(
        court_id=hearing.court_id, outcome="admitted", at__gte=day, at__lt=day + DAY,
        holder_id__in=[holder_id(court_id=hearing.court_id, licence_no=c.licence_no) for c in counsel],
    ).order_by("at")  # fmt: skip
    return scans if whole else scans.filter(hearing_id=hearing.id, purpose="courtroom")


def _arrival(one: Counsel, hearing: Hearing, scans: Sequence[Scan]) -> Arrival:
    holder = holder_id(court_id=hearing.court_id, licence_no=one.licence_no)
    his = [scan for scan in scans if scan.holder_id == holder]
    room = [scan.at for scan in his if scan.hearing_id == hearing.id and scan.purpose == "courtroom"]
    building = [scan.at for scan in his if scan.purpose != "courtroom"]
    return Arrival(
        one.name, one.firm, one.party_name, one.side, min(building, default=None), min(room, default=None)
    )  # fmt: skip


def list_scans(
    *, actor: Actor, court_id: int, day: dt.date, only: str = "", before: Cursor | None = None, limit: int = 50
) -> list[Scan]:
    """The log of a day, the latest first. `only`: flagged, refused or '' for all."""
    require_keeper(actor, court_id)
    with reading(actor):
        scans = scans_of(actor, court_id).filter(at__gte=beijing(day), at__lt=beijing(day) + DAY)
        if only == "flagged":
            scans = scans.exclude(flag="")
        if only == "refused":
            scans = scans.filter(outcome="refused")
        if before is not None:
            at, row_id = before
            scans = scans.filter(at__lte=at).exclude(at=at, id__gte=row_id)
        return list(scans.order_by("-at", "-id")[:limit])


def today_in_numbers(*, actor: Actor, court_id: int, day: dt.date) -> dict[str, int]:
    """How many passed, were refused, and are flagged on a day, counted up to 1,000 each."""
    require_keeper(actor, court_id)
    with reading(actor):
        scans = scans_of(actor, court_id).filter(at__gte=beijing(day), at__lt=beijing(day) + DAY)
        return {
            "admitted": scans.filter(outcome="admitted")[:1000].count(),
            "refused": scans.filter(outcome="refused")[:1000].count(),
            "flagged": scans.exclude(flag="")[:1000].count(),
        }


def my_scans(*, actor: Actor, before: Cursor | None = None, limit: int = 30) -> list[LawyerScan]:
    """Where the actor's own codes were read, the latest first."""
    with reading(actor):
        scans = LawyerScan.objects.filter(lawyer_id=actor.person_id)
        if before is not None:
            at, row_id = before
            scans = scans.filter(at__lte=at).exclude(at=at, id__gte=row_id)
        return list(scans.order_by("-at", "-id")[:limit])


def list_slips(*, actor: Actor, court_id: int, day: dt.date) -> list[Slip]:
    """The slips that the counter printed on a day, the latest first."""
    require_counter(actor, court_id)
    with reading(actor):
        slips = slips_of(actor, court_id).filter(issued_at__gte=beijing(day), issued_at__lt=beijing(day) + DAY)
        return list(slips.select_related("holder").order_by("-issued_at")[:100])


def get_slip(*, actor: Actor, court_id: int, slip_id: uuid.UUID) -> Slip:
    """One slip, or NotFound."""
    with reading(actor):
        found = slips_of(actor, court_id).select_related("holder").filter(id=slip_id).first()
    if found is None:
        raise NotFound("没有这张通行条，或您无权查看")
    return found
