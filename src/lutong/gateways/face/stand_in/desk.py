"""What the stand-in is told to say, and the last questions it was asked (never what was shown to it)."""

import datetime as dt
import json
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from lutong.gateways.face.stand_in import pages

MODES = {
    "pass": "比对一致",
    "fail": "比对不一致",
    "delay": "应答迟延",
    "contradict": "应答的姓名与登记矛盾",
    "down": "应答 503",
    "unsigned": "应答不签名",
    "wrong_signature": "签名错误",
    "stale": "一小时前的旧应答",
}
_LARGEST_BODY = 16 * 1024


class Desk:
    """One process, so that the mode may live in memory; it is written down to survive a restart."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = directory / "mode.json"
        self.mode, self.delay_seconds = "pass", 15.0
        if self._file.exists():
            kept = json.loads(self._file.read_text("utf-8"))
            self.mode, self.delay_seconds = kept["mode"], kept["delay_seconds"]
        self._asked: deque[tuple[dt.datetime, str, str, str, int]] = deque(maxlen=20)

    def note(self, asked: dict[str, Any], verdict: str, size: int, *, now: dt.datetime) -> None:
        self._asked.appendleft((now, asked["licence_no"], asked["name"], verdict, size))

    async def home(self, request: Request) -> Response:
        return pages.asked(list(self._asked), MODES[self.mode])

    async def control_page(self, request: Request) -> Response:
        if "text/html" in request.headers.get("Accept", ""):
            return pages.control(self.mode, self.delay_seconds, MODES)
        return JSONResponse({"mode": self.mode, "delay_seconds": self.delay_seconds})

    async def control(self, request: Request) -> Response:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
            return pages.message("请求被拒绝", "这个页面只接受从本页提交的操作。", status=403)
        sent, is_json = await _sent(request), request.headers.get("Content-Type", "").startswith("application/json")
        try:
            mode, seconds = str(sent["mode"]), float(sent.get("delay_seconds", 15))
            if mode not in MODES or not 0 <= seconds <= 120:
                raise ValueError(mode)
        except (KeyError, TypeError, ValueError):
            return pages.message("未能保存", "请选择列出的应答方式，迟延为 0–120 秒。", status=422)
        self.mode, self.delay_seconds = mode, seconds
        self._file.write_text(json.dumps({"mode": mode, "delay_seconds": seconds}), "utf-8")
        if is_json:
            return JSONResponse({"mode": mode, "delay_seconds": seconds})
        return RedirectResponse("/control", 303)


async def _sent(request: Request) -> dict[str, Any]:
    """The fields of a small form or JSON object; anything else counts as empty."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LARGEST_BODY:
            return {}
    try:
        if request.headers.get("Content-Type", "").startswith("application/json"):
            found = json.loads(content)
            return found if isinstance(found, dict) else {}
        return {name: values[-1] for name, values in parse_qs(content.decode()).items()}
    except (ValueError, RecursionError):
        return {}
