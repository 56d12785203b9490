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
from lutong.domains.filing.queries.passing import HandedDraft, get_draft_offer, list_draft_handovers, list_draft_offers

__all__ = [
    "TABS",
    "HandedDraft",
    "Submitted",
    "count_drafts",
    "examine_draft",
    "get_draft",
    "get_draft_offer",
    "get_submitted",
    "list_deleted",
    "list_draft_handovers",
    "list_draft_offers",
    "list_drafts",
    "list_grounds",
    "list_opened_fields",
    "purpose_of",
]
