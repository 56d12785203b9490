"""授权委托书 and 所函 of a claimed representation: kept apart until the court confirms, then part of the volume."""

import uuid
from collections.abc import Iterable

from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as case_queries
from lutong.domains.cases.events import CounselJoined, PowersChangeAsked, PowersChanged, RepresentationClaimed
from lutong.domains.dossier.actions.documents import TakeIn, take_in
from lutong.domains.dossier.models import Document, PageImage

TITLES = {"mandate": "授权委托书", "firm_letter": "律师事务所函"}


def on_representation_claimed(event: RepresentationClaimed) -> None:
    """The claimant's uploads become documents of the court in the claim's own transaction.

    They wait in the sub volume: the other side must not read the papers of somebody whom the court has not
    confirmed, and may never confirm.
    """
    uploads = {"mandate": event.mandate_upload_id, "firm_letter": event.firm_letter_upload_id}
    documents = take_in(
        actor=event.actor, court_id=event.court_id, case_id=event.case_id, now=event.now,
        items=[
            TakeIn(upload_id=upload_id, kind=kind, title=TITLES[kind], party_id=event.party_id)
            for kind, upload_id in uploads.items() if upload_id is not None
        ],
    )  # fmt: skip
    ids = {document.kind: document.id for document in documents}
    Document.objects.filter(court_id=event.court_id, id__in=ids.values()).update(volume="sub")
    assert event.representation_id is not None  # the event of a claim carries it
    cases.note_claim_papers(
        actor=event.actor, court_id=event.court_id, representation_id=event.representation_id,
        mandate_id=ids["mandate"], firm_letter_id=ids["firm_letter"], now=event.now,
    )  # fmt: skip


def on_powers_change_asked(event: PowersChangeAsked) -> None:
    """The new mandate becomes a document of the court, in the sub volume until the court has confirmed it."""
    assert event.change_id is not None and event.mandate_upload_id is not None  # the event carries both
    (document,) = take_in(
        actor=event.actor, court_id=event.court_id, case_id=event.case_id, now=event.now,
        items=[TakeIn(
            upload_id=event.mandate_upload_id, kind="mandate", title="授权委托书（变更）", party_id=event.party_id
        )],
    )  # fmt: skip
    Document.objects.filter(court_id=event.court_id, id=document.id).update(volume="sub")
    cases.note_change_paper(
        actor=event.actor, court_id=event.court_id, change_id=event.change_id, mandate_id=document.id, now=event.now
    )


def on_powers_changed(event: PowersChanged) -> None:
    """The confirmed mandate is entered in the main volume, where the other side reads it (民事诉讼法第六十三条)."""
    _enter(event.court_id, event.case_id, [event.mandate_id])


def on_counsel_joined(event: CounselJoined) -> None:
    """The papers of a confirmed counsel are entered in the main volume, where all counsel of record read them."""
    confirmed = case_queries.representations_of(actor=event.actor, court_id=event.court_id, case_id=event.case_id)
    papers = {
        paper
        for representation in confirmed
        if representation.lawyer_id == event.lawyer_id and representation.state == "confirmed"
        for paper in (representation.mandate_id, representation.firm_letter_id)
        if paper is not None
    }
    _enter(event.court_id, event.case_id, papers)


def _enter(court_id: int, case_id: uuid.UUID, papers: Iterable[uuid.UUID | None]) -> None:
    ids = [paper for paper in papers if paper is not None]
    Document.objects.filter(court_id=court_id, case_id=case_id, id__in=ids).update(volume="main", state="in_dossier")
    PageImage.objects.filter(court_id=court_id, document_id__in=ids).update(volume="main")
