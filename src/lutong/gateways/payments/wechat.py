"""微信支付 v3 as a merchant: the port over the `wechatpayv3` library, in public-key mode.

The library is kept behind four fences. It names its gateway only in a private attribute; it returns None for a forged
callback but raises for other defects; on an unknown serial it goes out to fetch certificates, so that any stranger's
notice would make us call out; and it bounds neither a dripping answer nor a slow name lookup.
"""

import base64
import binascii
import datetime as dt
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core

from lutong.gateways.payments.port import (
    ForgedNotice,
    NewOrder,
    NewRefund,
    Notice,
    OrderState,
    RefundState,
    RefundStatus,
    Refused,
    TradeState,
    Unavailable,
    UnknownOrder,
)

LARGEST_AGE_SECONDS = 300  # the gateway's own advice for notices and answers
_CONNECT_AND_READ_SECONDS = (3, 5)
_DEADLINE_SECONDS = 9
_OUR_NUMBER = re.compile(r"[0-9A-Za-z_-]{6,32}")
_SIGNED_HEADERS = ("Serial", "Signature", "Timestamp", "Nonce", "Signature-Type")
_UNKNOWN = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
_PAYMENT_EVENT = "TRANSACTION.SUCCESS"
_LARGEST_NOTICE = 64 * 1024
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatConfig:
    """商户参数. PEM texts and the 32-character APIv3 key never appear in a repr."""

    mchid: str
    appid: str
    serial: str  # 商户API证书序列号
    private_key: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    public_key: str = field(repr=False)  # 微信支付公钥
    public_key_id: str
    base_url: str


class _StrictCore(Core):  # type: ignore[misc]  # the library ships no types
    """The library's core with the checks that it leaves out: known serial, canonical signature, age."""

    clock: Callable[[], float] = staticmethod(time.time)

    def _verify_signature(self, headers: Mapping[str, str], body: str) -> bool:
        plain = {name.lower(): value for name, value in headers.items()}
        if plain.get("wechatpay-serial") != self._public_key_id:
            raise ForgedNotice(reason="serial is not the pinned public key")
        stamp = plain.get("wechatpay-timestamp", "")
        if not re.fullmatch(r"[0-9]{1,12}", stamp) or abs(self.clock() - int(stamp)) > LARGEST_AGE_SECONDS:
            raise ForgedNotice(reason="timestamp is missing or older than five minutes")
        if not _is_canonical_base64(plain.get("wechatpay-signature", "")):
            raise ForgedNotice(reason="signature is not plain base64")
        return bool(super()._verify_signature(plain, body))


