"""Who may see which draft and which filing."""

from django.db.models import QuerySet

from lutong.domains.delegation.queries import entrusted_drafts
from lutong.domains.filing.models import Draft, DraftOffer, Filing
from lutong.domains.filing.states import FilingState, OfferState
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty, may


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """A draft, and the lawyer's row of a filing, is visible if, and only if:

    * the actor made it; or
    * it is still a draft, and the lawyer for whom he acts lets him prepare it now (准备立案材料).
    """
    if actor.is_assistant:
        prepared = Draft.objects.filter(lawyer_id=actor.lawyer_id, state=FilingState.DRAFT, deleted_at=None)
        return prepared.filter(id__in=entrusted_drafts(actor))
    return Draft.objects.filter(lawyer_id=actor.person_id if actor.is_lawyer else 0)


def offered_drafts(offer: DraftOffer) -> QuerySet[Draft]:
    """The draft behind an offer of the actor's own, in its giver's hands: visible while, and only while, it waits."""
    waiting = Draft.objects.filter(lawyer_id=offer.giver_id, id=offer.draft_id, state=FilingState.DRAFT)
    return waiting.filter(deleted_at=None) if offer.state == OfferState.WAITING else waiting.none()


def filings_visible_to(actor: Actor, *, court_id: int) -> QuerySet[Filing]:
    """A filing of a court is visible if, and only if, the actor submitted it or works at that court's filing desk."""
    filings = Filing.objects.filter(court_id=court_id)
    if actor.is_staff:
        at_desk = works_at_desk(actor) and actor.court_id == court_id
        return filings if at_desk else filings.none()
    return filings.filter(lawyer_id=actor.person_id)


def works_at_desk(actor: Actor) -> bool:
    """Whether filings of his court are the actor's work: its clerks', its presidents' and the platform's."""
    return actor.role is Role.SYSTEM or may(actor, Duty.FILINGS)
