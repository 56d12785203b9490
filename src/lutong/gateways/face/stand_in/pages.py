"""HTML of the stand-in: no script, no outside asset, and on every page the words that it is a stand-in."""

import datetime as dt
from collections.abc import Mapping
from html import escape
from pathlib import Path

from starlette.responses import Response

from lutong.gateways.standins.frame import BASE_STYLE, Frame, options

TITLE = "人脸比对服务（替身）"
_BEIJING = dt.timezone(dt.timedelta(hours=8))
FRAME = Frame(
    "人脸比对服务（替身）：按设置应答，不作任何人脸识别，与主管部门的真实系统无关。",
    BASE_STYLE + (Path(__file__).parent / "style.css").read_bytes(),
)
_VERDICTS = {"match": "一致", "no_match": "不一致"}


def asked(rows: list[tuple[dt.datetime, str, str, str, int]], mode: str) -> Response:
    """The last questions: who and how the answer was, never what was shown."""
    lines = "".join(
        f"<tr><td>{at.astimezone(_BEIJING):%m-%d %H:%M:%S}</td><td>{escape(number)}</td><td>{escape(name)}</td>"
        f"<td>{_VERDICTS[verdict]}</td><td>{size // 1024} KiB</td></tr>"
        for at, number, name, verdict, size in rows
    )
    head = "<tr><th>时间</th><th>执业证号</th><th>姓名</th><th>应答</th><th>视频大小</th></tr>"
    table = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="最近的询问"><table>{head}{lines}</table></div>'
        if rows
        else '<p class="hint">还没有询问。</p>'
    )
    body = (
        f"<main><h1>最近的询问</h1><p>视频只在接收时计算摘要，从不保存，也不作识别。当前应答方式：{mode}。"
        f'<a href="/control">故障演练</a></p>{table}</main>'
    )
    return FRAME.page(TITLE, body)


def control(mode: str, delay_seconds: float, modes: Mapping[str, str]) -> Response:
    """How to answer from now on."""
    body = (
        '<main><p><a href="/">返回</a></p><h1>故障演练</h1><form method="post" action="/control">'
        f'<p><label for="mode">应答方式</label><select id="mode" name="mode">{options(mode, modes)}</select></p>'
        '<p><label for="delay_seconds">迟延（秒）</label><input id="delay_seconds" name="delay_seconds" type="number" '
        f'min="0" max="120" step="any" value="{delay_seconds:g}" required></p>'
        '<button class="go">保存设置</button></form></main>'
    )
    return FRAME.page("故障演练 · " + TITLE, body)


def message(title: str, text: str, *, status: int) -> Response:
    """One sentence and the way out."""
    body = f'<main><h1>{escape(title)}</h1><p class="hint">{escape(text)}</p><p><a href="/control">返回</a></p></main>'
    return FRAME.page(TITLE, body, status=status)
