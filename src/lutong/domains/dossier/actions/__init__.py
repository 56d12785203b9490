"""Acts upon documents and uploads."""

from lutong.domains.dossier.actions.documents import (
    StoredBytes,
    TakeIn,
    attach_to_case,
    file_paper,
    note_look,
    reorder,
    store_paper,
    take_in,
)
from lutong.domains.dossier.actions.uploads import (
    MOST_BYTES,
    MOST_FILES,
    await_verdict,
    begin_upload,
    discard_upload,
    finish_upload,
    note_progress,
    refuse_upload,
)

__all__ = [
    "MOST_BYTES",
    "MOST_FILES",
    "StoredBytes",
    "TakeIn",
    "attach_to_case",
    "await_verdict",
    "begin_upload",
    "discard_upload",
    "file_paper",
    "finish_upload",
    "note_look",
    "note_progress",
    "refuse_upload",
    "reorder",
    "store_paper",
    "take_in",
]
