"""A sealed file handed into the sandbox: the child decrypts what it reads, so no plaintext ever lies on a disk."""

import base64
import contextlib
import datetime as dt
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lutong.gateways.objectstore.local import LocalStore
from lutong.gateways.objectstore.port import BLOCK, Readable
from lutong.gateways.objectstore.reading import SealedReader
from lutong.gateways.objectstore.sealing import plain_size
from lutong.gateways.objectstore.vault import Vault


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A complete sealed object on the local disk and the key to it."""

    path: Path
    object_key: str
    data_key: bytes
    size: int  # bytes of plaintext

    def arguments(self) -> dict[str, Any]:
        """What the child needs besides the open file."""
        return {"object_key": self.object_key, "key": base64.b64encode(self.data_key).decode(), "size": self.size}

    def open(self) -> SealedReader:
        """The plaintext, in this process."""
        return SealedReader(_OneFile(os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)), self.object_key, self.data_key)


@contextlib.contextmanager
def fetched(vault: Vault, object_key: str, sealed_key: bytes) -> Iterator[SealedFile]:
    """A stored object as a local file, still sealed: in place on a local store, else a copy for the while."""
    data_key = vault.keys.unwrap(sealed_key, object_key)
    size = plain_size(vault.store.size(object_key))
    if isinstance(vault.store, LocalStore):
        yield SealedFile(vault.store.path(object_key), object_key, data_key, size)
        return
    with (
        tempfile.NamedTemporaryFile(prefix="lutong-sealed-") as copy,
        contextlib.closing(vault.store.open(object_key)) as stream,
    ):
        while block := stream.read(BLOCK):
            copy.write(block)
        copy.flush()
        yield SealedFile(Path(copy.name), object_key, data_key, size)


def reader(descriptor: int, arguments: dict[str, Any]) -> io.BufferedReader:
    """In the child: the plaintext behind a descriptor."""
    key = base64.b64decode(arguments["key"])
    sealed = SealedReader(_OneFile(descriptor), arguments["object_key"], key, arguments["size"])
    return io.BufferedReader(sealed, 64 * 1024)


class _OneFile:
    """An object store of one open file; each `open` has a position of its own."""

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor

    def __del__(self) -> None:
        os.close(self._file)

    def open(self, _key: str, start: int = 0, length: int | None = None) -> Readable:
        return _At(self, start, length)

    def size(self, _key: str) -> int:
        return os.fstat(self._file).st_size

    def pread(self, size: int, position: int) -> bytes:
        return os.pread(self._file, size, position)

    def exists(self, _key: str) -> bool:
        return True

    def put(self, key: str, stream: Readable, size: int) -> None:
        raise NotImplementedError

    def adopt(self, key: str, path: Path) -> None:
        raise NotImplementedError

    def delete(self, key: str) -> None:
        raise NotImplementedError

    def keys(self, stored_before: dt.datetime) -> Iterator[str]:
        raise NotImplementedError


class _At:
    def __init__(self, file: _OneFile, position: int, left: int | None) -> None:
        self._file, self._position, self._left = file, position, left

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            size = max(0, self._file.size("") - self._position)
        if self._left is not None:
            size = min(size, self._left)
            self._left -= size
        data = self._file.pread(size, self._position)
        self._position += len(data)
        return data

    def close(self) -> None:
        return None
