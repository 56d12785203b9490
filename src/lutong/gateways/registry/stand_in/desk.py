"""The bureau's desk: look a lawyer up, record a decision; and the switch for faults."""

import datetime as dt
import json
import math
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from lutong.gateways.registry.port import LicenceStatus
from lutong.gateways.registry.stand_in import pages
from lutong.gateways.registry.stand_in.roll import CALM, Roll

MODES = {
    "normal": "正常应答",
    "down": "应答 503",
    "slow": "应答缓慢",
    "wrong_signature": "签名错误",
    "unsigned": "应答不签名",
    "stale": "一小时前的旧应答",
    "replayed": "重放对别次询问的应答",
    "other_licence": "答成别的律师",
    "contradictory": "应答自相矛盾",
}
_LARGEST_BODY = 16 * 1024
_SHORTEST_REASON, _LONGEST_REASON = 4, 300


class Desk:
    """Pages for people and JSON for tests; a foreign page can't post here."""

    def __init__(self, roll: Roll) -> None:
        self._roll = roll

    async def lawyers(self, request: Request) -> Response:
        words = request.query_params.get("q", "").strip()[:50]
        return pages.lawyers(self._roll.search(words), words, MODES[self._roll.wishes()["mode"]])

    async def lawyer(self, request: Request) -> Response:
        return self._lawyer_page(request.path_params["licence_no"])

    async def change(self, request: Request) -> Response:
        """Record a decision: status and reason, as a form or as JSON."""
        if refusal := _foreign(request):
            return refusal
        licence_no, sent = request.path_params["licence_no"], await _sent(request)
        if self._roll.lawyer(licence_no) is None:
            return pages.message("没有这位律师", "请回到名册重新选择。", status=404)
        reason = " ".join(str(sent.get("reason", "")).replace("\0", "").split())
        problem = _problem(sent.get("status"), reason)
        if problem:
            if _is_json(request):
                return JSONResponse({"error": problem}, 422)
            return self._lawyer_page(licence_no, problem=problem, reason=reason)
        self._roll.change(licence_no, LicenceStatus(sent["status"]), reason, now=dt.datetime.now(dt.UTC))
        if _is_json(request):
            return JSONResponse({"ok": True})
        return RedirectResponse(f"/lawyers/{licence_no}", 303)

    async def control_page(self, request: Request) -> Response:
        if "text/html" in request.headers.get("Accept", ""):
            return pages.control(self._roll.wishes(), MODES)
        return JSONResponse({"wishes": self._roll.wishes()})

    async def control(self, request: Request) -> Response:
        if refusal := _foreign(request):
            return refusal
        wishes = CALM | await _sent(request)
        try:
            seconds = float(wishes["slow_seconds"])
            if wishes["mode"] not in MODES or wishes.keys() != CALM.keys() or not 0 <= seconds <= 120:
                raise ValueError(math.nan)
        except (TypeError, ValueError):
            return pages.message("未能保存", "请选择列出的应答方式，时长为 0–120 秒。", status=422)
        self._roll.wish({"mode": wishes["mode"], "slow_seconds": seconds})
        if _is_json(request):
            return JSONResponse({"wishes": self._roll.wishes()})
        return RedirectResponse("/control", 303)

    def _lawyer_page(self, licence_no: str, *, problem: str = "", reason: str = "") -> Response:
        found = self._roll.lawyer(licence_no)
        if found is None:
            return pages.message("没有这位律师", "请回到名册重新选择。", status=404)
        return pages.lawyer(found, self._roll.history(licence_no), problem=problem, reason=reason)


def _problem(status: object, reason: str) -> str:
    """What is wrong with a decision, as a sentence; empty when nothing is."""
    if status not in set(LicenceStatus):
        return "执业状态：请选择列出的一项"
    if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
        return f"理由：请写明决定的理由和依据，{_SHORTEST_REASON}–{_LONGEST_REASON} 个字"
    try:
        reason.encode()
    except UnicodeEncodeError:
        return "理由：含有无法保存的字符，请重新输入"
    return ""


def _is_json(request: Request) -> bool:
    return request.headers.get("Content-Type", "").startswith("application/json")


async def _sent(request: Request) -> dict[str, Any]:
    """The fields of a small form or JSON object; anything else counts as empty."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LARGEST_BODY:
            return {}
    try:
        if _is_json(request):
            found = json.loads(content)
            return found if isinstance(found, dict) else {}
        return {name: values[-1] for name, values in parse_qs(content.decode(), keep_blank_values=True).items()}
    except (ValueError, RecursionError):
        return {}


def _foreign(request: Request) -> Response | None:
    """Refuse a form that another site's page submits."""
    origin = request.headers.get("Origin")
    if origin is None or urlsplit(origin).netloc == request.headers.get("Host"):
        return None
    return pages.message("请求被拒绝", "这个页面只接受从本页提交的操作。", status=403)
