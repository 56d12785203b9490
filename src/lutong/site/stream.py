"""The event stream: what happens in the database reaches the browsers of those concerned, ids only.

One LISTEN connection serves all browsers of this process. Payload on channel `lutong`:
`{"person": <id>, "kind": "notice", …ids…}`; a list of ids is fine, too. The browser gets the same less the
person. Delivery is at most once, so the page reads anew from the server after each `{"kind": "resync"}`.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lutong.site import config as configuration
from lutong.site.embedded.connection import conninfo
from lutong.site.tickets import read_ticket

CHANNEL = "lutong"
HEARTBEAT = 15.0  # seconds; proxies and phones drop silent connections
RETRY_MS = 3000
QUEUE = 64  # events a slow reader may lag behind
EACH = 8  # streams a person; tabs share one, so this is eight browsers
ALL = 4000  # streams of this process
END = ""  # closes a stream
RESYNC = 'data: {"kind": "resync"}\n\n'

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Hub:
    """Who listens here, and whether the database is heard."""

    readers: dict[int, set[asyncio.Queue[str]]] = field(default_factory=dict)
    hears: bool = False

    def count(self) -> int:
        return sum(len(queues) for queues in self.readers.values())

    def has_room(self, person: int) -> bool:
        return len(self.readers.get(person, ())) < EACH and self.count() < ALL

    @asynccontextmanager
    async def seat(self, person: int) -> AsyncIterator[asyncio.Queue[str]]:
        """A bounded queue of events for one browser, for as long as it stays."""
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self.readers.setdefault(person, set()).add(queue)
        try:
            yield queue
        finally:
            self.readers[person].discard(queue)
            if not self.readers[person]:
                del self.readers[person]

    def deliver(self, payload: str) -> None:
        """Hand one notification to the browsers of the persons it names, and to nobody else."""
        try:
            message = json.loads(payload)
            person = message.pop("person")
            people = {int(one) for one in (person if isinstance(person, list) else [person])}
            text = _event(message)
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("ignored a notification that is not ours")
            return
        for one in people:
            for queue in self.readers.get(one, ()):
                _put(queue, text)
                if message.get("kind") == "rights":
                    _put(queue, END)  # whoever still may comes back at once; who may not is told so

    def resync(self) -> None:
        """Tell every browser that events may have been missed."""
        for queues in self.readers.values():
            for queue in queues:
                _put(queue, RESYNC)


def _put(queue: asyncio.Queue[str], text: str) -> None:
    if queue.full():  # the reader is too slow: one hint to read anew stands for all that it missed
        while not queue.empty():
            queue.get_nowait()
        text = RESYNC
    queue.put_nowait(text)


def _event(message: dict[str, Any]) -> str:
    return f"data: {json.dumps(message, ensure_ascii=False)}\n\n"


async def listen(hub: Hub) -> None:
    """Hear the database for ever; after a broken connection come back and tell everyone to read anew."""
    pause = 0.5
    where = conninfo(configuration.load())
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**where, autocommit=True, connect_timeout=5) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                hub.hears, pause = True, 0.5
                hub.resync()
                async for notification in connection.notifies():
                    hub.deliver(notification.payload)
        except psycopg.Error as error:
            log.warning("lost the database: %s", type(error).__name__)
        hub.hears = False
        await asyncio.sleep(pause)
        pause = min(pause * 2, 5)


async def events(request: Request) -> Response:
    """The stream of one person, shown by a ticket of ours."""
    hub: Hub = request.app.state.hub
    origin = request.headers.get("origin")
    allowed = _web_origins()
    if origin is not None and origin not in allowed:
        return PlainTextResponse("来源不被允许", status_code=403)
    headers = {
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Origin",
    }
    if origin is not None:
        headers["Access-Control-Allow-Origin"] = origin
    person = read_ticket(request.query_params.get("t", ""))
    if person is None:
        return PlainTextResponse("凭证无效或已过期，请刷新页面", status_code=403, headers=headers)
    if not hub.has_room(person):
        return PlainTextResponse("打开的页面过多，请关闭一些", status_code=429, headers=headers)
    return StreamingResponse(_read(hub, person), media_type="text/event-stream", headers=headers)


async def healthz(request: Request) -> Response:
    """200 while the database is heard."""
    hub: Hub = request.app.state.hub
    state = {"database": hub.hears, "streams": hub.count()}
    return Response(json.dumps(state), status_code=200 if hub.hears else 503, media_type="application/json")


async def _read(hub: Hub, person: int) -> AsyncIterator[str]:
    async with hub.seat(person) as queue:
        yield f"retry: {RETRY_MS}\n\n"
        while True:
            try:
                text = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                text = ": still here\n\n"
            if text == END:
                return
            yield text


def _web_origins() -> set[str]:
    config = configuration.load()
    return {config.web_url, f"http://{config.host}:{config.web_port}"}  # on one machine under both of its names


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.hub = Hub()
    listener = asyncio.create_task(listen(app.state.hub))
    yield
    listener.cancel()
    with suppress(asyncio.CancelledError):
        await listener


application = Starlette(
    routes=[Route("/events", events), Route("/healthz", healthz)],
    lifespan=_lifespan,
)
