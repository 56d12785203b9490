"""The desk behind the protocol: opens uploads, and once all bytes are here examines, stores and records them."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError

from lutong.gateways.examination import Examiner, SealedFile, Verdict
from lutong.gateways.objectstore import StoreError, Vault
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound, Refusal
from lutong.site.filesd.answers import Problem, busy_store, gone, refused
from lutong.site.filesd.ledger import Result, UploadLedger, UploadRow
from lutong.site.filesd.sessions import Session, Sessions, spool_name

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)
KNOWN_FOR = 5.0  # seconds
KNOWN_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Told on the page before anything is chosen. The number per draft is the ledger's to check."""

    file_bytes: int = 500_000_000


class Desk:
    def __init__(
        self,
        *,
        ledger: UploadLedger,
        sessions: Sessions,
        vault: Vault,
        examiner: Examiner,
        limits: Limits,
        address: str,
    ) -> None:
        self.sessions, self.limits, self.address, self.vault = sessions, limits, address, vault
        self._ledger, self._examiner = ledger, examiner
        self._examining = asyncio.Semaphore(2)
        self._known: dict[int, tuple[float, bool]] = {}

    async def begin(self, *, actor: Actor, purpose: str, slot: str, filename: str, size: int) -> UploadRow:
        object_key, sealed_key = self.vault.new_object()
        return await in_thread(
            self._ledger.begin, actor=actor, purpose=purpose, slot=slot, filename=filename, size=size,
            object_key=object_key, sealed_key=sealed_key, now=clock.now(),
        )  # fmt: skip

    async def get(self, *, actor: Actor, upload_id: uuid.UUID) -> UploadRow:
        return await in_thread(self._ledger.get, actor=actor, upload_id=upload_id)

    async def is_barred(self, person_id: int) -> bool:
        """Whether the bearer's right to read has died since his ticket was written; known for a few seconds."""
        asked_at, barred = self._known.get(person_id, (-KNOWN_FOR, False))
        if time.monotonic() - asked_at < KNOWN_FOR:
            return barred
        barred = await in_thread(self._ledger.is_barred, person_id=person_id)
        if len(self._known) >= KNOWN_MOST:
            self._known.clear()
        self._known[person_id] = (time.monotonic(), barred)
        return barred

    async def damaged(self, about: str) -> None:
        """Stored bytes failed their proof: the next reader must be told by the page, not by a broken picture."""
        court, document, part = about.split(":")
        await in_thread(
            self._ledger.damaged, court_id=int(court), document_id=uuid.UUID(document), part=part, now=clock.now()
        )

    async def progress(self, row: UploadRow, actor: Actor, offset: int) -> None:
        await in_thread(self._ledger.progress, actor=actor, upload_id=row.id, offset=offset, now=clock.now())

    async def discard(self, row: UploadRow, actor: Actor) -> None:
        self.sessions.drop(row)
        await in_thread(self._ledger.discard, actor=actor, upload_id=row.id, now=clock.now())

    async def complete(self, row: UploadRow, session: Session, actor: Actor) -> None:
        """Examine, then store, then record. A crash between any two is mended by doing it again.

        Raise `Problem` 422 when the file is refused; bytes of a refused file are destroyed.
        """
        digests = await asyncio.to_thread(session.receiving.digests)
        verdict = await self._examine(row)
        if verdict.refusal is not None:
            await in_thread(
                self._ledger.refuse, actor=actor, upload_id=row.id, refusal=verdict.refusal.as_dict(), now=clock.now()
            )  # fmt: skip
            self.sessions.drop(row)
            raise Problem(
                422, verdict.refusal.code, f"未接收：{verdict.refusal.sentence}", way_out=verdict.refusal.way_out
            )  # fmt: skip
        if verdict.pending:
            await in_thread(self._ledger.examining, actor=actor, upload_id=row.id, now=clock.now())
            return
        present = await self.get(actor=actor, upload_id=row.id)
        if present.state == "refused":
            self.sessions.drop(row)
            raise gone(present.refusal or {})
        await in_thread(self.vault.adopt, row.object_key, self.sessions.spool.path(spool_name(row)))
        result = Result(digests.sha256, digests.sm3, verdict.media_type, verdict.pages, verdict.warnings)
        await in_thread(self._ledger.store, actor=actor, upload_id=row.id, result=result, now=clock.now())
        self.sessions.drop(row)

    async def try_again(self, row: UploadRow, actor: Actor) -> UploadRow:
        """Once more for an upload that waits for its verdict; answers the row as it now is."""
        try:
            async with self.sessions.hold(row) as session:
                if session.receiving.complete:
                    await self.complete(row, session, actor)
        except Problem as problem:
            if problem.status not in (422, 423):
                raise
        return await self.get(actor=actor, upload_id=row.id)

    async def cut(self, actor_of: Callable[[int], Actor]) -> None:
        """End the transfers that are running although their upload has been refused meanwhile."""
        for name, session in self.sessions.running():
            owner, _, upload_id = name.partition("-")
            row = await self.get(actor=actor_of(int(owner)), upload_id=uuid.UUID(upload_id))
            if row.state == "refused" and session.reading is not None:
                session.reading.reschedule(asyncio.get_running_loop().time())

    async def tidy(self, actor_of: Callable[[int], Actor]) -> None:
        """Finish what a crash or a sleeping scanner left, and sweep uploads nobody continued."""
        spool = self.sessions.spool
        for name in await asyncio.to_thread(lambda: list(spool.untouched_for(10))):
            owner, _, upload_id = name.partition("-")
            actor = actor_of(int(owner))
            try:
                row = await self.get(actor=actor, upload_id=uuid.UUID(upload_id))
            except Problem as problem:
                if problem.status == 404:
                    await asyncio.to_thread(spool.remove, name)
                continue
            await self._tidy_one(row, actor)

    async def _tidy_one(self, row: UploadRow, actor: Actor) -> None:
        try:
            if row.state in ("stored", "refused"):
                self.sessions.drop(row)
            elif row.state == "examining" or row.offset == row.size:
                await self.try_again(row, actor)
            elif row.expires_at < clock.now() and not self.sessions.is_open(spool_name(row)):
                await self.discard(row, actor)
        except Problem as problem:
            log.warning("upload %s waits: %s", row.id, problem.code)

    async def _examine(self, row: UploadRow) -> Verdict:
        source = SealedFile(
            path=self.sessions.spool.path(spool_name(row)),
            object_key=row.object_key,
            data_key=self.vault.keys.unwrap(row.sealed_key, row.object_key),
            size=row.size,
        )
        async with self._examining:
            return await asyncio.to_thread(self._examiner.examine, source, row.filename)


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run something blocking beside the event loop; refusals and outages become problems."""
    try:
        return await asyncio.to_thread(function, *args, **kwargs)
    except NotFound:
        raise Problem(404, "not_found", "没有这个上传，或它已过期。") from None
    except Refusal as refusal:
        raise refused(refusal) from None
    except (OperationalError, InterfaceError, StoreError, OSError) as error:
        log.warning("store down: %s", type(error).__name__)
        raise busy_store() from error
