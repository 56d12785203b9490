"""Random words that are kept as digests, and the key that makes pairwise numbers."""

import hashlib
import hmac
import secrets

from django.conf import settings

from lutong.verification.oidc import rules


def new_secret() -> str:
    """A client secret: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(word: str) -> str:
    """SHA-256 of a random word of many bits: nothing to guess, so nothing slow is needed."""
    return hashlib.sha256(word.encode()).hexdigest()


def is_secret_of(word: str, kept: str) -> bool:
    """Compare in constant time."""
    return bool(kept) and hmac.compare_digest(digest(word), kept)


def subject_of(*, client_id: str, person_id: int) -> str:
    """The `sub` of a person at one application."""
    return rules.pairwise(key=settings.LUTONG_PAIRWISE_KEY, client_id=client_id, person_id=person_id)
