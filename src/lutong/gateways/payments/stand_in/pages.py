"""HTML of the stand-in: no script, no outside asset, and on every page the words that this is no real payment."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from starlette.responses import Response

from lutong.gateways.standins.frame import Frame, options

TITLE = "微信支付（替身，非真实收款）"
_BEIJING = dt.timezone(dt.timedelta(hours=8))
FRAME = Frame(
    "微信支付（替身，非真实收款）：只用于演示，不会划走任何钱款。",
    (Path(__file__).parent / "style.css").read_bytes(),
)
_STATES = {"NOTPAY": "待支付", "SUCCESS": "已支付", "CLOSED": "已关闭", "REFUND": "已退款"}
_EVENTS = {"TRANSACTION.SUCCESS": "支付成功通知", "REFUND.SUCCESS": "退款成功通知"}
_NOTICE_STATES = {"waiting": "待送达", "delivered": "已送达", "lost": "被丢弃", "given_up": "不再重试"}


def pay(order: sqlite3.Row, state: str, *, cancelled: bool) -> Response:
    """What the payer sees on the phone."""
    facts = (
        "<dl>"
        + _fact("商品", order["description"])
        + _fact("商户单号", order["out_trade_no"])
        + _fact("收款方", "律通演示商户（虚构）")
        + _fact("支付截止", _moment(order["expires_at"]))
        + (_fact("支付时间", _moment(order["paid_at"])) if order["paid_at"] else "")
        + (_fact("交易单号", order["transaction_id"]) if order["transaction_id"] else "")
        + "</dl>"
    )
    amount = f'<p class="amount"><span class="unit">¥</span>{_yuan(order["total"])}</p>'
    if state == "NOTPAY":
        note = '<p class="note" role="status">您已取消，本订单仍未支付。</p>' if cancelled else ""
        foot = (
            f'<form method="post" action="/pay"><input type="hidden" name="code" value="{escape(order["code"])}">'
            '<button class="go" name="action" value="pay">支付</button>'
            '<button class="plain" name="action" value="cancel">取消</button></form>'
        )
        return FRAME.page(TITLE, f"<main><h1>确认支付</h1>{note}{amount}{facts}{foot}</main>", look="phone")
    word = {"SUCCESS": "支付成功", "REFUND": "已转入退款", "CLOSED": "订单已关闭，不能支付"}[state]
    tone = "done" if state == "SUCCESS" else "over"
    hint = "可以关闭本页，回到律通查看结果。" if state == "SUCCESS" else "请回到律通页面查看。"
    body = f'<main><h1 class="{tone}" role="status">{word}</h1>{amount}{facts}<p class="hint">{hint}</p></main>'
    return FRAME.page(TITLE, body, look="phone")


def orders(rows: list[tuple[sqlite3.Row, str]]) -> Response:
    """All orders, newest first, each with its payment page."""
    lines = "".join(
        f'<tr><td><a href="/pay?code={escape(row["code"])}">{escape(row["out_trade_no"])}</a></td>'
        f'<td>{escape(row["description"])}</td><td class="num">{_yuan(row["total"])}</td>'
        f"<td>{_STATES[state]}</td><td>{_moment(row['created_at'])}</td></tr>"
        for row, state in rows
    )
    head = "<tr><th>商户单号</th><th>商品</th><th>金额（元）</th><th>状态</th><th>下单时间</th></tr>"
    table = f'<div class="scroll" tabindex="0" role="region" aria-label="订单"><table>{head}{lines}</table></div>'
    body = table if rows else "<p>还没有订单。在律通中发起缴费后，订单会出现在这里。</p>"
    return FRAME.page(TITLE, f'<main><h1>订单</h1>{body}<p><a href="/control">故障演练</a></p></main>')


def control(
    wishes: dict[str, Any],
    notices: list[sqlite3.Row],
    known: list[sqlite3.Row],
    *,
    forgeries: Mapping[str, str],
    api_modes: Mapping[str, str],
) -> Response:
    """How to misbehave, and what became of the notices."""
    setting = (
        '<form method="post" action="/control" class="grid">'
        + _number("delay_seconds", "通知延迟（秒）", wishes["delay_seconds"], 'min="0" max="86400" step="any"')
        + _number("copies", "每条通知同时发送次数", wishes["copies"], 'min="1" max="20"')
        + _select("lose", "丢弃通知", {"": "否", "1": "是，一条也不发"}, "1" if wishes["lose"] else "")
        + _select("forge", "支付后先发伪造通知", {"": "不伪造", **forgeries}, wishes["forge"])
        + _select("api", "接口应答", api_modes, wishes["api"])
        + _number("hang_seconds", "不应答时长（秒）", wishes["hang_seconds"], 'min="0" max="600" step="any"')
        + '<button class="go">保存设置</button></form>'
        '<form method="post" action="/control/reset"><button class="plain">恢复正常</button></form>'
    )
    choice = {row["out_trade_no"]: f"{row['out_trade_no']}（{_yuan(row['total'])} 元）" for row in known}
    forging = (
        '<form method="post" action="/control/forge" class="grid">'
        + _select("out_trade_no", "订单", choice, "", mark="forge-order")
        + _select("kind", "伪造方式", forgeries, "", mark="forge-kind")
        + '<button class="go">立即发送伪造通知</button></form>'
        if known
        else "<p>还没有订单。</p>"
    )
    lines = "".join(_notice_line(row, forgeries) for row in notices)
    head = "<tr><th>时间</th><th>订单</th><th>类型</th><th>状态</th><th>次数</th><th>最近应答</th><th>操作</th></tr>"
    table = f'<div class="scroll" tabindex="0" role="region" aria-label="通知"><table>{head}{lines}</table></div>'
    body = (
        f"<main><h1>故障演练</h1><h2>从现在起</h2>{setting}<h2>发送一条伪造通知</h2>{forging}"
        f'<h2>通知记录</h2>{table if notices else "<p>还没有通知。</p>"}<p><a href="/">订单</a></p></main>'
    )
    return FRAME.page("故障演练 · " + TITLE, body)


def message(title: str, text: str, *, status: int) -> Response:
    """One sentence and the way out."""
    body = f'<main><h1 class="over">{escape(title)}</h1><p class="hint">{escape(text)}</p></main>'
    return FRAME.page(TITLE, body, status=status, look="phone")


def _notice_line(row: sqlite3.Row, forgeries: Mapping[str, str]) -> str:
    kind = f"伪造：{forgeries[row['forged']]}" if row["forged"] else _EVENTS[row["event"]]
    again = (
        f'<form method="post" action="/control/resend"><input type="hidden" name="notice_id" value="{row["id"]}">'
        f'<button class="small" aria-label="重发 {escape(row["out_trade_no"])} 的通知">重发</button></form>'
    )
    cells = (_moment(row["created_at"]), row["out_trade_no"], kind, _NOTICE_STATES[row["state"]])
    tail = (str(row["attempts"]), row["last_answer"] or "—")
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells + tail) + f"<td>{again}</td></tr>"


def _fact(name: str, value: str) -> str:
    return f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>"


def _number(name: str, label: str, value: float, limits: str) -> str:
    return (
        f'<p><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="number" value="{value:g}" {limits} required></p>'
    )


def _select(name: str, label: str, words: Mapping[str, str], chosen: str, *, mark: str = "") -> str:
    lines = options(chosen, words)
    return (
        f'<p><label for="{mark or name}">{label}</label><select id="{mark or name}" name="{name}">{lines}</select></p>'
    )


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def _moment(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, _BEIJING).strftime("%Y-%m-%d %H:%M:%S")
