"""The registry's signing key: made once on one machine; elsewhere the operator pins the public key alone."""

import fcntl
import json
import os
from pathlib import Path

from joserfc.jwk import OKPKey

from lutong.gateways.registry.real import RegistryConfig

ISSUER = "urn:lutong:lawyer-registry"
_DIRECTORY = "registry"


def ensure_keys(directory: Path) -> None:
    """Make an Ed25519 pair in `directory` unless it is there: private.jwk, public.jwk (0600). Safe among processes."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (directory / "public.jwk").exists():
            return
        key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, private=True, auto_kid=True)
        _write(directory / "private.jwk", json.dumps(key.as_dict(private=True)))
        _write(directory / "public.jwk", json.dumps(key.as_dict(private=False)))


def load_registry_config(home: Path, base_url: str) -> RegistryConfig:
    """The client's side: the pinned public key in `home`/secrets/registry/public.jwk, made on first use."""
    directory = home / "secrets" / _DIRECTORY
    ensure_keys(directory)
    return RegistryConfig(
        base_url=base_url.rstrip("/"),
        issuer=ISSUER,
        public_key=(directory / "public.jwk").read_text("utf-8"),
        home=home,
    )


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        os.fsync(file.fileno())
    draft.replace(path)
