"""Public keys as JSON (RFC 7517), the form in which they are published, pinned and carried to offline verifiers.

SM2 has no registered JOSE curve; we write it as most Chinese software does: `"kty": "EC", "crv": "SM2"`.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from lutong.gateways.crypto.port import Algorithm, KeyUnusable, Verifier
from lutong.gateways.crypto.software import Ed25519Verifier, Sm2Verifier

_SHAPES = {Algorithm.ED25519: ("OKP", "Ed25519"), Algorithm.SM2: ("EC", "SM2")}
KID_CHARACTERS = 11


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of strict base64url without padding, in its one spelling; ValueError otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("not base64url") from error
    if b64(data) != text:  # unused bits of the last character, or + and / of the other alphabet
        raise ValueError("not the one spelling of base64url")
    return data


def kid_of(algorithm: Algorithm, public_key: bytes) -> str:
    """The first 64 bits of the RFC 7638 thumbprint, short for a code on a screen: it names a key and proves nothing."""
    members = json.dumps(_members(algorithm, public_key), separators=(",", ":"), sort_keys=True)
    return b64(hashlib.sha256(members.encode()).digest()[:8])


def public_jwk(verifier: Verifier) -> dict[str, str]:
    """One public key as JSON Web Key."""
    return {
        **_members(verifier.algorithm, verifier.public_key),
        "alg": verifier.algorithm.value,
        "use": "sig",
        "kid": verifier.kid,
    }


def public_jwks(verifiers: Iterable[Verifier]) -> dict[str, list[dict[str, str]]]:
    """A set of public keys as published at a well-known address."""
    return {"keys": [public_jwk(verifier) for verifier in verifiers]}


def verifier_of(algorithm: Algorithm, public_key: bytes) -> Verifier:
    """The verifier of raw key bytes. Raises KeyUnusable."""
    kid = kid_of(algorithm, public_key)
    if algorithm is Algorithm.ED25519:
        return Ed25519Verifier(kid, public_key)
    return Sm2Verifier(kid, public_key)


def read_jwk(jwk: Mapping[str, Any]) -> Verifier:
    """The verifier that a published key describes. Raises KeyUnusable, also if its kid is not its own."""
    try:
        algorithm = Algorithm(jwk["alg"])
        if (jwk["kty"], jwk["crv"]) != _SHAPES[algorithm]:
            raise KeyUnusable("alg, kty and crv contradict each other")
        public_key = unb64(jwk["x"]) + (unb64(jwk["y"]) if algorithm is Algorithm.SM2 else b"")
        verifier = verifier_of(algorithm, public_key)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KeyUnusable(f"not a public key: {error!r}") from error
    if jwk.get("kid") != verifier.kid:
        raise KeyUnusable("the kid is not the thumbprint of the key")
    return verifier


def read_jwks(published: Any) -> dict[str, Verifier]:
    """The verifiers of a published set, by kid; keys of other kinds are passed over. Raises KeyUnusable."""
    if not isinstance(published, dict) or not isinstance(published.get("keys"), list):
        raise KeyUnusable("not a set of keys")
    ours = [key for key in published["keys"] if isinstance(key, dict) and key.get("alg") in set(Algorithm)]
    return {verifier.kid: verifier for verifier in map(read_jwk, ours)}


def _members(algorithm: Algorithm, public_key: bytes) -> dict[str, str]:
    kind, curve = _SHAPES[algorithm]
    if algorithm is Algorithm.ED25519:
        return {"kty": kind, "crv": curve, "x": b64(public_key)}
    return {"kty": kind, "crv": curve, "x": b64(public_key[:32]), "y": b64(public_key[32:])}
