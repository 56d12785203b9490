"""Keys between us and the face service: made once for the stand-in, exchanged with the operator of the real one."""

import fcntl
import json
import os
from pathlib import Path

from joserfc.jwk import OKPKey

from lutong.gateways.face.real import FaceConfig

CLIENT = "urn:lutong:verification"
SERVICE = "urn:lutong:stand-in:face-service"
_DIRECTORY = "face"
_SIDES = ("client", "service")


def ensure_keys(directory: Path) -> None:
    """Make an Ed25519 pair for each side unless they are there: 0600, safe among processes."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for side in _SIDES:
            if (directory / f"{side}-public.jwk").exists():
                continue
            key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, private=True, auto_kid=True)
            _write(directory / f"{side}-private.jwk", json.dumps(key.as_dict(private=True)))
            _write(directory / f"{side}-public.jwk", json.dumps(key.as_dict(private=False)))


def load_face_config(home: Path, base_url: str) -> FaceConfig:
    """Our side: our private key and the pinned public key of the service, in `home`/secrets/face."""
    directory = home / "secrets" / _DIRECTORY
    ensure_keys(directory)
    return FaceConfig(
        base_url=base_url.rstrip("/"),
        client=CLIENT,
        service=SERVICE,
        private_key=(directory / "client-private.jwk").read_text("utf-8"),
        service_key=(directory / "service-public.jwk").read_text("utf-8"),
    )


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
