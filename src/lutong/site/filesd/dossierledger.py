"""The ledger in the database: each call is one use case of the domain `dossier`."""

import datetime as dt
import uuid

from django.db import close_old_connections

from lutong.domains.dossier import actions, queries
from lutong.domains.dossier.models import Upload
from lutong.domains.identity.queries import is_barred
from lutong.kernel.actor import Actor, system
from lutong.site.filesd.ledger import Result, State, UploadRow


class DossierLedger:
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
        close_old_connections()
        upload = actions.begin_upload(
            actor=actor, purpose=purpose, slot=slot, filename=filename, size=size, object_key=object_key,
            sealed_key=sealed_key, now=now,
        )  # fmt: skip
        return _row(upload)

    def get(self, *, actor: Actor, upload_id: uuid.UUID) -> UploadRow:
        close_old_connections()
        return _row(queries.get_upload(actor=actor, upload_id=upload_id))

    def progress(self, *, actor: Actor, upload_id: uuid.UUID, offset: int, now: dt.datetime) -> None:
        close_old_connections()
        actions.note_progress(actor=actor, upload_id=upload_id, offset=offset, now=now)

    def examining(self, *, actor: Actor, upload_id: uuid.UUID, now: dt.datetime) -> None:
        close_old_connections()
        actions.await_verdict(actor=actor, upload_id=upload_id, now=now)

    def store(self, *, actor: Actor, upload_id: uuid.UUID, result: Result, now: dt.datetime) -> None:
        close_old_connections()
        actions.finish_upload(
            actor=actor, upload_id=upload_id, sha256=result.sha256, sm3=result.sm3, media_type=result.media_type,
            pages=result.pages, warnings=list(result.warnings), now=now,
        )  # fmt: skip

    def refuse(self, *, actor: Actor, upload_id: uuid.UUID, refusal: dict[str, str], now: dt.datetime) -> None:
        close_old_connections()
        actions.refuse_upload(actor=actor, upload_id=upload_id, refusal=refusal, now=now)

    def discard(self, *, actor: Actor, upload_id: uuid.UUID, now: dt.datetime) -> None:
        close_old_connections()
        actions.discard_upload(actor=actor, upload_id=upload_id, now=now)

    def damaged(self, *, court_id: int, document_id: uuid.UUID, part: str, now: dt.datetime) -> None:
        close_old_connections()
        actions.report_damage(actor=system(court_id), court_id=court_id, document_id=document_id, part=part, now=now)

    def is_barred(self, *, person_id: int) -> bool:
        close_old_connections()
        return is_barred(person_id=person_id)


def _row(upload: Upload) -> UploadRow:
    state: State = upload.state  # type: ignore[assignment]  # a check constraint holds it to these words
    return UploadRow(
        id=upload.id,
        lawyer_id=upload.lawyer_id,
        purpose=upload.purpose,
        slot=upload.slot,
        filename=upload.filename,
        size=upload.declared_size,
        offset=upload.offset,
        state=state,
        object_key=upload.object_key,
        sealed_key=bytes(upload.sealed_key),
        created_at=upload.created_at,
        expires_at=upload.expires_at,
        media_type=upload.media_type,
        pages=upload.pages,
        sha256=upload.sha256,
        sm3=upload.sm3,
        warnings=tuple(upload.warnings),
        refusal=upload.refusal,
        finished_at=upload.finished_at,
    )
