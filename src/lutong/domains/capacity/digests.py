"""Names as digests: comparable for one lawyer, worthless to whoever reads the table."""

import hashlib
import hmac

from django.conf import settings

from lutong.kernel.capacity import plain_name


def digest_of(*, lawyer_id: int, name: str) -> str:
    """The HMAC of a name under the key of one lawyer, so that equal names of two lawyers do not look equal."""
    plain = plain_name(name)
    return _mac(lawyer_id, plain) if plain else ""


def fingerprint_of(*, lawyer_id: int, clients: tuple[str, ...], opposing: tuple[str, ...]) -> str:
    """The print of a whole question: the same names on the same sides, in whatever order and writing."""
    sides = [sorted(plain_name(name) for name in side) for side in (clients, opposing)]
    return _mac(lawyer_id, "\n\n".join("\n".join(side) for side in sides))


def _mac(lawyer_id: int, text: str) -> str:
    message = f"party-name\0{lawyer_id}\0{text}".encode()
    return hmac.new(settings.LUTONG_BLIND_KEY, message, hashlib.sha256).hexdigest()
