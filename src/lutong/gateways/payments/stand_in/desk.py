"""The payer's phone page and the control page."""

import math
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from lutong.gateways.payments.stand_in import pages
from lutong.gateways.payments.stand_in.book import CALM
from lutong.gateways.payments.stand_in.notices import FORGERIES, Postman
from lutong.gateways.payments.stand_in.trade import Trade, state_of
from lutong.gateways.payments.stand_in.wire import ApiError
from lutong.gateways.standins.asking import is_foreign, is_json, sent

API_MODES = {
    "normal": "正常应答",
    "error": "应答 500",
    "hang": "迟迟不应答",
    "unsigned": "应答不签名",
    "forged": "应答签名错误",
}


class Desk:
    """Pages for people and JSON for tests; a foreign page can't post here."""

    def __init__(self, trade: Trade, postman: Postman) -> None:
        self._trade, self._book, self._postman = trade, trade.book, postman

    async def orders(self, request: Request) -> Response:
        now = time.time()
        rows = self._book.all("SELECT * FROM orders ORDER BY created_at DESC LIMIT 100")
        return pages.orders([(row, state_of(row, now)) for row in rows])

    async def pay_page(self, request: Request) -> Response:
        order = self._book.one("SELECT * FROM orders WHERE code = ?", request.query_params.get("code", ""))
        if order is None:
            return pages.message("没有这笔订单", "付款码无效，请回到律通页面重新打开收款码。", status=404)
        cancelled = request.query_params.get("cancelled") == "1"
        return pages.pay(order, state_of(order, time.time()), cancelled=cancelled)

    async def pay(self, request: Request) -> Response:
        if refusal := _foreign(request):
            return refusal
        wish = await sent(request)
        code = str(wish.get("code", ""))
        back = RedirectResponse(f"/pay?code={code}", 303) if _is_code(code) else None
        if back is None:
            return pages.message("没有这笔订单", "付款码无效，请回到律通页面重新打开收款码。", status=404)
        if wish.get("action") != "pay":
            return RedirectResponse(f"/pay?code={code}&cancelled=1", 303)
        now = time.time()
        try:
            with self._book.transaction():
                self._postman.write_payment(self._trade.pay(code, now=now), now=now)
        except ApiError as error:
            if error.status == 404:
                return pages.message("没有这笔订单", "付款码无效，请回到律通页面重新打开收款码。", status=404)
        return back

    async def control_page(self, request: Request) -> Response:
        notices = self._book.all("SELECT * FROM notices ORDER BY created_at DESC, rowid DESC LIMIT 50")
        if "text/html" in request.headers.get("Accept", ""):
            orders = self._book.all("SELECT out_trade_no, total FROM orders ORDER BY created_at DESC LIMIT 30")
            return pages.control(self._book.wishes(), notices, orders, forgeries=FORGERIES, api_modes=API_MODES)
        return JSONResponse({"wishes": self._book.wishes(), "notices": [dict(row) for row in notices]})

    async def change(self, request: Request) -> Response:
        """Set how to misbehave from now on; what is not named stays (JSON) or becomes calm (form)."""
        if refusal := _foreign(request):
            return refusal
        wish = await sent(request)
        base = self._book.wishes() if is_json(request) else dict(CALM)
        try:
            wishes = _read_wishes(base, wish)
        except (ValueError, TypeError) as error:
            return _told(request, {"error": f"设置不正确：{error}"}, 422)
        self._book.wish(wishes)
        return _told(request, {"wishes": wishes})

    async def forge(self, request: Request) -> Response:
        if refusal := _foreign(request):
            return refusal
        wish = await sent(request)
        kind, number = str(wish.get("kind", "")), str(wish.get("out_trade_no", ""))
        order = self._book.one("SELECT * FROM orders WHERE out_trade_no = ?", number)
        if kind not in FORGERIES or order is None:
            return _told(request, {"error": "没有这笔订单或这种伪造方式"}, 422)
        return _told(request, {"notice_id": self._postman.write_forgery(order, kind, now=time.time())})

    async def resend(self, request: Request) -> Response:
        if refusal := _foreign(request):
            return refusal
        wish = await sent(request)
        found = self._postman.resend(str(wish.get("notice_id", "")), now=time.time())
        return _told(request, {"resent": found}, 200 if found else 404)

    async def reset(self, request: Request) -> Response:
        if refusal := _foreign(request):
            return refusal
        self._book.wish(dict(CALM))
        return _told(request, {"wishes": dict(CALM)})


def _read_wishes(base: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    if unknown := sent.keys() - CALM.keys():
        raise ValueError(f"未知项 {sorted(unknown)[0]}")
    wishes = base | sent
    wishes["delay_seconds"] = _between(float(wishes["delay_seconds"]), 0, 86400)
    wishes["hang_seconds"] = _between(float(wishes["hang_seconds"]), 0, 600)
    wishes["copies"] = int(_between(int(wishes["copies"]), 1, 20))
    wishes["lose"] = wishes["lose"] in {True, "1", "on", "true"}
    if wishes["forge"] not in {"", *FORGERIES} or wishes["api"] not in API_MODES:
        raise ValueError("没有这个选项")
    return wishes


def _between(value: float, low: float, high: float) -> float:
    if not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"数值须在 {low} 与 {high} 之间")
    return value


def _is_code(text: str) -> bool:
    return 0 < len(text) <= 64 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _foreign(request: Request) -> Response | None:
    """Refuse a form that another site's page submits."""
    if not is_foreign(request):
        return None
    return pages.message("请求被拒绝", "这个页面只接受从本页提交的操作。", status=403)


def _told(request: Request, answer: dict[str, Any], status: int = 200) -> Response:
    if is_json(request):
        return JSONResponse(answer, status)
    if status != 200:
        return pages.message("未能完成", str(answer.get("error", "没有找到这条通知。")), status=status)
    return RedirectResponse("/control", 303)
