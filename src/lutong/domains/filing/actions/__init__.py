"""What may be done with drafts and filings; each module is one family of use cases.

`drafts` and `submission` are the lawyer's, `review` and `decision` the court's.
"""

from lutong.domains.filing.actions.drafts import (
    delete_draft,
    duplicate_draft,
    merge_step,
    restore_draft,
    save_step,
    start_draft,
    start_draft_once,
)
from lutong.domains.filing.actions.passing import (
    decline_draft,
    keep_drafts,
    on_firm_changed,
    pass_drafts,
    take_draft,
)
from lutong.domains.filing.actions.preparing import entrust_draft, hand_back, return_draft
from lutong.domains.filing.actions.submission import correct, submit, withdraw

__all__ = [
    "correct",
    "decline_draft",
    "delete_draft",
    "duplicate_draft",
    "entrust_draft",
    "hand_back",
    "keep_drafts",
    "merge_step",
    "on_firm_changed",
    "pass_drafts",
    "restore_draft",
    "return_draft",
    "save_step",
    "start_draft",
    "start_draft_once",
    "submit",
    "take_draft",
    "withdraw",
]
