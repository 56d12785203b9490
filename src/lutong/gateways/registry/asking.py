"""Signed questions of relying parties to the registry, where an answer would be of use to somebody else.

The relying party keeps `secrets/registry-asker/private.jwk`; the registry knows it by a public key in
`secrets/registry-askers/<name>.jwk`. On one machine both are made on first use; elsewhere the operator carries the
public file over.
"""

import datetime as dt
import fcntl
import json
import os
import re
import secrets
from pathlib import Path

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

AUDIENCE = "urn:lutong:lawyer-registry"
OURSELVES = "lutong"
ASKED_SECONDS = 60
ASKING_HEADER = "Asked-By"
_ALGORITHM = "Ed25519"
_NAME = re.compile(r"[a-z0-9-]{1,40}")


class NotAsked(Exception):
    """Not signed by a party that we know, not about this, or not now."""


def sign_question(*, home: Path, path: str, now: dt.datetime) -> str:
    """The header of a question about `path`, signed by this installation of 律通."""
    key = OKPKey.import_key(json.loads(_own_key(home).read_text("utf-8")))
    claims = {"aud": AUDIENCE, "iat": int(now.timestamp()), "jti": secrets.token_urlsafe(18), "path": path}
    header = {"alg": _ALGORITHM, "kid": OURSELVES}
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[_ALGORITHM])


def asked_by(text: str, *, home: Path, path: str, now: dt.datetime) -> tuple[str, str]:
    """Who signed the question, and its number. Raises NotAsked."""
    try:
        name = _kid(text)
        key = OKPKey.import_key(json.loads((home / "secrets" / "registry-askers" / f"{name}.jwk").read_text("utf-8")))
        claims = json.loads(jws.deserialize_compact(text, key, algorithms=[_ALGORITHM]).payload or b"")
        fresh = abs(now.timestamp() - claims["iat"]) <= ASKED_SECONDS
        if not fresh or claims["aud"] != AUDIENCE or claims["path"] != path:
            raise NotAsked
        return name, str(claims["jti"])
    except (JoseError, OSError, ValueError, KeyError, TypeError) as error:
        raise NotAsked from error


def ensure_asker(home: Path) -> None:
    """Make this installation's key and tell the registry of the same home; safe among processes."""
    ours, theirs = home / "secrets" / "registry-asker", home / "secrets" / "registry-askers"
    for directory in (ours, theirs):
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (ours / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (ours / "private.jwk").exists():
            return
        key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": _ALGORITHM}, private=True, auto_kid=True)
        _write(theirs / f"{OURSELVES}.jwk", json.dumps(key.as_dict(private=False)))
        _write(ours / "private.jwk", json.dumps(key.as_dict(private=True)))


def _own_key(home: Path) -> Path:
    ensure_asker(home)
    return home / "secrets" / "registry-asker" / "private.jwk"


def _kid(text: str) -> str:
    """Whom the header claims to be: a plain name, for it becomes part of a path."""
    name = jws.extract_compact(text.encode("ascii")).headers().get("kid")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise NotAsked
    return name


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
