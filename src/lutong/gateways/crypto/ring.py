"""Key rings in files: the default behind the port. `$LUTONG_HOME/secrets/<purpose>/ring.json`, 0600."""

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lutong.gateways.crypto.keys import b64, kid_of, public_jwk, read_jwk, unb64
from lutong.gateways.crypto.port import Algorithm, KeyUnusable, Signer, Verifier
from lutong.gateways.crypto.software import Ed25519Signer, Sm2Signer, generate


class FileKeyRing:
    """A KeyRing kept in `directory`; every process that opens it sees the same keys, also after a rotation.

    Rotation destroys the private half of the former key and keeps its public half until `forget`, so that what it has
    signed still verifies while nobody can sign with it any more.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / "ring.json"
        self._seen: tuple[int, int] = (0, 0)  # inode and time of change of what was read
        self._signers: dict[Algorithm, Signer] = {}
        self._verifiers: Mapping[str, Verifier] = MappingProxyType({})

    def signer(self, algorithm: Algorithm) -> Signer:
        """The key that signs at present. Raises KeyUnusable if the file is damaged."""
        self._read_if_changed()
        return self._signers[algorithm]

    def verifiers(self) -> Mapping[str, Verifier]:
        """Present and former public keys by kid. Raises KeyUnusable if the file is damaged."""
        self._read_if_changed()
        return self._verifiers

    def rotate(self, algorithm: Algorithm, *, now: dt.datetime) -> Signer:
        """Put a new key in the place of the one that signs; return the new one."""
        with self._locked():
            entries = self._entries()
            for entry in entries:
                if entry["alg"] == algorithm and entry.pop("d", None) is not None:
                    entry["retired_at"] = now.isoformat()
            self._write([*entries, _new_entry(algorithm, now)])
        return self.signer(algorithm)

    def forget(self, kid: str) -> None:
        """Count signatures of a former key no longer. Raises KeyUnusable if it is the one that signs, or unknown."""
        with self._locked():
            entries = self._entries()
            kept = [entry for entry in entries if entry["kid"] != kid or "d" in entry]
            if len(kept) != len(entries) - 1:
                raise KeyUnusable(f"{kid} is not a former key of this ring")
            self._write(kept)

    def _read_if_changed(self) -> None:
        if not self._file.exists():
            self._create()
        stat = self._file.stat()
        mark = (stat.st_ino, stat.st_mtime_ns)
        if mark == self._seen:
            return
        entries = self._entries()
        signers = {Algorithm(entry["alg"]): _signer(entry) for entry in entries if "d" in entry}
        verifiers = {entry["kid"]: read_jwk(entry) for entry in entries}
        if signers.keys() != set(Algorithm):
            raise KeyUnusable(f"{self._file} lacks a key that signs")
        self._signers, self._verifiers, self._seen = signers, MappingProxyType(verifiers), mark

    def _create(self) -> None:
        with self._locked():
            if not self._file.exists():
                now = dt.datetime.now(dt.UTC)
                self._write([_new_entry(algorithm, now) for algorithm in Algorithm])

    def _entries(self) -> list[dict[str, Any]]:
        try:
            entries = json.loads(self._file.read_text("utf-8"))["keys"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KeyUnusable(f"{self._file} cannot be read: {error!r}") from error
        return list(entries)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._directory / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, entries: list[dict[str, Any]]) -> None:
        """Write in one step: a reader sees the whole ring, before or after."""
        draft = self._file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"keys": entries}, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)


def _new_entry(algorithm: Algorithm, now: dt.datetime) -> dict[str, Any]:
    public_key, private_key = generate(algorithm)
    signer = _pair(algorithm, public_key, private_key)
    return {**public_jwk(signer), "d": b64(private_key), "created_at": now.isoformat()}


def _signer(entry: dict[str, Any]) -> Signer:
    public = read_jwk(entry)
    return _pair(public.algorithm, public.public_key, unb64(entry["d"]))


def _pair(algorithm: Algorithm, public_key: bytes, private_key: bytes) -> Signer:
    kid = kid_of(algorithm, public_key)
    if algorithm is Algorithm.ED25519:
        return Ed25519Signer(kid, public_key, private_key)
    return Sm2Signer(kid, public_key, private_key)