class WeChatGateway:
    """A PaymentGateway that speaks 微信支付 v3 to `config.base_url`."""

    def __init__(self, config: WeChatConfig, *, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        core = _StrictCore(
            mchid=config.mchid,
            cert_serial_no=config.serial,
            private_key=config.private_key,
            apiv3_key=config.apiv3_key,
            public_key=config.public_key,
            public_key_id=config.public_key_id,
            timeout=_CONNECT_AND_READ_SECONDS,
            proxy=_no_proxy_to_ourselves(config.base_url),
        )
        core._gate_way = config.base_url
        core.clock = clock
        self._client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=config.mchid,
            private_key=config.private_key,
            cert_serial_no=config.serial,
            appid=config.appid,
            apiv3_key=config.apiv3_key,
            public_key=config.public_key,
            public_key_id=config.public_key_id,
        )
        self._client._core = core

    def create_native(self, *, order: NewOrder) -> str:
        _check_number(order.out_trade_no)
        answer = self._ask(
            lambda: self._client.pay(
                description=order.description,
                out_trade_no=order.out_trade_no,
                amount={"total": order.amount_fen, "currency": "CNY"},
                time_expire=order.expires_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
                attach=order.attach or None,
                notify_url=order.notify_url,
            )
        )
        return _reading(lambda: _text(answer, "code_url"))

    def query(self, *, out_trade_no: str) -> OrderState:
        _check_number(out_trade_no)
        answer = self._ask(lambda: self._client.query(out_trade_no=out_trade_no))
        self._check_ours(answer, out_trade_no=out_trade_no)
        return _reading(lambda: _order_state(answer))

    def close(self, *, out_trade_no: str) -> None:
        _check_number(out_trade_no)
        self._ask(lambda: self._client.close(out_trade_no=out_trade_no))

    def refund(self, *, refund: NewRefund) -> RefundState:
        _check_number(refund.out_trade_no)
        _check_number(refund.out_refund_no)
        answer = self._ask(
            lambda: self._client.refund(
                out_refund_no=refund.out_refund_no,
                out_trade_no=refund.out_trade_no,
                amount={"refund": refund.refund_fen, "total": refund.amount_fen, "currency": "CNY"},
                reason=refund.reason,
                notify_url=refund.notify_url,
            )
        )
        if answer.get("out_trade_no") != refund.out_trade_no or answer.get("out_refund_no") != refund.out_refund_no:
            raise Unavailable("the answer speaks of another refund")
        return _reading(lambda: _refund_state(answer))

    def query_refund(self, *, out_refund_no: str) -> RefundState:
        _check_number(out_refund_no)
        answer = self._ask(lambda: self._client.query_refund(out_refund_no=out_refund_no))
        if answer.get("out_refund_no") != out_refund_no:
            raise Unavailable("the answer speaks of another refund")
        return _reading(lambda: _refund_state(answer))

    def read_notice(self, *, headers: Mapping[str, str], body: bytes) -> Notice:
        """Verify serial, age, signature and encryption, then that the notice is addressed to us; raises ForgedNotice.

        A replay is known by its age: the timestamp is signed. Within five minutes a copy verifies again, so the
        receiving domain stays idempotent by `notice_id`; amount and order are compared there with our own record.
        """
        if len(body) > _LARGEST_NOTICE:
            raise ForgedNotice(reason="body is too large for a notice")
        try:
            message = self._client.callback(_signed_headers(headers), body)
        except ForgedNotice:
            raise
        except Exception as error:  # the library raises bare Exception and whatever broken bytes cause
            raise ForgedNotice(reason=f"unreadable: {type(error).__name__}") from error
        if not message:
            raise ForgedNotice(reason="signature or encryption does not verify")
        try:
            notice = _notice(message)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ForgedNotice(reason=f"not a notice: {type(error).__name__}") from error
        if notice.mchid != self._config.mchid:
            raise ForgedNotice(reason="addressed to another merchant")
        if notice.is_payment and notice.appid != self._config.appid:
            raise ForgedNotice(reason="addressed to another application")
        return notice

    def _check_ours(self, answer: dict[str, Any], *, out_trade_no: str) -> None:
        """A signed answer is not bound to its question: one recorded for another order must not count."""
        told = (answer.get("out_trade_no"), answer.get("mchid"), answer.get("appid"))
        if told != (out_trade_no, self._config.mchid, self._config.appid):
            raise Unavailable("the answer speaks of another order")

    def _ask(self, call: Callable[[], tuple[int, str | bytes]]) -> dict[str, Any]:
        """Make one call within the deadline and turn every outcome into an answer, Refused or Unavailable."""
        status, text = _within_deadline(call)
        if status == 204:
            return {}
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise Unavailable(f"HTTP {status} without JSON") from error
        if not isinstance(answer, dict):
            raise Unavailable(f"HTTP {status} without an object")
        if status == 200:
            return answer
        code, message = str(answer.get("code", "")), str(answer.get("message", ""))
        if status >= 500 or status == 429 or not code:
            raise Unavailable(f"HTTP {status} {code}")
        kind = UnknownOrder if code in _UNKNOWN else Refused
        raise kind(code=code, message=message, status=status)


def _within_deadline(call: Callable[[], tuple[int, str | bytes]]) -> tuple[int, str | bytes]:
    """Run in a thread of its own: name lookups and dripping bodies escape the library's timeouts."""
    outcome: list[tuple[int, str | bytes] | Exception] = []

    def run() -> None:
        try:
            outcome.append(call())
        except Exception as error:  # noqa: BLE001  # the library raises bare Exception; it is told apart below
            outcome.append(error)

    worker = threading.Thread(target=run, daemon=True, name="wechat-pay")
    worker.start()
    worker.join(_DEADLINE_SECONDS)
    if not outcome:
        raise Unavailable("no answer within the deadline")
    result = outcome[0]
    if isinstance(result, OSError):  # requests' errors are OSErrors
        raise Unavailable(type(result).__name__) from result
    if isinstance(result, Exception):
        raise Unavailable(f"the answer can't be trusted: {result}") from result
    return result


