"""The word of an API token: `lt_` + the lawyer's id + 256 random bits. The id finds the owner's rows by key."""

import datetime as dt
import hashlib
import re
import secrets

MOST = 20  # in force, per lawyer
USE_NOTED_EVERY = dt.timedelta(minutes=10)
_SHAPE = re.compile(r"lt_([1-9][0-9]{0,17})_[A-Za-z0-9_-]{43}")


def make(lawyer_id: int) -> str:
    """A new word, to be shown once."""
    return f"lt_{lawyer_id}_{secrets.token_urlsafe(32)}"


def digest_of(word: str) -> str:
    """What is kept: SHA-256 suffices for 256 random bits."""
    return hashlib.sha256(word.encode()).hexdigest()


def read(word: str) -> tuple[int, str] | None:
    """(lawyer's id, digest) of a word that has the right shape."""
    shape = _SHAPE.fullmatch(word)
    return (int(shape[1]), digest_of(word)) if shape else None
