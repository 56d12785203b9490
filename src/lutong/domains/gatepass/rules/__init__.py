"""The code and how a gate judges it: plain Python, shared by the server and the turnstile's command."""

from lutong.domains.gatepass.rules.code import (
    LIFE,
    REFRESH_EVERY,
    SLIP_LIFE,
    Form,
    GateCode,
    Purpose,
    Unreadable,
    message_of,
    read,
    write,
)
from lutong.domains.gatepass.rules.judging import (
    EARLY,
    FRESH_FOR,
    WORDS,
    Bundle,
    BundleUnusable,
    Door,
    Expected,
    Person,
    Reason,
    Verdict,
    Words,
    judge,
    plain,
    read_bundle,
    told,
)

__all__ = [
    "EARLY", "FRESH_FOR", "LIFE", "REFRESH_EVERY", "SLIP_LIFE", "WORDS", "Bundle", "BundleUnusable", "Door", "Expected",
    "Form", "GateCode", "Person", "Purpose", "Reason", "Unreadable", "Verdict", "Words", "judge", "message_of", "plain",
    "read", "read_bundle", "told", "write",
]  # fmt: skip
