"""What the header and every tab of a case need, read once."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from lutong.domains.cases import queries as cases
from lutong.domains.casespace.nodes import CaseFacts, Node, node_line
from lutong.domains.dossier import queries as dossier
from lutong.domains.fees import queries as fees
from lutong.domains.hearings import queries as hearings
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability
from lutong.kernel.clock import beijing_date


class Case(CaseFacts, Protocol):
    """The case as pages see it."""

    id: Any
    court_id: int
    number: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One case as one person sees it now."""

    actor: Actor
    case: Case
    now: dt.datetime
    parties: list[Any]
    representations: list[Any]
    milestones: list[Any]
    hearings: list[Any]
    bill: Any
    documents: list[Any]
    documents_in_all: int
    granted: frozenset[Capability]

    def may(self, capability: Capability) -> bool:
        """True but for an assistant who was not granted this in the case."""
        return not self.actor.is_assistant or capability in self.granted

    @property
    def ids(self) -> dict[str, Any]:
        """What every query asks for."""
        return {"actor": self.actor, "court_id": self.case.court_id, "case_id": self.case.id}

    @property
    def mine(self) -> list[Any]:
        """The representations of record of the actor, or of the lawyer for whom he acts."""
        return [r for r in self.representations if r.state == "confirmed" and r.lawyer_id == self.actor.lawyer_id]

    @property
    def next_hearing(self) -> Any:
        """The next hearing that is not over, or None."""
        coming = [h for h in self.hearings if h.state == "scheduled" and h.during.upper > self.now]
        return min(coming, key=lambda h: h.during.lower, default=None)

    @property
    def heard_on(self) -> dt.date | None:
        """The day of the last hearing that was held."""
        held = [beijing_date(h.during.lower) for h in self.hearings if h.state == "held"]
        return max(held, default=None)

    @property
    def served_on(self) -> dt.date | None:
        """The day on which the first defendant was served, from the timeline that all parties read."""
        told = {f"已向{party.name}送达" for party in self.parties if party.side == "defendant"}
        days = [beijing_date(m.at) for m in self.milestones if m.kind == "served" and m.title in told]
        return min(days, default=None)

    def nodes(self) -> list[Node]:
        """The node line, from what has really happened."""
        coming = self.next_hearing
        paid_at = self.bill.paid_at if self.bill else None
        return node_line(
            case=self.case, paid_on=beijing_date(paid_at) if paid_at else None, served_on=self.served_on,
            hearing_at=coming.during.lower if coming else None, heard_on=self.heard_on, today=beijing_date(self.now),
        )  # fmt: skip


def gather(*, actor: Actor, court_id: int, case_id: UUID, now: dt.datetime) -> Facts:
    """Everything that more than one part of the page shows. Raises NotFound."""
    ids: dict[str, Any] = {"actor": actor, "court_id": court_id, "case_id": case_id}
    case = cases.get_case(**ids)
    documents, in_all = dossier.newest_documents(**ids)
    return Facts(
        actor, case, now, cases.parties_of(**ids), cases.representations_of(**ids),
        cases.timeline_of(**ids), hearings.list_hearings(**ids), fees.bill_of(**ids), documents, in_all,
        cases.granted_in(**ids),
    )  # fmt: skip
