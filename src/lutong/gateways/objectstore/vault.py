"""Vault: store and keys together, as the domains use them. Plaintext in, plaintext out, sealed in between."""

import io
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lutong.gateways.objectstore.digests import Hashing
from lutong.gateways.objectstore.keys import Keys
from lutong.gateways.objectstore.port import ObjectStore, exactly
from lutong.gateways.objectstore.reading import SealedReader
from lutong.gateways.objectstore.sealing import (
    CHUNK,
    HEADER,
    LAST,
    MIDDLE,
    Seal,
    chunk_count,
    new_key,
    sealed_size,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a table keeps of an object. The key is random, so that equal files in two cases do not show as equal."""

    object_key: str
    sealed_key: bytes  # the data key, wrapped
    size: int  # bytes of plaintext
    sha256: str
    sm3: str


class Vault:
    def __init__(self, store: ObjectStore, keys: Keys) -> None:
        self.store, self.keys = store, keys

    def new_object(self) -> tuple[str, bytes]:
        """A fresh object key and its wrapped data key."""
        name = secrets.token_hex(20)
        object_key = f"{name[:2]}/{name}"
        return object_key, self.keys.wrap(new_key(), object_key)

    def put(self, data: bytes) -> Stored:
        """Seal and store something small that we made ourselves."""
        return self.put_stream(io.BytesIO(data), len(data))

    def put_stream(self, stream: BinaryIO, size: int) -> Stored:
        """Seal and store `size` bytes; memory stays flat. Durable when it returns, or raises `StoreError`."""
        object_key, sealed_key = self.new_object()
        sealing = _Sealing(stream, size, Seal(self.keys.unwrap(sealed_key, object_key), object_key))
        self.store.put(object_key, sealing, sealed_size(size))
        digests = sealing.hashing.digests()
        return Stored(object_key, sealed_key, size, digests.sha256, digests.sm3)

    def adopt(self, object_key: str, path: Path) -> None:
        """Take over a file that the spool has sealed under this key; doing it twice is harmless."""
        self.store.adopt(object_key, path)

    def open(self, object_key: str, sealed_key: bytes, size: int | None = None) -> SealedReader:
        """A seekable plaintext file. Raise `Missing` or `Tampered`; give `size` where the database knows it."""
        return SealedReader(self.store, object_key, self.keys.unwrap(sealed_key, object_key), size)

    def read(self, object_key: str, sealed_key: bytes, size: int | None = None) -> bytes:
        """All bytes of something known to be small."""
        with self.open(object_key, sealed_key, size) as reader:
            return reader.readall()


class _Sealing:
    """Turns a plaintext stream into the sealed stream that the store reads."""

    def __init__(self, source: BinaryIO, size: int, seal: Seal) -> None:
        self._source, self._size, self._seal = source, size, seal
        self._next, self._ready = 0, HEADER
        self.hashing = Hashing()

    def read(self, size: int = -1, /) -> bytes:
        parts, length = [self._ready], len(self._ready)
        while (size < 0 or length < size) and self._next < chunk_count(self._size):
            parts.extend(self._record())
            length += len(parts[-1]) + len(parts[-2])
        whole = b"".join(parts)
        cut = len(whole) if size < 0 else size
        self._ready = whole[cut:]
        return whole[:cut]

    def close(self) -> None:
        return None

    def _record(self) -> tuple[bytes, bytes]:
        index, self._next = self._next, self._next + 1
        last = index == chunk_count(self._size) - 1
        plain = exactly(self._source, self._size - index * CHUNK if last else CHUNK)
        self.hashing.update(plain)
        return self._seal.close(index, plain, LAST if last else MIDDLE)
