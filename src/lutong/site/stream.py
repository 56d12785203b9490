"""The event stream: what happens in the database reaches the browsers of those concerned, ids only.

One LISTEN connection serves all browsers of this process. Payload on channel `lutong`:
`{"person": <id>, "kind": "notice", …ids…}`; a list of ids is fine, too. The browser gets the same less the
person. Delivery is at most once, so the page reads anew from the server after each `{"kind": "resync"}`.

Who may listen is asked at opening and every 20 s after, by the stamp of his rights (domains.identity): a ticket from
before a suspension opens nothing, and a stream that missed the word of it is closed.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lutong.site import config as configuration
from lutong.site.embedded.connection import conninfo
from lutong.site.tickets import Ticket, read_ticket

CHANNEL = "lutong"
HEARTBEAT = 15.0  # seconds; proxies and phones drop silent connections
RETRY_MS = 3000
QUEUE = 64  # events a slow reader may lag behind
EACH = 8  # streams a person; tabs share one, so this is eight browsers
ALL = 4000  # streams of this process
REVIEW_EVERY = 20.0  # seconds; a suspension must close every stream within 60
PATIENCE = 5.0  # seconds for a connection to the database
STAMPS = "SELECT id, stamp FROM identity_account WHERE id = ANY(%s) AND is_active"
END = ""  # closes a stream
RESYNC = 'data: {"kind": "resync"}\n\n'

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Hub:
    """Who listens here, by which stamp of his rights, and whether the database is heard."""

    readers: dict[int, dict[asyncio.Queue[str], int]] = field(default_factory=dict)
    hears: bool = False

    def count(self) -> int:
        return sum(len(queues) for queues in self.readers.values())

    def has_room(self, person: int) -> bool:
        return len(self.readers.get(person, ())) < EACH and self.count() < ALL

    @asynccontextmanager
    async def seat(self, person: int, stamp: int = 0) -> AsyncIterator[asyncio.Queue[str]]:
        """A bounded queue of events for one browser, for as long as it stays."""
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self.readers.setdefault(person, {})[queue] = stamp
        try:
            yield queue
        finally:
            del self.readers[person][queue]
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

    def close_all_but(self, stamps: dict[int, int]) -> None:
        """Close every stream that was opened by another stamp than its person has now."""
        for person, queues in self.readers.items():
            for queue, stamp in queues.items():
                if stamps.get(person) != stamp:
                    _put(queue, END)

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


async def stamps_of(pool: AsyncConnectionPool, people: Collection[int]) -> dict[int, int]:
    """The stamp of the rights that each of these persons has now; whose account is out of use is absent."""
    async with pool.connection(PATIENCE) as connection:
        found = await connection.execute(STAMPS, [list(people)])
        return dict(await found.fetchall())


async def review(hub: Hub, pool: AsyncConnectionPool) -> None:
    """Close the streams of those whose rights have changed, also where the notification of it was lost."""
    if hub.readers:
        hub.close_all_but(await stamps_of(pool, hub.readers))


async def review_for_ever(hub: Hub, pool: AsyncConnectionPool) -> None:
    while True:
        await asyncio.sleep(REVIEW_EVERY)
        try:
            await review(hub, pool)
        except (psycopg.Error, PoolTimeout) as error:
            log.warning("nobody's rights could be looked at: %s", type(error).__name__)


async def events(request: Request) -> Response:
    """The stream of one person, shown by a ticket of ours that is as new as his rights."""
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
    ticket = read_ticket(request.query_params.get("t", ""))
    try:
        stamps = await stamps_of(request.app.state.pool, [ticket.person]) if ticket else {}
    except (psycopg.Error, PoolTimeout):
        return PlainTextResponse("暂时不能核对权限，请稍后再试", status_code=503, headers=headers)
    if ticket is None or stamps.get(ticket.person) != ticket.stamp:
        return PlainTextResponse("凭证无效或已过期，请刷新页面", status_code=403, headers=headers)
    if not hub.has_room(ticket.person):
        return PlainTextResponse("打开的页面过多，请关闭一些", status_code=429, headers=headers)
    return StreamingResponse(_read(hub, ticket), media_type="text/event-stream", headers=headers)


async def healthz(request: Request) -> Response:
    """200 while the database is heard."""
    hub: Hub = request.app.state.hub
    state = {"database": hub.hears, "streams": hub.count()}
    return Response(json.dumps(state), status_code=200 if hub.hears else 503, media_type="application/json")


async def _read(hub: Hub, ticket: Ticket) -> AsyncIterator[str]:
    async with hub.seat(ticket.person, ticket.stamp) as queue:
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
    hub = app.state.hub = Hub()
    where = conninfo(configuration.load())
    async with AsyncConnectionPool(kwargs={**where, "autocommit": True}, min_size=1, max_size=4, open=False) as pool:
        app.state.pool = pool
        tasks = [asyncio.create_task(work) for work in (listen(hub), review_for_ever(hub, pool))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


application = Starlette(
    routes=[Route("/events", events), Route("/healthz", healthz)],
    lifespan=_lifespan,
)
