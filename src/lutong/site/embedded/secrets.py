"""Secrets of this installation: made at random on first use, kept in `home`/secrets.json (0600)."""

import base64
import binascii
import fcntl
import json
import os
import secrets as randomness
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

KEY_BYTES = 32


def random_token() -> str:
    """A secret of 256 random bits, safe in URLs and in connection strings."""
    return randomness.token_urlsafe(32)


class Secrets:
    """A small store of named strings. A name, once made, never changes; two processes get the same value."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = _read(path)

    def get(self, name: str, factory: Callable[[], str] = random_token) -> str:
        """Answer the secret of this name; the first caller on this machine makes it with `factory`."""
        if name not in self._values:
            with _only_one_writer(self._path):
                self._values = _read(self._path)
                if name not in self._values:
                    self._values[name] = factory()
                    _write(self._path, self._values)
        return self._values[name]


def load_or_create(home: Path) -> Secrets:
    """Open the secrets of the installation in `home`."""
    return Secrets(home / "secrets.json")


def field_keys(text: str, *, own: bytes) -> tuple[bytes, ...]:
    """The setting LUTONG_FIELD_KEYS: base64 of 32 bytes each, newest first; the installation's `own` key is the oldest.

    Raises ValueError.
    """
    try:
        keys = [base64.b64decode(key.strip(), validate=True) for key in text.split(",") if key.strip()]
    except binascii.Error:
        keys = [b""]
    if any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("LUTONG_FIELD_KEYS must hold base64 of 32 bytes each, newest first, separated by commas")
    return (*keys, own)


def _read(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}


def _write(path: Path, values: dict[str, str]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(values, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextmanager
def _only_one_writer(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
