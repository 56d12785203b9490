"""What the worker does with documents: view copies, page images, ZIP files. Every handler may run twice.

The object store and the converters are called outside any transaction; each result is kept by one action.
"""

import contextlib
import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from lutong.domains.cases.events import CaseOpened
from lutong.domains.dossier import actions
from lutong.domains.dossier.actions import MadeImage, Source, StoredBytes
from lutong.domains.dossier.bundling import write_bundle
from lutong.domains.identity.events import StandingChanged
from lutong.gateways.conversion import Converter
from lutong.gateways.conversion.converter import PDF
from lutong.gateways.objectstore import Tampered, vault
from lutong.gateways.sandbox import SealedFile, fetched
from lutong.kernel.actor import Actor, Role, system

CSS_PIXEL = 96 / 72  # pixels of a screen in a point of paper


def attach_papers(event: CaseOpened) -> None:
    """Listener of CaseOpened: the filing's papers move into the case in the registration's own transaction."""
    if event.filing_id is not None:
        actions.attach_to_case(
            actor=event.actor, court_id=event.court_id, filing_id=event.filing_id, case_id=event.case_id, now=event.now
        )


def stop_uploads(event: StandingChanged) -> None:
    """Listener of StandingChanged: what a suspended person has not finished uploading is not taken."""
    if not event.in_force:
        teller = Actor(0, Role.SYSTEM, "律师身份核验平台", for_id=event.lawyer_id, for_name=event.name)
        actions.stop_uploads(actor=teller, lawyer_id=event.lawyer_id, now=event.now)


def plan_views(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic dossier.documents: give each new document a job of its own."""
    ids = [UUID(one) for one in payload["ids"]]
    actions.plan_views(actor=system(court_id), court_id=court_id, document_ids=ids, now=now)


def make_view(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic dossier.view: make the PDF that is read in the browser; the original is proved first."""
    actor, document_id = system(court_id), UUID(payload["id"])
    source = actions.begin_view(actor=actor, court_id=court_id, document_id=document_id, now=now)
    if source is None:
        return
    try:
        with _proved(source) as file:
            stored, shapes, note = _view_of(file, source, now)
    except Tampered:
        actions.report_damage(actor=actor, court_id=court_id, document_id=document_id, part="original", now=now)
        return
    if stored is None:
        actions.refuse_view(actor=actor, court_id=court_id, document_id=document_id, reason=note, now=now)
        return
    actions.keep_view(
        actor=actor, court_id=court_id, document_id=document_id, stored=stored, shapes=shapes, note=note, now=now
    )


def make_pages(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic dossier.pages: draw those pages of a stretch that have no picture yet."""
    actor, document_id = system(court_id), UUID(payload["id"])
    source = actions.begin_pages(
        actor=actor, court_id=court_id, document_id=document_id, first=payload["first"], last=payload["last"], now=now
    )
    if source is None:
        return
    try:
        with _proved(source) as file:
            for first, count in _runs(source.pages):
                images = _images(file, first, count)
                actions.keep_pages(actor=actor, court_id=court_id, document_id=document_id, images=images, now=now)
    except Tampered:
        actions.report_damage(actor=actor, court_id=court_id, document_id=document_id, part="view", now=now)


def make_bundle(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic dossier.bundle: put the papers of a case into one ZIP file, each proved against its digest."""
    actor, bundle_id = system(court_id), UUID(payload["id"])
    papers = actions.begin_bundle(actor=actor, court_id=court_id, bundle_id=bundle_id, now=now)
    if not papers:
        return

    def note(done: int) -> None:
        actions.note_bundle(actor=actor, court_id=court_id, bundle_id=bundle_id, done=done, now=now)

    with tempfile.TemporaryFile(prefix="lutong-bundle-") as file:
        left_out = write_bundle(file, papers, vault(), made_at=now, progress=note)
        size = file.tell()
        file.seek(0)
        kept = vault().put_stream(file, size)
    stored = StoredBytes(
        object_key=kept.object_key, sealed_key=kept.sealed_key, size=kept.size, sha256=kept.sha256, sm3=kept.sm3,
        media_type="application/zip",
    )  # fmt: skip
    actions.finish_bundle(
        actor=actor, court_id=court_id, bundle_id=bundle_id, stored=stored, left_out=left_out, now=now
    )


@lru_cache(maxsize=1)
def _converter() -> Converter:
    """One per process: it keeps a warm sandbox."""
    return Converter()


@contextlib.contextmanager
def _proved(source: Source) -> Iterator[SealedFile]:
    """The source on the local disk, sealed, after its plaintext hashed to what it must; else `Tampered`."""
    with fetched(vault(), source.object_key, source.sealed_key) as file:
        with file.open() as reader:
            digest = hashlib.file_digest(reader, "sha256").hexdigest()
        if digest != source.sha256:
            raise Tampered("摘要不符")
        yield file


def _view_of(
    file: SealedFile, source: Source, now: dt.datetime
) -> tuple[StoredBytes | None, list[tuple[int, int, int]], str]:
    """The view copy in the store, the shapes of its pages and a note; without a copy the note says why."""
    view = _converter().view(file, source.media_type, now=now)
    if view.same:
        stored = StoredBytes(
            object_key=source.object_key, sealed_key=source.sealed_key, size=source.size, sha256=source.sha256, sm3=""
        )
        shapes = _shapes(_converter().sizes(file))
    elif view.pdf is not None:
        stored = actions.store_paper(data=view.pdf, media_type=PDF)
        with fetched(vault(), stored.object_key, stored.sealed_key) as copy:
            shapes = _shapes(_converter().sizes(copy))
    else:
        return None, [], view.note
    if not shapes:
        return None, [], "阅看副本未能生成，请下载原件查看。"
    return stored, shapes, view.note


def _shapes(sizes: list[tuple[float, float]]) -> list[tuple[int, int, int]]:
    """Neighbours of one size counted together: a thousand sheets of A4 are one row."""
    pixels = [(max(1, round(w * CSS_PIXEL)), max(1, round(h * CSS_PIXEL))) for w, h in sizes]
    return [(len(list(group)), *size) for size, group in groupby(pixels)]


def _runs(numbers: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """(first, count) of each unbroken run, at most six pages long so that a reader sees them soon."""
    run: list[int] = []
    for number in numbers:
        if run and (number != run[-1] + 1 or len(run) == 6):
            yield run[0], len(run)
            run = []
        run.append(number)
    if run:
        yield run[0], len(run)


def _images(file: SealedFile, first: int, count: int) -> list[MadeImage]:
    images = []
    for picture in _converter().pictures(file, first=first, count=count):
        for size, data in (("thumb", picture.thumb), ("page", picture.page)):
            stored = actions.store_paper(data=data, media_type="image/webp") if data else None
            images.append(
                MadeImage(number=picture.number, size=size, width=picture.width, height=picture.height, stored=stored)
            )
    return images
