"""The dynamic code of an officer's authenticator."""

import base64

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30  # seconds


def code_at(secret: str, instant: float) -> str:
    """The six digits that an authenticator shows at this moment (RFC 6238, as authenticators do: SHA-1, 30 s)."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), STEP).generate(int(instant)).decode()  # noqa: S303
