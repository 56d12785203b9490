"""支付订单: reserve a row, ask the gateway outside the transaction, keep its code."""

import datetime as dt
import uuid

from django.conf import settings

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions import require_power
from lutong.domains.fees import access
from lutong.domains.fees.actions.booking import gateway, refresh_order
from lutong.domains.fees.models import Bill, PaymentOrder
from lutong.domains.fees.queries import get_bill
from lutong.domains.fees.states import BillState, OrderState
from lutong.gateways.payments.port import GatewayError, NewOrder, Refused
from lutong.kernel.acting import action, reading, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotAllowed, NotFound

ORDER_LIFE = dt.timedelta(minutes=30)
GATEWAY_DOWN = "微信支付暂时没有回应，还没有扣款，请稍后再点“获取付款码”"

refuse_on("order_one_open", lambda: Conflict("这张交费通知刚刚生成了付款码，请刷新页面"))


def open_order(*, actor: Actor, court_id: int, bill_id: uuid.UUID, now: dt.datetime) -> PaymentOrder:
    """The open order of a bill with its payment code; asked twice, it is the same order.

    An expired order is settled with the gateway first, so that nobody can still pay it. Raises NotFound, NotAllowed
    (not counsel of the paying side), Conflict (already paid, or the gateway does not answer: nothing was taken).
    """
    stale = _expired(actor, court_id, bill_id, now)
    if stale is not None:
        refresh_order(actor=actor, court_id=court_id, order_id=stale.id, now=now)
    order = _reserve(actor=actor, court_id=court_id, bill_id=bill_id, now=now)
    if order.code_url:
        return order
    try:
        code_url = gateway().create_native(order=_asked(order))
    except Refused as refused:  # paid or closed behind our back: ask what became of it, and let the person try again
        refresh_order(actor=actor, court_id=court_id, order_id=order.id, now=now)
        raise Conflict("付款码没有生成，请刷新页面后重试", gateway=refused.code) from refused
    except GatewayError as error:
        raise Conflict(GATEWAY_DOWN) from error
    return _keep_code(actor=actor, court_id=court_id, order_id=order.id, code_url=code_url, now=now)


@action
def _reserve(*, actor: Actor, court_id: int, bill_id: uuid.UUID, now: dt.datetime) -> PaymentOrder:
    """Write the order before the gateway hears of it, so that no payment can ever be unknown to us."""
    bill = access.visible_to(actor, court_id=court_id).filter(id=bill_id).select_for_update().first()
    if bill is None:
        get_bill(actor=actor, court_id=court_id, bill_id=bill_id)  # tells an assistant which permission is missing
        raise NotFound("没有这张交费通知，或您无权查看")
    _refuse_unpayable(actor, bill)
    require_power(actor=actor, court_id=court_id, case_id=bill.case_id, act="pay", now=now)
    standing = PaymentOrder.objects.filter(court_id=court_id, bill_id=bill_id, state=OrderState.OPEN).first()
    if standing is not None:
        return standing
    order = PaymentOrder(
        court_id=court_id, case_id=bill.case_id, bill_id=bill_id, amount_fen=bill.amount_fen,
        opened_by=actor.person_id, opened_at=now, expires_at=now + ORDER_LIFE,
    )  # fmt: skip
    order.out_trade_no = f"LT{court_id}_{order.id.hex[:12]}{order.id.hex[-10:]}"
    order.save(force_insert=True)
    record(actor=actor, court_id=court_id, case_id=bill.case_id, action="fees.open_order", subject=bill.notice_no,
           now=now, order=order.out_trade_no, amount_fen=order.amount_fen)  # fmt: skip
    return order


@action
def _keep_code(*, actor: Actor, court_id: int, order_id: uuid.UUID, code_url: str, now: dt.datetime) -> PaymentOrder:
    mine = PaymentOrder.objects.filter(court_id=court_id, id=order_id)
    mine.filter(code_url="").update(code_url=code_url)
    order = mine.get()
    record(actor=actor, court_id=court_id, case_id=order.case_id, action="fees.keep_code", subject=order.out_trade_no,
           now=now)  # fmt: skip
    return order


def _refuse_unpayable(actor: Actor, bill: Bill) -> None:
    if bill.state == BillState.PAID:
        raise Conflict("这笔费用已经到账，无需再付")
    if bill.state == BillState.CANCELLED:
        raise Conflict("这张交费通知已撤销，请以新的通知为准")
    if not access.may_pay(actor, bill):
        raise NotAllowed("案件受理费由原告预交，只有原告的诉讼代理人可以支付（诉讼费用交纳办法第二十条）")


def _expired(actor: Actor, court_id: int, bill_id: uuid.UUID, now: dt.datetime) -> PaymentOrder | None:
    with reading(actor):
        bills = access.visible_to(actor, court_id=court_id).filter(id=bill_id).values("id")
        stale = PaymentOrder.objects.filter(court_id=court_id, bill_id__in=bills, state=OrderState.OPEN)
        return stale.filter(expires_at__lte=now).first()


def _asked(order: PaymentOrder) -> NewOrder:
    """The very same words each time, which makes asking twice safe at the gateway."""
    return NewOrder(
        out_trade_no=order.out_trade_no, amount_fen=order.amount_fen, description="案件受理费",
        notify_url=f"{settings.LUTONG_WEB_URL}/fees/notice/wechat/{order.court_id}",
        expires_at=order.expires_at, attach=str(order.court_id),
    )  # fmt: skip
