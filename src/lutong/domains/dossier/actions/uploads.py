"""Uploads: the rows behind the file process. Bytes and their checks are not here; see site/filesd."""

import datetime as dt
import uuid

from django.db.models import Count, Sum

from lutong.domains.audit.actions import record_own
from lutong.domains.dossier.access import draft_purpose, owner_of, uploads_of
from lutong.domains.dossier.models import Upload
from lutong.domains.identity.queries import is_barred
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

MOST_FILES = 200  # of one draft or one hand-over
MOST_BYTES = 2_000_000_000  # of the same, together
NOT_IN_FORCE = {
    "code": "licence_not_in_force",
    "sentence": "您的执业状态发生变化，上传已停止，未传完的文件没有接收。",
    "way_out": "恢复执业后重新上传；期限将届满的，请由委托人本人到法院诉讼服务大厅窗口递交或者邮寄。",
}
UNFINISHED_FOR = dt.timedelta(hours=48)  # how long an interrupted upload waits to be continued


@action
def begin_upload(
    *,
    actor: Actor,
    purpose: str,
    slot: str,
    filename: str,
    size: int,
    object_key: str,
    sealed_key: bytes,
    now: dt.datetime,
) -> Upload:
    """Announce a file of `size` bytes. Raise Conflict when the purpose has too many or too large files already.

    Raises NotFound when it is for a draft that the actor does not prepare, or no longer.
    """
    if not purpose or len(purpose) > 40 or size <= 0:
        raise Invalid("上传的用途或大小不对，请刷新页面后重试")
    if is_barred(person_id=actor.person_id):
        raise NotAllowed(NOT_IN_FORCE["sentence"], way_out=NOT_IN_FORCE["way_out"])
    owner = owner_of(actor, purpose=purpose)
    if owner is None:
        raise NotFound("没有这份立案草稿，或者律师已经收回授权")
    others = Upload.objects.filter(lawyer_id=owner, purpose=purpose).exclude(state="refused")
    sums = others.aggregate(files=Count("id"), size=Sum("declared_size"))
    if sums["files"] >= MOST_FILES:
        raise Conflict(f"最多上传 {MOST_FILES} 个文件，请合并同类材料或移除不需要的文件", limit=MOST_FILES)
    if (sums["size"] or 0) + size > MOST_BYTES:
        raise Conflict(
            f"全部文件合计不能超过 {MOST_BYTES // 10**9} GB，请压缩或移除不需要的文件", limit=MOST_BYTES
        )  # fmt: skip
    return Upload.objects.create(
        lawyer_id=owner, uploader=actor.signature[:140] if owner != actor.person_id else "", purpose=purpose,
        slot=slot, filename=filename[:255], declared_size=size,
        object_key=object_key, sealed_key=sealed_key, created_at=now, expires_at=now + UNFINISHED_FOR,
    )  # fmt: skip


@action
def note_progress(*, actor: Actor, upload_id: uuid.UUID, offset: int, now: dt.datetime) -> None:
    """Write how many bytes are durable, and let the upload wait anew for the rest."""
    uploads_of(actor).filter(id=upload_id, state="receiving").update(offset=offset, expires_at=now + UNFINISHED_FOR)


@action
def await_verdict(*, actor: Actor, upload_id: uuid.UUID, now: dt.datetime) -> None:
    """All bytes are here; the malware scan has to be made up for. The upload does not expire meanwhile."""
    upload = _locked(actor, upload_id)
    if upload.state == "receiving":
        upload.state, upload.offset, upload.expires_at = "examining", upload.declared_size, now + UNFINISHED_FOR
        upload.save(update_fields=["state", "offset", "expires_at"])


