"""`lutong gate`: the verifier without a screen, for turnstiles. Codes in, a line each; verdicts out, a JSON line each.

It needs neither Django nor PostgreSQL: a bundle in a file, used codes and waiting scans in SQLite. The rules are
those of the server (gatepass/rules), and so is the limit: 24 hours after its last sync it lets nobody in.
"""

import argparse
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from lutong.domains.gatepass import rules
from lutong.gateways.crypto.keys import read_jwks
from lutong.gateways.crypto.port import KeyUnusable

SECONDS = 15.0
AT_ONCE = 200
PHOTOS_AT_ONCE = 40
LONGEST_LINE = 400
_TABLES = """
CREATE TABLE IF NOT EXISTS used (code_id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scan (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL,
                                 admitted INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS photo (digest TEXT PRIMARY KEY, uri TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class GateTrouble(Exception):
    """The gate cannot work; the message is for who stands beside it."""


class Memory:
    """What a gate remembers: used codes, scans that wait, how far its clock is off."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")  # a code that let somebody in is used also after a power cut
        self._base.executescript(_TABLES)
        path.chmod(0o600)

    def close(self) -> None:
        self._base.close()

    def use(self, code: rules.GateCode) -> bool:
        """Mark a code as used; True if this was the first time. One statement decides, among processes too."""
        row = "INSERT INTO used (code_id, until) VALUES (?, ?) ON CONFLICT DO NOTHING"
        return self._base.execute(row, (str(code.code_id), code.until)).rowcount == 1

    def note(self, verdict: rules.Verdict, text: str, at: float) -> None:
        """Remember a scan until the server has it; its number is the millisecond, and greater than the last."""
        self._base.execute(
            "INSERT INTO scan (seq, at, text, admitted, reason) "
            "SELECT max(?, 1 + coalesce((SELECT max(seq) FROM scan), 0), 1 + CAST(coalesce("
            "(SELECT value FROM kept WHERE name = 'seq'), '0') AS INTEGER)), ?, ?, ?, ?",
            (int(at * 1000), int(at * 1000), text[:LONGEST_LINE], verdict.admitted, verdict.reason.value),
        )

        self.keep("latest", repr(at))

    def waiting(self) -> list[dict[str, Any]]:
        """The oldest scans that the server does not have yet."""
        found = self._base.execute("SELECT seq, at, text, admitted, reason FROM scan ORDER BY seq LIMIT ?", (AT_ONCE,))
        names = ("seq", "at", "text", "admitted", "reason")
        return [dict(zip(names, row, strict=True)) | {"admitted": bool(row[3])} for row in found]

    def handed_over(self, numbers: Iterable[int], now: float) -> None:
        """Forget what the server has, and codes that nobody can use any more."""
        last = max(numbers, default=0)
        self._base.executemany("DELETE FROM scan WHERE seq = ?", [(number,) for number in numbers])
        if last:
            self.keep("seq", str(last))
        self._base.execute("DELETE FROM used WHERE until < ?", (int(now) - 3600,))

    def count(self) -> int:
        """How many scans wait."""
        return int(self._base.execute("SELECT count(*) FROM scan").fetchone()[0])

    def keep(self, name: str, value: str) -> None:
        row = "INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._base.execute(row, (name, value))

    def kept(self, name: str, default: str) -> str:
        found = self._base.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else default

    def photo(self, digest: str) -> str:
        """A photo as data URI; empty if it has not come yet."""
        found = self._base.execute("SELECT uri FROM photo WHERE digest = ?", (digest,)).fetchone()
        return str(found[0]) if found else ""

    def keep_photos(self, photos: Mapping[str, str]) -> None:
        self._base.executemany("INSERT INTO photo VALUES (?, ?) ON CONFLICT DO NOTHING", photos.items())

    def missing_photos(self, wanted: set[str]) -> list[str]:
        """Drop the photos of people who are not on the list any more; answers which of the wanted have not come."""
        held = {digest for (digest,) in self._base.execute("SELECT digest FROM photo")}
        self._base.executemany("DELETE FROM photo WHERE digest = ?", [(digest,) for digest in held - wanted])
        return sorted(wanted - held)

    def wipe(self) -> None:
        """Nothing stays on a device that was shut out."""
        self._base.executescript("DELETE FROM used; DELETE FROM scan; DELETE FROM photo; DELETE FROM kept;")


