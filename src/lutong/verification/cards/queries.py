"""What a card is made of, and the keys that it is checked with."""

import uuid
from collections.abc import Mapping

from django.conf import settings

from lutong.gateways.crypto.factory import key_ring
from lutong.gateways.crypto.keys import public_jwks
from lutong.gateways.crypto.port import KeyRing, Verifier
from lutong.kernel.errors import NotFound
from lutong.verification.registry import queries as registry
from lutong.verification.registry.queries import LicenceView

PURPOSE = "cards"


def ring() -> KeyRing:
    """The keys with which this service signs cards."""
    return key_ring(home=settings.LUTONG.home, purpose=PURPOSE)


def public_keys() -> dict[str, list[dict[str, str]]]:
    """What is published: every key whose signatures count."""
    return public_jwks(ring().verifiers().values())


def verifiers() -> Mapping[str, Verifier]:
    """The same, to check a card with."""
    return ring().verifiers()


def licence_of(*, number: str) -> LicenceView:
    """The entry of the roll that a card speaks of, as it stands now. Raises NotFound."""
    licence = registry.get_licence(number=number)
    if licence is None:
        raise NotFound("名册中没有这个证号")
    return licence


def photo_of(licence: LicenceView) -> bytes:
    """The photo of the roll; empty if there is none."""
    if not licence.photo:
        return b""
    portrait = registry.get_photo(address=uuid.UUID(licence.photo))
    return bytes(portrait.png) if portrait is not None else b""
