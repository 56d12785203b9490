"""What 律通 wants of whoever holds its signing keys.

Two algorithms stand side by side: Ed25519 (RFC 8032) for the world and SM2 (GB/T 32918.2, with SM3 and the default
identity 1234567812345678) for Chinese compliance. A signature is always 64 bytes: R‖S for Ed25519, r‖s for SM2; a
message has one spelling of its signature, so that nobody can alter one without breaking it.

A hardware security module (HSM, 密码机) is put in by a class that satisfies `KeyRing` and `Signer` and is returned by
`factory.key_ring`: nothing outside this package sees a private key or asks where it lives.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

SIGNATURE_BYTES = 64


class Algorithm(StrEnum):
    """Signature algorithms; the values are the `alg` of a key in its JSON form."""

    ED25519 = "Ed25519"
    SM2 = "SM2"


class KeyUnusable(Exception):
    """A key that is damaged, of another kind than stated, or missing. The message is for the log."""


class Verifier(Protocol):
    """The public half of a key."""

    @property
    def kid(self) -> str:
        """Eleven characters, derived from the public key itself (RFC 7638 thumbprint, first 8 bytes)."""

    @property
    def algorithm(self) -> Algorithm: ...

    @property
    def public_key(self) -> bytes:
        """32 bytes for Ed25519; 64 bytes x‖y for SM2."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's for `message`. False for anything malformed; never raises."""


class Signer(Verifier, Protocol):
    """A key that can sign; where its private half lives is its own affair."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes over the whole message (hashing belongs to the algorithm). May raise KeyUnusable."""


class KeyRing(Protocol):
    """The keys of one purpose: of each algorithm one that signs, and former ones whose signatures still count."""

    def signer(self, algorithm: Algorithm) -> Signer:
        """The key that signs at present, made on first use; another process's rotation is noticed."""

    def verifiers(self) -> Mapping[str, Verifier]:
        """Every key whose signatures count, by kid."""
