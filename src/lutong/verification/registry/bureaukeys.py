"""Keys with which the bureaus of the demo world sign. A real bureau keeps its own and hands over the public half."""

import json
from pathlib import Path

from joserfc.jwk import OKPKey

from lutong.gateways.registry.keys import ensure_keys


def public_key_of(home: Path, code: str) -> str:
    """The public key of a demo bureau, made on first use."""
    directory = _directory(home, code)
    ensure_keys(directory)
    return (directory / "public.jwk").read_text("utf-8")


def private_key_of(home: Path, code: str) -> OKPKey:
    """The private key of a demo bureau."""
    directory = _directory(home, code)
    ensure_keys(directory)
    return OKPKey.import_key(json.loads((directory / "private.jwk").read_text("utf-8")))


def _directory(home: Path, code: str) -> Path:
    return home / "secrets" / "bureaus" / code
