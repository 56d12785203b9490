"""A court with three gates, a hearing today with 周岚 and 顾衡 as counsel, and the people around it."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from lutong.domains.cases.models import Case, Representation
from lutong.domains.gatepass import actions, queries
from lutong.domains.gatepass.models import GateDevice, Scan, Venue
from lutong.domains.hearings import actions as hearings
from lutong.domains.hearings.models import Courtroom, Hearing
from lutong.domains.hearings.tests.world import GU, JUDGE, LUO, ZHOU, case, court, room, wish
from lutong.domains.identity.models import Account, Lawyer
from lutong.gateways.registry.port import Licence, LicenceKind, LicenceStatus
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.clock import beijing_date

NAMES = {ZHOU: "周岚", GU: "顾衡", LUO: "罗织云"}
START = dt.datetime(2026, 12, 3, 1, 30, tzinfo=dt.UTC)  # 09:30 in Beijing
NUMBERS = itertools.count(1_000_000)
NOW = START - dt.timedelta(minutes=40)


@dataclass
class World:
    """Everything that the tests touch."""

    court_id: int
    case: Case
    room: Courtroom
    hearing: Hearing
    venues: dict[str, Venue]
    devices: dict[str, GateDevice]
    tokens: dict[str, str]

    @property
    def hall(self) -> Actor:
        return Actor(7300, Role.HALL, "蒋一苇", self.court_id)

    @property
    def gate(self) -> Actor:
        return system(self.court_id)

    def code(self, person_id: int = ZHOU, purpose: str = "entrance", now: dt.datetime = NOW, **more: Any) -> str:
        place = more.get("place") or (self.hearing.id if purpose == "courtroom" else self.venues[purpose].id)
        return actions.issue_code(
            actor=lawyer(person_id), court_id=self.court_id, purpose=purpose, place=place, now=now
        ).text

    def scan(self, text: str, door: str = "entrance", seq: int = 0, now: dt.datetime = NOW) -> Any:
        device = self.devices[door]
        return actions.verify(actor=self.gate, device=device, seq=seq or next(NUMBERS), text=text, now=now)

    def scans(self, **wanted: Any) -> list[Scan]:
        with reading(self.hall):
            return list(Scan.objects.filter(court_id=self.court_id, **wanted).order_by("received_at", "seq"))


def lawyer(person_id: int = ZHOU) -> Actor:
    return Actor(person_id, Role.LAWYER, NAMES[person_id])


def enrol(person_id: int, now: dt.datetime = NOW) -> None:
    """An account with a licence in force, checked a moment ago."""
    Account.objects.get_or_create(
        id=person_id, defaults={"sign_name": licence_no(person_id), "name": NAMES[person_id], "password": "!"}
    )
    Lawyer.objects.update_or_create(
        lawyer_id=person_id,
        defaults={
            "licence_no": licence_no(person_id), "name": NAMES[person_id], "firm_name": "北京衡石律师事务所",
            "kind": "full_time", "status": "active", "status_label": "正常执业", "status_reason": "", "remedy": "",
            "checked_at": now,
        },
    )  # fmt: skip


def licence_no(person_id: int) -> str:
    return f"1110520121160{person_id}"


def licence(now: dt.datetime = NOW, **change: Any) -> Licence:
    """What the registry says of a lawyer who has no account here."""
    facts: dict[str, Any] = {
        "licence_no": "13115201311325988", "name": "杜若", "sex": "女", "firm_name": "上海衡石律师事务所",
        "firm_uscc": "31310000MD0123456X", "kind": LicenceKind.FULL_TIME, "province": "上海市", "city": "上海市",
        "status": LicenceStatus.ACTIVE, "status_label": "正常执业", "status_reason": "",
        "status_since": dt.date(2013, 5, 1), "remedy": "", "checked_at": now, "assertion_id": "A-1",
    }  # fmt: skip
    return Licence(**(facts | change))


def suspend(person_id: int) -> None:
    """As the registry's feed tells it."""
    Lawyer.objects.filter(lawyer_id=person_id).update(
        status="suspended", status_label="停止执业", status_reason="停止执业三个月", remedy="期满后向司法局申请恢复"
    )


def build() -> World:
    """The venues and devices are set up by the hall, the hearing by the judge."""
    with reading(system(court())):
        return _build(court())


def _build(court_id: int) -> World:
    for person in (ZHOU, GU, LUO):
        enrol(person)
    courtroom = room(court_id)
    made = case(court_id, ZHOU, GU)
    with as_actor(system(court_id)):
        for person in (ZHOU, GU):
            Representation.objects.filter(court_id=court_id, case_id=made.id, lawyer_id=person).update(
                lawyer_name=NAMES[person], licence_no=licence_no(person), firm_name="北京衡石律师事务所"
            )
    hearing = hearings.schedule(**wish(made, courtroom.id, START))
    assert beijing_date(NOW) == beijing_date(START)
    assert hearing.judge_id == JUDGE
    hall = Actor(7300, Role.HALL, "蒋一苇", court_id)
    venues, devices, tokens = {}, {}, {}
    for kind, name in (("entrance", "南门"), ("hall", "诉讼服务大厅"), ("courtroom", "")):
        venues[kind] = actions.add_venue(
            actor=hall, court_id=court_id, kind=kind, name=name,
            room_id=courtroom.id if kind == "courtroom" else None, now=NOW,
        )  # fmt: skip
        device, tokens[kind] = actions.add_device(
            actor=hall, court_id=court_id, venue_id=venues[kind].id, name=f"{venues[kind].name}平板", now=NOW
        )
        found = queries.device_of_token(token=tokens[kind])
        assert found is not None
        assert found.id == device.id
        devices[kind] = found
    return World(court_id, made, courtroom, hearing, venues, devices, tokens)
