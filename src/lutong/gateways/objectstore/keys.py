"""Envelope keys: each object has its own data key, kept wrapped under a key-encryption key (KEK).

Rotation adds a KEK and rewraps the small wrapped keys; no stored byte is touched. An HSM or KMS takes the place of
`KeyRing` by offering the same three methods.
"""

import base64
import binascii
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lutong.gateways.objectstore.sealing import KEY_BYTES, NONCE, Tampered

_VERSION = 1


class Keys(Protocol):
    def wrap(self, key: bytes, object_key: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, object_key: str) -> bytes: ...

    def rewrap(self, wrapped: bytes, object_key: str) -> bytes: ...


class KeyRing:
    """KEKs by name; the first one wraps, all unwrap."""

    def __init__(self, keks: dict[str, bytes]) -> None:
        if not keks or any(len(k) != KEY_BYTES or not 0 < len(n.encode()) < 256 for n, k in keks.items()):
            raise ValueError("a key ring needs named keys of 32 bytes")
        self._keks = {name: AESGCM(kek) for name, kek in keks.items()}
        self.current = next(iter(keks))

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """`name:base64,older:base64`, as the setting LUTONG_FILE_KEYS has it."""
        try:
            pairs = (item.split(":", 1) for item in text.split(",") if item.strip())
            return cls({name.strip(): base64.b64decode(key, validate=True) for name, key in pairs})
        except (ValueError, binascii.Error):
            raise ValueError("LUTONG_FILE_KEYS must read name:base64 of 32 bytes, newest first") from None

    @staticmethod
    def generate(name: str) -> str:
        """A fresh setting text for a first start."""
        return f"{name}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"

    def wrap(self, key: bytes, object_key: str) -> bytes:
        name, nonce = self.current.encode(), os.urandom(NONCE)
        head = bytes([_VERSION, len(name)]) + name
        return head + nonce + self._keks[self.current].encrypt(nonce, key, head + object_key.encode())

    def unwrap(self, wrapped: bytes, object_key: str) -> bytes:
        """The data key, or raise `Tampered`; `KeyError` names a KEK that this ring does not hold."""
        if len(wrapped) < 2 or wrapped[0] != _VERSION:
            raise Tampered("密钥封装格式不明")
        cut = 2 + wrapped[1]
        head, nonce, sealed = wrapped[:cut], wrapped[cut : cut + NONCE], wrapped[cut + NONCE :]
        kek = self._keks[head[2:].decode(errors="replace")]
        try:
            return kek.decrypt(nonce, sealed, head + object_key.encode())
        except (InvalidTag, ValueError):
            raise Tampered("密钥封装被改动") from None

    def rewrap(self, wrapped: bytes, object_key: str) -> bytes:
        """The same data key under the current KEK."""
        return self.wrap(self.unwrap(wrapped, object_key), object_key)
