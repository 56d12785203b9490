"""HTML of the stand-in carrier: no script, no outside asset, and the words that it is a stand-in."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from html import escape
from pathlib import Path

from starlette.responses import Response

from lutong.gateways.standins.frame import BASE_STYLE, Frame, options

_BEIJING = dt.timezone(dt.timedelta(hours=8))
FRAME = Frame(
    "短信通道（替身）：这里的短信不会发到任何真实手机，演示时在本页查看验证码。",
    BASE_STYLE + (Path(__file__).parent / "style.css").read_bytes(),
)


def outbox(rows: list[sqlite3.Row], mobile: str, mode: str, modes: Mapping[str, str]) -> Response:
    """The messages that a real carrier would have delivered."""
    items = "".join(
        f'<li><p class="to"><b>{escape(row["mobile"])}</b> <time>{_moment(row["at"])}</time></p>'
        f'<p class="text">{escape(row["text"])}</p></li>'
        for row in rows
    )
    body = (
        '<main><h1>收到的短信</h1><form action="/" class="line"><p><label for="mobile">手机号（不填则全部）</label>'
        f'<input id="mobile" name="mobile" value="{escape(mobile)}" inputmode="numeric" maxlength="20"></p>'
        '<button class="plain">查看</button></form>'
        f"{f'<ol>{items}</ol>' if items else '<p class=hint>还没有短信。发送后刷新本页。</p>'}"
        '<h2>故障演练</h2><form method="post" action="/control" class="line"><p><label for="mode">通道应答</label>'
        f'<select id="mode" name="mode">{options(mode, modes)}</select></p>'
        '<button class="plain">保存设置</button></form></main>'
    )
    return FRAME.page("短信（替身）", body)


def _moment(at: float) -> str:
    return dt.datetime.fromtimestamp(at, _BEIJING).strftime("%m-%d %H:%M:%S")
