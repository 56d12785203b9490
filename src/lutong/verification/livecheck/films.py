"""Films of live checks: sealed files in one directory, each under a key that only its check holds.

Destroying writes zeros over the file before it is removed, and the check forgets the key: what a file system or a
backup of the directory may still hold then opens with no key. A film is served from here and nowhere else.
"""

import base64
import datetime as dt
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lutong.kernel.errors import NotFound

_NONCE = 12
GONE = "视频已经删除，不能再看"


class FilmShelf:
    """The directory of films below `home`."""

    def __init__(self, home: Path) -> None:
        self.directory = home / "live-films"

    def put(self, check_id: uuid.UUID, film: bytes) -> str:
        """Seal and store durably; answers the key as text."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        key, nonce, path = AESGCM.generate_key(256), os.urandom(_NONCE), self._path(check_id)
        sealed = nonce + AESGCM(key).encrypt(nonce, film, check_id.bytes)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        return base64.b64encode(key).decode()

    def get(self, check_id: uuid.UUID, key: str) -> bytes:
        """The film. Raises NotFound when it is gone or is not what was stored."""
        try:
            sealed = self._path(check_id).read_bytes()
            return AESGCM(base64.b64decode(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], check_id.bytes)
        except (FileNotFoundError, InvalidTag) as error:
            raise NotFound(GONE) from error

    def destroy(self, check_id: uuid.UUID) -> None:
        """Overwrite and remove; a film that is gone is no error."""
        path = self._path(check_id)
        try:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return

    def ids(self, *, before: dt.datetime | None = None) -> Iterator[uuid.UUID]:
        """The checks of which a film lies here, put there before an instant."""
        for path in self.directory.glob("*.film"):
            if before is None or path.stat().st_mtime < before.timestamp():
                yield uuid.UUID(path.stem)

    def _path(self, check_id: uuid.UUID) -> Path:
        return self.directory / f"{check_id}.film"
