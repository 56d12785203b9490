"""HTML of the stand-in carrier: no script, no outside asset, and the words that it is a stand-in."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

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


def outbox(rows: list[sqlite3.Row], mobile: str, mode: str, modes: Mapping[str, str]) -> Response:
    """The messages that a real carrier would have delivered."""
    items = "".join(
        f'<li><p class="to"><b>{escape(row["mobile"])}</b> <time>{_moment(row["at"])}</time></p>'
        f'<p class="text">{escape(row["text"])}</p></li>'
        for row in rows
    )
    options = "".join(
        f'<option value="{value}"{" selected" if value == mode else ""}>{text}</option>'
        for value, text in modes.items()
    )
    body = (
        '<main><h1>收到的短信</h1><form action="/" class="line"><p><label for="mobile">手机号（不填则全部）</label>'
        f'<input id="mobile" name="mobile" value="{escape(mobile)}" inputmode="numeric" maxlength="20"></p>'
        '<button class="plain">查看</button></form>'
        f"{f'<ol>{items}</ol>' if items else '<p class=hint>还没有短信。发送后刷新本页。</p>'}"
        '<h2>故障演练</h2><form method="post" action="/control" class="line"><p><label for="mode">通道应答</label>'
        f'<select id="mode" name="mode">{options}</select></p><button class="plain">保存设置</button></form></main>'
    )
    text = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>短信（替身）</title><link rel="stylesheet" href="/style.css"></head><body><header><p class="mark">'
        "<strong>替身</strong>短信通道（替身）：这里的短信不会发到任何真实手机，演示时在本页查看验证码。</p></header>"
        f"{body}</body></html>"
    )
    return HTMLResponse(text, 200, dict(_HEADERS))


def _moment(at: float) -> str:
    return dt.datetime.fromtimestamp(at, _BEIJING).strftime("%m-%d %H:%M:%S")
