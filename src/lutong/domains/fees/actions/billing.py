"""交费通知: reckon the fee, set its last day, and let it lapse."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as case_queries
from lutong.domains.courts.queries import get_court
from lutong.domains.exchange.actions import put_out
from lutong.domains.fees import access
from lutong.domains.fees.models import Bill
from lutong.domains.fees.rules import FeeKind, FeeQuote, acceptance_fee, guess_fee_kind, halve
from lutong.domains.fees.states import BILL, BillState
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, NotFound
from lutong.kernel.money import Fen

refuse_on("bill_one_acceptance_fee", lambda: Conflict("本案已经开具过案件受理费的交费通知，请刷新页面查看"))
HALVED_PROCEDURES = {"simple", "small"}


@action
def issue_bill(*, actor: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime) -> Bill | None:
    """Bill the plaintiff's side for the acceptance fee of a case that goes to trial; None when nothing is owed.

    Once per case: a second call answers the bill that stands. 简易程序 (小额 included) halves the fee. The last day
    of payment stays open until the notice is served.

    Law: 诉讼费用交纳办法第十三条、第十六条、第二十条第一款、第二十二条第一款.
    """
    standing = Bill.objects.filter(court_id=court_id, case_id=case_id, kind="acceptance").exclude(state="cancelled")
    if (bill := standing.first()) is not None:
        return bill
    case = case_queries.get_case(actor=actor, court_id=court_id, case_id=case_id)
    quote = _quote(case, court_id=court_id, today=beijing_date(now))
    if quote.low_fen == 0:
        put_out(court_id=court_id, topic="fees.nothing_due", payload={"case_id": str(case_id)}, now=now)
        return None
    payers = [p for p in case_queries.parties_of(actor=actor, court_id=court_id, case_id=case_id)
              if p.side == "plaintiff"]  # fmt: skip
    bill = Bill.objects.create(
        court_id=court_id, case_id=case_id, party_id=payers[0].id if payers else None,
        payer_name="、".join(p.name for p in payers)[:200], notice_no=f"{case.number}（费1）",
        amount_fen=quote.low_fen, quote=_as_json(quote), issued_at=now,
    )  # fmt: skip
    cases.add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="fee_billed", title="通知交纳案件受理费",
        detail=f"应交 {Fen(bill.amount_fen)} 元", now=now,
    )  # fmt: skip
    record(actor=actor, court_id=court_id, case_id=case_id, action="fees.issue_bill", subject=bill.notice_no, now=now,
           bill=str(bill.id), amount_fen=bill.amount_fen)  # fmt: skip
    put_out(court_id=court_id, topic="fees.billed", payload={"case_id": str(case_id), "bill_id": str(bill.id)}, now=now)
    return bill


@action
def set_due(
    *,
    actor: Actor,
    court_id: int,
    bill_id: uuid.UUID,
    due_on: dt.date,
    steps: Sequence[Mapping[str, str]],
    now: dt.datetime,
) -> Bill:
    """Set the last day of payment and its reckoning, once the notice has been served.

    Several counsel may get the notice on different days; the first service sets the day, later ones leave it.

    Law: 诉讼费用交纳办法第二十二条第一款.
    """
    bill = _locked(court_id, bill_id)
    if bill.due_on is None:
        bill.due_on, bill.due_steps = due_on, list(steps)
        bill.save(update_fields=["due_on", "due_steps"])
        record(actor=actor, court_id=court_id, case_id=bill.case_id, action="fees.set_due", subject=bill.notice_no,
               now=now, bill=str(bill_id), due_on=due_on.isoformat())  # fmt: skip
    return bill


@action
def attach_receipt(
    *, actor: Actor, court_id: int, bill_id: uuid.UUID, document_id: uuid.UUID, now: dt.datetime
) -> Bill:
    """Note which document is the receipt of a paid bill."""
    bill = _locked(court_id, bill_id)
    if bill.receipt_document_id is None:
        bill.receipt_document_id = document_id
        bill.save(update_fields=["receipt_document_id"])
        record(actor=actor, court_id=court_id, case_id=bill.case_id, action="fees.attach_receipt",
               subject=bill.notice_no, now=now, bill=str(bill_id), document=str(document_id))  # fmt: skip
        for person_id in access.payers_of(actor, court_id=court_id, case_id=bill.case_id):
            tell(
                person_id=person_id, key=f"receipt:{bill_id}", kind="fees", tone="ok", title="交费凭证已制作",
                body=bill.notice_no, link=f"/fees/{court_id}/{bill_id}/", now=now,
            )  # fmt: skip
    return bill


@action
def lapse_overdue(*, actor: Actor, court_id: int, now: dt.datetime) -> int:
    """Mark the court's bills whose last day has passed unpaid, and tell those in charge; answers how many.

    Whether the case counts as withdrawn is for the court to rule (诉讼费用交纳办法第二十二条第四款,
    民诉法解释第二百一十三条); late money is still booked.
    """
    overdue = Bill.objects.select_for_update(skip_locked=True).filter(
        court_id=court_id, state=BillState.DUE, due_on__lt=beijing_date(now)
    )
    bills = list(overdue.order_by("id")[:200])
    for bill in bills:
        bill.state = BILL.advance(bill.state, "lapse", actor)
        bill.save(update_fields=["state"])
        _tell_the_bench(actor, bill, now)
        record(actor=actor, court_id=court_id, case_id=bill.case_id, action="fees.lapse", subject=bill.notice_no,
               now=now, bill=str(bill.id))  # fmt: skip
    return len(bills)


def _tell_the_bench(actor: Actor, bill: Bill, now: dt.datetime) -> None:
    case = case_queries.get_case(actor=actor, court_id=bill.court_id, case_id=bill.case_id)
    for person_id in sorted({i for i in (case.judge_id, case.recorder_id) if i is not None}):
        tell(
            person_id=person_id, key=f"bill-lapsed:{bill.id}", kind="fees", tone="warn", title="交费期限已过，未见到账",
            body=f"{case.number} {bill.payer_name}", link=f"/desk/fees/{bill.id}/", now=now,
        )  # fmt: skip


def _locked(court_id: int, bill_id: uuid.UUID) -> Bill:
    bill = Bill.objects.select_for_update().filter(court_id=court_id, id=bill_id).first()
    if bill is None:
        raise NotFound("没有这张交费通知")
    return bill


def _quote(case: Any, *, court_id: int, today: dt.date) -> FeeQuote:
    """What this case owes. Inside a range that only the court may fill, its lower end is billed and said so."""
    amount = None if case.amount_fen is None else Fen(case.amount_fen).yuan
    kind = guess_fee_kind(case.cause_name)
    if kind is FeeKind.PROPERTY and not amount:
        kind = FeeKind.OTHER_NONPROPERTY
    province = f"{get_court(court_id=court_id).division_code[:2]}0000"
    quote = acceptance_fee(kind=kind, amount=amount, today=today, province=province)
    if quote.is_range:
        quote = replace(quote, high=quote.low, notes=(*quote.notes, "按法定幅度的下限通知交纳"))
    return halve(quote, ground=case.procedure) if case.procedure in HALVED_PROCEDURES and quote.low else quote


def _as_json(quote: FeeQuote) -> dict[str, Any]:
    """The reckoning as the page shows it: amounts in yuan as text."""
    told = asdict(quote) | {
        "kind": str(quote.kind), "kind_label": quote.kind.label, "total": quote.text,
        "lines": [{"label": x.label, "part": _text(x.part), "rate": x.rate, "fee": x.fee_text} for x in quote.lines],
    }  # fmt: skip
    return {key: _text(value) if isinstance(value, Decimal) else value for key, value in told.items()}


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"
