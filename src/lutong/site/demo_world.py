"""Cases on the way in the demo world, made by the very acts that people use. All names are fictional."""

import datetime as dt
import uuid
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx

from lutong.domains.cases import actions as cases
from lutong.domains.cases.queries import CaseFilter, list_court_cases
from lutong.domains.courts.queries import CourtInfo, get_court_by_code, search_causes
from lutong.domains.fees import actions as fees
from lutong.domains.fees.queries import bill_of
from lutong.domains.gatepass import actions as gatepass
from lutong.domains.gatepass import queries as gatepass_queries
from lutong.domains.hearings import actions as hearings
from lutong.domains.hearings.queries import list_courtrooms
from lutong.domains.identity.queries import get_lawyer, list_colleagues
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.site.demo_people import CHAOYANG, PUDONG

ROOMS = {
    CHAOYANG: ("第十一法庭", "第十五法庭", "第十九法庭"),
    PUDONG: ("第三法庭", "第八法庭"),
}
Say = Callable[[str], None]


def furnish(people: dict[str, Actor], say: Say) -> None:
    """Courtrooms, and a running case of 周岚 against 顾衡 before 浦东法院 with a hearing. Safe to repeat."""
    now = clock.now()
    for code, names in ROOMS.items():
        _rooms(get_court_by_code(code=code), people[f"recorder:{code}"], names, now)
    say("法庭 courtrooms")
    for code in ROOMS:
        _gates(people[f"hall:{code}"], now)
    say("门禁 gates")
    court = get_court_by_code(code=PUDONG)
    clerk = people[f"clerk:{PUDONG}"]
    if list_court_cases(actor=people[f"recorder:{PUDONG}"], wanted=CaseFilter(), limit=1):
        return
    case = cases.open_case(actor=clerk, court_id=court.id, opening=_opening(court, people), now=now)
    say(f"浦东法院的案件 {case.number}")
    pay(people["zhou"], court.id, case.id, now)
    _schedule(people[f"recorder:{PUDONG}"], court.id, case.id, now)
    say("交费并排期 paid and scheduled")


def _rooms(court: CourtInfo, recorder: Actor, names: tuple[str, ...], now: dt.datetime) -> None:
    have = {room.name for room in list_courtrooms(actor=recorder, court_id=court.id)}
    for name in names:
        if name not in have:
            hearings.add_courtroom(actor=recorder, court_id=court.id, name=name, seats=24, now=now)


def _gates(hall: Actor, now: dt.datetime) -> None:
    """Entrance, hall and courtrooms of a court, and a tablet that waits to be paired at the entrance."""
    court_id = hall.court_id or 0
    if gatepass_queries.list_venues(actor=hall, court_id=court_id):
        return
    south = gatepass.add_venue(actor=hall, court_id=court_id, kind="entrance", name="南门", now=now)
    gatepass.add_venue(actor=hall, court_id=court_id, kind="hall", name="诉讼服务大厅", now=now)
    for room in list_courtrooms(actor=hall, court_id=court_id):
        gatepass.add_venue(actor=hall, court_id=court_id, kind="courtroom", room_id=room.id, now=now)
    gatepass.add_device(actor=hall, court_id=court_id, venue_id=south.id, name="南门平板", now=now)


def _opening(court: CourtInfo, people: dict[str, Actor]) -> cases.CaseOpening:
    cause = search_causes(text="买卖合同纠纷", kind="civil", limit=1)[0]
    judge = list_colleagues(court_id=court.id, role=Role.JUDGE)[0]
    recorder = list_colleagues(court_id=court.id, role=Role.RECORDER)[0]
    parties = (
        _company("p1", "plaintiff", "北辰精工设备有限公司", "91110105MA01XH7K2E"),
        _company("d1", "defendant", "恒川物流有限公司", "91110105MA02QD6P9H"),
    )
    return cases.CaseOpening(
        filing_id=None, received_on=clock.beijing_date(clock.now()), cause_id=cause.id, cause_name=cause.name,
        title="北辰精工设备有限公司诉恒川物流有限公司买卖合同纠纷", amount_fen=128_640_000, procedure="simple",
        mediation_agreed=False, parties=parties,
        counsel=(counsel_of("p1", people["zhou"]), counsel_of("d1", people["gu"])),
        judge_id=judge.person_id, judge_name=judge.name, recorder_id=recorder.person_id, recorder_name=recorder.name,
        division=judge.department, court_code=court.code, court_name=court.name,
    )  # fmt: skip


def _company(ref: str, side: str, name: str, uscc: str) -> cases.NewParty:
    details: dict[str, object] = {
        "uscc": uscc,
        "address": "上海市浦东新区和畅路18号",
        "legal_rep": "沈既白",
        "service_address": None,
    }
    return cases.NewParty(ref=ref, side=side, place=1, kind="legal", name=name, details=details)


def counsel_of(ref: str, actor: Actor) -> cases.NewCounsel:
    """A lawyer who stands for the party `ref` with special powers."""
    lawyer = get_lawyer(lawyer_id=actor.person_id)
    assert lawyer is not None  # enrolled a moment ago
    return cases.NewCounsel(
        party_ref=ref, lawyer_id=actor.person_id, name=lawyer.name, licence_no=lawyer.licence_no,
        firm=lawyer.firm_name, powers="special", special_powers=("admit", "settle"),
    )  # fmt: skip


def pay(payer: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime) -> None:
    """Pay the fee through the stand-in of 微信支付, as the payer's telephone would."""
    bill = bill_of(actor=payer, court_id=court_id, case_id=case_id)
    if bill is None or bill.state != "due":
        return
    order = fees.open_order(actor=payer, court_id=court_id, bill_id=bill.id, now=now)
    address = urlsplit(order.code_url)
    code = parse_qs(address.query)["code"][0]
    httpx.post(f"{address.scheme}://{address.netloc}{address.path}", data={"code": code, "action": "pay"}, timeout=10)
    fees.refresh_order(actor=payer, court_id=court_id, order_id=order.id, now=clock.now())


def _schedule(recorder: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime) -> None:
    """A conference online on the second Thursday from today, 10:30 to 12:00."""
    today = clock.beijing_date(now)
    day = today + dt.timedelta(days=(3 - today.weekday()) % 7 + 7)
    hearings.schedule(
        actor=recorder, court_id=court_id, case_id=case_id, kind="conference", mode="online", room_id=None,
        starts_at=clock.beijing(day, 10, 30), ends_at=clock.beijing(day, 12), now=now,
    )  # fmt: skip
