"""Orders and refunds by the gateway's rules, with the gateway's error codes."""

import datetime as dt
import json
import re
import secrets
import sqlite3
from typing import Any
from urllib.parse import urlsplit

from lutong.gateways.payments.stand_in.book import Book
from lutong.gateways.payments.stand_in.wire import ApiError, Wire

BEIJING = dt.timezone(dt.timedelta(hours=8))
PAYER = "oStandIn0000000000000000Payer"
REFUND_SECONDS = 1.0
_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_LARGEST_TOTAL = 10**12
_SEVEN_DAYS = 7 * 86400.0
_STATE_WORDS = {"NOTPAY": "订单未支付", "SUCCESS": "支付成功", "CLOSED": "订单已关闭", "REFUND": "订单发生过退款"}


class Trade:
    """What the gateway's API does, without HTTP."""

    def __init__(self, book: Book, wire: Wire) -> None:
        self.book, self._wire = book, wire

    def create(self, trade_type: str, asked: dict[str, Any], *, now: float) -> sqlite3.Row:
        """Open an order, or return the open one that was asked for in the very same words."""
        self._check_owner(asked)
        number, total, expires_at = _checked(asked, now)
        terms = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        known = self.book.one("SELECT * FROM orders WHERE out_trade_no = ?", number)
        if known:
            state = state_of(known, now)
            if state in {"SUCCESS", "REFUND"}:
                raise ApiError(400, "ORDERPAID", "该订单已支付")
            if state == "CLOSED":
                raise ApiError(400, "ORDER_CLOSED", "该订单已关闭")
            if (known["terms"], known["trade_type"]) != (terms, trade_type):
                raise ApiError(403, "OUT_TRADE_NO_USED", "商户订单号重复，与原请求参数不一致")
            return known
        self.book.insert(
            "orders",
            out_trade_no=number,
            trade_type=trade_type,
            code=secrets.token_urlsafe(18),
            terms=terms,
            description=asked["description"],
            attach=asked.get("attach") or "",
            notify_url=asked["notify_url"],
            total=total,
            created_at=now,
            expires_at=expires_at,
            state="NOTPAY",
        )
        return self.order(number)

    def order(self, out_trade_no: str) -> sqlite3.Row:
        found = self.book.one("SELECT * FROM orders WHERE out_trade_no = ?", out_trade_no)
        if found is None:
            raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
        return found

    def order_by_transaction(self, transaction_id: str) -> sqlite3.Row:
        found = self.book.one("SELECT * FROM orders WHERE transaction_id = ?", transaction_id)
        if found is None:
            raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
        return found

    def close(self, out_trade_no: str, *, now: float) -> None:
        state = state_of(self.order(out_trade_no), now)
        if state in {"SUCCESS", "REFUND"}:
            raise ApiError(400, "ORDERPAID", "该订单已支付，不能关闭")
        self.book.write("UPDATE orders SET state = 'CLOSED' WHERE out_trade_no = ?", out_trade_no)

    def pay(self, code: str, *, now: float) -> sqlite3.Row:
        """The payer confirms; raises ApiError ORDERPAID, ORDER_CLOSED. Run inside the caller's transaction."""
        found = self.book.one("SELECT * FROM orders WHERE code = ?", code)
        if found is None:
            raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
        state = state_of(found, now)
        if state in {"SUCCESS", "REFUND"}:
            raise ApiError(400, "ORDERPAID", "该订单已支付")
        if state == "CLOSED":
            raise ApiError(400, "ORDER_CLOSED", "该订单已关闭或已过期")
        self.book.write(
            "UPDATE orders SET state = 'SUCCESS', transaction_id = ?, payer = ?, paid_at = ? WHERE code = ?",
            _gateway_number("42000", now),
            PAYER,
            now,
            code,
        )
        return self.order(found["out_trade_no"])

    def refund(self, asked: dict[str, Any], *, now: float) -> sqlite3.Row:
        """Take a refund in; it settles a moment later. The same number with the same terms is the same refund."""
        number, amount = asked.get("out_refund_no"), asked.get("amount")
        if not isinstance(number, str) or not _NUMBER.fullmatch(number):
            raise _param_error("/body/out_refund_no", "商户退款单号须为 6–32 位数字、字母或 _-|*")
        if not isinstance(amount, dict) or amount.get("currency") != "CNY":
            raise _param_error("/body/amount", "缺少 amount 或币种不是 CNY")
        order = self._order_to_refund(asked, now)
        wanted = amount.get("refund")
        if not _is_amount(wanted) or amount.get("total") != order["total"]:
            raise ApiError(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
        known = self.book.one("SELECT * FROM refunds WHERE out_refund_no = ?", number)
        if known:
            if (known["out_trade_no"], known["refund"]) != (order["out_trade_no"], wanted):
                raise ApiError(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
            return known
        taken = self.book.one(
            "SELECT coalesce(sum(refund), 0) AS fen FROM refunds WHERE out_trade_no = ?", order["out_trade_no"]
        )
        if taken is None or taken["fen"] + wanted > order["total"]:
            raise ApiError(400, "INVALID_REQUEST", "退款金额大于可退金额")
        with self.book.transaction():
            self.book.insert(
                "refunds",
                out_refund_no=number,
                refund_id=_gateway_number("50000", now),
                out_trade_no=order["out_trade_no"],
                refund=wanted,
                reason=str(asked.get("reason") or ""),
                notify_url=_notify_url(asked) if asked.get("notify_url") else "",
                status="PROCESSING",
                created_at=now,
            )
            self.book.write("UPDATE orders SET state = 'REFUND' WHERE out_trade_no = ?", order["out_trade_no"])
        return self.refund_of(number)

    def refund_of(self, out_refund_no: str) -> sqlite3.Row:
        found = self.book.one("SELECT * FROM refunds WHERE out_refund_no = ?", out_refund_no)
        if found is None:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return found

    def settle_refunds(self, *, now: float) -> list[sqlite3.Row]:
        """Refunds that reach the payer now."""
        due = self.book.all(
            "SELECT * FROM refunds WHERE status = 'PROCESSING' AND created_at <= ?", now - REFUND_SECONDS
        )
        for refund in due:
            self.book.write(
                "UPDATE refunds SET status = 'SUCCESS', settled_at = ? WHERE out_refund_no = ?",
                now,
                refund["out_refund_no"],
            )
        return [self.refund_of(refund["out_refund_no"]) for refund in due]

    def order_answer(self, order: sqlite3.Row, *, now: float) -> dict[str, Any]:
        """An order as `query` and a payment notice tell it."""
        state = state_of(order, now)
        answer: dict[str, Any] = {
            "appid": self._wire.appid,
            "mchid": self._wire.mchid,
            "out_trade_no": order["out_trade_no"],
            "trade_type": order["trade_type"],
            "trade_state": state,
            "trade_state_desc": _STATE_WORDS[state],
            "attach": order["attach"],
            "amount": {"total": order["total"], "currency": "CNY"},
        }
        if order["transaction_id"]:
            answer |= {
                "transaction_id": order["transaction_id"],
                "bank_type": "OTHERS",
                "success_time": moment(order["paid_at"]),
                "payer": {"openid": order["payer"]},
            }
            answer["amount"] |= {"payer_total": order["total"], "payer_currency": "CNY"}
        return answer

    def refund_answer(self, refund: sqlite3.Row) -> dict[str, Any]:
        order = self.order(refund["out_trade_no"])
        fen, total = refund["refund"], order["total"]
        answer: dict[str, Any] = {
            "refund_id": refund["refund_id"],
            "out_refund_no": refund["out_refund_no"],
            "transaction_id": order["transaction_id"],
            "out_trade_no": order["out_trade_no"],
            "channel": "ORIGINAL",
            "user_received_account": "支付用户零钱",
            "create_time": moment(refund["created_at"]),
            "status": refund["status"],
            "funds_account": "AVAILABLE",
            "amount": {
                "total": total,
                "refund": fen,
                "payer_total": total,
                "payer_refund": fen,
                "settlement_total": total,
                "settlement_refund": fen,
                "discount_refund": 0,
                "currency": "CNY",
            },
        }
        if refund["settled_at"]:
            answer["success_time"] = moment(refund["settled_at"])
        return answer

    def _check_owner(self, asked: dict[str, Any]) -> None:
        if asked.get("mchid") != self._wire.mchid:
            raise ApiError(400, "MCH_NOT_EXISTS", "商户号不存在")
        if asked.get("appid") != self._wire.appid:
            raise ApiError(400, "APPID_MCHID_NOT_MATCH", "AppID和商户号不匹配")

    def _order_to_refund(self, asked: dict[str, Any], now: float) -> sqlite3.Row:
        try:
            if asked.get("transaction_id"):
                order = self.order_by_transaction(str(asked["transaction_id"]))
            else:
                order = self.order(str(asked.get("out_trade_no") or ""))
        except ApiError:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "订单不存在") from None
        if state_of(order, now) not in {"SUCCESS", "REFUND"}:
            raise ApiError(400, "INVALID_REQUEST", "订单未支付，不能退款")
        return order


def state_of(order: sqlite3.Row, now: float) -> str:
    """An unpaid order closes by itself when its time is over."""
    if order["state"] == "NOTPAY" and order["expires_at"] <= now:
        return "CLOSED"
    return str(order["state"])


def moment(seconds: float) -> str:
    """An instant as the gateway writes it."""
    return dt.datetime.fromtimestamp(seconds, BEIJING).isoformat(timespec="seconds")


def _checked(asked: dict[str, Any], now: float) -> tuple[str, int, float]:
    """Number, total and end of the time to pay; raises ApiError PARAM_ERROR naming the field."""
    number, description, amount = asked.get("out_trade_no"), asked.get("description"), asked.get("amount")
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise _param_error("/body/out_trade_no", "商户订单号须为 6–32 位数字、字母或 _-|*")
    if not isinstance(description, str) or not 1 <= len(description) <= 127:
        raise _param_error("/body/description", "商品描述须为 1–127 个字符")
    if not isinstance(asked.get("attach", ""), str) or len(asked.get("attach") or "") > 128:
        raise _param_error("/body/attach", "附加数据不得超过 128 个字符")
    if not isinstance(amount, dict) or not _is_amount(amount.get("total")):
        raise _param_error("/body/amount/total", "订单总金额须为正整数，单位为分")
    if amount.get("currency", "CNY") != "CNY":
        raise _param_error("/body/amount/currency", "仅支持 CNY")
    _notify_url(asked)
    expires_at = now + _SEVEN_DAYS
    if asked.get("time_expire"):
        try:
            expires_at = dt.datetime.fromisoformat(str(asked["time_expire"])).timestamp()
        except (ValueError, OverflowError, OSError):
            raise _param_error("/body/time_expire", "时间格式须遵循 rfc3339") from None
        if expires_at <= now:
            raise _param_error("/body/time_expire", "支付结束时间早于当前时间")
    return number, amount["total"], expires_at


def _notify_url(asked: dict[str, Any]) -> str:
    """The real gateway wants https; the stand-in also takes http, for one machine has no certificate."""
    url = asked.get("notify_url")
    try:
        parts = urlsplit(url) if isinstance(url, str) and len(url) <= 255 else None
    except ValueError:
        parts = None
    if not parts or parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise _param_error("/body/notify_url", "通知地址须为不带参数的完整网址")
    return str(url)


def _is_amount(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_TOTAL


def _param_error(field: str, issue: str) -> ApiError:
    return ApiError(400, "PARAM_ERROR", f"参数错误：{issue}", field=field, issue=issue, location="body")


def _gateway_number(prefix: str, now: float) -> str:
    day = dt.datetime.fromtimestamp(now, BEIJING).strftime("%Y%m%d")
    return f"{prefix}{secrets.randbelow(10**5):05d}{day}{secrets.randbelow(10**10):010d}"
