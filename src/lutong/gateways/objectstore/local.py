"""A directory as object store: the default on one machine.

Durable in this order: temporary file, fsync, link under the key (fails if taken), fsync of the directory. A crash
leaves at most a temporary file.
"""

import contextlib
import datetime as dt
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from lutong.gateways.objectstore import durable
from lutong.gateways.objectstore.port import (
    BLOCK,
    AlreadyStored,
    Missing,
    Readable,
    StoreError,
    Unavailable,
    checked,
    exactly,
    same_bytes,
)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
_LINKLESS = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}


class LocalStore:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._incoming = self.root / ".incoming"
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, key: str, stream: Readable, size: int) -> None:
        final = self.path(key)
        temporary = self._incoming / secrets.token_hex(16)
        with _clear_errors(), _removed_afterwards(temporary):
            with durable.create(temporary) as out:
                left = size
                while left and (block := exactly(stream, min(BLOCK, left))):
                    out.write(block)
                    left -= len(block)
                if left or stream.read(1):
                    raise StoreError("the stream is not as long as announced")
                durable.sync(out)
            self._link(temporary, final)

    def adopt(self, key: str, path: Path) -> None:
        final = self.path(key)
        with _clear_errors():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            try:
                self._link(path, final)
            except OSError as error:
                if error.errno not in _LINKLESS:
                    raise
                with path.open("rb") as stream:
                    self.put(key, stream, path.stat().st_size)

    def open(self, key: str, start: int = 0, length: int | None = None) -> Readable:
        try:
            stream = self.path(key).open("rb", buffering=0)
        except FileNotFoundError:
            raise Missing(key) from None
        stream.seek(start)
        return stream if length is None else _Limited(stream, length)

    def size(self, key: str) -> int:
        try:
            return self.path(key).stat().st_size
        except FileNotFoundError:
            raise Missing(key) from None

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def keys(self, stored_before: dt.datetime) -> Iterator[str]:
        limit = stored_before.timestamp()
        for path in self.root.rglob("*"):
            if path.parent != self._incoming and path.is_file() and path.stat().st_mtime < limit:
                yield path.relative_to(self.root).as_posix()

    def path(self, key: str) -> Path:
        """Where the sealed bytes of a key lie."""
        return self.root / checked(key)

    def _link(self, source: Path, final: Path) -> None:
        """Give the finished file its name; the one atomic step, and it never overwrites."""
        missing = [d for d in (final.parent, *final.parent.parents) if self.root in d.parents and not d.exists()]
        final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(source, final)
        except FileExistsError:
            with source.open("rb") as new, final.open("rb") as old:
                if not same_bytes(new, old):
                    raise AlreadyStored(final.name) from None
        for directory in {final.parent, *(d.parent for d in missing)}:
            durable.sync_directory(directory)


class _Limited:
    """The next `left` bytes of a file."""

    def __init__(self, stream: Readable, left: int) -> None:
        self._stream, self._left = stream, left

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._stream.close()


@contextlib.contextmanager
def _removed_afterwards(path: Path) -> Iterator[None]:
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _clear_errors() -> Iterator[None]:
    """A full or failing disk is `Unavailable`: the caller may try again, nothing is half-stored."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unavailable(str(error)) from error
        raise
