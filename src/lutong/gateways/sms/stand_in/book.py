"""What the stand-in was given: one SQLite file, the last messages only."""

import sqlite3
import threading
import time
from pathlib import Path

KEPT = 2000
_TABLES = """
CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, mobile TEXT NOT NULL, text TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS wish (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Book:
    """Messages by id, so that one handed over twice is carried once; and how to misbehave."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        self._db.close()

    def take(self, *, message_id: str, mobile: str, text: str) -> None:
        with self._lock:
            self._db.execute(
                "INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?)", (message_id, mobile, text, time.time())
            )
            self._db.execute(
                "DELETE FROM message WHERE id NOT IN (SELECT id FROM message ORDER BY at DESC LIMIT ?)", (KEPT,)
            )

    def last(self, *, mobile: str, limit: int) -> list[sqlite3.Row]:
        """The newest first; all numbers when `mobile` is empty."""
        with self._lock:
            return self._db.execute(
                "SELECT * FROM message WHERE ? = '' OR mobile = ? ORDER BY at DESC LIMIT ?", (mobile, mobile, limit)
            ).fetchall()

    @property
    def mode(self) -> str:
        with self._lock:
            row = self._db.execute("SELECT value FROM wish WHERE name = 'mode'").fetchone()
        return str(row["value"]) if row else "normal"

    @mode.setter
    def mode(self, value: str) -> None:
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO wish VALUES ('mode', ?)", (value,))
