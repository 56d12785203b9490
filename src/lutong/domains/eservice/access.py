"""Who may see which delivery."""

from django.db.models import QuerySet

from lutong.domains.cases.queries import my_case_ids
from lutong.domains.eservice.models import Delivery
from lutong.kernel.actor import Actor


def visible_to(actor: Actor, *, court_id: int) -> QuerySet[Delivery]:
    """A delivery of a court is visible if, and only if:

    * the actor is of that court's staff; or
    * it is addressed to him, and he is counsel of record in the case now.

    One side never sees the other's deliveries, because they tell addresses.
    """
    deliveries = Delivery.objects.filter(court_id=court_id)
    if actor.is_staff:
        return deliveries if actor.court_id == court_id else deliveries.none()
    mine = my_case_ids(actor=actor, court_id=court_id)
    return deliveries.filter(recipient_id=actor.person_id, case_id__in=mine)
