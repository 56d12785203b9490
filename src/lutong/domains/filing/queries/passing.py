"""变更执业机构: what becomes of a lawyer's drafts, and which drafts colleagues ask him to take."""

import uuid
from dataclasses import dataclass

from lutong.domains.filing.access import drafts_of
from lutong.domains.filing.models import Draft, DraftHandover, DraftOffer
from lutong.domains.filing.states import FilingState, OfferState
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound

MANY = 500


@dataclass(frozen=True, slots=True)
class HandedDraft:
    """One line of the handover page; `draft` is None from when a colleague has it."""

    row: DraftHandover
    draft: Draft | None

    @property
    def title(self) -> str:
        return (self.draft.title if self.draft is not None else self.row.title) or "未命名草稿"


def list_draft_handovers(*, actor: Actor) -> list[HandedDraft]:
    """The drafts that a change of firm touches: those to choose for first, then what has been handed over."""
    with reading(actor):
        rows = list(
            DraftHandover.objects.filter(lawyer_id=actor.person_id).exclude(state="over")
            .order_by("-changed_at", "id")[:MANY]
        )  # fmt: skip
        living = drafts_of(actor).filter(state=FilingState.DRAFT, deleted_at=None).defer("content", "remark")
        drafts = {draft.id: draft for draft in living.filter(id__in=[row.draft_id for row in rows])}
    waiting = [row for row in rows if row.state != "handed" and row.draft_id in drafts]
    handed = [row for row in rows if row.state == "handed"]
    return [HandedDraft(row, drafts[row.draft_id]) for row in waiting] + [HandedDraft(row, None) for row in handed]


def list_draft_offers(*, actor: Actor) -> list[DraftOffer]:
    """What colleagues ask the actor to take now, newest first."""
    with reading(actor):
        rows = DraftOffer.objects.filter(lawyer_id=actor.person_id, state=OfferState.WAITING)
        return list(rows.order_by("-offered_at", "id")[:MANY])


def get_draft_offer(*, actor: Actor, offer_id: uuid.UUID) -> DraftOffer:
    """One draft that was offered to the actor, whatever has become of it, or NotFound."""
    with reading(actor):
        offer = DraftOffer.objects.filter(lawyer_id=actor.person_id, id=offer_id).first()
    if offer is None:
        raise NotFound("没有这份移交的草稿，或它不是移交给您的")
    return offer
