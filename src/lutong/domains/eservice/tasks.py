"""What is served without anyone asking: each fact of a case sets its papers going.

Handlers run at least once. Every paper and every delivery has a key made of what it is about, so that a second run
finds the first one's work; rendering and storing happen before the transaction that serves.
"""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from lutong.domains.cases import queries as case_queries
from lutong.domains.dossier import queries as dossier
from lutong.domains.eservice import actions, papers, queries
from lutong.domains.fees import actions as fees
from lutong.domains.fees import queries as fee_queries
from lutong.domains.identity.queries import list_staffed_courts
from lutong.kernel import clock
from lutong.kernel.actor import Actor, system
from lutong.kernel.clock import BEIJING, beijing_date
from lutong.kernel.errors import Conflict

COPIES = ("complaint", "evidence_list", "evidence")  # what the other side gets of the plaintiff's papers


class Work:
    """One job about one case: its facts, read once, and the court's system that acts."""

    def __init__(self, court_id: int, case_id: str, now: dt.datetime) -> None:
        self.court_id, self.case_id, self.now = court_id, uuid.UUID(case_id), now
        self.actor: Actor = system(court_id)
        ids: dict[str, Any] = {"actor": self.actor, "court_id": court_id, "case_id": self.case_id}
        self.case = case_queries.get_case(**ids)
        self.parties = case_queries.parties_of(**ids)

    def side(self, *sides: str) -> list[Any]:
        return [p for p in self.parties if p.side in sides]

    def words(self) -> papers.CaseWords:
        case = self.case
        return papers.CaseWords(
            court=case.court_name, number=case.number, cause=case.cause_name, procedure=case.procedure,
            plaintiffs=_names(self.side("plaintiff")), defendants=_names(self.side("defendant")),
            judge=case.judge_name, recorder=case.recorder_name, division=case.division,
            today=beijing_date(self.now), demo=settings.LUTONG_DEMO,
        )  # fmt: skip

    def make(self, kind: str, title: str, what: str, data: dict[str, Any]) -> uuid.UUID:
        return actions.make_paper(
            actor=self.actor, court_id=self.court_id, case_id=self.case_id, kind=kind, title=title, what=what,
            data=data, now=self.now,
        )  # fmt: skip

    def serve(self, party: Any, documents: list[uuid.UUID], title: str, key: str, **facts: Any) -> None:
        actions.serve_or_queue(
            actor=self.actor, court_id=self.court_id, case_id=self.case_id, party_id=party.id,
            document_ids=documents, title=title, facts=facts, key=f"{key}:{self.case_id}:{party.id}", now=self.now,
        )  # fmt: skip

    def evidence_notice(self, party: Any) -> uuid.UUID:
        due = self.case.evidence_due_on
        data = papers.evidence_notice(case=self.words(), to=party.name, due=f"{due:%Y年%-m月%-d日}" if due else "")
        return self.make("evidence_notice", f"举证通知书（{party.name}）", f"evidence:{party.id}", data)

    def serve_evidence_notice(self, party: Any) -> None:
        self.serve(party, [self.evidence_notice(party)], "举证通知书", "evidence")


