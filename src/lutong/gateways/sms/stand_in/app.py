"""The server: /v1/messages for those who send, / for whoever plays the phone, /control for faults."""

import hmac
import json
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from lutong.gateways.sms.keys import load_sms_config
from lutong.gateways.sms.port import LONGEST
from lutong.gateways.sms.real import KEY_HEADER, PATH, SIGNATURE_HEADER, TIME_HEADER, SmsConfig, signature
from lutong.gateways.sms.stand_in import pages
from lutong.gateways.sms.stand_in.book import Book
from lutong.gateways.standins.asking import is_foreign, sent

MODES = {"normal": "正常收发", "down": "通道故障（503）", "swallow": "收下但不送达"}
_AGE_SECONDS = 300
_MOBILE = re.compile(r"1[0-9]{10}", re.ASCII)


def build(home: Path) -> Starlette:
    """The ASGI application; it touches the disk only when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.config = load_sms_config(home, "http://stand-in")
        app.state.book = Book(home / "sms" / "book.sqlite3")
        try:
            yield
        finally:
            app.state.book.close()

    routes = [
        Route("/healthz", _healthz),
        *pages.FRAME.routes(),
        Route(PATH, _take, methods=["POST"]),
        Route("/", _outbox),
        Route("/control", _control, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _healthz(request: Request) -> Response:
    return JSONResponse({"ok": True, "service": "sms-stand-in"})


async def _take(request: Request) -> Response:
    book: Book = request.app.state.book
    if book.mode == "down":
        return JSONResponse({"error": "系统维护"}, 503)
    body = await request.body()
    if not _is_signed(request, body, request.app.state.config):
        return JSONResponse({"error": "签名不符"}, 401)
    try:
        message = json.loads(body)
        message_id, mobile, text = str(uuid.UUID(message["id"])), message["to"], message["text"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JSONResponse({"error": "格式不符"}, 400)
    if not (
        isinstance(mobile, str) and _MOBILE.fullmatch(mobile) and isinstance(text, str) and 0 < len(text) <= LONGEST
    ):
        return JSONResponse({"error": "号码或内容不符"}, 400)
    if book.mode != "swallow":
        book.take(message_id=message_id, mobile=mobile, text=text)
    return JSONResponse({"accepted": message_id}, 202)


def _is_signed(request: Request, body: bytes, config: SmsConfig) -> bool:
    at = request.headers.get(TIME_HEADER, "")
    if request.headers.get(KEY_HEADER) != config.key_id or not (at.isascii() and at.isdigit()) or len(at) > 12:
        return False
    fresh = abs(time.time() - int(at)) <= _AGE_SECONDS
    expected = signature(secret=config.secret, at=at, body=body)
    return fresh and hmac.compare_digest(expected.encode(), request.headers.get(SIGNATURE_HEADER, "").encode())


async def _outbox(request: Request) -> Response:
    book: Book = request.app.state.book
    mobile = request.query_params.get("mobile", "").strip()[:20]
    return pages.outbox(book.last(mobile=mobile, limit=50), mobile, book.mode, MODES)


async def _control(request: Request) -> Response:
    book: Book = request.app.state.book
    if is_foreign(request):
        return JSONResponse({"error": "这个页面只接受从本页提交的操作"}, 403)
    mode = str((await sent(request)).get("mode", ""))
    if mode not in MODES:
        return JSONResponse({"error": "没有这种应答方式"}, 400)
    book.mode = mode
    return RedirectResponse("/", 303)
