"""Puts the file process together: routes, answers to refusals, and the tidying in the background."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lutong.kernel.actor import Actor, Role
from lutong.site.filesd.answers import VERSION, Problem, cors
from lutong.site.filesd.completion import Desk
from lutong.site.filesd.serving import serve
from lutong.site.filesd.tus import create, discover, upload

TIDY_EVERY = 20.0  # seconds
log = logging.getLogger(__name__)


def build(make_desk: Callable[[], Desk], *, origins: frozenset[str]) -> ASGIApp:
    """The ASGI application. `make_desk` runs inside the event loop at start-up."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.desk = desk = make_desk()
        tidying = asyncio.create_task(_tidy_for_ever(desk))
        yield
        tidying.cancel()
        with suppress(asyncio.CancelledError):
            await tidying
        desk.sessions.close()

    routes = [
        Route("/uploads", discover, methods=["OPTIONS"]),
        Route("/uploads", create, methods=["POST"]),
        Route("/uploads/{upload_id}", discover, methods=["OPTIONS"]),
        Route("/uploads/{upload_id}", upload, methods=["HEAD", "PATCH", "DELETE", "GET", "POST"]),
        Route("/f/{ticket}", discover, methods=["OPTIONS"]),
        Route("/f/{ticket}", serve, methods=["GET"]),
        Route("/healthz", healthz),
    ]
    handlers = {Problem: _problem, Exception: _surprise}
    starlette = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)  # type: ignore[arg-type]  # handlers are invariant in the stubs
    return _Headers(starlette, origins)


async def healthz(request: Request) -> Response:
    """200 while uploads can be taken."""
    desk: Desk = request.app.state.desk
    return JSONResponse({"ok": True, "max_size": desk.limits.file_bytes})


async def _problem(_request: Request, problem: Problem) -> Response:
    return problem.response()


async def _surprise(request: Request, error: Exception) -> Response:
    log.error("unexpected in %s", request.method, exc_info=error)
    return Problem(
        503, "unavailable", "文件服务出现故障，已记录，请稍后续传。", headers={"Retry-After": "10"}
    ).response()


async def _tidy_for_ever(desk: Desk) -> None:
    while True:
        try:
            await desk.cut(_owner)
            await desk.tidy(_owner)
        except Exception:
            log.exception("tidying failed; it is tried again")
        await asyncio.sleep(TIDY_EVERY)


def _owner(person_id: int) -> Actor:
    return Actor(person_id=person_id, role=Role.LAWYER, name="文件进程")


class _Headers:
    """tus version and CORS on every answer, also on refusals."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        extra = cors(Request(scope), self._origins) | {"Tus-Resumable": VERSION}
        raw = [(name.lower().encode(), value.encode()) for name, value in extra.items()]

        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *raw]}
            await send(message)

        await self._app(scope, receive, send_more)
