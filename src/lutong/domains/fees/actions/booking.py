"""到账: book what the gateway itself confirms, once.

A notice, even a genuine one, is a hint. It is verified, compared with our own order, and then the gateway is asked;
only its signed answer books. The lock on the bill puts all bookings of a bill in a row, and two constraints
(payment_notice_once, order_booked_once) hold should the lock ever be forgotten.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings

from lutong.domains.audit.actions import record
from lutong.domains.cases import actions as cases
from lutong.domains.exchange.actions import put_out
from lutong.domains.fees import access
from lutong.domains.fees.events import BillPaid
from lutong.domains.fees.models import Bill, PaymentNotice, PaymentOrder
from lutong.domains.fees.states import BILL, ORDER, BillState, OrderState
from lutong.domains.notices.actions import tell
from lutong.gateways.payments.factory import wechat
from lutong.gateways.payments.port import GatewayError, PaymentGateway, TradeState, UnknownOrder
from lutong.gateways.payments.port import Notice as GatewayNotice
from lutong.gateways.payments.port import OrderState as Told
from lutong.kernel.acting import action, reading, refuse_on
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import Conflict, NotFound
from lutong.kernel.events import announce
from lutong.kernel.money import Fen

log = logging.getLogger(__name__)
CURRENCY = "CNY"

refuse_on("payment_notice_once", lambda: Conflict("这条支付通知已经处理过"))
refuse_on("order_booked_once", lambda: Conflict("这张交费通知已经到账"))


class Booking(StrEnum):
    """What came of a notice or of a question to the gateway."""

    BOOKED = "booked"
    ALREADY = "already_booked"  # the order was booked before
    REPEATED = "repeated"  # this very notice was handled before
    SUPERFLUOUS = "superfluous"  # a second payment of one bill
    MISMATCH = "mismatch"  # genuine, but not what we ordered
    UNKNOWN = "unknown_order"
    UNPAID = "unpaid"  # the gateway says: not paid (yet)
    CLOSED = "closed"
    IGNORED = "ignored"  # not about a payment


def gateway() -> PaymentGateway:
    """The gateway that this installation collects through."""
    return wechat(home=settings.LUTONG.home, base_url=settings.LUTONG.pay_url)


def book_notice(*, actor: Actor, court_id: int, headers: Mapping[str, str], body: bytes, now: dt.datetime) -> Booking:
    """Verify a notice of the gateway and book the payment that it tells of, exactly once.

    `actor` is the system of the court. Raises ForgedNotice (nothing changed) and Unavailable (the gateway cannot
    confirm now; it will send again).
    """
    notice = gateway().read_notice(headers=headers, body=body)
    if not notice.is_payment:
        return Booking.IGNORED
    with reading(actor):
        if PaymentNotice.objects.filter(court_id=court_id, notice_id=notice.notice_id).exists():
            return Booking.REPEATED
        order = PaymentOrder.objects.filter(court_id=court_id, out_trade_no=notice.out_trade_no).first()
    if order is None:
        log.warning("a genuine notice speaks of an order that court %s does not have", court_id)
        return Booking.UNKNOWN
    if not _fits(notice, order):
        return _note_mismatch(actor=actor, court_id=court_id, order_id=order.id, notice=notice, now=now)
    try:
        told = gateway().query(out_trade_no=order.out_trade_no)
    except UnknownOrder:
        return Booking.UNKNOWN
    return _book_what_was_told(actor, order, told, notice.notice_id, now)


def refresh_order(*, actor: Actor, court_id: int, order_id: uuid.UUID, now: dt.datetime) -> Booking:
    """Ask the gateway about an order the actor may see: book it when paid, close it when its time is over.

    This is how a lost notice is made good. A gateway that does not answer changes nothing (UNPAID).
    """
    with reading(actor):
        bills = access.visible_to(actor, court_id=court_id).values("id")
        order = PaymentOrder.objects.filter(court_id=court_id, id=order_id, bill_id__in=bills).first()
    if order is None:
        raise NotFound("没有这笔支付订单，或您无权查看")
    if order.state != OrderState.OPEN:
        return Booking.ALREADY if order.state == OrderState.PAID else Booking.CLOSED
    ours = system(court_id)
    try:
        told = gateway().query(out_trade_no=order.out_trade_no)
        if told.state is TradeState.SUCCESS:
            return _book_what_was_told(ours, order, told, f"query:{order.out_trade_no}", now)
        if order.expires_at > now and told.state not in {TradeState.CLOSED, TradeState.REVOKED}:
            return Booking.UNPAID
        gateway().close(out_trade_no=order.out_trade_no)
    except UnknownOrder:  # reserved here, but the gateway never heard of it
        if order.expires_at > now:
            return Booking.UNPAID
    except GatewayError as error:
        log.warning("order %s could not be refreshed: %s", order.out_trade_no, error)
        return Booking.UNPAID
    return _close(actor=ours, court_id=court_id, order_id=order.id, now=now)


def _fits(told: GatewayNotice | Told, order: PaymentOrder) -> bool:
    return (told.out_trade_no, told.amount_fen, told.currency) == (order.out_trade_no, order.amount_fen, CURRENCY)


def _book_what_was_told(actor: Actor, order: PaymentOrder, told: Told, notice_id: str, now: dt.datetime) -> Booking:
    if told.state is not TradeState.SUCCESS or not told.transaction_id:
        return Booking.UNPAID
    if not _fits(told, order):
        log.error("the gateway was paid another amount for order %s", order.out_trade_no)
        return Booking.MISMATCH
    return _book(
        actor=actor, court_id=order.court_id, order_id=order.id, notice_id=notice_id,
        transaction_id=told.transaction_id, paid_at=told.paid_at or now, now=now,
    )  # fmt: skip


@action
def _book(
    *, actor: Actor, court_id: int, order_id: uuid.UUID, notice_id: str, transaction_id: str,
    paid_at: dt.datetime, now: dt.datetime,
) -> Booking:  # fmt: skip
    """One transaction: the notice remembered, the order paid, the bill paid, the fact announced."""
    bill_id = PaymentOrder.objects.values_list("bill_id", flat=True).get(court_id=court_id, id=order_id)
    bill = Bill.objects.select_for_update().get(court_id=court_id, id=bill_id)
    order = PaymentOrder.objects.select_for_update().get(court_id=court_id, id=order_id)
    if PaymentNotice.objects.filter(court_id=court_id, notice_id=notice_id).exists():
        return Booking.REPEATED
    outcome = _outcome(order, bill)
    PaymentNotice.objects.create(
        court_id=court_id, notice_id=notice_id, out_trade_no=order.out_trade_no, transaction_id=transaction_id,
        amount_fen=order.amount_fen, received_at=now, outcome=outcome,
    )  # fmt: skip
    if outcome in {Booking.BOOKED, Booking.SUPERFLUOUS}:
        step = "pay" if outcome is Booking.BOOKED else "mark_superfluous"
        order.state, order.paid_at = ORDER.advance(order.state, step, actor), paid_at
        order.transaction_id = transaction_id
        order.save(update_fields=["state", "paid_at", "transaction_id"])
    if outcome is Booking.BOOKED:
        _pay(actor, bill, transaction_id, paid_at, now)
    record(actor=actor, court_id=court_id, case_id=bill.case_id, action="fees.book", subject=bill.notice_no, now=now,
           order=order.out_trade_no, transaction=transaction_id, outcome=str(outcome))  # fmt: skip
    _tell_payers(actor, bill, order, outcome, now)
    return outcome


def _outcome(order: PaymentOrder, bill: Bill) -> Booking:
    if order.state in {OrderState.PAID, OrderState.SUPERFLUOUS}:
        return Booking.ALREADY
    return Booking.BOOKED if bill.state in {BillState.DUE, BillState.LAPSED} else Booking.SUPERFLUOUS


def _pay(actor: Actor, bill: Bill, transaction_id: str, paid_at: dt.datetime, now: dt.datetime) -> None:
    bill.state = BILL.advance(bill.state, "book", actor)
    bill.paid_at, bill.transaction_id = paid_at, transaction_id
    bill.save(update_fields=["state", "paid_at", "transaction_id"])
    cases.add_milestone(
        actor=actor, court_id=bill.court_id, case_id=bill.case_id, kind="fee_paid", title="案件受理费已到账",
        detail=f"{Fen(bill.amount_fen)} 元", now=now,
    )  # fmt: skip
    cases.settle_deadline(actor=actor, court_id=bill.court_id, case_id=bill.case_id, kind="fee", state="met", now=now)
    put_out(court_id=bill.court_id, topic="fees.paid", now=now,
            payload={"case_id": str(bill.case_id), "bill_id": str(bill.id)})  # fmt: skip
    announce(BillPaid(bill.court_id, bill.case_id, bill.id, now))


def _tell_payers(actor: Actor, bill: Bill, order: PaymentOrder, outcome: Booking, now: dt.datetime) -> None:
    if outcome not in {Booking.BOOKED, Booking.SUPERFLUOUS}:
        return
    booked = outcome is Booking.BOOKED
    payers = access.payers_of(actor, court_id=bill.court_id, case_id=bill.case_id)
    for person_id in sorted({order.opened_by, *payers}):
        tell(
            person_id=person_id, key=f"order-{outcome}:{order.id}", kind="fees", tone="ok" if booked else "warn",
            title="案件受理费已到账" if booked else "重复支付，多付的款项待退",
            body=f"{bill.notice_no} {Fen(order.amount_fen)} 元", link=f"/fees/{bill.court_id}/{bill.id}/", now=now,
        )  # fmt: skip


@action
def _note_mismatch(
    *, actor: Actor, court_id: int, order_id: uuid.UUID, notice: GatewayNotice, now: dt.datetime
) -> Booking:
    """Keep a genuine notice that does not fit our order as evidence; nothing else changes."""
    order = PaymentOrder.objects.get(court_id=court_id, id=order_id)
    PaymentNotice.objects.bulk_create(
        [PaymentNotice(
            court_id=court_id, notice_id=notice.notice_id, out_trade_no=order.out_trade_no,
            transaction_id=notice.transaction_id, amount_fen=notice.amount_fen, received_at=now,
            outcome=Booking.MISMATCH,
        )],
        ignore_conflicts=True,
    )  # fmt: skip
    record(actor=actor, court_id=court_id, case_id=order.case_id, action="fees.notice_refused",
           subject=order.out_trade_no, now=now, told_fen=notice.amount_fen, ours_fen=order.amount_fen,
           currency=notice.currency)  # fmt: skip
    return Booking.MISMATCH


@action
def _close(*, actor: Actor, court_id: int, order_id: uuid.UUID, now: dt.datetime) -> Booking:
    """Close an order here after the gateway closed it there."""
    order = PaymentOrder.objects.select_for_update().get(court_id=court_id, id=order_id)
    if order.state == OrderState.OPEN:
        order.state = ORDER.advance(order.state, "close", actor)
        order.save(update_fields=["state"])
        record(actor=actor, court_id=court_id, case_id=order.case_id, action="fees.close_order",
               subject=order.out_trade_no, now=now)  # fmt: skip
    return Booking.CLOSED
