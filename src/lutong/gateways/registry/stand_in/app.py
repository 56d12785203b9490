"""The server: /v1 for those who verify, the bureau's desk at / for whoever plays 司法局, /control for faults."""

import asyncio
import datetime as dt
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lutong.gateways.registry.keys import ISSUER, ensure_keys
from lutong.gateways.registry.real import SIGNATURE_HEADER
from lutong.gateways.registry.stand_in import pages
from lutong.gateways.registry.stand_in.desk import Desk
from lutong.gateways.registry.stand_in.roll import BATCH, Roll, entry

_LARGEST_SEQ = 2**62


def build(home: Path) -> Starlette:
    """The ASGI application; it touches the disk only when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        ensure_keys(home / "secrets" / "registry")
        key = OKPKey.import_key(json.loads((home / "secrets" / "registry" / "private.jwk").read_text("utf-8")))
        roll = Roll(home / "registry" / "roll.sqlite3", now=dt.datetime.now(dt.UTC))
        app.state.api, app.state.desk = Api(roll, key), Desk(roll)
        try:
            yield
        finally:
            roll.close()

    routes = [
        Route("/healthz", _healthz),
        Route("/style.css", pages.stylesheet),
        Route("/favicon.ico", pages.no_picture),
        Route("/.well-known/keys", _keys),
        Route("/v1/lawyers", _api("batch")),
        Route("/v1/lawyers/{licence_no}", _api("lawyer")),
        Route("/v1/events", _api("events")),
        Route("/", _desk("lawyers")),
        Route("/lawyers/{licence_no}", _desk("lawyer"), methods=["GET"]),
        Route("/lawyers/{licence_no}", _desk("change"), methods=["POST"]),
        Route("/control", _desk("control_page"), methods=["GET"]),
        Route("/control", _desk("control"), methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


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
    return JSONResponse({"ok": True, "service": "registry-stand-in"})


async def _keys(request: Request) -> Response:
    """For a person who wants to compare; clients pin the key and never fetch it here."""
    api: Api = request.app.state.api
    return JSONResponse({"keys": [api.public_key]})


class Api:
    """Questions and signed answers: `{iss, iat, jti, nonce, asked, status, data}`."""

    def __init__(self, roll: Roll, key: OKPKey) -> None:
        self._roll, self._key = roll, key
        self._strange_key = OKPKey.generate_key("Ed25519", private=True)
        self.public_key = key.as_dict(private=False)

    async def answer(self, request: Request, find: Callable[[Request], Any]) -> Response:
        wishes = self._roll.wishes()
        mode = wishes["mode"]
        nonce = request.query_params.get("nonce", "")
        if mode == "down":
            return JSONResponse({"error": "系统维护"}, 503)
        if mode == "slow":
            await asyncio.sleep(wishes["slow_seconds"])
        if not 8 <= len(nonce) <= 64:
            return JSONResponse({"error": "nonce 须为 8–64 个字符"}, 400)
        try:
            data = find(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        told = {
            "iss": ISSUER,
            "iat": int(time.time()) - (3600 if mode == "stale" else 0),
            "jti": secrets.token_hex(16),
            "nonce": "recorded-" + secrets.token_hex(8) if mode == "replayed" else nonce,
            "asked": self._asked(request),
            "status": 404 if data is None else 200,
            "data": _contradicted(data) if mode == "contradictory" else data,
        }
        if mode == "other_licence" and isinstance(data, dict):
            other = next(row for row in self._roll.search("") if row["licence_no"] != data["licence_no"])
            told["data"] = entry(other)
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        return Response(body, told["status"], self._signature(body, mode), media_type="application/json")

    def lawyer(self, request: Request) -> dict[str, Any] | None:
        found = self._roll.lawyer(request.path_params["licence_no"])
        return entry(found) if found else None

    def batch(self, request: Request) -> list[dict[str, Any]]:
        wanted = [number for number in request.query_params.get("ids", "").split(",") if number]
        if not 1 <= len(wanted) <= BATCH:
            raise ValueError(f"ids 须为 1–{BATCH} 个执业证号")
        return [entry(row) for number in dict.fromkeys(wanted) if (row := self._roll.lawyer(number))]

    def events(self, request: Request) -> list[dict[str, Any]]:
        text = request.query_params.get("after", "0")
        if not (text.isascii() and text.isdigit()) or len(text) > 18 or int(text) > _LARGEST_SEQ:
            raise ValueError("after 须为序号")
        return [dict(row) for row in self._roll.events(after=int(text))]

    def _asked(self, request: Request) -> dict[str, str]:
        question = {name: value for name, value in request.query_params.items() if name != "nonce"}
        return {"path": request.url.path, **question}

    def _signature(self, body: bytes, mode: str) -> dict[str, str]:
        if mode == "unsigned":
            return {}
        key = self._strange_key if mode == "wrong_signature" else self._key
        whole = jws.serialize_compact(
            {"alg": "Ed25519", "kid": str(self.public_key["kid"])}, body, key, algorithms=["Ed25519"]
        )
        return {SIGNATURE_HEADER: jws.detach_content(whole)}


def _contradicted(data: Any) -> Any:
    """Says 正常执业 and gives a reason for a suspension in the same breath."""
    if isinstance(data, list):
        return [_contradicted(one) for one in data]
    lie = {"status": "active", "status_label": "停止执业", "status_reason": "停止执业三个月"}
    return data | lie if isinstance(data, dict) else data
