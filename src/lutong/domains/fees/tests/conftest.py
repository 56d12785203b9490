"""A case that owes its fee, the stand-in of 微信支付, and our own web door, all over real HTTP."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings

from lutong.domains.cases import actions as cases
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.fees import actions, queries
from lutong.domains.fees.models import Bill, PaymentOrder
from lutong.domains.identity.models import Account, Post
from lutong.gateways.payments.keys import ensure_keys
from lutong.gateways.payments.stand_in import Settings, build
from lutong.gateways.tests.serving import serving, until
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.site import config
from tests.support.serving import served

PLAINTIFFS_COUNSEL = Actor(7001, Role.LAWYER, "周岚")
DEFENDANTS_COUNSEL = Actor(7002, Role.LAWYER, "顾衡")
STRANGER = Actor(7003, Role.LAWYER, "陈默")


@dataclass(frozen=True, slots=True)
class Dispute:
    """A case with counsel on both sides, and its bill."""

    court_id: int
    case_id: uuid.UUID
    bill: Bill

    @property
    def staff(self) -> Actor:
        return Actor(7100, Role.RECORDER, "方蕾", self.court_id)

    def now_bill(self) -> Bill:
        return queries.get_bill(actor=self.staff, court_id=self.court_id, bill_id=self.bill.id)

    def orders(self) -> list[PaymentOrder]:
        return queries.orders_of(actor=self.staff, court_id=self.court_id, bill_id=self.bill.id)

    def notices(self) -> list[Any]:
        return queries.notices_of(actor=self.staff, court_id=self.court_id, bill_id=self.bill.id)

    def open(self, actor: Actor = PLAINTIFFS_COUNSEL, now: datetime | None = None) -> PaymentOrder:
        return actions.open_order(actor=actor, court_id=self.court_id, bill_id=self.bill.id, now=now or clock.now())

    def booked_at_least(self, state: str = "paid") -> bool:
        return self.now_bill().state == state


def make_dispute(
    procedure: str = "ordinary", amount_fen: int | None = 34_573_151, cause: str = "民间借贷纠纷"
) -> Dispute:
    """A case of 北京市朝阳区人民法院 that went straight to trial and was billed."""
    court, now = get_court_by_code(code="京0105"), clock.now()
    people = (("plaintiff", "苏晚晴", PLAINTIFFS_COUNSEL), ("defendant", "程屿舟", DEFENDANTS_COUNSEL))
    opening = cases.CaseOpening(
        filing_id=None, received_on=clock.beijing_date(now), cause_id=1, cause_name=cause, title="苏晚晴 诉 程屿舟",
        amount_fen=amount_fen, procedure=procedure, mediation_agreed=False, judge_id=7101, judge_name="许知行",
        recorder_id=7100, recorder_name="方蕾", division="民事审判第一庭", court_code=court.code,
        court_name=court.name,
        parties=tuple(
            cases.NewParty(ref=side, side=side, place=1, kind="natural", name=name, details={})
            for side, name, _ in people
        ),
        counsel=tuple(
            cases.NewCounsel(party_ref=side, lawyer_id=counsel.person_id, name=counsel.name, licence_no="1",
                             firm="某律师事务所", powers="general", special_powers=())
            for side, _, counsel in people
        ),
    )  # fmt: skip
    clerk = Actor(7102, Role.CLERK, "孟书宁", court.id)
    case = cases.open_case(actor=clerk, court_id=court.id, opening=opening, now=now)
    bill = queries.bill_of(actor=clerk, court_id=court.id, case_id=case.id)
    assert bill is not None
    return Dispute(court.id, case.id, bill)


@pytest.fixture
def dispute(committed_db: object) -> Dispute:
    return make_dispute()


@dataclass
class Counter:
    """The stand-in as tests use it."""

    address: str

    def pay(self, order: PaymentOrder) -> httpx.Response:
        code = order.code_url.partition("code=")[2]
        return httpx.post(f"{self.address}/pay", data={"code": code, "action": "pay"}, follow_redirects=True)

    def control(self, **wishes: Any) -> None:
        assert httpx.post(f"{self.address}/control", json=wishes).status_code == 200

    def forge(self, order: PaymentOrder, kind: str) -> str:
        told = httpx.post(f"{self.address}/control/forge", json={"out_trade_no": order.out_trade_no, "kind": kind})
        assert told.status_code == 200
        return str(told.json()["notice_id"])

    def resend(self, notice_id: str) -> None:
        assert httpx.post(f"{self.address}/control/resend", json={"notice_id": notice_id}).status_code == 200

    def letters(self) -> list[dict[str, Any]]:
        return list(httpx.get(f"{self.address}/control").json()["notices"])

    def settled(self) -> bool:
        return all(letter["state"] != "waiting" for letter in self.letters())


@pytest.fixture(scope="session")
def pay_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("pay")
    ensure_keys(home / "secrets" / "wechat")
    return home


@pytest.fixture
def stand_in(pay_home: Path) -> Iterator[str]:
    """A counter with empty books: its orders belong to one test's database."""
    shutil.rmtree(pay_home / "pay-stand-in", ignore_errors=True)
    with serving(build(Settings(home=pay_home, retry_scale=0.01))) as address:
        yield address


@pytest.fixture
def counter(stand_in: str, pay_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """A calm counter that 律通 pays through; every notice comes back to our own web door."""
    monkeypatch.setenv("LUTONG_PAY_URL", stand_in)
    monkeypatch.setattr(django_settings, "LUTONG", replace(config.load(), home=pay_home))
    with served() as address:
        monkeypatch.setattr(django_settings, "LUTONG_WEB_URL", address)
        here = Counter(stand_in)
        yield here
        httpx.post(f"{stand_in}/control/reset", json={})
        until(here.settled, "all notices are settled")


def staff(court_id: int) -> None:
    """Give the court somebody at work, so that its timers run."""
    account = Account.objects.create(sign_name=f"R{court_id}", name="方蕾")
    Post.objects.create(account=account, court_id=court_id, role="recorder")