def load_bundle(path: Path) -> rules.Bundle:
    """The bundle of the last sync. Raises GateTrouble."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return rules.read_bundle(data, _verifiers)
    except (OSError, ValueError, rules.BundleUnusable, KeyUnusable) as error:
        raise GateTrouble(f"没有可用的名单，请先同步 no usable bundle, run `lutong gate sync`: {error}") from error


def verify(
    lines: Iterable[str], *, bundle_path: Path, memory: Memory, clock: Callable[[], float] = time.time
) -> Iterator[dict[str, Any]]:
    """A verdict for each line. A bundle that a sync replaces meanwhile is read anew; its clock counts, not ours."""
    seen, bundle = -1, None
    for line in lines:
        text = line.strip()
        if not text:
            continue
        if (mark := _mark(bundle_path)) != seen or bundle is None:
            bundle, seen = load_bundle(bundle_path), mark
        # Never earlier than what was known before: a clock that is set back must not make stale codes fresh.
        at = max(clock() + float(memory.kept("offset", "0")), float(memory.kept("latest", "0")))
        verdict = rules.judge(text, bundle=bundle, use=memory.use, now=at)
        memory.note(verdict, text, at)
        said = rules.told(verdict) | {"at": int(at * 1000)}
        if verdict.person is not None and verdict.person.photo:
            said["person"]["photo"] = memory.photo(verdict.person.photo)
        yield said


def sync(
    *, server: str, token: str, bundle_path: Path, memory: Memory, wire: httpx.BaseTransport | None = None
) -> dict[str, int]:
    """Hand over all scans that wait, fetch the bundle of now and photos that are new. Raises GateTrouble.

    Nothing is lost then. A bundle that has not changed does not travel: it is dated anew.
    """
    handed, held = 0, _held(bundle_path)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server, timeout=SECONDS, headers=headers, transport=wire) as http:
        while True:
            scans = memory.waiting()
            question = {"scans": scans, "waiting": memory.count() - len(scans), "have": held.get("digest")}
            sent = time.time()
            answer = _asked(http, "/gate/sync", question, bundle_path, memory)
            arrived = time.time()
            memory.keep("offset", repr(answer["now"] / 1000 - (sent + arrived) / 2))
            memory.keep("latest", repr(answer["now"] / 1000))
            memory.handed_over(answer["kept"], arrived)
            handed += len(answer["kept"])
            held = (answer["bundle"] or held) | {"issued": answer["issued"]}
            _write(bundle_path, json.dumps(held, ensure_ascii=False))
            if len(scans) < AT_ONCE:
                break
        missing = memory.missing_photos({person["photo"] for person in held["people"] if person["photo"]})
        for start in range(0, len(missing), PHOTOS_AT_ONCE):
            question = {"digests": missing[start : start + PHOTOS_AT_ONCE]}
            memory.keep_photos(_asked(http, "/gate/photos", question, bundle_path, memory)["photos"])
    return {"handed_over": handed, "waiting": memory.count(), "people": len(held["people"])}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lutong gate`."""
    parser.add_argument("what", nargs="?", choices=["verify", "sync"], default="verify")
    parser.add_argument("--bundle", type=Path, default=Path("gate-bundle.json"), help="名单 what the last sync brought")
    parser.add_argument("--state", type=Path, default=Path("gate-state.sqlite3"), help="本机状态 used codes, scans")
    parser.add_argument("--server", default="", help="https://… (sync)")
    parser.add_argument("--token-file", type=Path, help="配对码文件 file with the device's token (sync)")


def run(*, what: str, bundle: Path, state: Path, server: str = "", token_file: Path | None = None) -> int:
    """What the command line does; answers the exit code."""
    with closing(Memory(state)) as memory:
        if what == "sync":
            if not server or token_file is None:
                raise GateTrouble("请给出 --server 和 --token-file")
            _say(sync(server=server, token=token_file.read_text("utf-8").strip(), bundle_path=bundle, memory=memory))
            return 0
        for verdict in verify(sys.stdin, bundle_path=bundle, memory=memory):
            _say(verdict)
        return 0


def _held(path: Path) -> dict[str, Any]:
    """The bundle of the last sync as it came; empty if there is none that we can judge by."""
    try:
        load_bundle(path)
        return dict(json.loads(path.read_text("utf-8")))
    except (GateTrouble, OSError):
        return {}


def _asked(
    http: httpx.Client, path: str, question: dict[str, Any], bundle_path: Path, memory: Memory
) -> dict[str, Any]:
    try:
        response = http.post(path, json=question)
        answer: dict[str, Any] = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise GateTrouble(f"同步没有成功，记录仍在本机 not synced, nothing lost: {type(error).__name__}") from error
    if response.status_code == 401 and answer.get("type") == "urn:lutong:device_revoked":
        bundle_path.unlink(missing_ok=True)
        memory.wipe()
    if response.status_code != 200:
        raise GateTrouble(str(answer.get("title") or f"HTTP {response.status_code}"))
    return answer


def _verifiers(published: Any) -> Mapping[str, Callable[[bytes, bytes], bool]]:
    return {kid: verifier.verify for kid, verifier in read_jwks(published).items()}


def _mark(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise GateTrouble("没有名单，请先同步 no bundle, run `lutong gate sync`") from error


def _write(path: Path, text: str) -> None:
    """In one step: a verifier that runs beside reads the whole bundle, before or after."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        os.fsync(file.fileno())
    draft.replace(path)


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
