"""Looking for clashes in the calendars of counsel, in whichever court, and telling them without telling too much."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lutong.domains.cases import queries as cases
from lutong.domains.courts import queries as courts
from lutong.domains.hearings import rules
from lutong.domains.hearings.access import visible_to
from lutong.domains.hearings.models import Clash, LawyerHearing
from lutong.domains.hearings.states import HearingState
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound

OCCUPIED = "已占用"
SEARCHED = (
    "id", "lawyer_id", "court_id", "city", "latitude", "longitude", "mode", "starts_at", "ends_at", "scheduled_at",
    "scheduler_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A clash that a search found: whose, with which entry of the calendar, and what is wrong."""

    lawyer_id: int
    other: LawyerHearing
    finding: rules.Finding


@dataclass(frozen=True, slots=True)
class ClashNote:
    """A clash as the scheduling court may see it: court and time of the other hearing, never its case.

    An event that the lawyer entered himself shows as 已占用 only, so its travel reckoning names no place.
    """

    lawyer_id: int
    lawyer_name: str
    kind: str
    minutes: int
    text: str
    explanation: str
    where: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    fixed_at: dt.datetime


def place_of(entry: LawyerHearing) -> rules.Place:
    """Where an entry of a calendar takes the lawyer."""
    return rules.Place(entry.court_id, entry.city, entry.latitude, entry.longitude, entry.mode == "online")


def place_in_court(*, court_id: int, mode: str) -> rules.Place:
    """Where a hearing of this court takes people; nowhere when it is online."""
    court = courts.get_court(court_id=court_id)
    return rules.Place(court_id, court.city or court.province, court.latitude, court.longitude, mode == "online")


def engagement_of(entry: LawyerHearing) -> rules.Engagement:
    """An entry of a calendar, as the rules see it."""
    return rules.Engagement(entry.id, entry.starts_at, entry.ends_at, place_of(entry))


def search(*, lawyer_ids: Collection[int], wanted: rules.Engagement) -> list[Found]:
    """Every clash of `wanted` with the active entries of these lawyers, in whichever court. One statement.

    Exact only while the caller holds the lawyers' calendars (`actions.calendars.lock`); else a preview.
    """
    earliest, latest, ends_after = rules.reach(wanted.starts_at, wanted.ends_at)
    near = LawyerHearing.objects.filter(
        lawyer_id__in=sorted(set(lawyer_ids)), active=True,
        starts_at__gt=earliest, starts_at__lt=latest, ends_at__gt=ends_after,
    ).exclude(id=wanted.id).only(*SEARCHED).order_by("lawyer_id", "starts_at", "id")  # fmt: skip
    return [
        Found(entry.lawyer_id, entry, finding)
        for entry in near
        if (finding := rules.find_clash(wanted, engagement_of(entry))) is not None
    ]


def notes_for_court(found: Iterable[Found], names: dict[int, str]) -> list[ClashNote]:
    """What the scheduling court may see of clashes."""
    return [_note(clash, names.get(clash.lawyer_id, "代理律师")) for clash in found]


def _note(clash: Found, name: str) -> ClashNote:
    other, finding = clash.other, clash.finding
    own = other.court_id is None
    explanation = finding.explanation
    if own and explanation:
        explanation = f"间隔 {finding.gap} 分钟，在途约需 {finding.needed} 分钟"
    where = OCCUPIED if other.court_id is None else courts.get_court(court_id=other.court_id).short_name
    if not own and other.mode == "online":
        where += "（线上）"
    return ClashNote(
        clash.lawyer_id, name, finding.kind, finding.minutes, finding.text, explanation, where,
        other.starts_at, other.ends_at, other.scheduled_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenClash:
    """A clash in a lawyer's own calendar, with both of his entries; `one` was fixed later."""

    id: uuid.UUID
    kind: str
    minutes: int
    needed: int
    gap: int
    explanation: str
    reason: str
    found_at: dt.datetime
    one: LawyerHearing
    other: LawyerHearing

    @property
    def text(self) -> str:
        return rules.Finding(self.kind, self.minutes).text

    @property
    def first(self) -> LawyerHearing:
        """The entry that comes first in time."""
        return min(self.one, self.other, key=lambda entry: entry.starts_at)

    @property
    def second(self) -> LawyerHearing:
        return self.other if self.first is self.one else self.one

    @property
    def pair(self) -> tuple[LawyerHearing, LawyerHearing]:
        """Both entries in order of time."""
        return self.first, self.second


def open_clashes(
    *, actor: Actor, start: dt.datetime | None = None, end: dt.datetime | None = None, now: dt.datetime | None = None
) -> list[OpenClash]:
    """The actor's open clashes, the soonest first: those that touch start–end, or those not over at `now`."""
    with reading(actor):
        clashes = list(Clash.objects.filter(lawyer_id=actor.person_id, state="open"))
        ids = {c.one_id for c in clashes} | {c.other_id for c in clashes}
        mine = LawyerHearing.objects.filter(lawyer_id=actor.person_id, id__in=ids, active=True)
        entries = {entry.id: entry for entry in mine}
    known = [
        OpenClash(c.id, c.kind, c.minutes, c.needed, c.gap, c.explanation, c.reason, c.found_at,
                  entries[c.one_id], entries[c.other_id])
        for c in clashes
        if c.one_id in entries and c.other_id in entries
    ]  # fmt: skip
    if start is not None and end is not None:
        known = [c for c in known if c.first.starts_at < end and max(c.one.ends_at, c.other.ends_at) > start]
    if now is not None:
        known = [c for c in known if c.second.starts_at > now]
    return sorted(known, key=lambda c: (c.first.starts_at, c.id))


def count_open_clashes(*, actor: Actor, now: dt.datetime) -> int:
    """How many clashes wait for the actor, for the badge in the navigation."""
    return len(open_clashes(actor=actor, now=now))


def clashes_of_hearing(*, actor: Actor, court_id: int, hearing_id: uuid.UUID) -> list[ClashNote]:
    """The open clashes of one hearing, as its own court may see them. Raises NotFound.

    Counsel's calendars are read now, so that a clash which another court brought shows here, too.
    """
    with reading(actor):
        hearing = visible_to(actor, court_id).filter(id=hearing_id).first()
        if hearing is None:
            raise NotFound("没有这场庭审，或您无权查看")
        if hearing.state != HearingState.SCHEDULED:
            return []
        counsel = cases.counsel_of(actor=actor, court_id=court_id, case_id=hearing.case_id)
        names = {c.lawyer_id: c.name for c in counsel}
        place = place_in_court(court_id=court_id, mode=hearing.mode)
        wanted = rules.Engagement(hearing.id, hearing.during.lower, hearing.during.upper, place)
        return notes_for_court(search(lawyer_ids=names, wanted=wanted), names)
