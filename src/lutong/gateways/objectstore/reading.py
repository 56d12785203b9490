"""Reading sealed objects: a seekable file of plaintext that never shows an unauthenticated byte."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lutong.gateways.objectstore.port import ObjectStore, Readable, exactly
from lutong.gateways.objectstore.sealing import (
    CHUNK,
    HEADER,
    LAST,
    MIDDLE,
    RECORD,
    Seal,
    Tampered,
    chunk_count,
    plain_size,
    record_start,
    sealed_size,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

WINDOW = 16  # records fetched from the store at a time: 1 MiB


class SealedReader(io.RawIOBase):
    """One object's plaintext. Holds at most one window in memory, whatever the size.

    `size` is the plain size as the database knows it. Without it the last record is opened first, because only that
    record proves that the end was not cut off.
    """

    def __init__(self, store: ObjectStore, object_key: str, data_key: bytes, size: int | None = None) -> None:
        super().__init__()
        self._store, self._key, self._seal = store, object_key, Seal(data_key, object_key)
        stored = store.size(object_key)
        if size is not None and sealed_size(size) != stored:
            raise Tampered("长度不符")
        self.size = plain_size(stored)
        self._records = chunk_count(self.size)
        self._position = 0
        self._first, self._window = -1, b""
        self._stream: Readable | None = None
        self._stream_at = -1
        if _header(store, object_key) != HEADER:
            raise Tampered("文件头不符")
        if size is None:
            self._load(self._records - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("negative position")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self.size or not view:
            return 0
        index = self._position // CHUNK
        if not 0 <= index - self._first < WINDOW or self._first < 0:
            self._load(index)
        start = self._position - self._first * CHUNK
        part = memoryview(self._window)[start : start + len(view)]
        view[: len(part)] = part
        self._position += len(part)
        return len(part)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        super().close()

    def _load(self, index: int) -> None:
        """Open the window of records that begins at `index`."""
        count = min(WINDOW, self._records - index)
        end = min(record_start(index + count), sealed_size(self.size))
        stream = self._stream_from(record_start(index))
        raw = memoryview(exactly(stream, end - record_start(index)))
        self._stream_at = end
        if len(raw) != end - record_start(index):
            raise Tampered("对象被截短")
        opened = [
            self._seal.open(
                index + i, raw[i * RECORD : (i + 1) * RECORD], LAST if index + i == self._records - 1 else MIDDLE
            )
            for i in range(count)
        ]
        self._first, self._window = index, b"".join(opened)

    def _stream_from(self, start: int) -> Readable:
        """Go on in the open stream when reading in order; ask the store anew after a jump."""
        if self._stream is None or self._stream_at != start:
            if self._stream is not None:
                self._stream.close()
            self._stream = self._store.open(self._key, start)
        return self._stream


def _header(store: ObjectStore, object_key: str) -> bytes:
    stream = store.open(object_key, 0, len(HEADER))
    try:
        return exactly(stream, len(HEADER))
    finally:
        stream.close()


def blocks(reader: SealedReader, start: int, stop: int, block: int = 4 * CHUNK) -> Iterator[bytes]:
    """The plaintext of a range in pieces, for a response body."""
    reader.seek(start)
    while start < stop and (part := reader.read(min(block, stop - start))):
        start += len(part)
        yield part
