"""The key rings that this installation uses, one object a process. Put a security module in here."""

from functools import lru_cache
from pathlib import Path

from lutong.gateways.crypto.port import KeyRing
from lutong.gateways.crypto.ring import FileKeyRing


@lru_cache(maxsize=16)
def key_ring(*, home: Path, purpose: str) -> KeyRing:
    """The keys for `purpose` (a directory name such as `cards` or `gatepass`), made on first use."""
    return FileKeyRing(home / "secrets" / purpose)
