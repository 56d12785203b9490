"""Reading drafts and filings: `drafts` and `judging` for the lawyer, `desk` for the court."""

from lutong.domains.filing.queries.drafts import (
    TABS,
    Submitted,
    count_drafts,
    get_draft,
    get_submitted,
    list_deleted,
    list_drafts,
    list_opened_fields,
)
from lutong.domains.filing.queries.judging import examine_draft, list_grounds, purpose_of

__all__ = [
    "TABS",
    "Submitted",
    "count_drafts",
    "examine_draft",
    "get_draft",
    "get_submitted",
    "list_deleted",
    "list_drafts",
    "list_grounds",
    "list_opened_fields",
    "purpose_of",
]
