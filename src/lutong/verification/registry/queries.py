"""Reading the roll: one licence, a firm's people, the outward feed, the desk's lists."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus, LiveMethod
from lutong.kernel.actor import Role
from lutong.kernel.database import fetch_all
from lutong.kernel.errors import NotFound
from lutong.verification.registry.actors import BureauActor, CourtActor, DeskActor
from lutong.verification.registry.bodies import MINISTRY, PROVINCES, FirmKind
from lutong.verification.registry.models import (
    Bureau,
    Change,
    CourtWindow,
    Firm,
    Licence,
    LicenceEvent,
    Officer,
    Person,
    Portrait,
    Report,
    TrailEvent,
)
from lutong.verification.registry.otp import code_at
from lutong.verification.registry.rules import Fact, Standing, gaps, standing

CATEGORIES = {
    "lawyers": ("律师", [kind for kind in LicenceKind if kind.is_lawyer]),
    "trainees": ("实习人员", [LicenceKind.TRAINEE]),
    "grassroots": ("基层法律服务工作者", [LicenceKind.GRASSROOTS]),
}


class LicenceView(NamedTuple):
    """One licence as relying parties and other rooms of this service know it; the standing is that of today."""

    licence_id: int
    person_id: int
    number: str
    name: str
    sex: str
    kind: LicenceKind
    bureau: str
    firm_id: int
    firm_name: str
    firm_uscc: str
    firm_kind: FirmKind
    city: str
    scope: tuple[str, ...]
    region: str
    supervisor_no: str
    supervisor_name: str
    granted_on: dt.date
    period_to: dt.date | None
    assured_at: dt.datetime | None
    photo: str  # address of the photo, or empty
    status: LicenceStatus
    status_reason: str
    status_since: dt.date
    next_change_on: dt.date | None
    assured_by: LiveMethod | None  # None: never, or before the way was kept

    @property
    def province(self) -> str:
        return PROVINCES.get(self.bureau, "")

    @property
    def body_name(self) -> str:
        """The one body for which a public, corporate or military lawyer acts."""
        return self.firm_name if self.firm_kind.is_one_body else ""

    @property
    def may_practise(self) -> bool:
        return self.status is LicenceStatus.ACTIVE


# One read by an index for every question; the benchmark's bare contender runs the same text.
COLUMNS = """
SELECT l.id, p.id, l.number, p.name, p.sex, l.kind, l.bureau, f.id, f.name, f.uscc, f.kind, f.city, l.scope::text,
       l.region, coalesce(s.number, ''), coalesce(sp.name, ''), l.granted_on, l.period_to, p.assured_at,
       coalesce(ph.address::text, ''), l.status, l.status_reason, l.status_since, l.next_change_on,
       p.assured_by
