"""What the stand-in is told to say, and the last questions it was asked (never what was shown to it)."""

import datetime as dt
import json
from collections import deque
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from lutong.gateways.face.stand_in import pages
from lutong.gateways.standins.asking import is_foreign, is_json, sent

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
        if is_foreign(request):
            return pages.message("请求被拒绝", "这个页面只接受从本页提交的操作。", status=403)
        wish = await sent(request)
        try:
            mode, seconds = str(wish["mode"]), float(wish.get("delay_seconds", 15))
            if mode not in MODES or not 0 <= seconds <= 120:
                raise ValueError(mode)
        except (KeyError, TypeError, ValueError):
            return pages.message("未能保存", "请选择列出的应答方式，迟延为 0–120 秒。", status=422)
        self.mode, self.delay_seconds = mode, seconds
        self._file.write_text(json.dumps({"mode": mode, "delay_seconds": seconds}), "utf-8")
        if is_json(request):
            return JSONResponse({"mode": mode, "delay_seconds": seconds})
        return RedirectResponse("/control", 303)
