"""Notices: written with the payment, signed when sent, repeated until answered 200 or 204; and forgeries."""

import asyncio
import json
import secrets
import sqlite3
import time
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa

from lutong.gateways.payments.stand_in.trade import PAYER, Trade, moment
from lutong.gateways.payments.stand_in.wire import Wire

# 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h, as the gateway's documentation has it.
RETRY_SECONDS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
FORGERIES = {
    "wrong_signature": "签名被改动",
    "wrong_key": "用陌生密钥签名",
    "wrong_serial": "序列号不属于微信支付",
    "unsigned": "没有签名头",
    "unencrypted": "内容未加密",
    "wrong_apiv3_key": "用别的密钥加密",
    "replay_old": "十分钟前的旧通知重放",
    "wrong_mchid": "收款商户是别人（签名真实）",
    "wrong_appid": "应用是别人的（签名真实）",
    "wrong_amount": "金额改为 0.01 元（签名真实）",
    "wrong_order": "订单号是别的订单（签名真实）",
    "wrong_currency": "币种改为 USD（签名真实）",
}
_SUMMARY = {"TRANSACTION.SUCCESS": "支付成功", "REFUND.SUCCESS": "退款成功"}
_SENT_SECONDS_AGO = 600
_ANSWER_SECONDS = 5.0  # the merchant has five seconds to answer
_POLL_SECONDS = 0.05