FROM registry_licence l
JOIN registry_person p ON p.id = l.person_id
JOIN registry_firm f ON f.id = l.firm_id
LEFT JOIN registry_licence s ON s.id = l.supervisor_id
LEFT JOIN registry_person sp ON sp.id = s.person_id
LEFT JOIN registry_portrait ph ON ph.person_id = p.id
"""
BY_NUMBERS = COLUMNS + "WHERE l.number = ANY (%(numbers)s)"
BY_FIRM = (
    COLUMNS  # noqa: S608  constants only
    + "WHERE l.firm_id = (SELECT id FROM registry_firm WHERE uscc = %(uscc)s) AND l.number > %(after)s "
    "AND l.status IN ('active', 'suspended') ORDER BY l.number LIMIT %(limit)s"
)


def get_licence(*, number: str) -> LicenceView | None:
    """The licence with this number, of whatever kind, as it stands today; None if there is none."""
    return next(iter(list_licences(numbers=[number])), None)


def list_licences(*, numbers: list[str]) -> list[LicenceView]:
    """The licences with these numbers, as they stand today, in order of number; unknown numbers are left out."""
    return sorted(_views(BY_NUMBERS, {"numbers": numbers}), key=lambda one: one.number)


def list_firm_people(*, uscc: str, after: str, limit: int) -> list[LicenceView]:
    """Whose licence in force names this firm, in order of number, after a number."""
    return _views(BY_FIRM, {"uscc": uscc, "after": after, "limit": limit})


def _views(sql: str, values: dict[str, Any]) -> list[LicenceView]:
    return [_view(list(row)) for row in fetch_all(sql, values)]


def _view(row: list[Any]) -> LicenceView:
    """The columns in the order of the fields."""
    row[5], row[10], row[20] = LicenceKind(row[5]), FirmKind(row[10]), LicenceStatus(row[20])
    row[12] = tuple(orjson.loads(row[12])) if row[12] != "[]" else ()
    row[24] = LiveMethod(row[24]) if row[24] else None
    return LicenceView._make(row)


def current_licence(*, person_id: int) -> LicenceView | None:
    """The licence under which a person stands in the roll: the one in force, else the last that was."""
    held = Licence.objects.filter(person_id=person_id).order_by("-status_since", "-id").values_list("number", "status")
    numbers = sorted(held, key=lambda one: one[1] not in ("active", "suspended"))  # at most one is in force
    return get_licence(number=numbers[0][0]) if numbers else None


def registered_mobile(*, number: str) -> str:
    """登记手机号 of the holder of this number, to which a code may be sent; empty for an unknown number."""
    held = Licence.objects.filter(number=number).select_related("person").first()
    return str(held.person.mobile) if held else ""


def facts_of(*, licence_id: int) -> list[Fact]:
    """The history of a licence as the rules read it."""
    events = LicenceEvent.objects.filter(licence_id=licence_id).order_by("effective_on", "id")
    return [Fact(EventKind(e.kind), e.effective_on, e.until_on, e.reason, e.firm_id) for e in events]


def standing_of(*, licence_id: int, on: dt.date) -> Standing | None:
    """The standing of a licence on a day, from its history alone."""
    return standing(facts_of(licence_id=licence_id), on=on)


def list_changes(*, after: int, limit: int) -> list[Change]:
    """The outward feed after a sequence number."""
    feed = Change.objects.filter(seq__gt=after).select_related("licence", "old_firm", "new_firm")
    return list(feed.order_by("seq")[:limit])


def get_photo(*, address: uuid.UUID) -> Portrait | None:
    """The photo at this unguessable address."""
    return Portrait.objects.filter(address=address).first()


# ---- The desk


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the desk looks for."""

    words: str = ""
    category: str = "lawyers"
    status: str = ""
    after: str = ""  # the last number of the page before


def search(*, actor: BureauActor, wanted: Wanted, limit: int) -> list[Licence]:
    """Licences of the actor's province by beginning of name or number, or by part of the firm's name; by number."""
    kinds = CATEGORIES.get(wanted.category, CATEGORIES["lawyers"])[1]
    found = _of(actor, Licence.objects.filter(kind__in=kinds, number__gt=wanted.after))
    if wanted.status in set(LicenceStatus):
        found = found.filter(status=wanted.status)
    words = wanted.words.strip()
    if words.isascii() and words.isalnum():
        found = found.filter(Q(number__startswith=words) | Q(firm__uscc=words.upper()))
    elif words:
        firms = Firm.objects.filter(name__contains=words).values("id")
        people = Person.objects.filter(name__startswith=words).values("id")
        found = found.filter(Q(person_id__in=people) | Q(firm_id__in=firms))
    return list(found.select_related("person", "firm", "supervisor__person").order_by("number")[:limit])


def get_entry(*, actor: BureauActor, number: str) -> Licence:
    """One licence of the actor's province with person and firm. Raises NotFound."""
    found = _of(actor, Licence.objects.filter(number=number))
    held = found.select_related("person__portrait", "firm", "supervisor__person").first()
    if held is None:
        raise NotFound("名册中没有这一条，或者不属于本机关")
    return held


def history_of(*, actor: BureauActor, licence: Licence) -> list[LicenceEvent]:
    """Every decision about a licence, newest first."""
    events = LicenceEvent.objects.filter(licence_id=licence.pk).select_related("firm")
    return list(events.order_by("-effective_on", "-id"))


def list_events(*, actor: BureauActor, after_id: int, limit: int) -> list[LicenceEvent]:
    """Decisions of the actor's province in the order of entry, for handing out."""
    events = LicenceEvent.objects.filter(id__gt=after_id).select_related("licence__person", "licence__firm", "firm")
    if actor.bureau != MINISTRY:
        events = events.filter(bureau=actor.bureau)
    return list(events.order_by("id")[:limit])


def trainees_of(*, licence: Licence) -> list[Licence]:
    """Whom a lawyer guides now, by number."""
    found = Licence.objects.filter(supervisor_id=licence.pk, status=LicenceStatus.ACTIVE).select_related("person")
    return list(found.order_by("number")[:50])


def officer_actor(*, officer_id: object) -> DeskActor | None:
    """The officer of a session as he acts; None once his account is closed."""
    if not isinstance(officer_id, int):
        return None
    officer = Officer.objects.filter(pk=officer_id, active=True).select_related("court").first()
    return None if officer is None else actor_for(officer)


