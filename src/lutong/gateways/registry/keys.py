"""The registry's signing key: made on one machine; elsewhere the operator pins the public key alone.

It is changed in two steps. `prepare_next` makes the next pair, whose public half clients on this machine trust at once
and the operator pins elsewhere as `public-next.jwk`; `switch_to_next` lets it sign and destroys the old private half.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joserfc.jwk import OKPKey

from lutong.gateways.registry.real import RegistryConfig

ISSUER = "urn:lutong:lawyer-registry"
_DIRECTORY = "registry"
PINNED, NEXT = "public.jwk", "public-next.jwk"
_NEXT_PRIVATE = "private-next.jwk"


def ensure_keys(directory: Path) -> None:
    """Make an Ed25519 pair in `directory` unless it is there: private.jwk, public.jwk (0600). Safe among processes."""
    with _alone(directory):
        if not (directory / "public.jwk").exists():
            _make(directory / "private.jwk", directory / "public.jwk")


def prepare_next(directory: Path) -> OKPKey:
    """Make the pair that will sign next; answers its public half. Raises ValueError while one is waiting already."""
    ensure_keys(directory)
    with _alone(directory):
        if (directory / NEXT).exists():
            raise ValueError("a next key is waiting already")
        _make(directory / _NEXT_PRIVATE, directory / NEXT)
    return _public(directory / NEXT)


def switch_to_next(directory: Path) -> OKPKey:
    """Let the next key sign and destroy the old one; answers the new public half. Raises ValueError if none waits."""
    with _alone(directory):
        if not (directory / NEXT).exists():
            raise ValueError("no next key is waiting")
        if (directory / _NEXT_PRIVATE).exists():  # else a switch was cut short here
            (directory / _NEXT_PRIVATE).replace(directory / "private.jwk")
        _write(directory / PINNED, (directory / NEXT).read_text("utf-8"))
        (directory / NEXT).unlink()
    return _public(directory / PINNED)


def list_public(directory: Path) -> list[OKPKey]:
    """The public halves in `directory`: the one that signs, and the next if there is one."""
    return [_public(directory / name) for name in (PINNED, NEXT) if (directory / name).exists()]


def load_registry_config(home: Path, base_url: str) -> RegistryConfig:
    """The client's side: the pinned public key in `home`/secrets/registry/public.jwk, made on first use."""
    directory = home / "secrets" / _DIRECTORY
    ensure_keys(directory)
    return RegistryConfig(
        base_url=base_url.rstrip("/"),
        issuer=ISSUER,
        public_key=(directory / PINNED).read_text("utf-8"),
        home=home,
        pins=(directory / PINNED, directory / NEXT),
    )


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process at a time changes the keys."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(private: Path, public: Path) -> None:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, private=True, auto_kid=True)
    _write(private, json.dumps(key.as_dict(private=True)))
    _write(public, json.dumps(key.as_dict(private=False)))


def _public(file: Path) -> OKPKey:
    return OKPKey.import_key(json.loads(file.read_text("utf-8")))


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        os.fsync(file.fileno())
    draft.replace(path)
