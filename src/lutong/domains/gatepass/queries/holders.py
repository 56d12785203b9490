"""The pseudonym that stands for a lawyer in one court's codes, and the keys that sign them."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass

from django.conf import settings

from lutong.domains.gatepass.rules import Purpose
from lutong.gateways.crypto.factory import key_ring
from lutong.gateways.crypto.port import KeyRing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A place that a code may be for: `place` goes into the code, the rest is shown."""

    court_id: int
    purpose: Purpose
    place: uuid.UUID
    label: str
    hearing_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None


def holder_id(*, court_id: int, licence_no: str) -> uuid.UUID:
    """Who may not see the list of the day cannot tell whose code it is, nor join the codes of two courts."""
    word = f"gatepass:{court_id}:{licence_no}".encode()
    return uuid.UUID(bytes=hmac.digest(settings.LUTONG_BLIND_KEY, word, hashlib.sha256)[:16])


def gate_keys() -> KeyRing:
    """The keys that sign codes for gates."""
    return key_ring(home=settings.LUTONG.home, purpose="gatepass")
