"""授权委托书 and 所函 of a claimed representation: kept apart until the court confirms, then part of the volume."""

from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as case_queries
from lutong.domains.cases.events import CounselJoined, RepresentationClaimed
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
    Document.objects.filter(court_id=event.court_id, case_id=event.case_id, id__in=papers).update(
        volume="main", state="in_dossier"
    )
    PageImage.objects.filter(court_id=event.court_id, document_id__in=papers).update(volume="main")
