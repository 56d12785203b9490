"""View copies and page images: what the worker keeps of its work, each step safe to do twice."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.dossier.actions.documents import StoredBytes
from lutong.domains.dossier.actions.looking import STRIDE
from lutong.domains.dossier.models import Document, PageImage
from lutong.domains.dossier.queries import get_document
from lutong.domains.dossier.rules import MOST_PAGES
from lutong.domains.exchange.actions import first_time, put_out
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor

EAGER = 60  # pages made at once; the rest when somebody turns to them
ASK_AGAIN = dt.timedelta(minutes=2)  # a wish for pages that were not made meanwhile counts anew

Shapes = Sequence[tuple[int, int, int]]  # pages in a row, width, height


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Bytes that a job reads, and the digest that they must have."""

    title: str
    media_type: str
    object_key: str
    sealed_key: bytes
    size: int
    sha256: str
    pages: tuple[int, ...] = ()  # numbers still to be made


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeImage:
    """A page image already in the object store; without bytes when the page could not be drawn."""

    number: int
    size: str  # thumb | page
    width: int
    height: int
    stored: StoredBytes | None


@action
def plan_views(*, actor: Actor, court_id: int, document_ids: Sequence[uuid.UUID], now: dt.datetime) -> None:
    """One job per document, so that one bad file does not hold up the others."""
    for document_id in document_ids:
        if first_time(court_id=court_id, key=f"view:{document_id}", now=now):
            put_out(court_id=court_id, topic="dossier.view", payload={"id": str(document_id)}, now=now)


@action
def begin_view(*, actor: Actor, court_id: int, document_id: uuid.UUID, now: dt.datetime) -> Source | None:
    """The original to make a view copy of; None when that is done, or there is no such document."""
    document = Document.objects.filter(court_id=court_id, id=document_id, view_state="waiting").first()
    if document is None:
        return None
    return Source(
        title=document.title, media_type=document.media_type, object_key=document.object_key,
        sealed_key=bytes(document.sealed_key), size=document.size, sha256=document.sha256,
    )  # fmt: skip


@action
def keep_view(
    *,
    actor: Actor,
    court_id: int,
    document_id: uuid.UUID,
    stored: StoredBytes,
    shapes: Shapes,
    now: dt.datetime,
    note: str = "",
) -> None:
    """The view copy is in the store: the document can be read, and its first pages are to be pictured."""
    document = _waiting(court_id, document_id)
    if document is None:
        return
    pages = sum(count for count, _, _ in shapes)
    document.pages, document.shapes = pages, [list(row) for row in shapes]
    document.view_key, document.view_sealed_key = stored.object_key, stored.sealed_key
    document.view_size, document.view_sha256, document.view_reason = stored.size, stored.sha256, note[:200]
    if pages > MOST_PAGES:
        document.view_reason = f"共 {pages} 页，超过逐页阅看的上限 {MOST_PAGES} 页，请用文本阅读或下载原件"
    document.view_state = "ready"
    document.save()
    for first in range(1, min(pages, EAGER) + 1 if pages <= MOST_PAGES else 1, STRIDE):
        _ask(court_id, document_id, first, now)


@action
def refuse_view(
    *, actor: Actor, court_id: int, document_id: uuid.UUID, reason: str, now: dt.datetime, pages: int | None = None
) -> None:
    """There will be no view copy; the reader is told why and takes the original."""
    document = _waiting(court_id, document_id)
    if document is None:
        return
    document.view_state, document.view_reason = "none", reason[:200]
    document.pages = pages or document.pages
    document.save(update_fields=["view_state", "view_reason", "pages"])


@action
def begin_pages(
    *, actor: Actor, court_id: int, document_id: uuid.UUID, first: int, last: int, now: dt.datetime
) -> Source | None:
    """The view copy and those of its pages `first`–`last` that lack a picture; None when none does."""
    document = Document.objects.filter(
        court_id=court_id, id=document_id, view_state="ready", damaged_at=None
    ).first()  # fmt: skip
    if document is None or document.pages is None:
        return None
    made = set(
        PageImage.objects.filter(
            court_id=court_id, document_id=document_id, size="page", number__range=(first, last)
        ).values_list("number", flat=True)
    )
    missing = tuple(n for n in range(max(first, 1), min(last, document.pages, MOST_PAGES) + 1) if n not in made)
    if not missing:
        return None
    return Source(
        title=document.title, media_type="application/pdf", object_key=document.view_key,
        sealed_key=bytes(document.view_sealed_key), size=document.view_size, sha256=document.view_sha256,
        pages=missing,
    )  # fmt: skip


