"""制作文书: set a paper, store its bytes, file it in the case. Only the last step is a transaction."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.dossier import actions as dossier
from lutong.domains.eservice.models import Delivery
from lutong.gateways.typesetting import render
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound

_PAPERS = uuid.UUID("6f1d5a52-6c43-4f0e-9f6b-1f1a2d3c4b5e")  # namespace of the papers' keys


def paper_key(case_id: uuid.UUID, what: str) -> uuid.UUID:
    """The key under which one paper of a case is filed once, however often its job runs."""
    return uuid.uuid5(_PAPERS, f"{case_id}:{what}")


def make_paper(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    kind: str,
    title: str,
    what: str,
    data: dict[str, Any],
    now: dt.datetime,
) -> uuid.UUID:
    """Make and file a paper of the court; answers the document's id. `what` names it within the case."""
    stored = dossier.store_paper(data=render("paper", data, now=now))
    document = dossier.file_paper(
        actor=actor, court_id=court_id, case_id=case_id, kind=kind, title=title, stored=stored,
        key=paper_key(case_id, what), submitter=str(data.get("court", ""))[:80], now=now,
    )  # fmt: skip
    return document.id


def make_proof(*, actor: Actor, delivery: Delivery, data: dict[str, Any], now: dt.datetime) -> None:
    """Make the 送达凭证 of a delivery that took effect; a proven other day of arrival makes a new one."""
    what = f"proof:{delivery.id}:{delivery.effective_on}:{delivery.rule}"
    document_id = make_paper(
        actor=actor, court_id=delivery.court_id, case_id=delivery.case_id, kind="service_receipt",
        title=f"送达凭证：{delivery.title}（{delivery.party_name}）"[:255], what=what, data=data, now=now,
    )  # fmt: skip
    attach_proof(actor=actor, court_id=delivery.court_id, delivery_id=delivery.id, document_id=document_id, now=now)


@action
def attach_proof(
    *, actor: Actor, court_id: int, delivery_id: uuid.UUID, document_id: uuid.UUID, now: dt.datetime
) -> None:
    """Note which document proves a delivery."""
    delivery = Delivery.objects.select_for_update().filter(court_id=court_id, id=delivery_id).first()
    if delivery is None:
        raise NotFound("没有这次送达")
    if delivery.proof_document_id != document_id:
        delivery.proof_document_id = document_id
        delivery.save(update_fields=["proof_document_id"])
        record(
            actor=actor, court_id=court_id, case_id=delivery.case_id, action="eservice.attach_proof",
            subject=delivery.title, now=now, delivery=str(delivery_id), document=str(document_id),
        )  # fmt: skip
