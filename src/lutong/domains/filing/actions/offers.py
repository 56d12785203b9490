"""The offer of a draft to a colleague, from within the acts that end it. Locks go: draft, handover, offer."""

import datetime as dt

from lutong.domains.filing.models import Draft, DraftHandover, DraftOffer
from lutong.domains.filing.states import DRAFT_HANDOVER, DRAFT_SETTLED, OfferState
from lutong.domains.notices.actions import tell
from lutong.kernel.actor import Actor


def end_handover(*, actor: Actor, draft: Draft, step: str, now: dt.datetime) -> None:
    """The draft is handed in or thrown away: no colleague takes it any more. Part of the caller's transaction."""
    rows = DraftHandover.objects.select_for_update().filter(lawyer_id=draft.lawyer_id, draft_id=draft.id)
    handover = rows.exclude(state__in=DRAFT_SETTLED).first()
    if handover is None:
        return
    handover.state = DRAFT_HANDOVER.advance(handover.state, step, actor)
    handover.settled_at = now if handover.state in DRAFT_SETTLED else None
    withdraw_offer(actor=actor, handover=handover, now=now)
    handover.save()


def withdraw_offer(*, actor: Actor, handover: DraftHandover, now: dt.datetime) -> None:
    """Who was asked to take the draft is asked no more; the caller locked the handover and saves it."""
    if handover.taker_id is None:
        return
    offers = DraftOffer.objects.filter(lawyer_id=handover.taker_id, id=handover.id, state=OfferState.WAITING)
    if offers.update(state=OfferState.WITHDRAWN, settled_at=now):
        tell(
            person_id=handover.taker_id, key=f"draft-offer-withdrawn:{handover.id}:{now.isoformat()}", kind="filing",
            title=f"{actor.name}律师不再移交草稿：{handover.title or '未命名草稿'}", now=now,
            link="/assistants/handover/",
        )  # fmt: skip
    handover.taker_id, handover.taker_name = None, ""
