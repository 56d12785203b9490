"""Sealing: authenticated encryption in chunks, so that any range can be read and no change goes unseen.

A sealed object is an 8-byte header and records of at most 64 KiB of plaintext:

    header = "LTSF" ‖ version ‖ algorithm ‖ log2(chunk) ‖ 0
    record = nonce (12) ‖ AES-256-GCM(chunk) ‖ tag (16)
    AAD    = header ‖ chunk number (8) ‖ place (1) ‖ object key

This is the STREAM construction with number and last-flag bound in the AAD: a record moved, swapped, repeated or taken
from another object fails, and so does an end cut off. The nonce is random and not a counter, because a resumed upload
may seal the same number twice under one key, and a repeated GCM nonce would break it.
"""

import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 64 * 1024  # bytes of plaintext in every record but the last
NONCE = 12
TAG = 16
RECORD = NONCE + CHUNK + TAG
KEY_BYTES = 32
HEADER = struct.pack(">4sBBBB", b"LTSF", 1, 1, 16, 0)

MIDDLE, LAST, TAIL = 0, 1, 2  # place of a record; TAIL is the unfinished chunk of an upload at rest


class Tampered(Exception):
    """The sealed bytes are not what was sealed. Nothing of them may be shown."""


def new_key() -> bytes:
    """A data key for one object."""
    return os.urandom(KEY_BYTES)


def chunk_count(size: int) -> int:
    """How many records hold `size` bytes; an empty object has one, so that its end is sealed as well."""
    return max(1, -(-size // CHUNK))


def sealed_size(size: int) -> int:
    return len(HEADER) + size + chunk_count(size) * (NONCE + TAG)


def plain_size(sealed: int) -> int:
    """The inverse of `sealed_size`; raise `Tampered` if no object has that length."""
    records, rest = divmod(sealed - len(HEADER), RECORD)
    size = records * CHUNK + (rest - NONCE - TAG if rest else 0)
    if sealed < len(HEADER) or size < 0 or sealed_size(size) != sealed:
        raise Tampered("长度不符")
    return size


def record_start(index: int) -> int:
    return len(HEADER) + index * RECORD


class Seal:
    """Seals and opens the records of one object."""

    def __init__(self, key: bytes, object_key: str) -> None:
        self._gcm = AESGCM(key)
        self._name = object_key.encode()

    def close(self, index: int, plain: bytes | memoryview, place: int) -> tuple[bytes, bytes]:
        """Nonce and ciphertext of one record, apart to save a copy."""
        nonce = os.urandom(NONCE)
        return nonce, self._gcm.encrypt(nonce, plain, self._bound(index, place))

    def open(self, index: int, record: bytes | memoryview, place: int) -> bytes:
        """The plaintext, or raise `Tampered`."""
        if len(record) < NONCE + TAG:
            raise Tampered("记录残缺")
        try:
            return self._gcm.decrypt(bytes(record[:NONCE]), record[NONCE:], self._bound(index, place))
        except InvalidTag:
            raise Tampered("密文被改动") from None

    def _bound(self, index: int, place: int) -> bytes:
        return HEADER + struct.pack(">QB", index, place) + self._name
