"""Secrets that are handed over once: links, codes and tokens. What is kept of them is a digest."""

import hashlib
import secrets

CODE_LENGTH = 8
MOST_TRIES = 5  # of a code; a constraint of its table holds the same
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread from paper


def new_link(court_id: int) -> str:
    """A word of 192 random bits that names its court, so that it can be looked up there."""
    return f"{court_id}-{secrets.token_urlsafe(24)}"


def new_code() -> str:
    """Eight letters and digits; with the link and five tries they need not be longer."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


def new_token(court_id: int) -> str:
    """The bearer word of a personnel system, 256 random bits."""
    return f"ltp-{court_id}-{secrets.token_urlsafe(32)}"


def court_of(word: str, *, prefix: str = "") -> int:
    """The court that a word names; 0 when it is none of ours."""
    head = word.removeprefix(prefix).partition("-")[0]
    return int(head) if word.startswith(prefix) and head.isascii() and head.isdigit() and len(head) < 5 else 0


def digest_of(word: str) -> str:
    """What is kept of a word."""
    return hashlib.sha256(word.encode()).hexdigest()
