"""The secret that signs what a carrier is handed: made once for the stand-in, the operator's own for a real one."""

import fcntl
import json
import os
import secrets
from pathlib import Path

from lutong.gateways.sms.real import SmsConfig

_DIRECTORY = "sms"


def load_sms_config(home: Path, base_url: str) -> SmsConfig:
    """The account kept in `home`/secrets/sms/account.json, made on first use (0600). Safe among processes."""
    directory = home / "secrets" / _DIRECTORY
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = directory / "account.json"
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            _write(file, json.dumps({"key_id": "lutong", "secret": secrets.token_hex(32)}))
    account = json.loads(file.read_text("utf-8"))
    return SmsConfig(base_url=base_url.rstrip("/"), key_id=account["key_id"], secret=account["secret"])


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        os.fsync(file.fileno())
    draft.replace(path)
