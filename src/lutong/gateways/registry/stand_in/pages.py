"""HTML of the stand-in registry: no script, no outside asset, and on every page the words that it is a stand-in."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lutong.gateways.registry.port import LicenceKind, LicenceStatus

TITLE = "律师身份核验平台（替身）"
_BEIJING = dt.timezone(dt.timedelta(hours=8))
_STYLE = (Path(__file__).parent / "style.css").read_bytes()
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def stylesheet(request: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"})


async def no_picture(request: Request) -> Response:
    return Response(status_code=204)


def lawyers(rows: list[sqlite3.Row], words: str, mode: str) -> Response:
    """The roll, with a search."""
    lines = "".join(
        f'<tr><td><a href="/lawyers/{escape(row["licence_no"])}">{escape(row["name"])}</a></td>'
        f"<td>{escape(row['licence_no'])}</td><td>{LicenceKind(row['kind']).label}</td>"
        f"<td>{escape(row['firm_name'])}</td><td>{escape(row['city'])}</td><td>{_tag(row['status'])}</td></tr>"
        for row in rows
    )
    head = "<tr><th>姓名</th><th>执业证号</th><th>类别</th><th>执业机构</th><th>地区</th><th>执业状态</th></tr>"
    table = f'<div class="scroll" tabindex="0" role="region" aria-label="律师名册"><table>{head}{lines}</table></div>'
    search = (
        '<form action="/" class="line"><p><label for="q">姓名、执业证号或执业机构</label>'
        f'<input id="q" name="q" value="{escape(words)}" maxlength="50"></p><button class="plain">查询</button></form>'
    )
    body = table if rows else '<p class="hint">没有符合的律师，请换一个词。</p>'
    foot = f'<p>当前应答方式：{mode}。<a href="/control">故障演练</a></p>'
    return _page(TITLE, f"<main><h1>律师名册</h1>{search}{body}{foot}</main>")


def lawyer(row: sqlite3.Row, history: list[sqlite3.Row], *, problem: str, reason: str) -> Response:
    """One lawyer, the bureau's form and what was decided so far."""
    facts = "<dl>" + "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>"
        for name, value in (
            ("执业证号", escape(row["licence_no"])),
            ("性别", escape(row["sex"])),
            ("执业类别", LicenceKind(row["kind"]).label),
            ("执业机构", escape(row["firm_name"])),
            ("统一社会信用代码", escape(row["firm_uscc"])),
            ("地区", escape(f"{row['province']} {row['city']}")),
            ("执业状态", _tag(row["status"])),
            ("状态起始", escape(row["status_since"])),
            ("理由", escape(row["status_reason"] or "—")),
        )
    )
    options = "".join(
        f'<option value="{status}"{" selected" if status == row["status"] else ""}>{status.label}</option>'
        for status in LicenceStatus
    )
    warning = f'<p class="error" role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    described = ' aria-describedby="problem" aria-invalid="true"' if problem else ""
    form = (
        f'<form method="post" action="/lawyers/{escape(row["licence_no"])}">{warning}'
        f'<p><label for="status">执业状态</label><select id="status" name="status">{options}</select></p>'
        '<p><label for="reason">理由和依据（4–300 字）</label>'
        f'<textarea id="reason" name="reason" rows="3" maxlength="300" required{described}>{escape(reason)}</textarea>'
        '</p><button class="go">记录决定</button></form>'
    )
    past = "".join(
        f"<li><time>{_moment(event['recorded_at'])}</time> {_tag(event['status'])} {escape(event['reason'])}</li>"
        for event in history
    )
    body = (
        f'<main><p><a href="/">返回名册</a></p><h1>{escape(row["name"])}</h1>{facts}</dl><h2>变更执业状态</h2>{form}'
        f"<h2>变更记录</h2>{f'<ol>{past}</ol>' if past else '<p>没有变更。</p>'}</main>"
    )
    return _page(f"{row['name']} · {TITLE}", body, status=422 if problem else 200)


def control(wishes: dict[str, Any], modes: Mapping[str, str]) -> Response:
    """How to misbehave from now on."""
    options = "".join(
        f'<option value="{value}"{" selected" if value == wishes["mode"] else ""}>{text}</option>'
        for value, text in modes.items()
    )
    body = (
        '<main><p><a href="/">返回名册</a></p><h1>故障演练</h1><form method="post" action="/control">'
        f'<p><label for="mode">接口应答</label><select id="mode" name="mode">{options}</select></p>'
        '<p><label for="slow_seconds">缓慢时长（秒）</label><input id="slow_seconds" name="slow_seconds" type="number" '
        f'min="0" max="120" step="any" value="{wishes["slow_seconds"]:g}" required></p>'
        '<button class="go">保存设置</button></form></main>'
    )
    return _page("故障演练 · " + TITLE, body)


def message(title: str, text: str, *, status: int) -> Response:
    """One sentence and the way out."""
    body = f'<main><h1>{escape(title)}</h1><p class="hint">{escape(text)}</p><p><a href="/">返回名册</a></p></main>'
    return _page(TITLE, body, status=status)


def _tag(status: str) -> str:
    return f'<span class="tag {status}">{LicenceStatus(status).label}</span>'


def _moment(text: str) -> str:
    return dt.datetime.fromisoformat(text).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def _page(title: str, body: str, *, status: int = 200) -> Response:
    text = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
        '<body><header><p class="mark"><strong>替身</strong>'
        "律师身份核验平台（替身）：人员、机构和号码均为虚构，与司法行政机关的真实系统无关。</p></header>"
        f"{body}</body></html>"
    )
    return HTMLResponse(text, status, dict(_HEADERS))
