"""Reading uploads: a person sees his own, and an assistant the files of drafts that he prepares."""

import uuid

from lutong.domains.dossier.access import uploads_of
from lutong.domains.dossier.models import Document, Upload
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound


def get_upload(*, actor: Actor, upload_id: uuid.UUID) -> Upload:
    """One of the uploads with which the actor works, or NotFound."""
    with reading(actor):
        upload = uploads_of(actor).filter(id=upload_id).first()
    if upload is None:
        raise NotFound("没有这个上传，或它已过期")
    return upload


def list_uploads(*, actor: Actor, purpose: str) -> list[Upload]:
    """The uploads to one purpose that the actor sees, in the order in which they began, refused ones included."""
    with reading(actor):
        return list(uploads_of(actor).filter(purpose=purpose).order_by("created_at", "id"))


def taken_uploads(*, actor: Actor, court_id: int, upload_ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the uploads that have become documents of a court."""
    with reading(actor):
        taken = Document.objects.filter(court_id=court_id, upload_id__in=upload_ids)
        return {one for one in taken.values_list("upload_id", flat=True) if one}
