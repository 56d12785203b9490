"""Spool: uploads on their way in, sealed from the first byte and resumable after kill -9.

Each upload has a part file, which is the final sealed object as far as it has come, and a tail file for the last
unfinished chunk. Bytes count as received only after `sync`. Reopening an upload opens every record again, which
both proves it whole and restores the running hashes; a torn end is cut off.
"""

import contextlib
import fcntl
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from lutong.gateways.objectstore import durable
from lutong.gateways.objectstore.digests import Digests, Hashing
from lutong.gateways.objectstore.port import checked
from lutong.gateways.objectstore.sealing import (
    CHUNK,
    HEADER,
    LAST,
    MIDDLE,
    NONCE,
    TAG,
    TAIL,
    Seal,
    Tampered,
    chunk_count,
    record_start,
)


class Busy(Exception):
    """Another request, in this or another process, is writing this upload."""


class Spool:
    """The directory of unfinished uploads; must lie on one machine with its file process."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def receive(self, name: str, *, data_key: bytes, object_key: str, size: int) -> "Receiving":
        """Open or reopen an upload of `size` bytes for writing, or raise `Busy`."""
        return Receiving(self.path(name), Seal(data_key, object_key), size)

    def path(self, name: str) -> Path:
        """The sealed file of an upload; complete once its offset reached its size."""
        return self.directory / f"{checked(name)}.part"

    def remove(self, name: str) -> None:
        for path in (self.path(name), _tail_of(self.path(name))):
            path.unlink(missing_ok=True)

    def untouched_for(self, seconds: float) -> Iterator[str]:
        """Names of uploads that nobody has written for that long."""
        limit = time.time() - seconds
        for path in self.directory.glob("*.part"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    yield path.stem


class Receiving:
    """One upload open for writing; holds an exclusive lock until closed. Not for two threads at once."""

    def __init__(self, path: Path, seal: Seal, size: int) -> None:
        self.size, self._seal, self._path = size, seal, path
        self._last = chunk_count(size) - 1
        self._hashing = Hashing()
        self._records = 0
        self._pending = bytearray()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._recover()
        except BlockingIOError:
            os.close(self._file)
            raise Busy(path.stem) from None
        except BaseException:
            os.close(self._file)
            raise
        self._synced = self.offset

    @property
    def offset(self) -> int:
        """Plain bytes taken so far, durable or not."""
        return min(self._records * CHUNK + len(self._pending), self.size)

    @property
    def complete(self) -> bool:
        return self._records == self._last + 1

    def write(self, data: bytes) -> None:
        """Hash, seal and append. The caller has checked that `data` fits into what is left."""
        if self.offset + len(data) > self.size:
            raise ValueError("more bytes than announced")
        with self._hashing.alongside(data):
            out = list(self._sealed(data))
            _write_all(self._file, out)

    def sync(self) -> int:
        """Make everything taken so far durable and return the offset that may be acknowledged."""
        if self.offset == 0 and not self.complete and self.size == 0:
            self.write(b"")
        if self._synced != self.offset or self.complete:
            os.fsync(self._file)
            if self._pending:
                self._write_tail()
            durable.sync_directory(self._path.parent)
            self._synced = self.offset
        return self.offset

    def digests(self) -> Digests:
        return self._hashing.digests()

    @property
    def closed(self) -> bool:
        return self._file < 0

    def close(self) -> None:
        """Let go of the lock; bytes not yet synced may be lost."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> "Receiving":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _sealed(self, data: bytes) -> Iterator[bytes]:
        """The records that `data` completes; what does not fill a chunk waits in `_pending`."""
        view, start = memoryview(data), 0
        while True:
            want = self._chunk_size(self._records) - len(self._pending)
            if self.complete or len(view) - start < want:
                break
            if self._pending:
                self._pending += view[start : start + want]
                plain: bytes | memoryview = bytes(self._pending)
                self._pending.clear()
            else:
                plain = view[start : start + want]
            start += want
            yield from self._seal.close(self._records, plain, self._place(self._records))
            self._records += 1
        self._pending += view[start:]

    def _chunk_size(self, index: int) -> int:
        return self.size - index * CHUNK if index == self._last else CHUNK

    def _place(self, index: int) -> int:
        return LAST if index == self._last else MIDDLE

    def _write_tail(self) -> None:
        tail = _tail_of(self._path)
        temporary = tail.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        with durable.create(temporary) as out:
            out.write(struct.pack(">Q", self._records))
            out.writelines(self._seal.close(self._records, bytes(self._pending), TAIL))
            durable.sync(out)
        temporary.replace(tail)

    def _recover(self) -> None:
        """Open what an earlier process left, cut a torn end off, and stand behind the last good byte."""
        if os.pread(self._file, len(HEADER), 0) != HEADER:
            os.ftruncate(self._file, 0)
            _write_all(self._file, [HEADER])
        position = record_start(0)
        while self._records <= self._last:
            length = NONCE + self._chunk_size(self._records) + TAG
            record = os.pread(self._file, length, position)
            try:
                plain = self._seal.open(self._records, record, self._place(self._records))
            except Tampered:
                break
            self._hashing.update(plain)
            self._records += 1
            position += length
        os.ftruncate(self._file, position)
        os.lseek(self._file, position, os.SEEK_SET)
        if not self.complete:
            self._recover_tail()

    def _recover_tail(self) -> None:
        with contextlib.suppress(FileNotFoundError, Tampered):
            raw = _tail_of(self._path).read_bytes()
            if raw[:8] == struct.pack(">Q", self._records):
                plain = self._seal.open(self._records, raw[8:], TAIL)
                self._hashing.update(plain)
                self._pending += plain


def _tail_of(path: Path) -> Path:
    return path.with_suffix(".tail")


def _write_all(file: int, parts: list[bytes]) -> None:
    """writev may write less than asked, and takes at most 1024 parts."""
    for first in range(0, len(parts), 512):
        group = parts[first : first + 512]
        wanted = sum(map(len, group))
        written = os.writev(file, group)
        if written < wanted:
            rest = b"".join(group)[written:]
            while rest:
                rest = rest[os.write(file, rest) :]
