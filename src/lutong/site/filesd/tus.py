"""tus 1.0: creation, expiration, termination, checksum. Bytes are acknowledged only once they are durable."""

import asyncio
import base64
import binascii
import datetime as dt
import hashlib
import time
import uuid
from collections.abc import AsyncIterator
from email.utils import format_datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from lutong.gateways.examination import ALLOWED_EXTENSIONS
from lutong.kernel import filenames as names
from lutong.kernel.tickets import BadTicket, UploadTicket, read_upload
from lutong.site.filesd.answers import CHECKSUMS, EXTENSIONS, VERSION, Problem, gone
from lutong.site.filesd.completion import Desk
from lutong.site.filesd.ledger import UploadRow, public
from lutong.site.filesd.sessions import Session

BATCH = 512 * 1024  # bytes hashed and sealed in one go
SILENCE = 60.0  # seconds without a byte after which a transfer is cut; what came is kept
CHECKED_BODY = 16 * 1024 * 1024  # bytes of a PATCH with Upload-Checksum, held in memory until it is proved


async def discover(request: Request) -> Response:
    """OPTIONS: what this server can do."""
    desk: Desk = request.app.state.desk
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(desk.limits.file_bytes),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
    }
    return Response(status_code=204, headers=headers)


async def create(request: Request) -> Response:
    """POST: announce a file. Limits and name are checked before a byte is sent."""
    desk: Desk = request.app.state.desk
    ticket = _ticket(request)
    _check_version(request)
    size = _number(request, "upload-length")
    meta = _metadata(request.headers.get("upload-metadata", ""))
    filename = names.cleaned(meta.get("filename", ""))
    slot = meta.get("slot", "")[:30]
    _check_announced(desk, ticket, size, filename, slot)
    row = await desk.begin(actor=ticket.actor, purpose=ticket.purpose, slot=slot, filename=filename, size=size)
    headers = _progress(row, 0) | {"Location": f"{desk.address}/uploads/{row.id}"}
    if size == 0:
        async with desk.sessions.hold(row) as session:
            await asyncio.to_thread(session.receiving.sync)
            await desk.complete(row, session, ticket.actor)
    return Response(status_code=201, headers=headers)


async def upload(request: Request) -> Response:
    """Everything on one upload: HEAD, PATCH, DELETE of tus, and GET for its state as JSON."""
    method = request.method
    if method == "POST":
        method = request.headers.get("x-http-method-override", "").upper()
    handler = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete, "GET": _get}.get(method)
    if handler is None:
        raise Problem(405, "method_not_allowed", "不支持这种请求方式。", headers={"Allow": "HEAD, PATCH, DELETE, GET"})
    ticket = _ticket(request)
    if method != "GET":
        _check_version(request)
    desk: Desk = request.app.state.desk
    row = await desk.get(actor=ticket.actor, upload_id=_upload_id(request))
    return await handler(request, desk, row, ticket)


async def _get(_request: Request, desk: Desk, row: UploadRow, ticket: UploadTicket) -> Response:
    if row.state == "examining":
        row = await desk.try_again(row, ticket.actor)
    return JSONResponse(public(row), headers={"Cache-Control": "no-store"})


async def _head(_request: Request, desk: Desk, row: UploadRow, ticket: UploadTicket) -> Response:
    _check_open(row)
    offset = row.size
    if row.state == "receiving":
        async with desk.sessions.hold(row) as session:
            offset = await asyncio.to_thread(session.receiving.sync)
            if session.receiving.complete:
                await desk.complete(row, session, ticket.actor)
    headers = _progress(row, offset) | {"Upload-Length": str(row.size), "Cache-Control": "no-store"}
    return Response(status_code=200, headers=headers)


async def _delete(_request: Request, desk: Desk, row: UploadRow, ticket: UploadTicket) -> Response:
    if row.state == "stored":
        raise Problem(403, "already_stored", "文件已接收。如需撤下，请在材料页面移除。")
    if row.state == "receiving":
        async with desk.sessions.hold(row):
            await desk.discard(row, ticket.actor)
    else:
        await desk.discard(row, ticket.actor)
    return Response(status_code=204)


async def _patch(request: Request, desk: Desk, row: UploadRow, ticket: UploadTicket) -> Response:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/offset+octet-stream":
        raise Problem(415, "wrong_content_type", "续传请求的类型应为 application/offset+octet-stream。")
    offset = _number(request, "upload-offset")
    _check_open(row)
    if row.state != "receiving":
        return Response(status_code=204, headers=_progress(row, row.size))
    async with desk.sessions.hold(row) as session:
        receiving = session.receiving
        if offset != receiving.offset:
            raise Problem(
                409, "offset_conflict", "续传位置不符，请按服务器已收到的位置续传。",
                headers={"Upload-Offset": str(receiving.offset)},
            )  # fmt: skip
        try:
            await _take(request, session, row)
        finally:
            durable = await asyncio.shield(asyncio.to_thread(receiving.sync))
            if durable != offset:
                await asyncio.shield(desk.progress(row, ticket.actor, durable))
        if receiving.complete:
            await desk.complete(row, session, ticket.actor)
    return Response(status_code=204, headers=_progress(row, durable))


