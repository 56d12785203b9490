"""Reading documents and uploads."""

from lutong.domains.dossier.access import draft_purpose
from lutong.domains.dossier.queries.bundles import get_bundle, latest_bundle
from lutong.domains.dossier.queries.documents import (
    CURRENT,
    count_documents,
    get_document,
    list_documents,
    list_filing_documents,
    list_pages,
    neighbours,
    newest_documents,
    pages_made,
)
from lutong.domains.dossier.queries.uploads import get_upload, list_uploads, taken_uploads
from lutong.domains.dossier.queries.volumes import Completeness, Group, Volume, check_complete, volume
from lutong.domains.dossier.rules import KEEPERS, MOST_PAGES

__all__ = [
    "CURRENT",
    "KEEPERS",
    "MOST_PAGES",
    "Completeness",
    "Group",
    "Volume",
    "check_complete",
    "count_documents",
    "draft_purpose",
    "get_bundle",
    "get_document",
    "get_upload",
    "latest_bundle",
    "list_documents",
    "list_filing_documents",
    "list_pages",
    "list_uploads",
    "neighbours",
    "newest_documents",
    "pages_made",
    "taken_uploads",
    "volume",
]
