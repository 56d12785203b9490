"""Who may see a hearing, and who may arrange one."""

from django.db.models import QuerySet

from lutong.domains.cases.queries import my_case_ids, staff_rows
from lutong.domains.hearings.models import Hearing
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotAllowed, NotFound

SCHEDULERS = Duty.TRY.roles | {Role.SYSTEM}
KEEPERS_OF_ROOMS = Duty.KEEP_ROOMS.roles | {Role.SYSTEM}


def visible_to(actor: Actor, court_id: int) -> QuerySet[Hearing]:
    """A hearing of a court is visible if, and only if:

    * the actor works in that court, and its case is his work there; or
    * he is counsel of record in its case now.
    """
    hearings = Hearing.objects.filter(court_id=court_id)
    if actor.is_staff:
        return staff_rows(actor=actor, court_id=court_id, rows=hearings)
    return hearings.filter(case_id__in=my_case_ids(actor=actor, court_id=court_id))


def require_scheduler(actor: Actor, court_id: int) -> None:
    """Judges and recorders arrange the hearings of their own court. Raises NotFound, NotAllowed."""
    if not actor.is_staff or actor.court_id != court_id:
        raise NotFound("没有这个案件，或您无权查看")
    if actor.role not in SCHEDULERS:
        raise NotAllowed(f"{actor.role.label}不能排期，请由承办法官或书记员办理")


def require_keeper_of_rooms(actor: Actor, court_id: int) -> None:
    """Recorders and presidents keep the list of courtrooms. Raises NotFound, NotAllowed."""
    if not actor.is_staff or actor.court_id != court_id:
        raise NotFound("没有这个页面，或您无权查看")
    if actor.role not in KEEPERS_OF_ROOMS:
        raise NotAllowed("法庭由书记员或院庭长维护，请联系其办理")