async def _take(request: Request, session: Session, row: UploadRow) -> None:
    """Read the body into the upload: while one batch is hashed and sealed in a thread, the next one arrives."""
    room = row.size - session.receiving.offset
    announced = request.headers.get("content-length")
    if announced is not None and announced.isdigit() and int(announced) > room:
        raise _too_much(row)
    if checksum := request.headers.get("upload-checksum"):
        body = await _checked_body(request, session, checksum)
        if len(body) > room:
            raise _too_much(row)
        await asyncio.to_thread(session.receiving.write, body)
        return
    working: asyncio.Future[None] | None = None
    loop = asyncio.get_running_loop()
    try:
        async for batch in _batches(request, session):
            if working is not None:
                await working
            if len(batch) > row.size - session.receiving.offset:
                raise _too_much(row)
            working = loop.run_in_executor(None, session.receiving.write, batch)
    finally:
        if working is not None:
            await asyncio.shield(working)


async def _batches(request: Request, session: Session) -> AsyncIterator[bytes]:
    """The body in pieces of about BATCH. A cut connection ends it quietly: what came before the cut counts."""
    parts: list[bytes] = []
    length = 0
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(SILENCE) as session.reading:
                part = await anext(stream, None)
            session.reading = None
            if part is None:
                break
            session.last_byte = time.monotonic()
            parts.append(part)
            length += len(part)
            if length >= BATCH:
                yield b"".join(parts)
                parts, length = [], 0
    except (ClientDisconnect, TimeoutError):
        pass
    finally:
        session.reading = None
    if parts:
        yield b"".join(parts)


async def _checked_body(request: Request, session: Session, checksum: str) -> bytes:
    """The whole body if its checksum is right; otherwise nothing of it counts."""
    algorithm, _, expected = checksum.partition(" ")
    if algorithm not in CHECKSUMS:
        raise Problem(400, "unknown_checksum", f"校验算法应为 {'、'.join(CHECKSUMS)} 之一。")
    body = bytearray()
    async for batch in _batches(request, session):
        body += batch
        if len(body) > CHECKED_BODY:
            raise Problem(413, "checked_body_too_large", "带校验的分段不能超过 16 MB，请减小分段。")
    actual = base64.b64encode(hashlib.new(algorithm, body, usedforsecurity=False).digest()).decode()
    if actual != expected.strip():
        raise Problem(460, "checksum_mismatch", "这一段在传输中损坏，请重传。")
    return bytes(body)


def _ticket(request: Request) -> UploadTicket:
    text = request.headers.get("upload-ticket", "")
    if not text:
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        text = text if scheme.lower() == "bearer" else ""
    try:
        return read_upload(text)
    except BadTicket:
        raise Problem(
            401, "bad_ticket", "上传凭证无效或已过期，请刷新页面后续传，已传部分不会丢失。",
            headers={"WWW-Authenticate": "Bearer"},
        ) from None  # fmt: skip


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise Problem(412, "unsupported_version", "只支持 tus 1.0.0。", headers={"Tus-Version": VERSION})


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Problem(400, "bad_header", f"请求头 {header} 应为不带符号的整数。", header=header)
    return int(text)


def _upload_id(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.path_params["upload_id"])
    except ValueError:
        raise Problem(404, "not_found", "没有这个上传，或它已过期。") from None


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64`; what is not valid is a 400 that names the key."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            raise Problem(400, "bad_metadata", "Upload-Metadata 的值应为 Base64。", key=key[:50]) from None
    return found


def _check_announced(desk: Desk, ticket: UploadTicket, size: int, filename: str, slot: str) -> None:
    limit = desk.limits.file_bytes
    if size > limit:
        raise Problem(
            413, "too_large", f"单个文件不能超过 {limit // 1_000_000} MB，请拆分或压缩后再传。", limit=limit, size=size
        )  # fmt: skip
    if size == 0:
        raise Problem(422, "empty", "文件是空的（0 字节），请检查后重新选择。")
    if ticket.slots and slot not in ticket.slots:
        raise Problem(422, "unknown_slot", "请先选择材料类别。")
    extension = names.extension(filename)
    if extension and extension not in ALLOWED_EXTENSIONS:
        raise Problem(
            415, "type_not_allowed", f"不接收 .{extension} 文件。请转为 PDF、DOCX、JPG 或 PNG 后再传。",
            allowed=sorted(ALLOWED_EXTENSIONS),
        )  # fmt: skip


def _check_open(row: UploadRow) -> None:
    if row.state == "refused":
        raise gone(row.refusal or {})


def _progress(row: UploadRow, offset: int) -> dict[str, str]:
    return {
        "Upload-Offset": str(offset),
        "Upload-Expires": format_datetime(row.expires_at.astimezone(dt.UTC), usegmt=True),
    }


def _too_much(row: UploadRow) -> Problem:
    return Problem(
        413, "more_than_announced", "收到的数据多于声明的大小，文件可能在上传中被改动，请重新选择。", size=row.size
    )
