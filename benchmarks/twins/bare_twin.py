"""The limit: no framework at all. Bare ASGI, asyncpg, the product's own SQL for the token and for the list."""

import datetime as dt
import hashlib
import os
import re
from typing import Any

import asyncpg

SHAPE = re.compile(rb"Bearer (lt_([1-9][0-9]{0,17})_[A-Za-z0-9_-]{43})")
_pool: asyncpg.Pool | None = None


def _numbered(sql: str, *names: str) -> str:
    """The product's statement with asyncpg's placeholders."""
    for place, name in enumerate(names, 1):
        sql = sql.replace(f"%({name})s", f"${place}")
    return sql.replace("%%", "%")


CHECK = _numbered(os.environ["TWIN_TOKEN_SQL"], "lawyer", "digest", "now")
LIST = _numbered(os.environ["TWIN_LIST_SQL"], "lawyer", "stage", "side", "words", "at", "id", "limit")


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer the one address there is; anything else is refused."""
    if scope["type"] != "http":
        return
    status, body = await _answer(dict(scope["headers"]).get(b"authorization", b""))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answer(authorization: bytes) -> tuple[int, bytes]:
    shape = SHAPE.fullmatch(authorization)
    if shape is None:
        return 401, b"{}"
    pool = await _connected()
    async with pool.acquire() as connection:
        held = await connection.fetchrow(
            CHECK, int(shape[2]), hashlib.sha256(shape[1]).hexdigest(), dt.datetime.now(dt.UTC)
        )
        if held is None:
            return 401, b"{}"
        row = await connection.fetchrow(LIST, int(shape[2]), "", "", ["%"], None, None, 20)
    return 200, b'{"items":%b}' % row[0].encode()


async def _connected() -> asyncpg.Pool:
    global _pool
    if _pool is None:
        _pool = await asyncpg.create_pool(
            host=os.environ["TWIN_HOST"], port=os.environ["TWIN_PORT"], user=os.environ["TWIN_USER"],
            password=os.environ["TWIN_PASSWORD"], database=os.environ["TWIN_DBNAME"], min_size=8, max_size=8,
        )  # fmt: skip
    return _pool
