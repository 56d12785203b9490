"""The server: /v1 for who asks, / and /control for whoever tests. A film is hashed while it arrives and never kept."""

import asyncio
import datetime as dt
import hashlib
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lutong.gateways.crypto.answers import LARGEST_AGE_SECONDS
from lutong.gateways.face.keys import CLIENT, SERVICE, ensure_keys
from lutong.gateways.face.real import LARGEST_FILM, REQUEST_HEADER, SIGNATURE_HEADER
from lutong.gateways.face.stand_in import pages
from lutong.gateways.face.stand_in.desk import Desk

_REMEMBERED = 10_000
_STRANGER = "钱某某"


def build(home: Path) -> Starlette:
    """The ASGI application; it touches the disk only when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        keys = home / "secrets" / "face"
        ensure_keys(keys)
        app.state.desk = Desk(home / "face-stand-in")
        app.state.api = Api(keys, app.state.desk)
        yield

    routes = [
        Route("/healthz", _healthz),
        *pages.FRAME.routes(),
        Route("/v1/comparisons", _compare, methods=["POST"]),
        Route("/", _desk("home")),
        Route("/control", _desk("control_page"), methods=["GET"]),
        Route("/control", _desk("control"), methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _healthz(request: Request) -> Response:
    return JSONResponse({"ok": True, "service": "face-stand-in"})


async def _compare(request: Request) -> Response:
    api: Api = request.app.state.api
    return await api.compare(request)


def _desk(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        handler: Callable[[Request], Awaitable[Response]] = getattr(request.app.state.desk, name)
        return await handler(request)

    return endpoint


class Api:
    """Signed questions, signed answers; the verdict is what the control page says."""

    def __init__(self, keys: Path, desk: Desk) -> None:
        self._own = OKPKey.import_key(json.loads((keys / "service-private.jwk").read_text("utf-8")))
        self._client = OKPKey.import_key(json.loads((keys / "client-public.jwk").read_text("utf-8")))
        self._strange = OKPKey.generate_key("Ed25519", private=True)
        self._desk = desk
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def compare(self, request: Request) -> Response:
        mode = self._desk.mode
        if mode == "down":
            return JSONResponse({"error": "系统维护"}, 503)
        digest, size = hashlib.sha256(), 0
        async for piece in request.stream():
            size += len(piece)
            if size > LARGEST_FILM:
                return JSONResponse({"error": "视频过大"}, 413)
            digest.update(piece)
        asked = self._asked(request.headers.get(REQUEST_HEADER, ""))
        if asked is None or not size or asked.get("sha256") != digest.hexdigest():
            return JSONResponse({"error": "请求签名无效、已使用或与视频不符"}, 401)
        if mode == "delay":
            await asyncio.sleep(self._desk.delay_seconds)
        told = {
            "iss": SERVICE,
            "iat": int(time.time()) - (3600 if mode == "stale" else 0),
            "jti": secrets.token_hex(16),
            "asked": asked["jti"],
            "verdict": "no_match" if mode == "fail" else "match",
            "licence_no": asked["licence_no"],
            "name": _STRANGER if mode == "contradict" else asked["name"],
        }
        self._desk.note(asked, told["verdict"], size, now=dt.datetime.now(dt.UTC))
        body = json.dumps(told, ensure_ascii=False).encode()
        return Response(body, 200, self._signature(body, mode), media_type="application/json")

    def _asked(self, text: str) -> dict[str, Any] | None:
        """The question, if the client signed it, freshly, for us, and for the first time."""
        try:
            found = jws.deserialize_compact(text, self._client, algorithms=["Ed25519"])
            asked = json.loads(found.payload or b"")
            asked["licence_no"].encode()
            asked["name"].encode()
            fresh = abs(time.time() - asked["iat"]) <= LARGEST_AGE_SECONDS
            number = str(asked["jti"])
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if not fresh or (asked.get("iss"), asked.get("aud")) != (CLIENT, SERVICE) or number in self._seen:
            return None
        self._seen[number] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return dict(asked)

    def _signature(self, body: bytes, mode: str) -> dict[str, str]:
        if mode == "unsigned":
            return {}
        key = self._strange if mode == "wrong_signature" else self._own
        whole = jws.serialize_compact({"alg": "Ed25519", "kid": str(self._own.kid)}, body, key, algorithms=["Ed25519"])
        return {SIGNATURE_HEADER: jws.detach_content(whole)}
