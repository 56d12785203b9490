"""What the desk may serve next in a case: parties with their counsel, papers with who has had them."""

import uuid
from dataclasses import dataclass
from typing import Any

from lutong.domains.cases import queries as case_queries
from lutong.domains.dossier import queries as dossier
from lutong.domains.eservice.queries.deliveries import served_documents
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor

COURT_PAPERS = {
    "judgment", "ruling", "mediation_paper", "acceptance_notice", "evidence_notice", "response_notice", "summons",
    "fee_notice",
}  # fmt: skip
NEVER_SERVED = {"service_receipt", "payment_receipt", "receipt"}


@dataclass(frozen=True, slots=True)
class Offer:
    """`parties` with the names of counsel here; `papers` with the parties who have had each; `fresh`: nobody has."""

    parties: list[tuple[Any, str]]
    papers: list[tuple[Any, str]]
    fresh: list[Any]
    title: str


def offer_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> Offer:
    """What may be served in a case; court papers that nobody has had are proposed."""
    with reading(actor):
        ids: dict[str, Any] = {"actor": actor, "court_id": court_id, "case_id": case_id}
        counsel = case_queries.counsel_of(**ids)
        parties = [
            (p, "、".join(c.name for c in counsel if c.party_id == p.id)) for p in case_queries.parties_of(**ids)
        ]
        had = served_documents(**ids)
        papers = [d for d in dossier.list_documents(**ids) if d.volume == "main" and d.kind not in NEVER_SERVED]
        told = [(d, "、".join(p.name for p, _ in parties if d.id in had.get(p.id, set()))) for d in papers]
        fresh = [d for d, names in told if not names and d.kind in COURT_PAPERS]
        title = "、".join(dict.fromkeys(d.title.removesuffix(".pdf") for d in fresh))[:160]
        return Offer(parties, told, fresh, title)
