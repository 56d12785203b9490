"""Reading documents and uploads."""

from lutong.domains.dossier.queries.documents import (
    count_documents,
    get_document,
    list_documents,
    list_filing_documents,
    list_pages,
    recent_documents,
)
from lutong.domains.dossier.queries.uploads import get_upload, list_uploads

__all__ = [
    "count_documents",
    "get_document",
    "get_upload",
    "list_documents",
    "list_filing_documents",
    "list_pages",
    "list_uploads",
    "recent_documents",
]
