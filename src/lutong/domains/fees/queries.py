"""Reading bills and orders."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet

from lutong.domains.cases.queries import get_case
from lutong.domains.fees import access
from lutong.domains.fees.models import Bill, PaymentNotice, PaymentOrder
from lutong.domains.fees.states import BillState, OrderState
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import NotFound

OUTCOMES = {
    "booked": "已入账",
    "already_booked": "订单此前已入账",
    "superfluous": "重复支付（待退）",
    "mismatch": "与订单不符，未入账",
}
TABS = {"due": "待交费", "lapsed": "逾期未交", "paid": "已交费", "all": "全部"}


def get_bill(*, actor: Actor, court_id: int, bill_id: uuid.UUID) -> Bill:
    """One bill that the actor may see, or NotFound."""
    with reading(actor):
        bill = access.visible_to(actor, court_id=court_id).filter(id=bill_id).first()
        if bill is None and actor.is_assistant:
            with as_actor(system(court_id)):  # of which case it is, is not an assistant's to read
                held = Bill.objects.filter(court_id=court_id, id=bill_id).first()
            if held is not None:  # not found, or within his sight and refused by name
                get_case(actor=actor, court_id=court_id, case_id=held.case_id, needs=Capability.PAY)
    if bill is None:
        raise NotFound("没有这张交费通知，或您无权查看")
    return bill


def bill_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> Bill | None:
    """The bill of a case that stands, or None before the case goes to trial."""
    with reading(actor):
        bills = access.visible_to(actor, court_id=court_id).filter(case_id=case_id)
        return bills.exclude(state=BillState.CANCELLED).order_by("-issued_at").first()


def may_pay(*, actor: Actor, bill: Bill, sides: Collection[str] | None = None) -> bool:
    """Whether the actor is counsel of the side that must pay, and something is left to pay.

    `sides` are those he is known to represent, when the caller has just read them; without it they are read.
    """
    if bill.state not in {BillState.DUE, BillState.LAPSED}:
        return False
    if sides is not None:
        return actor.is_counsel and access.PREPAYS in sides
    with reading(actor):
        return access.may_pay(actor, bill)


def open_order_of(*, actor: Actor, court_id: int, bill_id: uuid.UUID) -> PaymentOrder | None:
    """The order of a visible bill that still waits for money."""
    with reading(actor):
        return _orders(actor, court_id, bill_id).filter(state=OrderState.OPEN).first()


def orders_of(*, actor: Actor, court_id: int, bill_id: uuid.UUID) -> list[PaymentOrder]:
    """All attempts to pay a visible bill, newest first."""
    with reading(actor):
        return list(_orders(actor, court_id, bill_id).order_by("-opened_at")[:50])


def notices_of(*, actor: Actor, court_id: int, bill_id: uuid.UUID) -> list[PaymentNotice]:
    """What the gateway told about a bill's orders; for court staff only."""
    with reading(actor):
        numbers = _orders(actor, court_id, bill_id).values("out_trade_no")
        told = PaymentNotice.objects.filter(court_id=court_id, out_trade_no__in=numbers)
        return list(told.order_by("-received_at")[:50]) if actor.is_staff else []


def list_bills(
    *,
    actor: Actor,
    court_id: int,
    tab: str = "due",
    text: str = "",
    before: tuple[dt.datetime, uuid.UUID] | None = None,
    limit: int = 30,
) -> list[Bill]:
    """The court's bills, newest first; `text` narrows by notice number or payer."""
    with reading(actor):
        bills = access.visible_to(actor, court_id=court_id)
        if tab in BillState.values:
            bills = bills.filter(state=tab)
        if text:
            bills = bills.filter(Q(notice_no__icontains=text) | Q(payer_name__icontains=text))
        if before is not None:
            bills = bills.filter(Q(issued_at__lt=before[0]) | Q(issued_at=before[0], id__lt=before[1]))
        return list(bills.order_by("-issued_at", "-id")[:limit])


def open_orders(*, actor: Actor, court_id: int, opened_before: dt.datetime, limit: int = 200) -> list[PaymentOrder]:
    """Orders of one court that wait for money since before an instant, for the sweep of the worker."""
    with reading(actor):
        waiting = PaymentOrder.objects.filter(court_id=court_id, state=OrderState.OPEN, opened_at__lt=opened_before)
        return list(waiting.order_by("id")[:limit])


def _orders(actor: Actor, court_id: int, bill_id: uuid.UUID) -> QuerySet[PaymentOrder]:
    bills = access.visible_to(actor, court_id=court_id).filter(id=bill_id).values("id")
    return PaymentOrder.objects.filter(court_id=court_id, bill_id__in=bills)
