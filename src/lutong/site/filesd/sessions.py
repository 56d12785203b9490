"""Uploads that are open for writing in this process: one writer each, hashes kept warm between requests."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from lutong.gateways.objectstore import Busy, Receiving, Spool, Vault
from lutong.site.filesd.answers import Problem
from lutong.site.filesd.ledger import UploadRow

WARM = 256  # uploads kept open; each costs one file and at most 64 KiB
SILENT = 2.0  # seconds without a byte after which a newcomer takes the upload over
PATIENCE = 3.0  # seconds that a newcomer waits for the former writer to let go


@dataclass(slots=True)
class Session:
    """One open upload. `reading` is the running wait for bytes of the present writer."""

    receiving: Receiving
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    reading: asyncio.Timeout | None = None
    last_byte: float = field(default_factory=time.monotonic)


class Sessions:
    def __init__(self, spool: Spool, vault: Vault) -> None:
        self.spool, self._vault = spool, vault
        self._open: dict[str, Session] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def hold(self, row: UploadRow) -> AsyncIterator[Session]:
        """The upload for one request alone, or 423; a writer who has fallen silent is sent away first."""
        session = await self._session(row)
        if session.lock.locked():
            await self._take_over(session)
        async with session.lock:
            if session.receiving.closed:
                raise _locked()
            yield session

    def drop(self, row: UploadRow) -> None:
        """Close a finished or discarded upload and remove its spool files."""
        session = self._open.pop(spool_name(row), None)
        if session is not None:
            session.receiving.close()
        self.spool.remove(spool_name(row))

    def running(self) -> list[tuple[str, Session]]:
        """The uploads to which bytes are coming now."""
        return [(name, session) for name, session in self._open.items() if session.reading is not None]

    def is_open(self, name: str) -> bool:
        return name in self._open

    def close(self) -> None:
        for session in self._open.values():
            session.receiving.close()
        self._open.clear()

    async def _session(self, row: UploadRow) -> Session:
        name = spool_name(row)
        async with self._opening.setdefault(name, asyncio.Lock()):
            session = self._open.get(name)
            if session is None:
                self._make_room()
                session = Session(await asyncio.to_thread(self._receive, row))
                self._open[name] = session
        self._opening.pop(name, None)
        return session

    def _receive(self, row: UploadRow) -> Receiving:
        key = self._vault.keys.unwrap(row.sealed_key, row.object_key)
        try:
            return self.spool.receive(spool_name(row), data_key=key, object_key=row.object_key, size=row.size)
        except Busy:
            raise _locked() from None

    async def _take_over(self, session: Session) -> None:
        if session.reading is None or time.monotonic() - session.last_byte < SILENT:
            raise _locked()
        session.reading.reschedule(asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(PATIENCE):
                await session.lock.acquire()
        except TimeoutError:
            raise _locked() from None
        session.lock.release()

    def _make_room(self) -> None:
        idle = [name for name, session in self._open.items() if not session.lock.locked()]
        for name in idle[: max(0, len(self._open) - WARM + 1)]:
            self._open.pop(name).receiving.close()


def spool_name(row: UploadRow) -> str:
    """Owner and id, so that the sweep can find the row of a forgotten file."""
    return f"{row.lawyer_id}-{row.id}"


def _locked() -> Problem:
    return Problem(423, "locked", "这个文件正由另一个窗口上传，请稍候再续传。", headers={"Retry-After": "2"})
