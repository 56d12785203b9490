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

__all__ = [
    "StoredBytes",
    "TakeIn",
    "attach_to_case",
    "file_paper",
    "note_look",
    "reorder",
    "store_paper",
    "take_in",
]
