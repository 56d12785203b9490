"""Who may see which draft and which filing."""

from django.db.models import QuerySet

from lutong.domains.filing.models import Draft, Filing
from lutong.kernel.actor import Actor


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """A draft, and the lawyer's row of a filing, is visible if, and only if, the actor made it."""
    return Draft.objects.filter(lawyer_id=actor.person_id if actor.is_lawyer else 0)


def filings_visible_to(actor: Actor, *, court_id: int) -> QuerySet[Filing]:
    """A filing of a court is visible if, and only if, the actor submitted it, or he is of that court's staff."""
    filings = Filing.objects.filter(court_id=court_id)
    if actor.is_staff:
        return filings if actor.court_id == court_id else filings.none()
    return filings.filter(lawyer_id=actor.person_id)
