"""A case with a represented plaintiff and a defendant alone, and a worker that runs what the outbox says."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as case_queries
from lutong.domains.cases.models import Deadline, LawyerDeadline, Representation
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.dossier import actions as dossier
from lutong.domains.eservice import queries
from lutong.domains.eservice.models import Delivery, DeliveryItem
from lutong.domains.exchange import actions as exchange
from lutong.domains.identity.models import Account, Post
from lutong.domains.identity.tests.licences import licensed
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.ids import uuid7

ZHOU = Actor(7001, Role.LAWYER, "周岚")  # the plaintiff's counsel
GU = Actor(7002, Role.LAWYER, "顾衡")  # joins for the defendant
STRANGER = Actor(7003, Role.LAWYER, "陈默")
NOW = clock.beijing(dt.date(2026, 11, 21), 10)
ADDRESS = {"electronic": True, "consent_judgment_e_service": True}


@dataclass(frozen=True, slots=True)
class Suit:
    """One case, with words for what tests do to it."""

    court_id: int
    case_id: uuid.UUID

    @property
    def recorder(self) -> Actor:
        return Actor(7100, Role.RECORDER, "方蕾", self.court_id)

    @property
    def system(self) -> Actor:
        return system(self.court_id)

    @property
    def ids(self) -> dict[str, Any]:
        return {"court_id": self.court_id, "case_id": self.case_id}

    def case(self) -> Any:
        return case_queries.get_case(actor=self.system, **self.ids)

    def party(self, side: str) -> Any:
        return next(p for p in case_queries.parties_of(actor=self.system, **self.ids) if p.side == side)

    def deliveries(self, side: str = "", state: str = "") -> list[Delivery]:
        with reading(self.system):
            rows = Delivery.objects.filter(**self.ids).order_by("sent_at", "id")
            wanted = rows.filter(party_id=self.party(side).id) if side else rows
            return list(wanted.filter(state=state) if state else wanted)

    def kinds(self, delivery: Delivery) -> list[str]:
        with reading(self.system):
            return list(
                DeliveryItem.objects.filter(court_id=self.court_id, delivery_id=delivery.id)
                .order_by("place").values_list("kind", flat=True)
            )  # fmt: skip

    def deadlines(self, person_id: int | None = None) -> dict[str, dt.date]:
        with reading(self.system):
            return dict(
                Deadline.objects.filter(**self.ids, person_id=person_id, state="open").values_list("kind", "due_on")
            )

    def desk_of(self, lawyer: Actor) -> set[str]:
        with reading(lawyer):
            return set(
                LawyerDeadline.objects.filter(lawyer_id=lawyer.person_id, state="open").values_list("kind", flat=True)
            )

    def file(self, kind: str, title: str) -> uuid.UUID:
        """A paper in the case's main volume."""
        stored = dossier.store_paper(data=f"%PDF-1.7 {title}".encode())
        return dossier.file_paper(
            actor=self.recorder, **self.ids, kind=kind, title=title, stored=stored, key=uuid7(), now=NOW
        ).id

    def join(self, lawyer: Actor, side: str, now: dt.datetime = NOW) -> None:
        """核实代理关系, from claim to confirmation."""
        claim = uuid7()
        with reading(self.system):
            Representation.objects.create(
                court_id=self.court_id, id=claim, case_id=self.case_id, party_id=self.party(side).id,
                lawyer_id=lawyer.person_id, lawyer_name=lawyer.name, licence_no="2", firm_name="某律师事务所",
                powers="general", state="claimed", claimed_at=now,
            )  # fmt: skip
        cases.decide_representation(
            actor=self.recorder, court_id=self.court_id, representation_id=claim, confirm=True, reason="", now=now
        )

    def inbox(self, lawyer: Actor, tab: str = "sent") -> list[str]:
        return [row.title for row in queries.list_inbox(actor=lawyer, tab=tab)]


def work(now: dt.datetime = NOW, *, times: int = 1) -> None:
    """Run every waiting outbox row through its handlers, each `times` over, until nothing is left."""
    from lutong.domains.exchange import tasks

    while True:
        with transaction.atomic():
            rows = exchange.take_waiting(limit=100)
            exchange.mark_relayed(rows=rows, now=now)
        if not rows:
            return
        for row in rows:
            for handler in tasks._handlers.get(row.topic, ()):
                if handler.__module__.startswith(("lutong.domains.eservice", "lutong.domains.fees")):
                    for _ in range(times):
                        handler(court_id=row.court_id, payload=row.payload, now=now)


def open_suit(*, mediation: bool = False, procedure: str = "ordinary", address: dict[str, Any] | None = None) -> Suit:
    court = get_court_by_code(code="京0105")
    licensed(ZHOU, GU, STRANGER)
    address = ADDRESS if address is None else address
    opening = cases.CaseOpening(
        filing_id=None, received_on=clock.beijing_date(NOW), cause_id=1, cause_name="民间借贷纠纷",
        title="苏晚晴 诉 程屿舟", amount_fen=34_573_151, procedure=procedure, mediation_agreed=mediation, judge_id=7101,
        judge_name="许知行", recorder_id=7100, recorder_name="方蕾", division="民事审判第一庭", court_code=court.code,
        court_name=court.name,
        parties=(
            cases.NewParty(ref="p", side="plaintiff", place=1, kind="natural", name="苏晚晴",
                           details={"service_address": address}),
            cases.NewParty(ref="d", side="defendant", place=1, kind="natural", name="程屿舟", details={}),
        ),
        counsel=(
            cases.NewCounsel(party_ref="p", lawyer_id=ZHOU.person_id, name=ZHOU.name, licence_no="1",
                             firm="某律师事务所", powers="general", special_powers=()),
        ),
    )  # fmt: skip
    clerk = Actor(7102, Role.CLERK, "孟书宁", court.id)
    case = cases.open_case(actor=clerk, court_id=court.id, opening=opening, now=NOW)
    suit = Suit(court.id, case.id)
    suit.file("complaint", "民事起诉状.pdf")
    suit.file("evidence", "借条.pdf")
    return suit


@pytest.fixture
def suit(committed_db: object) -> Suit:
    return open_suit()


def begin_trial(suit: Suit, now: dt.datetime = NOW) -> None:
    """As if the fee had come in."""
    cases.take_step(actor=suit.system, **suit.ids, step="begin_trial", now=now)
    work(now)


def staff(court_id: int) -> None:
    """Give the court somebody at work, so that its timers run."""
    account = Account.objects.create(sign_name=f"R{court_id}", name="方蕾")
    Post.objects.create(account=account, court_id=court_id, role="recorder")
