"""The server: /v3 for the merchant, /pay for the payer, /control for whoever tests."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lutong.gateways.payments.keys import ensure_keys
from lutong.gateways.payments.stand_in import pages
from lutong.gateways.payments.stand_in.book import Book
from lutong.gateways.payments.stand_in.desk import Desk
from lutong.gateways.payments.stand_in.notices import Postman
from lutong.gateways.payments.stand_in.trade import Trade, moment
from lutong.gateways.payments.stand_in.wire import LARGEST_SKEW_SECONDS, ApiError, Wire

_LARGEST_BODY = 64 * 1024
_Answer = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the keys and books are, where browsers find us, and how fast the retry plan runs."""

    home: Path
    public_url: str | None = None
    retry_scale: float = 1 / 15


def build(settings: Settings) -> Starlette:
    """The ASGI application; it touches the disk only when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        keys = settings.home / "secrets" / "wechat"
        ensure_keys(keys)
        wire, book = Wire(keys), Book(settings.home / "pay-stand-in" / "books.sqlite3")
        trade = Trade(book, wire)
        postman = Postman(trade, wire, retry_scale=settings.retry_scale)
        app.state.api = Api(trade, wire, settings.public_url)
        app.state.desk = Desk(trade, postman)
        worker = asyncio.create_task(postman.work())
        try:
            yield
        finally:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker
            book.close()

    routes = [
        Route("/healthz", _healthz),
        *pages.FRAME.routes(),
        *_api_routes(),
        Route("/", _desk("orders")),
        Route("/pay", _desk("pay_page"), methods=["GET"]),
        Route("/pay", _desk("pay"), methods=["POST"]),
        Route("/control", _desk("control_page"), methods=["GET"]),
        Route("/control", _desk("change"), methods=["POST"]),
        Route("/control/forge", _desk("forge"), methods=["POST"]),
        Route("/control/resend", _desk("resend"), methods=["POST"]),
        Route("/control/reset", _desk("reset"), methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _api_routes() -> list[Route]:
    number = "/v3/pay/transactions/out-trade-no/{number}"
    plan: list[tuple[str, str, str]] = [
        ("POST", "/v3/pay/transactions/native", "native"),
        ("POST", "/v3/pay/transactions/h5", "h5"),
        ("POST", "/v3/pay/transactions/jsapi", "jsapi"),
        ("GET", "/v3/pay/transactions/id/{number}", "query_by_id"),
        ("GET", number, "query"),
        ("POST", number + "/close", "close"),
        ("POST", "/v3/refund/domestic/refunds", "refund"),
        ("GET", "/v3/refund/domestic/refunds/{number}", "query_refund"),
        ("GET", "/v3/certificates", "certificates"),
    ]
    return [Route(path, _api(name), methods=[method]) for method, path, name in plan]


def _api(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        api: Api = request.app.state.api
        return await api.answer(request, getattr(api, name))

    return endpoint


def _desk(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        handler: Callable[[Request], Awaitable[Response]] = getattr(request.app.state.desk, name)
        return await handler(request)

    return endpoint


async def _healthz(request: Request) -> Response:
    return JSONResponse({"ok": True, "service": "pay-stand-in"})


class Api:
    """The merchant's door: every request proves its sender, every answer proves ours."""

    def __init__(self, trade: Trade, wire: Wire, public_url: str | None) -> None:
        self._trade, self._wire, self._public_url = trade, wire, public_url

    async def answer(self, request: Request, handle: Callable[[Request, dict[str, Any]], _Answer]) -> Response:
        wishes = self._trade.book.wishes()
        if wishes["api"] == "error":
            return JSONResponse({"code": "SYSTEM_ERROR", "message": "系统异常，请稍后重试"}, status_code=500)
        if wishes["api"] == "hang":
            await asyncio.sleep(wishes["hang_seconds"])
        try:
            body = await self._authenticated(request)
            told = handle(request, body)
            status = 204 if told is None else 200
        except ApiError as error:
            told, status = error.answer, error.status
        content = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
        return Response(content, status, self._headers(request, content, wishes["api"]), media_type="application/json")

    def native(self, request: Request, asked: dict[str, Any]) -> _Answer:
        order = self._trade.create("NATIVE", asked, now=time.time())
        return {"code_url": self._page(request, order["code"])}

    def h5(self, request: Request, asked: dict[str, Any]) -> _Answer:
        if not isinstance(asked.get("scene_info"), dict):
            raise ApiError(400, "PARAM_ERROR", "参数错误：缺少 scene_info", field="/body/scene_info", location="body")
        order = self._trade.create("MWEB", asked, now=time.time())
        return {"h5_url": self._page(request, order["code"])}

    def jsapi(self, request: Request, asked: dict[str, Any]) -> _Answer:
        payer = asked.get("payer")
        if not isinstance(payer, dict) or not payer.get("openid"):
            raise ApiError(400, "PARAM_ERROR", "参数错误：缺少 openid", field="/body/payer/openid", location="body")
        order = self._trade.create("JSAPI", asked, now=time.time())
        return {"prepay_id": "wx" + order["code"]}

    def query(self, request: Request, asked: dict[str, Any]) -> _Answer:
        self._check_mchid(request.query_params.get("mchid"))
        return self._trade.order_answer(self._trade.order(request.path_params["number"]), now=time.time())

    def query_by_id(self, request: Request, asked: dict[str, Any]) -> _Answer:
        self._check_mchid(request.query_params.get("mchid"))
        order = self._trade.order_by_transaction(request.path_params["number"])
        return self._trade.order_answer(order, now=time.time())

    def close(self, request: Request, asked: dict[str, Any]) -> _Answer:
        self._check_mchid(asked.get("mchid"))
        self._trade.close(request.path_params["number"], now=time.time())
        return None

    def refund(self, request: Request, asked: dict[str, Any]) -> _Answer:
        return self._trade.refund_answer(self._trade.refund(asked, now=time.time()))

    def query_refund(self, request: Request, asked: dict[str, Any]) -> _Answer:
        return self._trade.refund_answer(self._trade.refund_of(request.path_params["number"]))

    def certificates(self, request: Request, asked: dict[str, Any]) -> _Answer:
        now = time.time()
        entry = {
            "serial_no": self._wire.platform_serial,
            "effective_time": moment(now - 86400),
            "expire_time": moment(now + 5 * 365 * 86400),
            "encrypt_certificate": self._wire.encrypt(self._wire.certificate, associated="certificate"),
        }
        return {"data": [entry]}

    async def _authenticated(self, request: Request) -> dict[str, Any]:
        """The JSON of a request whose signature holds and that was never seen before."""
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > _LARGEST_BODY:
                raise ApiError(400, "PARAM_ERROR", "请求体过大")
        query, now = request.scope["query_string"], time.time()
        target = request.scope["raw_path"].decode("latin-1") + ("?" + query.decode("latin-1") if query else "")
        sender = self._wire.authenticate(
            header=request.headers.get("Authorization", ""),
            method=request.method,
            target=target,
            body=bytes(content),
            now=now,
        )
        if not self._trade.book.is_new_nonce(sender.nonce, now=now, keep_seconds=2 * LARGEST_SKEW_SECONDS):
            raise ApiError(401, "SIGN_ERROR", "Http头Authorization中的nonce_str已被使用，请求不得重放")
        if not content:
            return {}
        try:
            asked = json.loads(content)
            json.dumps(asked, ensure_ascii=False).encode()  # a lone surrogate has no bytes
        except (ValueError, RecursionError):
            raise ApiError(400, "PARAM_ERROR", "请求体不是有效的JSON") from None
        if not isinstance(asked, dict):
            raise ApiError(400, "PARAM_ERROR", "请求体不是JSON对象")
        return asked

    def _headers(self, request: Request, content: bytes, mode: str) -> dict[str, str]:
        """Sign with what the merchant asked for: 微信支付公钥 or the platform certificate."""
        if mode == "unsigned":
            return {}
        by_public_key = request.headers.get("Wechatpay-Serial", "").startswith("PUB_KEY_ID_")
        serial = self._wire.public_key_id if by_public_key else self._wire.platform_serial
        signed = content + b" " if mode == "forged" else content
        return self._wire.signed_headers(signed, now=time.time(), serial=serial)

    def _check_mchid(self, mchid: object) -> None:
        if mchid != self._wire.mchid:
            raise ApiError(400, "PARAM_ERROR", "参数错误：mchid 与签名商户不一致", field="mchid")

    def _page(self, request: Request, code: str) -> str:
        base = self._public_url or str(request.base_url)
        return f"{base.rstrip('/')}/pay?code={code}"
