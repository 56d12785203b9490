"""What the file process needs from the database: one row per upload."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from lutong.kernel.actor import Actor

State = Literal["receiving", "examining", "stored", "refused"]


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One upload as the ledger knows it."""

    id: uuid.UUID
    lawyer_id: int
    purpose: str
    slot: str
    filename: str
    size: int
    offset: int
    state: State
    object_key: str
    sealed_key: bytes
    created_at: dt.datetime
    expires_at: dt.datetime
    media_type: str = ""
    pages: int | None = None
    sha256: str = ""
    sm3: str = ""
    warnings: tuple[str, ...] = ()
    refusal: dict[str, str] | None = None
    finished_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What stands fixed once an upload is stored."""

    sha256: str
    sm3: str
    media_type: str
    pages: int | None
    warnings: tuple[str, ...]


class UploadLedger(Protocol):
    """Blocking calls, each one transaction. Refusals are those of `lutong.kernel.errors`."""

    def begin(
        self,
        *,
        actor: Actor,
        purpose: str,
        slot: str,
        filename: str,
        size: int,
        object_key: str,
        sealed_key: bytes,
        now: dt.datetime,
    ) -> UploadRow:
        """Open a row, or raise `Invalid`/`Conflict` when the purpose takes no (more) files."""

    def get(self, *, actor: Actor, upload_id: uuid.UUID) -> UploadRow:
        """The actor's own upload, or raise `NotFound`."""

    def progress(self, *, actor: Actor, upload_id: uuid.UUID, offset: int, now: dt.datetime) -> None: ...

    def examining(self, *, actor: Actor, upload_id: uuid.UUID, now: dt.datetime) -> None:
        """All bytes are here; the verdict has to wait for a part that is down."""

    def store(self, *, actor: Actor, upload_id: uuid.UUID, result: Result, now: dt.datetime) -> None: ...

    def refuse(self, *, actor: Actor, upload_id: uuid.UUID, refusal: dict[str, str], now: dt.datetime) -> None: ...

    def discard(self, *, actor: Actor, upload_id: uuid.UUID, now: dt.datetime) -> None:
        """Forget an upload that is not stored."""

    def damaged(self, *, court_id: int, document_id: uuid.UUID, part: str, now: dt.datetime) -> None:
        """The bytes of a document (or of its view copy, or of a page) are not what they were."""

    def is_barred(self, *, person_id: int) -> bool:
        """Whether tickets given to this person count no more (意见第十六条第二款)."""


def public(row: UploadRow) -> dict[str, Any]:
    """What the bearer of the ticket may know of his upload, as JSON."""
    return {
        "id": str(row.id),
        "state": row.state,
        "slot": row.slot,
        "filename": row.filename,
        "size": row.size,
        "offset": row.offset,
        "media_type": row.media_type,
        "pages": row.pages,
        "sha256": row.sha256,
        "sm3": row.sm3,
        "warnings": list(row.warnings),
        "refusal": row.refusal,
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }
