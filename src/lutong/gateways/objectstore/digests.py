"""SHA-256 and SM3 of the plaintext, taken together as the bytes pass."""

import contextlib
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

_PARALLEL_FROM = 64 * 1024  # bytes; below this a second thread costs more than it saves
_sm3_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sm3")


@dataclass(frozen=True, slots=True)
class Digests:
    """Both hashes as lower-case hex."""

    sha256: str
    sm3: str


class Hashing:
    """Takes both hashes."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sm3 = hashes.Hash(hashes.SM3())

    @contextlib.contextmanager
    def alongside(self, data: bytes) -> Iterator[None]:
        """Hash `data`; SM3 costs four times SHA-256, so it runs on another core while the body of the block works."""
        if len(data) < _PARALLEL_FROM:
            self._sm3.update(data)
            self._sha256.update(data)
            yield
            return
        beside = _sm3_threads.submit(self._sm3.update, data)
        try:
            self._sha256.update(data)
            yield
        finally:
            beside.result()

    def update(self, data: bytes) -> None:
        with self.alongside(data):
            pass

    def digests(self) -> Digests:
        return Digests(self._sha256.hexdigest(), self._sm3.copy().finalize().hex())


def digests_of(data: bytes) -> Digests:
    hashing = Hashing()
    hashing.update(data)
    return hashing.digests()
