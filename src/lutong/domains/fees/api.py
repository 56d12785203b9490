"""JSON face of the lawyer's bills: read them, open a payment order, ask what became of it."""

import datetime as dt
import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Schema

from lutong.domains.cases.queries import get_case
from lutong.domains.fees import actions, queries
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, scoped

router = Router(tags=["fees"])
CourtId = Annotated[int, Path(ge=1, le=32767)]


class LineOut(Schema):
    """One line of the reckoning, amounts in yuan as text."""

    label: str
    part: str
    rate: str
    fee: str


class StepOut(Schema):
    """One sentence of an explanation and its article."""

    text: str
    law: str


class BillOut(Schema):
    """交费通知. `due_on` is null until the notice has been served; `receipt_document_id` until the receipt is made."""

    id: uuid.UUID
    court_id: int
    case_id: uuid.UUID
    notice_no: str
    payer_name: str
    amount_fen: int
    state: str
    issued_at: dt.datetime
    due_on: dt.date | None
    due_steps: list[StepOut]
    lines: list[LineOut]
    laws: list[str]
    notes: list[str]
    paid_at: dt.datetime | None
    transaction_id: str
    receipt_document_id: uuid.UUID | None

    @staticmethod
    def resolve_lines(bill: Any) -> list[dict[str, str]]:
        return list(bill.quote.get("lines", []))

    @staticmethod
    def resolve_laws(bill: Any) -> list[str]:
        return list(bill.quote.get("laws", []))

    @staticmethod
    def resolve_notes(bill: Any) -> list[str]:
        return list(bill.quote.get("notes", []))


class OrderOut(Schema):
    """支付订单. `code_url` is what the payment code shows."""

    id: uuid.UUID
    bill_id: uuid.UUID
    out_trade_no: str
    amount_fen: int
    state: str
    code_url: str
    opened_at: dt.datetime
    expires_at: dt.datetime
    paid_at: dt.datetime | None


@router.get("/cases/{court_id}/{case_id}/bill", response=BillOut, summary="案件的交费通知")
@scoped("fees:read", needs=Capability.PAY)
def bill_of_case(request: HttpRequest, court_id: CourtId, case_id: uuid.UUID) -> Any:
    get_case(actor=actor_in(request), court_id=court_id, case_id=case_id, needs=Capability.PAY)
    bill = queries.bill_of(actor=actor_in(request), court_id=court_id, case_id=case_id)
    if bill is None:
        raise NotFound("本案还没有交费通知，或您无权查看")
    return bill


@router.get("/bills/{court_id}/{bill_id}", response=BillOut, summary="一张交费通知")
@scoped("fees:read", needs=Capability.PAY)
def bill(request: HttpRequest, court_id: CourtId, bill_id: uuid.UUID) -> Any:
    return queries.get_bill(actor=actor_in(request), court_id=court_id, bill_id=bill_id)


@router.post("/bills/{court_id}/{bill_id}/order", response=OrderOut, summary="获取付款码（重复请求得到同一订单）")
@scoped("fees:pay", needs=Capability.PAY)
def order(request: HttpRequest, court_id: CourtId, bill_id: uuid.UUID) -> Any:
    return actions.open_order(actor=actor_in(request), court_id=court_id, bill_id=bill_id, now=clock.now())


@router.post("/bills/{court_id}/{bill_id}/refresh", response=BillOut, summary="向微信支付核对并返回最新状态")
@scoped("fees:pay", needs=Capability.PAY)
def refresh(request: HttpRequest, court_id: CourtId, bill_id: uuid.UUID) -> Any:
    actor = actor_in(request)
    waiting = queries.open_order_of(actor=actor, court_id=court_id, bill_id=bill_id)
    if waiting is not None:
        actions.refresh_order(actor=actor, court_id=court_id, order_id=waiting.id, now=clock.now())
    return queries.get_bill(actor=actor, court_id=court_id, bill_id=bill_id)
