"""The gateway's own books: orders, refunds, notices, seen nonces and how to misbehave, in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    out_trade_no TEXT PRIMARY KEY, trade_type TEXT NOT NULL, code TEXT NOT NULL UNIQUE, terms TEXT NOT NULL,
    description TEXT NOT NULL, attach TEXT NOT NULL, notify_url TEXT NOT NULL, total INTEGER NOT NULL CHECK (total > 0),
    created_at REAL NOT NULL, expires_at REAL NOT NULL, state TEXT NOT NULL, transaction_id TEXT UNIQUE,
    payer TEXT, paid_at REAL
) STRICT;
CREATE TABLE IF NOT EXISTS refunds (
    out_refund_no TEXT PRIMARY KEY, refund_id TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL REFERENCES orders,
    refund INTEGER NOT NULL CHECK (refund > 0), reason TEXT NOT NULL, notify_url TEXT NOT NULL,
    status TEXT NOT NULL, created_at REAL NOT NULL, settled_at REAL
) STRICT;
CREATE TABLE IF NOT EXISTS notices (
    id TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL, event TEXT NOT NULL, resource TEXT NOT NULL, url TEXT NOT NULL,
    copies INTEGER NOT NULL, forged TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL, created_at REAL NOT NULL, last_answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS notices_due ON notices (state, next_at);
CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS control (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), wishes TEXT NOT NULL) STRICT;
"""

CALM: dict[str, Any] = {
    "delay_seconds": 0.0,  # before a notice is sent
    "copies": 1,  # how often each notice is sent at the same moment
    "lose": False,  # notices are never sent
    "forge": "",  # a forgery of this kind goes ahead of each notice
    "api": "normal",  # normal, error, hang, unsigned, forged
    "hang_seconds": 30.0,
}


class Book:
    """One connection, used by one event loop: between two awaits nobody else writes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=3000;" + SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def one(self, sql: str, *values: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> int:
        return self._db.execute(sql, values).rowcount

    def insert(self, table: str, **row: object) -> None:
        """`table` and the names of columns are words of this program, never of a request."""
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608

    def is_new_nonce(self, nonce: str, *, now: float, keep_seconds: float) -> bool:
        """Remember a nonce; False when it was seen before."""
        self.write("DELETE FROM nonces WHERE at < ?", now - keep_seconds)
        return self.write("INSERT OR IGNORE INTO nonces VALUES (?, ?)", nonce, now) == 1

    def wishes(self) -> dict[str, Any]:
        """How the gateway shall misbehave now."""
        row = self.one("SELECT wishes FROM control")
        return {**CALM, **json.loads(row["wishes"])} if row else dict(CALM)

    def wish(self, wishes: dict[str, Any]) -> None:
        self.write("INSERT OR REPLACE INTO control VALUES (1, ?)", json.dumps(wishes))
