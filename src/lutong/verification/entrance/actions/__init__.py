"""What happens at the entrance: codes, passkeys, visits, and what persons are told of them."""

from lutong.verification.entrance.actions.codes import ask_code, enter, forget_old
from lutong.verification.entrance.actions.keys import (
    Barred,
    Step,
    add_key,
    ask_for_key,
    ask_to_make_key,
    enter_by_key,
    remove_key,
    rename_key,
)
from lutong.verification.entrance.actions.limits import TooMany
from lutong.verification.entrance.actions.notices import message_failed, message_handed_over
from lutong.verification.entrance.actions.visits import leave, leave_everywhere, note_live_check

__all__ = [
    "Barred", "Step", "TooMany", "add_key", "ask_code", "ask_for_key", "ask_to_make_key", "enter", "enter_by_key",
    "forget_old", "leave", "leave_everywhere", "message_failed", "message_handed_over", "note_live_check",
    "remove_key", "rename_key",
]  # fmt: skip
