"""The keys that sign tokens: RSA, because every OpenID Connect client can RS256.

Each file in `home`/secrets/oidc is one private key named by its time of making. The newest signs, all are
published; `rotate` makes a new one and keeps the one before, so that tokens under way still verify.
"""

import fcntl
import json
import os
import time
from functools import lru_cache
from pathlib import Path

from joserfc.jwk import KeySet, RSAKey

ALGORITHM = "RS256"
_BITS = 3072
_KEPT = 2


def ensure_key(directory: Path) -> None:
    """Make the first key unless there is one: 0600 in a directory 0700, safe among processes."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _files(directory):
            _make(directory)


def rotate(directory: Path) -> str:
    """Make a key that signs from now on; the one before stays published, older ones go. Answers the new `kid`."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        key = _make(directory)
        for file in _files(directory)[:-_KEPT]:
            file.unlink()
    return str(key.kid)


def signing_key(directory: Path) -> RSAKey:
    """The newest key."""
    return _keys(directory)[-1]


def public_keys(directory: Path) -> dict[str, object]:
    """The key set that clients fetch."""
    return {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for key in _keys(directory)]}


def verifying_keys(directory: Path) -> KeySet:
    """All keys, for tokens that come back."""
    return KeySet(list(_keys(directory)))


def _keys(directory: Path) -> tuple[RSAKey, ...]:
    files = _files(directory)
    if not files:
        ensure_key(directory)
        files = _files(directory)
    return _read(tuple(files))


@lru_cache(maxsize=8)
def _read(files: tuple[Path, ...]) -> tuple[RSAKey, ...]:
    return tuple(RSAKey.import_key(json.loads(file.read_text("utf-8"))) for file in files)


def _files(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.jwk"))


def _make(directory: Path) -> RSAKey:
    key = RSAKey.generate_key(_BITS, {"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)
    draft = directory / "key.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(key.as_dict(private=True)))
        os.fsync(file.fileno())
    draft.replace(directory / f"{time.time_ns()}.jwk")
    return key
