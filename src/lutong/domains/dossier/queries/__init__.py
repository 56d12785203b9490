"""Reading documents and uploads."""

from lutong.domains.dossier.queries.documents import (
    count_documents,
    get_document,
    list_documents,
    list_filing_documents,
    list_pages,
    recent_documents,
)

__all__ = [
    "count_documents",
    "get_document",
    "list_documents",
    "list_filing_documents",
    "list_pages",
    "recent_documents",
]