@action
def finish_upload(
    *,
    actor: Actor,
    upload_id: uuid.UUID,
    sha256: str,
    sm3: str,
    media_type: str,
    pages: int | None,
    warnings: list[str],
    now: dt.datetime,
) -> Upload:
    """The bytes are stored and found good. Doing it twice changes nothing."""
    upload = _locked(actor, upload_id)
    if upload.state == "stored":
        return upload
    if upload.state == "refused":
        raise Conflict((upload.refusal or {}).get("sentence", "这个上传已被拒收，请重新选择文件"))
    upload.state, upload.offset, upload.finished_at = "stored", upload.declared_size, now
    upload.sha256, upload.sm3, upload.media_type = sha256, sm3, media_type
    upload.pages, upload.warnings = pages, warnings
    upload.save()
    record_own(
        actor=actor, action="dossier.finish_upload", subject=upload.filename, now=now, upload=str(upload_id),
        sha256=sha256, sm3=sm3, size=upload.declared_size, purpose=upload.purpose,
    )  # fmt: skip
    return upload


@action
def refuse_upload(*, actor: Actor, upload_id: uuid.UUID, refusal: dict[str, str], now: dt.datetime) -> Upload:
    """The file cannot be taken; `refusal` has code, sentence and way_out. Its bytes are destroyed by the caller."""
    upload = _locked(actor, upload_id)
    if upload.state == "refused":
        return upload
    upload.state, upload.offset, upload.finished_at = "refused", upload.declared_size, now
    upload.refusal = refusal
    upload.save()
    record_own(
        actor=actor, action="dossier.refuse_upload", subject=upload.filename, now=now, upload=str(upload_id),
        code=refusal["code"],
    )  # fmt: skip
    return upload


@action
def stop_uploads(*, actor: Actor, lawyer_id: int, now: dt.datetime) -> int:
    """Refuse what a person has not finished uploading, because his licence is no longer in force; answers how many.

    Law: 意见第十六条第二款. The file process cuts the transfers that are running and destroys the bytes.
    """
    waiting = Upload.objects.select_for_update().filter(lawyer_id=lawyer_id, state__in=["receiving", "examining"])
    stopped = [upload.id for upload in waiting]
    Upload.objects.filter(lawyer_id=lawyer_id, id__in=stopped).update(
        state="refused", refusal=NOT_IN_FORCE, finished_at=now
    )
    record_own(actor=actor, action="dossier.stop_uploads", subject="", now=now, uploads=[str(one) for one in stopped])
    return len(stopped)


@action
def move_uploads(*, actor: Actor, giver: Actor, draft_id: uuid.UUID, now: dt.datetime) -> int:
    """The files of a draft follow it to the lawyer who takes it over; answers how many. He may, the caller knows.

    Ids and bytes stay the same, so that the draft still finds them, and each says who put it there. Raises Conflict
    while a file is on its way: nothing may be lost between two hands.
    """
    rows = Upload.objects.select_for_update().filter(lawyer_id=giver.person_id, purpose=draft_purpose(draft_id))
    files = list(rows.exclude(state="refused").order_by("created_at", "id"))
    if any(file.state != "stored" for file in files):
        raise Conflict("还有文件没有传完或者正在检查，请移交的律师传完或者移除后，再接手")
    rows.filter(id__in=[file.id for file in files]).delete()
    for file in files:
        file.lawyer_id, file.uploader = actor.person_id, file.uploader or giver.signature[:140]
    Upload.objects.bulk_create(files)
    record_own(
        actor=actor, action="dossier.move_uploads", subject="", now=now, draft=str(draft_id), giver=giver.person_id,
        uploads=[str(file.id) for file in files],
    )  # fmt: skip
    return len(files)


@action
def discard_upload(*, actor: Actor, upload_id: uuid.UUID, now: dt.datetime) -> None:
    """Take an upload back. Documents made of it keep their bytes; other bytes are swept as orphans."""
    upload = _locked(actor, upload_id)
    record_own(
        actor=actor, action="dossier.discard_upload", subject=upload.filename, now=now, upload=str(upload_id),
        state=upload.state,
    )  # fmt: skip
    upload.delete()


def _locked(actor: Actor, upload_id: uuid.UUID) -> Upload:
    upload = uploads_of(actor).select_for_update().filter(id=upload_id).first()
    if upload is None:
        raise NotFound("没有这个上传，或它已过期")
    return upload
