"""Documents: taken in from uploads, made by the court, looked at. Their bytes never change."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from lutong.domains.audit.actions import About, record, record_each
from lutong.domains.dossier.models import Document, PageImage, Upload
from lutong.domains.exchange.actions import put_out
from lutong.gateways.objectstore import vault
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid

PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn:
    """One upload that becomes a document: its kind (courts.DocumentCode), title and place in the volume."""

    upload_id: uuid.UUID
    kind: str
    title: str = ""
    place: int = 0
    party_id: uuid.UUID | None = None
    supersedes_id: uuid.UUID | None = None
    volume: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBytes:
    """A paper already in the object store; an orphan there is harmless, a row without bytes is not."""

    object_key: str
    sealed_key: bytes
    size: int
    sha256: str
    sm3: str
    media_type: str = PDF
    pages: int | None = None


@action
def take_in(
    *,
    actor: Actor,
    court_id: int,
    items: Sequence[TakeIn],
    now: dt.datetime,
    filing_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
) -> list[Document]:
    """Make documents of the actor's finished uploads, in a filing or a case.

    All or nothing: raises Invalid naming the file that is missing, unfinished or refused, Conflict when an
    upload already is a document of this court.
    """
    uploads = {u.id: u for u in Upload.objects.select_for_update().filter(
        lawyer_id=actor.person_id, id__in=[i.upload_id for i in items]).order_by("id")}  # fmt: skip
    documents = [_from_upload(actor, court_id, item, uploads.get(item.upload_id), now) for item in items]
    taken = {d.upload_id for d in documents}
    if Document.objects.filter(court_id=court_id, upload_id__in=taken).exists():
        raise Conflict("有文件已经提交过，请刷新页面查看")
    for document in documents:
        document.filing_id, document.case_id = filing_id, case_id
    Document.objects.bulk_create(documents)
    for supersedes in filter(None, (i.supersedes_id for i in items)):
        Document.objects.filter(court_id=court_id, id=supersedes, submitted_by=actor.person_id).update(
            state="superseded"
        )
    _announce(actor, court_id, documents, "dossier.take_in", now)
    return documents


@action
def file_paper(
    *,
    actor: Actor,
    court_id: int,
    kind: str,
    title: str,
    stored: StoredBytes,
    key: uuid.UUID,
    now: dt.datetime,
    case_id: uuid.UUID | None = None,
    filing_id: uuid.UUID | None = None,
    volume: str = "main",
    submitter: str = "",
) -> Document:
    """File a paper that the court (or the platform for it) made. The same `key` files it once and answers the first."""
    earlier = Document.objects.filter(court_id=court_id, upload_id=key).first()
    if earlier is not None:
        return earlier
    document = Document.objects.create(
        court_id=court_id, case_id=case_id, filing_id=filing_id, kind=kind, title=title[:255], volume=volume,
        filename=f"{title[:200]}.pdf", media_type=stored.media_type, size=stored.size, pages=stored.pages,
        sha256=stored.sha256, sm3=stored.sm3, object_key=stored.object_key, sealed_key=stored.sealed_key,
        submitted_by=actor.person_id, submitter=submitter or actor.name, submitted_at=now, upload_id=key,
        state="in_dossier", place=_next_place(court_id, case_id, filing_id),
    )  # fmt: skip
    _announce(actor, court_id, [document], "dossier.file_paper", now)
    return document


def store_paper(*, data: bytes, media_type: str = PDF, pages: int | None = None) -> StoredBytes:
    """Put bytes into the object store. Outside any transaction: it may go over the network."""
    kept = vault().put(data)
    return StoredBytes(
        object_key=kept.object_key, sealed_key=kept.sealed_key, size=kept.size, sha256=kept.sha256, sm3=kept.sm3,
        media_type=media_type, pages=pages,
    )  # fmt: skip


@action
def attach_to_case(*, actor: Actor, court_id: int, filing_id: uuid.UUID, case_id: uuid.UUID, now: dt.datetime) -> None:
    """On registration the papers of the filing become the first papers of the case's main volume.

    The event lists them, so that the case's own trail says what its volume must hold.
    """
    mine = Document.objects.filter(court_id=court_id, filing_id=filing_id, case_id=None)
    ids = [str(i) for i in mine.select_for_update().order_by("id").values_list("id", flat=True)]
    count = mine.exclude(state="superseded").update(case_id=case_id, state="in_dossier")
    mine.update(case_id=case_id)
    # A page-image job holds the document's row while it writes, so no image slips between these two statements.
    PageImage.objects.filter(court_id=court_id, document_id__in=ids).update(case_id=case_id)
    record(
        actor=actor, court_id=court_id, action="dossier.attach_to_case", subject=f"{count} 份材料", now=now,
        case_id=case_id, filing_id=filing_id, documents=ids,
    )  # fmt: skip


def _from_upload(actor: Actor, court_id: int, item: TakeIn, upload: Upload | None, now: dt.datetime) -> Document:
    if upload is None:
        raise Invalid("有文件找不到了，请重新上传")
    if upload.state != "stored":
        raise Invalid(f"“{upload.filename}”还没有上传完成或未被接收，请等待完成或移除后再提交")
    return Document(
        court_id=court_id, party_id=item.party_id, kind=item.kind, title=item.title or upload.filename,
        filename=upload.filename, media_type=upload.media_type, size=upload.declared_size, pages=upload.pages,
        sha256=upload.sha256, sm3=upload.sm3, object_key=upload.object_key, sealed_key=bytes(upload.sealed_key),
        submitted_by=actor.person_id, submitter=str(actor), submitted_at=now, upload_id=upload.id, place=item.place,
        supersedes_id=item.supersedes_id, volume=item.volume, state="in_dossier" if actor.is_staff else "received",
    )  # fmt: skip


def _next_place(court_id: int, case_id: uuid.UUID | None, filing_id: uuid.UUID | None) -> int:
    home = {"case_id": case_id} if case_id else {"filing_id": filing_id}
    last = Document.objects.filter(court_id=court_id, **home).order_by("-place").values_list("place", flat=True).first()
    return (last or 0) + 1


def _announce(actor: Actor, court_id: int, documents: list[Document], action_name: str, now: dt.datetime) -> None:
    about = [About(d.title, {"document": str(d.id), "sha256": d.sha256}, d.case_id, d.filing_id) for d in documents]
    record_each(actor=actor, court_id=court_id, action=action_name, about=about, now=now)
    put_out(court_id=court_id, topic="dossier.documents", payload={"ids": [str(d.id) for d in documents]}, now=now)
