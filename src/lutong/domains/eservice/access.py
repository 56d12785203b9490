"""Who may see which delivery."""

from django.db.models import QuerySet

from lutong.domains.cases.queries import my_case_ids, staff_rows
from lutong.domains.eservice.models import Delivery
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import Capability
from lutong.kernel.duties import Duty, may


def visible_to(actor: Actor, *, court_id: int) -> QuerySet[Delivery]:
    """A delivery of a court is visible if, and only if:

    * the actor serves papers in that court, and its case is his work there; or
    * it is addressed to him, and he is counsel of record in the case now; or
    * it is addressed to the lawyer for whom he acts, who granted him 签收送达 in the case by name.

    One side never sees the other's deliveries, because they tell addresses.
    """
    deliveries = Delivery.objects.filter(court_id=court_id)
    if actor.is_staff:
        serves = actor.role is Role.SYSTEM or may(actor, Duty.DELIVERIES)
        return staff_rows(actor=actor, court_id=court_id, rows=deliveries) if serves else deliveries.none()
    mine = my_case_ids(actor=actor, court_id=court_id, needs=Capability.RECEIVE_SERVICE)
    return deliveries.filter(recipient_id=actor.lawyer_id, case_id__in=mine)