class Postman:
    """Writes notices into the book and carries them out."""

    def __init__(self, trade: Trade, wire: Wire, *, retry_scale: float) -> None:
        self._trade, self._book, self._wire = trade, trade.book, wire
        self._scale = retry_scale
        self._under_way: set[asyncio.Task[None]] = set()

    def write_payment(self, order: sqlite3.Row, *, now: float) -> None:
        """To be called in the transaction that books the payment."""
        wishes = self._book.wishes()
        if wishes["forge"]:
            self.write_forgery(order, wishes["forge"], now=now)
        resource = self._trade.order_answer(order, now=now)
        self._write(order["out_trade_no"], "TRANSACTION.SUCCESS", resource, order["notify_url"], wishes, now)

    def write_forgery(self, order: sqlite3.Row, kind: str, *, now: float) -> str:
        """A notice of this kind that claims the order was paid, whether it was or not; never repeated."""
        resource = self._trade.order_answer(order, now=now) | {
            "trade_state": "SUCCESS",
            "trade_state_desc": "支付成功",
            "transaction_id": order["transaction_id"] or f"4200000000{secrets.randbelow(10**18):018d}",
            "success_time": moment(now),
            "payer": {"openid": PAYER},
        }
        calm = {"delay_seconds": 0, "copies": 1, "lose": False}
        return self._write(
            order["out_trade_no"],
            "TRANSACTION.SUCCESS",
            _falsified(resource, kind),
            order["notify_url"],
            calm,
            now,
            forged=kind,
        )

    def write_refund(self, refund: sqlite3.Row, *, now: float) -> None:
        if not refund["notify_url"]:
            return
        answer = self._trade.refund_answer(refund)
        kept = ("out_trade_no", "transaction_id", "out_refund_no", "refund_id", "success_time", "user_received_account")
        resource = {
            "mchid": self._wire.mchid,
            **{name: answer[name] for name in kept},
            "refund_status": answer["status"],
            "amount": {name: answer["amount"][name] for name in ("total", "refund", "payer_total", "payer_refund")},
        }
        self._write(refund["out_trade_no"], "REFUND.SUCCESS", resource, refund["notify_url"], self._book.wishes(), now)

    def resend(self, notice_id: str, *, now: float) -> bool:
        """Send a notice again with the same id, as the merchant platform's 重发 does."""
        return bool(self._book.write("UPDATE notices SET state = 'waiting', next_at = ? WHERE id = ?", now, notice_id))

    async def work(self) -> None:
        """Carry out notices until cancelled; what waits in the book survives a restart."""
        async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, trust_env=False, follow_redirects=False) as http:
            while True:
                now = time.time()
                with self._book.transaction():
                    for refund in self._trade.settle_refunds(now=now):
                        self.write_refund(refund, now=now)
                due = self._book.all("SELECT * FROM notices WHERE state = 'waiting' AND next_at <= ? LIMIT 50", now)
                for notice in due:
                    self._take(notice, now)
                    task = asyncio.create_task(self._send(http, notice))
                    self._under_way.add(task)
                    task.add_done_callback(self._under_way.discard)
                await asyncio.sleep(_POLL_SECONDS)

    def _write(
        self,
        out_trade_no: str,
        event: str,
        resource: dict[str, Any],
        url: str,
        wishes: dict[str, Any],
        now: float,
        forged: str = "",
    ) -> str:
        notice_id = secrets.token_hex(16)
        self._book.insert(
            "notices",
            id=notice_id,
            out_trade_no=out_trade_no,
            event=event,
            resource=json.dumps(resource, ensure_ascii=False),
            url=url,
            copies=wishes["copies"],
            forged=forged,
            state="lost" if wishes["lose"] else "waiting",
            next_at=now + wishes["delay_seconds"],
            created_at=now,
        )
        return notice_id

    def _take(self, notice: sqlite3.Row, now: float) -> None:
        """Plan the next attempt before this one, so that a crash in between repeats and never forgets."""
        attempt = notice["attempts"]
        may_repeat = not notice["forged"] and attempt < len(RETRY_SECONDS)
        self._book.write(
            "UPDATE notices SET attempts = ?, state = ?, next_at = ? WHERE id = ?",
            attempt + 1,
            "waiting" if may_repeat else "given_up",
            now + (_ANSWER_SECONDS + RETRY_SECONDS[attempt] * self._scale if may_repeat else 0),
            notice["id"],
        )

    async def _send(self, http: httpx.AsyncClient, notice: sqlite3.Row) -> None:
        answers = await asyncio.gather(*(self._post(http, notice) for _ in range(notice["copies"])))
        accepted = any(answer in {"200", "204"} for answer in answers)
        self._book.write("UPDATE notices SET last_answer = ? WHERE id = ?", answers[-1], notice["id"])
        if accepted:
            self._book.write("UPDATE notices SET state = 'delivered' WHERE id = ?", notice["id"])
        elif not notice["forged"] and notice["attempts"] < len(RETRY_SECONDS):
            self._book.write(
                "UPDATE notices SET next_at = ? WHERE id = ? AND state = 'waiting'",
                time.time() + RETRY_SECONDS[notice["attempts"]] * self._scale,
                notice["id"],
            )

    async def _post(self, http: httpx.AsyncClient, notice: sqlite3.Row) -> str:
        body, headers = self.sealed(notice, now=time.time())
        try:
            response = await http.post(notice["url"], content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__
        return str(response.status_code)

    def sealed(self, notice: sqlite3.Row, *, now: float) -> tuple[bytes, dict[str, str]]:
        """Body and headers of one sending; forgeries of the envelope happen here."""
        forged, is_payment = notice["forged"], notice["event"].startswith("TRANSACTION")
        strange_key = secrets.token_hex(16).encode() if forged == "wrong_apiv3_key" else None
        associated = "transaction" if is_payment else "refund"
        resource: dict[str, Any] = self._wire.encrypt(notice["resource"], associated=associated, key=strange_key)
        resource["original_type"] = associated
        if forged == "unencrypted":
            resource = json.loads(notice["resource"])
        body = json.dumps(
            {
                "id": notice["id"],
                "create_time": moment(notice["created_at"]),
                "resource_type": "resource" if forged == "unencrypted" else "encrypt-resource",
                "event_type": notice["event"],
                "summary": _SUMMARY[notice["event"]],
                "resource": resource,
            },
            ensure_ascii=False,
        ).encode()
        signed = self._wire.signed_headers(
            body,
            now=now - _SENT_SECONDS_AGO if forged == "replay_old" else now,
            serial=secrets.token_hex(20).upper() if forged == "wrong_serial" else None,
            key=rsa.generate_private_key(public_exponent=65537, key_size=2048) if forged == "wrong_key" else None,
        )
        if forged == "wrong_signature":
            first = signed["Wechatpay-Signature"][0]
            signed["Wechatpay-Signature"] = ("B" if first == "A" else "A") + signed["Wechatpay-Signature"][1:]
        return body, {"Content-Type": "application/json", **({} if forged == "unsigned" else signed)}


def _falsified(resource: dict[str, Any], kind: str) -> dict[str, Any]:
    """Lies about the facts, under a genuine signature: only comparing with one's own record finds them."""
    amount = resource["amount"]
    if kind == "wrong_amount":
        return resource | {"amount": amount | {"total": 1, "payer_total": 1}}
    if kind == "wrong_currency":
        return resource | {"amount": amount | {"currency": "USD", "payer_currency": "USD"}}
    if kind == "wrong_order":
        return resource | {"out_trade_no": "X" + resource["out_trade_no"][1:]}
    if kind == "wrong_mchid":
        return resource | {"mchid": "1900000000"}
    if kind == "wrong_appid":
        return resource | {"appid": "wx0000000000000000"}
    return resource
