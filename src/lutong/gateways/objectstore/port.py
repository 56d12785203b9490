"""对象存储: where sealed bytes rest. Knows keys and bytes, nothing of files, cases or people."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_.-]*){0,4}")
BLOCK = 1024 * 1024  # bytes copied at a time


class StoreError(Exception):
    """The store could not do what was asked."""


class AlreadyStored(StoreError):
    """The key holds other bytes. What is stored once never changes."""


class Missing(StoreError):
    """Nothing under this key."""


class Unavailable(StoreError):
    """The store does not answer or is full; the same call may succeed later."""


@runtime_checkable
class Readable(Protocol):
    """What a range read hands out: read at most n bytes, then close."""

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class ObjectStore(Protocol):
    """Write-once storage. Every method is blocking and may raise `Unavailable`."""

    def put(self, key: str, stream: Readable, size: int) -> None:
        """Store `size` bytes durably. Same key, same bytes: nothing happens. Other bytes: `AlreadyStored`."""

    def adopt(self, key: str, path: Path) -> None:
        """Like `put`, of a finished file that the store may link instead of copying; the file stays."""

    def open(self, key: str, start: int = 0, length: int | None = None) -> Readable:
        """The bytes from `start`, or raise `Missing`."""

    def size(self, key: str) -> int:
        """Bytes under the key, or raise `Missing`."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """For the sweep of orphans only; a missing key is no error."""

    def keys(self, stored_before: dt.datetime) -> Iterator[str]:
        """All keys older than an instant, for the sweep of orphans."""


def checked(key: str) -> str:
    """Refuse a key that could leave the store's own directory or bucket prefix."""
    if len(key) > 200 or not KEY.fullmatch(key) or ".." in key:
        raise ValueError("not an object key")
    return key


def same_bytes(one: Readable, other: Readable) -> bool:
    """Compare two streams without holding either in memory."""
    while True:
        a, b = exactly(one, BLOCK), exactly(other, BLOCK)
        if a != b:
            return False
        if not a:
            return True


def exactly(stream: Readable, size: int) -> bytes:
    """Read `size` bytes unless the stream ends: network bodies and raw files may give less at a time."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
