"""The registry's own data: 律师名册 and every change of status, in one SQLite file."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lutong.gateways.registry.port import LicenceStatus

SEED = Path(__file__).parents[1] / "data" / "lawyers.json"
BATCH = 100
_BEIJING = dt.timezone(dt.timedelta(hours=8))
_SCHEMA = """
CREATE TABLE IF NOT EXISTS lawyers (
    licence_no TEXT PRIMARY KEY, name TEXT NOT NULL, sex TEXT NOT NULL, firm_name TEXT NOT NULL,
    firm_uscc TEXT NOT NULL, kind TEXT NOT NULL, province TEXT NOT NULL, city TEXT NOT NULL, status TEXT NOT NULL,
    status_reason TEXT NOT NULL, status_since TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, licence_no TEXT NOT NULL REFERENCES lawyers, status TEXT NOT NULL,
    reason TEXT NOT NULL, since TEXT NOT NULL, recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS control (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), wishes TEXT NOT NULL) STRICT;
"""
_APPEAL = "对处罚不服的，可以自知道处罚决定之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"
REMEDIES = {
    LicenceStatus.ACTIVE: "",
    LicenceStatus.SUSPENDED: "停止执业期间不得以律师名义执业；期满后向所在地司法行政部门申请恢复执业。" + _APPEAL,
    LicenceStatus.REVOKED: "执业证书已被吊销，不得以律师名义执业。" + _APPEAL,
    LicenceStatus.CANCELLED: "执业证书已注销；重新执业，应当向司法行政部门申请律师执业。",
}
CALM: dict[str, Any] = {"mode": "normal", "slow_seconds": 10.0}


class Roll:
    """One connection, used by one event loop."""

    def __init__(self, path: Path, *, now: dt.datetime) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=3000;" + _SCHEMA)
        with self._transaction():
            if self._db.execute("SELECT 1 FROM lawyers LIMIT 1").fetchone() is None:
                self._seed(now)

    def close(self) -> None:
        self._db.close()

    def lawyer(self, licence_no: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(
            "SELECT * FROM lawyers WHERE licence_no = ?", (licence_no,)
        ).fetchone()
        return row

    def search(self, words: str) -> list[sqlite3.Row]:
        """Lawyers whose name, number or firm contains the words; all without words."""
        return self._db.execute(
            "SELECT * FROM lawyers WHERE instr(name || ' ' || licence_no || ' ' || firm_name, ?) "
            "ORDER BY province, firm_name, licence_no LIMIT 500",
            (words,),
        ).fetchall()

    def events(self, *, after: int) -> list[sqlite3.Row]:
        return self._db.execute("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (after, BATCH)).fetchall()

    def history(self, licence_no: str) -> list[sqlite3.Row]:
        return self._db.execute("SELECT * FROM events WHERE licence_no = ? ORDER BY seq", (licence_no,)).fetchall()

    def change(self, licence_no: str, status: LicenceStatus, reason: str, *, now: dt.datetime) -> None:
        """Record a decision that takes effect today; an active licence states no reason, its event does."""
        with self._transaction():
            since = now.astimezone(_BEIJING).date().isoformat()
            stated = "" if status is LicenceStatus.ACTIVE else reason
            self._db.execute(
                "UPDATE lawyers SET status = ?, status_reason = ?, status_since = ? WHERE licence_no = ?",
                (status, stated, since, licence_no),
            )
            self._record(licence_no, status, reason, since, now)

    def wishes(self) -> dict[str, Any]:
        """How the registry shall misbehave now."""
        row = self._db.execute("SELECT wishes FROM control").fetchone()
        return {**CALM, **json.loads(row["wishes"])} if row else dict(CALM)

    def wish(self, wishes: dict[str, Any]) -> None:
        self._db.execute("INSERT OR REPLACE INTO control VALUES (1, ?)", (json.dumps(wishes),))

    def _record(self, licence_no: str, status: str, reason: str, since: str, now: dt.datetime) -> None:
        self._db.execute(
            "INSERT INTO events (licence_no, status, reason, since, recorded_at) VALUES (?, ?, ?, ?, ?)",
            (licence_no, status, reason, since, now.isoformat()),
        )

    def _seed(self, now: dt.datetime) -> None:
        seed = json.loads(SEED.read_text("utf-8"))
        firms = {firm["key"]: firm for firm in seed["firms"]}
        for lawyer in seed["lawyers"]:
            firm = firms[lawyer["firm"]]
            status, reason = lawyer.get("status", LicenceStatus.ACTIVE), lawyer.get("reason", "")
            since = lawyer.get("status_since", lawyer["since"])
            self._db.execute(
                "INSERT INTO lawyers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    lawyer["licence_no"],
                    lawyer["name"],
                    lawyer["sex"],
                    firm["name"],
                    firm["uscc"],
                    lawyer["kind"],
                    firm["province"],
                    firm["city"],
                    status,
                    reason,
                    since,
                ),
            )
            if reason:
                self._record(lawyer["licence_no"], status, reason, since, now)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def entry(lawyer: sqlite3.Row) -> dict[str, Any]:
    """A lawyer as the API tells it."""
    status = LicenceStatus(lawyer["status"])
    return {**dict(lawyer), "status_label": status.label, "remedy": REMEDIES[status]}
