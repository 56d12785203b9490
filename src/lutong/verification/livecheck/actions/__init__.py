"""What may be done with a live check: the person's steps, the officer's, and the clock's."""

from lutong.verification.livecheck.actions.holding import (
    begin_recording,
    consent,
    start,
    submit,
    withdraw,
)
from lutong.verification.livecheck.actions.reviewing import decide, film_for_review, release, take, vouch
from lutong.verification.livecheck.actions.sweeping import sweep
from lutong.verification.livecheck.actions.trail import on_decision

__all__ = [
    "begin_recording", "consent", "decide", "film_for_review", "on_decision", "release", "start", "submit", "sweep",
    "take", "vouch", "withdraw",
]  # fmt: skip
