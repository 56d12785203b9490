"""The keys that sign tokens: RSA, because every OpenID Connect client can RS256.

Each file in `home`/secrets/oidc is one private key named by the nanosecond of its making; everything else follows
from these times. A new key is published at once and signs from `AHEAD` later, when no client's copy of the key set is
older than it. The key before stays published for `STAYS` more: a visit lasts eight hours, and the token of its
beginning comes back as the hint of its logout. After a theft there is no waiting: see `replace`.
"""

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from joserfc.jwk import KeySet, RSAKey

from lutong.verification.entrance.rules import VISIT_LIFE
from lutong.verification.oidc.rules import ID_TOKEN_LIFE, KEY_SET_LIFE

ALGORITHM = "RS256"
AHEAD = 2 * KEY_SET_LIFE
STAYS = VISIT_LIFE + ID_TOKEN_LIFE
_BITS = 3072


@dataclass(frozen=True, slots=True)
class HeldKey:
    """One key with its times; the newest that may sign does."""

    file: Path
    signs_from: dt.datetime
    published_until: dt.datetime | None  # None: no other takes its place

    @property
    def kid(self) -> str:
        return str(_read(self.file).kid)

    def is_published(self, now: dt.datetime) -> bool:
        return self.published_until is None or now < self.published_until

    def signs(self, now: dt.datetime) -> bool:
        """True while it is the one that signs."""
        over = self.published_until - STAYS if self.published_until else None
        return self.signs_from <= now and (over is None or now < over)


def ensure_key(directory: Path, *, now: dt.datetime) -> None:
    """Make the first key unless there is one: 0600 in a directory 0700, safe among processes."""
    with _alone(directory):
        if not _files(directory):
            _make(directory, now)


def rotate(directory: Path, *, now: dt.datetime) -> HeldKey:
    """换钥: make a key that is published now and signs from `AHEAD` later; those that are over go. Answers the new key.

    Raises ValueError while a former new key is still waiting to sign.
    """
    ensure_key(directory, now=now)
    with _alone(directory):
        if any(key.signs_from > now for key in list_keys(directory)):
            raise ValueError("a new key is waiting already")
        _make(directory, now)
        _clear(directory, now)
    return list_keys(directory)[-1]


def replace(directory: Path, *, now: dt.datetime) -> HeldKey:
    """失窃: a new key signs at once, all others are destroyed, and tokens under way count for nothing."""
    with _alone(directory):
        old = _files(directory)
        _make(directory, now)
        for file in old:
            file.unlink()
    return list_keys(directory)[-1]


def retire(directory: Path, *, now: dt.datetime) -> int:
    """Destroy the keys that are published no longer; answers how many."""
    with _alone(directory):
        return _clear(directory, now)


def list_keys(directory: Path) -> list[HeldKey]:
    """All keys that are kept, oldest first, with their times."""
    files = _files(directory)
    begins = [_made_at(file) + (AHEAD if place else dt.timedelta()) for place, file in enumerate(files)]
    ends: list[dt.datetime | None] = [begin + STAYS for begin in begins[1:]]
    return [HeldKey(*one) for one in zip(files, begins, [*ends, None], strict=False)]


def signing_key(directory: Path, *, now: dt.datetime) -> RSAKey:
    """The newest key whose time has come."""
    kept = _kept(directory, now)
    return _read(next((key.file for key in reversed(kept) if key.signs_from <= now), kept[0].file))


def public_keys(directory: Path, *, now: dt.datetime) -> dict[str, object]:
    """The key set that clients fetch."""
    published = [_read(key.file).as_dict(private=False) for key in _kept(directory, now)]
    return {"keys": [{**key, "use": "sig", "alg": ALGORITHM} for key in published]}


def verifying_keys(directory: Path, *, now: dt.datetime) -> KeySet:
    """All published keys, for tokens that come back."""
    return KeySet([_read(key.file) for key in _kept(directory, now)])


def _kept(directory: Path, now: dt.datetime) -> list[HeldKey]:
    if not _files(directory):
        ensure_key(directory, now=now)
    return [key for key in list_keys(directory) if key.is_published(now)]


@lru_cache(maxsize=8)
def _read(file: Path) -> RSAKey:
    return RSAKey.import_key(json.loads(file.read_text("utf-8")))


def _files(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.jwk"), key=lambda file: int(file.stem))


def _made_at(file: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(file.stem) / 1e9, dt.UTC)


def _clear(directory: Path, now: dt.datetime) -> int:
    over = [key.file for key in list_keys(directory) if not key.is_published(now)]
    for file in over:
        file.unlink()
    return len(over)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process at a time changes the keys."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(directory: Path, now: dt.datetime) -> None:
    key = RSAKey.generate_key(_BITS, {"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)
    draft = directory / "key.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(key.as_dict(private=True)))
        os.fsync(file.fileno())
    mark = int(now.timestamp() * 1_000_000) * 1000
    while (directory / f"{mark}.jwk").exists():
        mark += 1
    draft.replace(directory / f"{mark}.jwk")