def actor_for(officer: Officer) -> DeskActor:
    """An officer as he acts."""
    if officer.court is not None:
        return CourtActor(officer.pk, Role.HALL, officer.name, court=officer.court.code, court_name=officer.court.name)
    return BureauActor(officer.pk, Role.BUREAU, officer.name, bureau=officer.bureau)


def has_officer(*, staff_no: str) -> bool:
    """True if there is, or was, an account under this number."""
    return Officer.objects.filter(staff_no=staff_no).exists()


def secret_of(*, officer_id: int) -> str:
    """What an officer's authenticator is given, once, by whoever makes the account."""
    return str(Officer.objects.get(pk=officer_id).totp_secret)


def demo_officers(*, at: float) -> list[tuple[Officer, str, str]]:
    """The demo world's officers with desk and the code that their authenticators show at this moment."""
    officers = Officer.objects.filter(active=True).select_related("court").order_by("-bureau", "staff_no")
    return [(one, actor_for(one).desk_name, code_at(str(one.totp_secret), at)) for one in officers]


def list_windows(*, bureau: str, limit: int) -> list[CourtWindow]:
    """The courts of a province at whose window somebody serves, by name."""
    return list(_served().filter(bureau=bureau).order_by("name")[:limit])


def find_windows(*, words: str, limit: int) -> list[CourtWindow]:
    """The court of this very name or 代字, else the courts whose name holds the words; only where somebody serves."""
    exact = list(_served().filter(Q(name=words) | Q(code=words)))
    return exact or list(_served().filter(name__contains=words).order_by("name")[:limit])


def _served() -> QuerySet[CourtWindow]:
    return CourtWindow.objects.filter(Exists(Officer.objects.filter(court=OuterRef("pk"), active=True)))


def list_firms(*, actor: BureauActor, words: str, after: str, limit: int) -> list[Firm]:
    """Bodies of the actor's province by part of the name or by code, in order of code, with how many belong to each."""
    firms = Firm.objects.filter(uscc__gt=after)
    if actor.bureau != MINISTRY:
        firms = firms.filter(bureau=actor.bureau)
    if words.strip():
        firms = firms.filter(Q(name__contains=words.strip()) | Q(uscc=words.strip().upper()))
    in_force = Count("licences", filter=Q(licences__status__in=["active", "suspended"]))
    return list(firms.annotate(people=in_force).order_by("uscc")[:limit])


def get_firm(*, actor: BureauActor, uscc: str) -> Firm:
    """One body of the actor's province. Raises NotFound."""
    firm = Firm.objects.filter(uscc=uscc).first()
    if firm is None or not actor.sees(firm.bureau):
        raise NotFound("没有登记这个机构，或者不属于本机关")
    return firm


def find_firm(*, uscc: str) -> Firm | None:
    """A registered body by its code."""
    return Firm.objects.filter(uscc=uscc).first()


def bureau_of(*, code: str) -> Bureau | None:
    """A bureau that may report."""
    return Bureau.objects.filter(pk=code).first()


@dataclass(frozen=True, slots=True)
class FeedState:
    """How far a bureau's reports have been taken in, and what is missing."""

    code: str
    name: str
    last_seq: int
    gaps: list[tuple[int, int]]  # missing sequence numbers, first and last of each gap
    held: list[int]
    refused: list[Report]

    @property
    def sound(self) -> bool:
        return not self.gaps


def feed_state(*, code: str) -> FeedState | None:
    """The state of one bureau's feed; None for a bureau that does not report."""
    bureau = bureau_of(code=code)
    if bureau is None:
        return None
    held = list(Report.objects.filter(bureau=code, state="held").order_by("seq").values_list("seq", flat=True))
    refused = list(Report.objects.filter(bureau=code, state="refused").order_by("-id")[:20])
    return FeedState(code, bureau.name, bureau.last_seq, gaps(bureau.last_seq, held), held, refused)


def list_feeds(*, actor: BureauActor) -> list[FeedState]:
    """The feeds that the actor sees, by province."""
    codes = Bureau.objects.order_by("code").values_list("code", flat=True)
    states = [feed_state(code=code) for code in codes if actor.sees(code)]
    return [state for state in states if state is not None]


def list_trail(*, actor: BureauActor, before_id: int | None, limit: int) -> list[TrailEvent]:
    """The trail of the actor's bureau, newest first."""
    events = TrailEvent.objects.filter(desk=actor.desk)
    if before_id is not None:
        events = events.filter(id__lt=before_id)
    return list(events.order_by("-id")[:limit])


def _of(actor: BureauActor, licences: QuerySet[Licence]) -> QuerySet[Licence]:
    return licences if actor.bureau == MINISTRY else licences.filter(bureau=actor.bureau)
