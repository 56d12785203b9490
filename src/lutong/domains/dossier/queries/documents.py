"""Reading documents."""

import uuid
from typing import Any

from django.db.models import Case, Count, When, Window

from lutong.domains.dossier.access import refuse_assistant, visible_to
from lutong.domains.dossier.models import Document, PageImage
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import NotFound

CURRENT = ("received", "in_dossier")


def get_document(*, actor: Actor, court_id: int, document_id: uuid.UUID) -> Document:
    """One document that the actor may see, or NotFound."""
    with reading(actor):
        found = visible_to(actor, court_id=court_id).filter(id=document_id).first()
        if found is None and actor.is_assistant:
            with as_actor(system(court_id)):  # in which case it lies, is not an assistant's to read
                held = Document.objects.filter(court_id=court_id, id=document_id, volume="main").first()
            refuse_assistant(actor, court_id=court_id, case_id=held.case_id if held else None)
    if found is None:
        raise NotFound("没有这份材料，或您无权查看")
    return found


def list_documents(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, after: int = -1, limit: int = 500
) -> list[Document]:
    """The current documents of a case in the order of the volume; `after` is the last place seen."""
    with reading(actor):
        papers = visible_to(actor, court_id=court_id).filter(case_id=case_id, state__in=CURRENT, place__gt=after)
        return list(papers.defer("sealed_key", "view_sealed_key").order_by("place", "id")[:limit])


def newest_documents(*, actor: Actor, court_id: int, case_id: uuid.UUID, limit: int = 6) -> tuple[list[Document], int]:
    """The newest documents of a case and how many there are in all, in one statement; proofs of service come last."""
    with reading(actor):
        papers = visible_to(actor, court_id=court_id).filter(case_id=case_id, state__in=CURRENT)
        proof = Case(When(kind="service_receipt", then=1), default=0)
        counted = papers.annotate(in_all=Window(Count("*")), proof=proof).defer("sealed_key", "view_sealed_key")
        rows: list[Any] = list(counted.order_by("proof", "-submitted_at", "-id")[:limit])
        return rows, rows[0].in_all if rows else 0


def count_documents(*, actor: Actor, court_id: int, case_id: uuid.UUID, most: int = 1000) -> int:
    """How many documents the case has, counted up to `most`."""
    with reading(actor):
        papers = visible_to(actor, court_id=court_id).filter(case_id=case_id, state__in=CURRENT)
        return len(papers.values_list("id")[:most])


def list_filing_documents(*, actor: Actor, court_id: int, filing_id: uuid.UUID) -> list[Document]:
    """The current documents of a filing, in order."""
    with reading(actor):
        papers = visible_to(actor, court_id=court_id).filter(filing_id=filing_id, state__in=CURRENT)
        return list(papers.order_by("place", "id"))


def list_pages(*, actor: Actor, court_id: int, document_id: uuid.UUID) -> list[PageImage]:
    """The page images made so far of a document that the actor may see (check it first with get_document)."""
    with reading(actor):
        return list(PageImage.objects.filter(court_id=court_id, document_id=document_id).order_by("number", "size"))


def pages_made(*, actor: Actor, court_id: int, document_id: uuid.UUID) -> tuple[set[int], set[int]]:
    """The numbers of the pages that can be shown now, and of those that cannot be drawn at all."""
    with reading(actor):
        rows = PageImage.objects.filter(court_id=court_id, document_id=document_id, size="page")
        drawn = dict(rows.values_list("number", "length"))
    return {n for n, length in drawn.items() if length}, {n for n, length in drawn.items() if not length}


def neighbours(*, actor: Actor, document: Document) -> list[Document]:
    """The papers that lie with a document in the same case, or in the same filing before there is a case."""
    if document.case_id is not None:
        return list_documents(actor=actor, court_id=document.court_id, case_id=document.case_id)
    assert document.filing_id is not None  # a document has a home, the database says
    return list_filing_documents(actor=actor, court_id=document.court_id, filing_id=document.filing_id)
