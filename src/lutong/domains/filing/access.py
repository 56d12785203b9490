"""Who may see which draft and which filing."""

from django.db.models import QuerySet

from lutong.domains.filing.models import Draft, Filing
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty, may


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """A draft, and the lawyer's row of a filing, is visible if, and only if, the actor made it."""
    return Draft.objects.filter(lawyer_id=actor.person_id if actor.is_lawyer else 0)


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
