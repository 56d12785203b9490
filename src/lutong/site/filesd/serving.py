"""GET /f/<ticket>: bytes of one stored object, decrypted as they go, with ranges."""

import asyncio
import hashlib
import logging
import re
import time
from collections.abc import Iterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lutong.gateways.objectstore import Missing, SealedReader, StoreError, Tampered, Vault, blocks
from lutong.kernel.filenames import cleaned
from lutong.kernel.tickets import BadTicket, ReadTicket, read_read
from lutong.site.filesd.answers import Problem, busy_store
from lutong.site.filesd.completion import Desk

log = logging.getLogger(__name__)
PROVED_FOR = 300.0  # seconds that a proof of the whole object holds for its ranges
PROVED_MOST = 4096
_proved: dict[tuple[str, str], float] = {}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


async def serve(request: Request) -> Response:
    """The whole object or one range; never a byte that failed its proof."""
    desk: Desk = request.app.state.desk
    vault = desk.vault
    try:
        ticket = read_read(request.path_params["ticket"])
    except BadTicket:
        raise Problem(403, "bad_ticket", "链接无效或已过期，请回到原页面重新打开。") from None
    if await desk.is_barred(ticket.person_id):
        raise Problem(403, "licence_not_in_force", "您的执业状态发生变化，已停止查阅。请回到原页面查看原因。")
    start, stop, partial = _wanted(request.headers.get("range"), ticket.size)
    headers = _headers(ticket) | {"Content-Length": str(stop - start)}
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{ticket.size}"
    status = 206 if partial else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=ticket.media_type)
    try:
        reader, first, rest = await asyncio.to_thread(_opened, vault, ticket, start, stop)
    except Problem as problem:
        if problem.code == "damaged" and ticket.about:
            await desk.damaged(ticket.about)
        raise
    return StreamingResponse(_body(reader, first, rest), status, headers=headers, media_type=ticket.media_type)


def _opened(vault: Vault, ticket: ReadTicket, start: int, stop: int) -> tuple[SealedReader, bytes, Iterator[bytes]]:
    """Prove the first piece before the status line is out, so that damage is an answer and not a broken one."""
    try:
        _prove(vault, ticket)
        reader = vault.open(ticket.object_key, ticket.sealed_key, ticket.size)
        rest = blocks(reader, start, stop)
        return reader, next(rest, b""), rest
    except Missing:
        log.error("object %s is missing", ticket.object_key)
        raise Problem(404, "missing", "文件不在存储中，已记录，请联系技术支持。") from None
    except (Tampered, KeyError):
        log.error("object %s failed its proof", ticket.object_key)
        raise Problem(409, "damaged", "文件未通过完整性校验，不予显示，已记录。") from None
    except (StoreError, OSError):
        raise busy_store() from None


def _prove(vault: Vault, ticket: ReadTicket) -> None:
    """Hash the whole object once in a while: sealing proves that bytes belong to a key, only this to a document."""
    known = (ticket.object_key, ticket.sha256)
    if not ticket.sha256 or _proved.get(known, 0.0) > time.monotonic() - PROVED_FOR:
        return
    digest = hashlib.sha256()
    with vault.open(ticket.object_key, ticket.sealed_key, ticket.size) as reader:
        for part in blocks(reader, 0, ticket.size):
            digest.update(part)
    if digest.hexdigest() != ticket.sha256:
        raise Tampered("摘要不符")
    while len(_proved) >= PROVED_MOST:
        _proved.pop(next(iter(_proved)), None)
    _proved[known] = time.monotonic()


def _body(reader: SealedReader, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    with reader:
        yield first
        yield from rest


def _wanted(header: str | None, size: int) -> tuple[int, int, bool]:
    """Start, stop and whether it is a part; anything but one plain range gets the whole, as RFC 9110 allows."""
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.group(0) == "bytes=-":
        return 0, size, False
    first, last = match.groups()
    if first:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return 0, size, False
    else:
        start, stop = max(0, size - int(last)), size
    if start >= stop:
        raise Problem(416, "bad_range", "所请求的范围超出文件大小。", headers={"Content-Range": f"bytes */{size}"})
    return start, stop, True


def _headers(ticket: ReadTicket) -> dict[str, str]:
    name = cleaned(ticket.name)
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"{ticket.disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": f'"{ticket.object_key[-40:]}"',
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
