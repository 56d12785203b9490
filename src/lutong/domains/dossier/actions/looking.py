"""Opening a document: who may, the line in the trail and the ticket for the file process, in one transaction."""

import datetime as dt
import uuid
from typing import Literal

from lutong.domains.audit.actions import record
from lutong.domains.dossier.models import Document, PageImage
from lutong.domains.dossier.queries import get_document
from lutong.domains.exchange.actions import first_time
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotFound
from lutong.kernel.tickets import ReadTicket, issue_read

STRIDE = 20  # pages that one line of the trail covers, and that one job makes
AGAIN_AFTER = dt.timedelta(minutes=10)  # the same look within this time is the same look

Copy = Literal["original", "view"]


@action
def note_look(
    *,
    actor: Actor,
    court_id: int,
    document_id: uuid.UUID,
    how: str,
    now: dt.datetime,
    first: int | None = None,
    last: int | None = None,
) -> Document:
    """Write that the actor looked at (`view`), printed or took a document he may see; NotFound when he may not.

    The same look at the same pages within ten minutes is written once, so that scrolling does not flood the trail.
    """
    document = get_document(actor=actor, court_id=court_id, document_id=document_id)
    _note(actor, document, how, now, first=first, last=last)
    return document


@action
def open_page(*, actor: Actor, court_id: int, document_id: uuid.UUID, number: int, size: str, now: dt.datetime) -> str:
    """A ticket to the picture of one page. NotFound while it is not made, Conflict when the document is damaged."""
    document = _sound(actor, court_id, document_id)
    image = PageImage.objects.filter(court_id=court_id, document_id=document_id, number=number, size=size).first()
    if image is None:
        raise NotFound("这一页还没有生成，请稍候再看")
    if not image.object_key:
        raise Conflict("这一页不能绘制成图像，请用文本阅读或下载原件")
    first = (number - 1) // STRIDE * STRIDE + 1
    _note(
        actor, document, "view" if size == "page" else "leaf_through", now,
        first=first, last=min(first + STRIDE - 1, document.pages or number),
    )  # fmt: skip
    return issue_read(
        ReadTicket(
            object_key=image.object_key, sealed_key=bytes(image.sealed_key), size=image.length,
            media_type="image/webp", name=f"{document.title}-{number}.webp", person_id=actor.person_id,
            sha256=image.sha256, about=_about(document, "page"),
        ),
        now=now,
    )  # fmt: skip


@action
def open_file(*, actor: Actor, court_id: int, document_id: uuid.UUID, copy: Copy, how: str, now: dt.datetime) -> str:
    """A ticket to the original or to the view copy; `how` is `download` or `read`, and every one is written down."""
    document = _sound(actor, court_id, document_id)
    if copy == "view" and document.view_state != "ready":
        raise Conflict(document.view_reason or "阅看副本正在生成，请稍候再试；您可以先下载原件")
    record(
        actor=actor, court_id=court_id, action=f"dossier.{how}", subject=document.title, now=now,
        case_id=document.case_id, filing_id=document.filing_id, document=str(document.id), copy=copy,
    )  # fmt: skip
    ticket = _original(document, actor) if copy == "original" else _view(document, actor, how)
    return issue_read(ticket, now=now)


def _original(document: Document, actor: Actor) -> ReadTicket:
    return ReadTicket(
        object_key=document.object_key, sealed_key=bytes(document.sealed_key), size=document.size,
        media_type=document.media_type, name=document.filename, person_id=actor.person_id, disposition="attachment",
        sha256=document.sha256, about=_about(document, "original"),
    )  # fmt: skip


def _view(document: Document, actor: Actor, how: str) -> ReadTicket:
    return ReadTicket(
        object_key=document.view_key, sealed_key=bytes(document.view_sealed_key), size=document.view_size,
        media_type="application/pdf", name=f"{document.title}（阅看副本）.pdf", person_id=actor.person_id,
        disposition="attachment" if how == "download" else "inline", sha256=document.view_sha256,
        about=_about(document, "view"),
    )  # fmt: skip


def _sound(actor: Actor, court_id: int, document_id: uuid.UUID) -> Document:
    document = get_document(actor=actor, court_id=court_id, document_id=document_id)
    if document.damaged_at is not None:
        raise Conflict("文件未通过完整性校验，已停止提供并通知承办人员；请联系法院从备份恢复")
    return document


def _about(document: Document, part: str) -> str:
    return f"{document.court_id}:{document.id}:{part}"


def _note(actor: Actor, document: Document, how: str, now: dt.datetime, *, first: int | None, last: int | None) -> None:
    span = int(now.timestamp() // AGAIN_AFTER.total_seconds())
    key = f"look:{document.id}:{actor.person_id}:{actor.for_id or 0}:{how}:{first or 0}:{span}"
    if not first_time(court_id=document.court_id, key=key, now=now):
        return
    pages = {"first": first, "last": last} if first else {}
    record(
        actor=actor, court_id=document.court_id, action=f"dossier.{how}", subject=document.title, now=now,
        case_id=document.case_id, filing_id=document.filing_id, document=str(document.id), **pages,
    )  # fmt: skip
