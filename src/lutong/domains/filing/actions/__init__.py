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
from lutong.domains.filing.actions.preparing import entrust_draft, hand_back
from lutong.domains.filing.actions.submission import correct, submit, withdraw

__all__ = [
    "correct",
    "delete_draft",
    "duplicate_draft",
    "entrust_draft",
    "hand_back",
    "merge_step",
    "restore_draft",
    "save_step",
    "start_draft",
    "start_draft_once",
    "submit",
    "withdraw",
]