def _signed_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The five signed headers under HTTP names, whether they come from HTTP or from Django's META."""
    plain = {name.upper().replace("-", "_").removeprefix("HTTP_"): value for name, value in headers.items()}
    found = {
        f"wechatpay-{name.lower()}": plain.get(f"WECHATPAY_{name.upper().replace('-', '_')}")
        for name in _SIGNED_HEADERS
    }
    if missing := [name for name, value in found.items() if not value]:
        raise ForgedNotice(reason=f"header missing: {missing[0]}")
    return {name: str(value) for name, value in found.items()}


def _is_canonical_base64(text: str) -> bool:
    """Whether there is no second spelling of the same signature."""
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except (binascii.Error, ValueError):
        return False


def _notice(message: dict[str, Any]) -> Notice:
    event, resource = str(message["event_type"]), message["resource"]
    amount = resource["amount"]
    is_payment = event == _PAYMENT_EVENT
    if not is_payment and not event.startswith("REFUND."):
        raise ValueError(event)
    return Notice(
        notice_id=_text(message, "id"),
        event_type=event,
        out_trade_no=_text(resource, "out_trade_no"),
        transaction_id=_text(resource, "transaction_id"),
        amount_fen=_fen(amount["total"]),
        currency=str(amount.get("currency", "CNY")),
        mchid=_text(resource, "mchid"),
        appid=_text(resource, "appid") if is_payment else "",
        trade_state=TradeState(resource["trade_state"]) if is_payment else None,
        success_time=_instant(resource.get("success_time")),
        out_refund_no=None if is_payment else _text(resource, "out_refund_no"),
        refund_status=None if is_payment else RefundStatus(resource["refund_status"]),
        refund_fen=None if is_payment else _fen(amount["refund"]),
    )


def _order_state(answer: dict[str, Any]) -> OrderState:
    state = TradeState(answer["trade_state"])
    # An unpaid order carries no amount in the gateway's answer.
    amount = answer.get("amount") or {"total": 0, "currency": "CNY"}
    return OrderState(
        out_trade_no=_text(answer, "out_trade_no"),
        state=state,
        transaction_id=answer.get("transaction_id") or None,
        amount_fen=_fen(amount["total"]),
        currency=str(amount.get("currency", "CNY")),
        payer=(answer.get("payer") or {}).get("openid"),
        paid_at=_instant(answer.get("success_time")),
        attach=str(answer.get("attach") or ""),
    )


def _refund_state(answer: dict[str, Any]) -> RefundState:
    amount = answer["amount"]
    return RefundState(
        out_refund_no=_text(answer, "out_refund_no"),
        refund_id=_text(answer, "refund_id"),
        out_trade_no=_text(answer, "out_trade_no"),
        transaction_id=_text(answer, "transaction_id"),
        status=RefundStatus(answer["status"]),
        refund_fen=_fen(amount["refund"]),
        amount_fen=_fen(amount["total"]),
        currency=str(amount.get("currency", "CNY")),
        refunded_at=_instant(answer.get("success_time")),
    )


def _reading(read: Callable[[], _T]) -> _T:
    """A well-signed answer that lacks what the protocol promises is no answer."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable(f"unexpected answer: {error!r}") from error


def _text(source: dict[str, Any], key: str) -> str:
    value = source.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is missing")
    return value


def _fen(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("an amount is a whole number of 分")
    return value


def _instant(text: object) -> dt.datetime | None:
    if not text:
        return None
    moment = dt.datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("an instant carries its offset")
    return moment.astimezone(dt.UTC)


def _check_number(number: str) -> None:
    if not _OUR_NUMBER.fullmatch(number):
        raise Refused(code="PARAM_ERROR", message="商户单号格式不正确", status=400)


def _no_proxy_to_ourselves(base_url: str) -> dict[str, str] | None:
    """A stand-in on this machine is never reached through the environment's proxy."""
    return {"http": "", "https": ""} if urlsplit(base_url).hostname in {"127.0.0.1", "localhost", "::1"} else None
