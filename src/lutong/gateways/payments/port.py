"""What 律通 wants of a payment gateway, in words that name no gateway."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class TradeState(StrEnum):
    """交易状态 of an order as the gateway knows it. Labels are shown to users."""

    NOTPAY = "NOTPAY"
    USERPAYING = "USERPAYING"
    SUCCESS = "SUCCESS"
    REFUND = "REFUND"  # paid, and at least one refund was asked for
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    PAYERROR = "PAYERROR"

    @property
    def label(self) -> str:
        return _TRADE_LABELS[self]


_TRADE_LABELS = {
    TradeState.NOTPAY: "未支付",
    TradeState.USERPAYING: "支付中",
    TradeState.SUCCESS: "支付成功",
    TradeState.REFUND: "转入退款",
    TradeState.CLOSED: "已关闭",
    TradeState.REVOKED: "已撤销",
    TradeState.PAYERROR: "支付失败",
}


class RefundStatus(StrEnum):
    """退款状态 of one refund."""

    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"
    ABNORMAL = "ABNORMAL"  # the payer's account refused the money; an operator must act


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """预支付订单: what the payer is asked to pay."""

    out_trade_no: str  # our own number, 6–32 of [0-9A-Za-z_-], never used twice
    amount_fen: int
    description: str  # shown to the payer, at most 127 characters
    notify_url: str
    expires_at: dt.datetime  # aware
    attach: str = ""  # comes back in notices and queries, at most 128 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """What the gateway itself says about an order: the only ground for booking a payment."""

    out_trade_no: str
    state: TradeState
    transaction_id: str | None
    amount_fen: int
    currency: str
    payer: str | None
    paid_at: dt.datetime | None
    attach: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRefund:
    """退款申请: `refund_fen` of an order of `amount_fen` goes back to the payer."""

    out_trade_no: str
    out_refund_no: str  # our own number; the same number never refunds twice
    refund_fen: int
    amount_fen: int
    reason: str
    notify_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundState:
    """What the gateway says about a refund."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str
    transaction_id: str
    status: RefundStatus
    refund_fen: int
    amount_fen: int
    currency: str
    refunded_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """支付/退款结果通知 whose signature, age, encryption and addressee were verified.

    A genuine notice is still only a hint: the receiver compares `amount_fen`, `currency` and `out_trade_no` with its
    own record, asks `query`, and books once per `notice_id` and per order. `appid` is empty on refund notices.
    """

    notice_id: str
    event_type: str  # TRANSACTION.SUCCESS, REFUND.SUCCESS, REFUND.ABNORMAL, REFUND.CLOSED
    out_trade_no: str
    transaction_id: str
    amount_fen: int
    currency: str
    mchid: str
    appid: str
    trade_state: TradeState | None  # None on refund notices
    success_time: dt.datetime | None
    out_refund_no: str | None = None
    refund_status: RefundStatus | None = None
    refund_fen: int | None = None

    @property
    def is_payment(self) -> bool:
        return self.event_type == "TRANSACTION.SUCCESS"


class GatewayError(Exception):
    """Something the gateway did or said; the message is for the log, not for users."""


class Unavailable(GatewayError):
    """No answer that can be trusted within ten seconds: nothing is known, ask again later."""


class Refused(GatewayError):
    """The gateway understood and declined; `code` is its own word, such as ORDERPAID or ORDER_NOT_EXIST."""

    def __init__(self, *, code: str, message: str, status: int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class UnknownOrder(Refused):
    """The gateway has no such order or refund."""


class ForgedNotice(GatewayError):
    """A notice that the gateway did not send to us just now; `reason` says which check failed. Answer 401."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PaymentGateway(Protocol):
    """收款渠道. Each call ends within ten seconds and may raise Unavailable; those on an order also UnknownOrder."""

    def create_native(self, *, order: NewOrder) -> str:
        """Open the order and return its `code_url` for a QR code.

        Calling again with the very same order is safe while it is unpaid. Raises Refused (ORDERPAID,
        OUT_TRADE_NO_USED, ORDER_CLOSED, PARAM_ERROR).
        """

    def query(self, *, out_trade_no: str) -> OrderState:
        """Ask what became of an order."""

    def close(self, *, out_trade_no: str) -> None:
        """Close an unpaid order so that it can't be paid any more; twice is fine. Raises Refused (ORDERPAID)."""

    def refund(self, *, refund: NewRefund) -> RefundState:
        """Ask for a refund; idempotent by `out_refund_no`. Raises Refused (INVALID_REQUEST)."""

    def query_refund(self, *, out_refund_no: str) -> RefundState:
        """Ask what became of a refund."""

    def read_notice(self, *, headers: Mapping[str, str], body: bytes) -> Notice:
        """Verify and open a notice; raises ForgedNotice. Header names may be HTTP or Django META names.

        A notice replayed within five minutes verifies: idempotence by `notice_id` is the domain's job.
        """
