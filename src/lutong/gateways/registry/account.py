"""The client account of 律通 at 律师身份核验平台: made once when both run here, the operator's own otherwise."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

_DIRECTORY = "oidc-client"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAccount:
    """What 律通 shows at the token endpoint."""

    client_id: str
    client_secret: str


def load_account(home: Path) -> ClientAccount:
    """The account kept in `home`/secrets/oidc-client/lutong.json (0600), made on first use. Safe among processes.

    LUTONG_OIDC_CLIENT_ID and LUTONG_OIDC_CLIENT_SECRET take its place where another platform registered 律通.
    """
    given = os.environ.get("LUTONG_OIDC_CLIENT_ID"), os.environ.get("LUTONG_OIDC_CLIENT_SECRET")
    if given[0] and given[1]:
        return ClientAccount(client_id=given[0], client_secret=given[1])
    directory = home / "secrets" / _DIRECTORY
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = directory / "lutong.json"
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            _write(file, json.dumps({"client_id": "lutong", "client_secret": secrets.token_urlsafe(32)}))
    return ClientAccount(**json.loads(file.read_text("utf-8")))


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        os.fsync(file.fileno())
    draft.replace(path)