def case_opened(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic cases.opened: 受理案件通知书 to each plaintiff, with 举证通知书 unless mediation comes first."""
    work = Work(court_id, payload["case_id"], now)
    for party in work.side("plaintiff"):
        data = papers.acceptance_notice(case=work.words(), to=party.name)
        made = work.make("acceptance_notice", f"受理案件通知书（{party.name}）", f"accept:{party.id}", data)
        work.serve(party, [made], "受理案件通知书", "accept")
        if work.case.stage not in {"registered", "mediation", "closed"}:
            work.serve_evidence_notice(party)


def fee_billed(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic fees.billed: the fee notice with its reckoning."""
    work = Work(court_id, payload["case_id"], now)
    bill = fee_queries.get_bill(actor=work.actor, court_id=court_id, bill_id=uuid.UUID(payload["bill_id"]))
    party = next((p for p in work.parties if p.id == bill.party_id), None)
    if party is None:
        return
    data = papers.fee_notice(
        case=work.words(), to=bill.payer_name, notice_no=bill.notice_no, amount_fen=bill.amount_fen, quote=bill.quote
    )
    made = work.make("fee_notice", "交纳诉讼费用通知书", f"fee:{bill.id}", data)
    work.serve(party, [made], "交纳诉讼费用通知书", f"fee:{bill.id}", bill_id=str(bill.id))


def fee_paid(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic fees.paid: the receipt, filed in the case and shown on the bill."""
    work = Work(court_id, payload["case_id"], now)
    bill = fee_queries.get_bill(actor=work.actor, court_id=court_id, bill_id=uuid.UUID(payload["bill_id"]))
    if bill.paid_at is None:
        return
    data = papers.payment_receipt(
        case=work.words(), notice_no=bill.notice_no, payer=bill.payer_name, amount_fen=bill.amount_fen,
        paid_at=f"{bill.paid_at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}", transaction_id=bill.transaction_id,
        channel="微信支付（替身，演示环境）" if settings.LUTONG_DEMO else "微信支付",
    )  # fmt: skip
    made = work.make("payment_receipt", "交费凭证", f"receipt:{bill.id}", data)
    fees.attach_receipt(actor=work.actor, court_id=court_id, bill_id=bill.id, document_id=made, now=now)


def trial_began(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic cases.trial_began: the other side gets 应诉通知书, 举证通知书 and copies of complaint and evidence.

    A plaintiff whose case went through mediation gets his 举证通知书 now; the key keeps it to one.
    Law: 民事诉讼法第一百二十八条.
    """
    work = Work(court_id, payload["case_id"], now)
    ids: dict[str, Any] = {"actor": work.actor, "court_id": court_id, "case_id": work.case_id}
    for party in work.side("plaintiff"):
        work.serve_evidence_notice(party)
    copies = [d.id for d in dossier.list_documents(**ids) if d.kind in COPIES and d.volume == "main"]
    for party in work.side("defendant", "third"):
        data = papers.response_notice(case=work.words(), to=party.name)
        made = work.make("response_notice", f"应诉通知书（{party.name}）", f"respond:{party.id}", data)
        work.serve(
            party, [made, work.evidence_notice(party), *copies], "应诉通知书、举证通知书、起诉状副本及证据", "respond"
        )


def counsel_joined(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic cases.counsel_joined: what his party has not been served with goes to the new counsel."""
    actions.readdress_to_counsel(
        actor=system(court_id), court_id=court_id, case_id=uuid.UUID(payload["case_id"]),
        party_id=uuid.UUID(payload["party_id"]), lawyer_id=payload["lawyer_id"], now=now,
    )  # fmt: skip


def hearing_scheduled(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic hearings.fixed: 传票 to every party, anew for each time that the hearing is fixed.

    Payload: case_id, hearing_id, version, on (ISO day), when, place, kind, online.
    """
    work = Work(court_id, payload["case_id"], now)
    about = f"summons:{payload['hearing_id']}:{payload['version']}"
    if payload["version"] > 1:
        actions.withdraw_waiting(
            actor=work.actor, court_id=court_id, case_id=work.case_id, hearing_id=payload["hearing_id"],
            reason="开庭时间变更", now=now,
        )  # fmt: skip
    title = "传票" if payload["version"] == 1 else "传票（开庭时间变更）"
    for party in work.parties:
        data = papers.summons(case=work.words(), to=party.name, hearing=_hearing_words(payload))
        made = work.make("summons", f"{title}（{party.name}）", f"{about}:{party.id}", data)
        work.serve(party, [made], title, about, hearing=_hearing_facts(payload))


def hearing_cancelled(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic hearings.cancelled: every party hears of it; summonses not yet sent are withdrawn."""
    work = Work(court_id, payload["case_id"], now)
    actions.withdraw_waiting(
        actor=work.actor, court_id=court_id, case_id=work.case_id, hearing_id=payload["hearing_id"],
        reason="开庭取消", now=now,
    )  # fmt: skip
    about = f"unsummons:{payload['hearing_id']}"
    for party in work.parties:
        data = papers.cancellation_notice(
            case=work.words(), to=party.name, hearing=_hearing_words(payload), reason=payload.get("reason", "")
        )
        made = work.make("other", f"取消开庭通知书（{party.name}）", f"{about}:{party.id}", data)
        work.serve(party, [made], "取消开庭通知书", about)


def delivery_effective(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic eservice.effective: the 送达凭证."""
    actor = system(court_id)
    delivery = queries.get_delivery(actor=actor, court_id=court_id, delivery_id=uuid.UUID(payload["delivery_id"]))
    work = Work(court_id, str(delivery.case_id), now)
    hashes = {d.id: d.sha256 for d in dossier.list_documents(actor=actor, court_id=court_id, case_id=delivery.case_id)}
    told = [
        ("受送达人", delivery.party_name),
        ("签收人", f"{delivery.recipient_name}（诉讼代理人）" if delivery.recipient_id else ""),
        ("送达方式", queries.MODES.get(delivery.mode, "")),
        ("发出", _minute(delivery.sent_at)),
        ("到达系统", _minute(delivery.arrived_at)),
        ("阅读", _minute(delivery.read_at)),
        ("签收", _minute(delivery.signed_at)),
        ("送达之日", f"{delivery.effective_on}"),
    ]
    data = papers.service_receipt(
        case=work.words(), facts=told, steps=[_step(s) for s in delivery.steps],
        papers=[
            (item.title, _spaced(hashes.get(item.document_id, "")))
            for item in queries.items_of(actor=actor, delivery=delivery)
        ],
    )  # fmt: skip
    actions.make_proof(actor=actor, delivery=delivery, data=data, now=now)


def close_final_cases(*, now: dt.datetime) -> int:
    """Close every decided case whose decision has taken effect; answers how many."""
    closed = 0
    for court_id in list_staffed_courts():
        for case_id in _decided(court_id):
            try:
                actions.close_if_final(actor=system(court_id), court_id=court_id, case_id=case_id, now=now)
            except Conflict:
                continue
            closed += 1
    return closed


@app.periodic(cron="7 * * * *")
@app.task(name="eservice.close_final", queue="timers", queueing_lock="eservice.close_final", pass_context=False)
def close_every_hour(timestamp: int) -> None:
    """The worker's clock; `close_final_cases` is the work."""
    close_final_cases(now=clock.now())


def _decided(court_id: int) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    before = None
    while page := case_queries.list_court_cases(
        actor=system(court_id), wanted=case_queries.CaseFilter(stage="decided"), before=before, limit=100
    ):
        found += [case.id for case in page]
        before = (page[-1].registered_at, page[-1].id)
    return found


def _hearing_words(payload: dict[str, Any]) -> papers.HearingWords:
    return papers.HearingWords(
        when=payload["when"], place=payload["place"], kind=payload["kind"], online=payload["online"]
    )


def _hearing_facts(payload: dict[str, Any]) -> dict[str, str]:
    return {"id": payload["hearing_id"], "on": payload["on"], "text": f"{payload['when']} {payload['place']}"}


def _step(step: dict[str, str]) -> str:
    return f"{step['text']}（{step['law']}）" if step["law"] else step["text"]


def _names(parties: list[Any]) -> str:
    return "、".join(p.name for p in parties) or "对方当事人"


def _minute(instant: dt.datetime | None) -> str:
    return f"{instant.astimezone(BEIJING):%Y-%m-%d %H:%M}" if instant else ""


def _spaced(digest: str) -> str:
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))