@action
def keep_pages(
    *, actor: Actor, court_id: int, document_id: uuid.UUID, images: Sequence[MadeImage], now: dt.datetime
) -> None:
    """Enter page images; those already entered stay. Home and volume are copied under the document's lock."""
    document = Document.objects.select_for_update().filter(court_id=court_id, id=document_id).first()
    if document is None:
        return
    rows = [
        PageImage(
            court_id=court_id, document_id=document_id, case_id=document.case_id, filing_id=document.filing_id,
            volume=document.volume, submitted_by=document.submitted_by, number=image.number, size=image.size,
            width=image.width, height=image.height, **_bytes_of(image.stored),
        )
        for image in images
    ]  # fmt: skip
    PageImage.objects.bulk_create(rows, ignore_conflicts=True)


@action
def want_pages(*, actor: Actor, court_id: int, document_id: uuid.UUID, number: int, now: dt.datetime) -> None:
    """A reader has turned to a page that has no picture yet: have it and its neighbours made."""
    document = get_document(actor=actor, court_id=court_id, document_id=document_id)
    if document.view_state != "ready" or not 1 <= number <= min(document.pages or 0, MOST_PAGES):
        return
    first = (number - 1) // STRIDE * STRIDE + 1
    span = int(now.timestamp() // ASK_AGAIN.total_seconds())
    if first_time(court_id=court_id, key=f"pages:{document_id}:{first}:{span}", now=now):
        _ask(court_id, document_id, first, now)


@action
def report_damage(*, actor: Actor, court_id: int, document_id: uuid.UUID, part: str, now: dt.datetime) -> None:
    """Bytes failed a proof. A damaged original is served to nobody any more; a view copy or page is made anew."""
    document = Document.objects.select_for_update().filter(court_id=court_id, id=document_id).first()
    if document is None or document.damaged_at is not None:
        return
    record(
        actor=actor, court_id=court_id, action="dossier.report_damage", subject=document.title, now=now,
        case_id=document.case_id, filing_id=document.filing_id, document=str(document_id), part=part,
    )  # fmt: skip
    PageImage.objects.filter(court_id=court_id, document_id=document_id).delete()
    if part == "original" or document.view_key == document.object_key:
        _withdraw(document, now)
    elif part == "view":
        document.view_state, document.view_key = "waiting", ""
        document.save(update_fields=["view_state", "view_key"])
        put_out(court_id=court_id, topic="dossier.view", payload={"id": str(document_id)}, now=now)


def _withdraw(document: Document, now: dt.datetime) -> None:
    document.damaged_at = now
    document.view_state, document.view_reason = "none", "文件未通过完整性校验，不予显示"
    document.save(update_fields=["damaged_at", "view_state", "view_reason"])
    if document.submitted_by:
        tell(
            person_id=document.submitted_by, key=f"damaged:{document.court_id}:{document.id}", kind="dossier",
            title=f"《{document.title[:60]}》存储副本未通过完整性校验", tone="danger",
            body="系统已停止提供这份文件，没有人会看到被改动的内容。请等待法院从备份恢复或重新提交。", now=now,
        )  # fmt: skip


def _bytes_of(stored: StoredBytes | None) -> dict[str, Any]:
    if stored is None:
        return {"length": 0, "sha256": "", "object_key": "", "sealed_key": b""}
    return {
        "length": stored.size, "sha256": stored.sha256, "object_key": stored.object_key,
        "sealed_key": stored.sealed_key,
    }  # fmt: skip


def _waiting(court_id: int, document_id: uuid.UUID) -> Document | None:
    return (
        Document.objects.select_for_update()
        .filter(court_id=court_id, id=document_id, view_state="waiting")
        .first()
    )  # fmt: skip


def _ask(court_id: int, document_id: uuid.UUID, first: int, now: dt.datetime) -> None:
    payload = {"id": str(document_id), "first": first, "last": first + STRIDE - 1}
    put_out(court_id=court_id, topic="dossier.pages", payload=payload, now=now)
