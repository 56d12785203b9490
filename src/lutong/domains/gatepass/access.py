"""Who may set up gates, sit at the counter, and look at who came through."""

from django.db.models import QuerySet

from lutong.domains.gatepass.models import GateDevice, Scan, Slip, Venue
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotAllowed, NotFound

KEEPERS = Duty.GATES.roles | {Role.SYSTEM}
COUNTER = Duty.COUNTER.roles
NO_PAGE = "没有这个页面，或您无权查看"


def require_keeper(actor: Actor, court_id: int) -> None:
    """The hall, the filing clerks and the presidents keep the gates of their court. Raises NotFound, NotAllowed."""
    _require_own_court(actor, court_id)
    if actor.role not in KEEPERS:
        raise NotAllowed(f"{actor.role.label}不能维护门禁设备，请联系诉讼服务大厅或立案庭办理")


def require_counter(actor: Actor, court_id: int) -> None:
    """The hall and the filing clerks look at bar cards and print slips. Raises NotFound, NotAllowed."""
    _require_own_court(actor, court_id)
    if actor.role not in COUNTER:
        raise NotAllowed(f"{actor.role.label}不能在窗口核验执业证，请联系诉讼服务大厅或立案庭办理")


def is_keeper(actor: Actor) -> bool:
    """Whether the log of the gates is the actor's business."""
    return actor.role in KEEPERS


def is_counter(actor: Actor) -> bool:
    """Whether the actor works at the counter."""
    return actor.role in COUNTER


def venues_of(court_id: int) -> QuerySet[Venue]:
    """Venues are public: a lawyer must choose one."""
    return Venue.objects.filter(court_id=court_id)


def devices_of(actor: Actor, court_id: int) -> QuerySet[GateDevice]:
    """A device is visible if, and only if, the actor keeps the gates of its court."""
    devices = GateDevice.objects.filter(court_id=court_id)
    return devices if actor.court_id == court_id and is_keeper(actor) else devices.none()


def scans_of(actor: Actor, court_id: int) -> QuerySet[Scan]:
    """The log of a court's gates is visible if, and only if, the actor keeps the gates of that court.

    Who has come to one hearing is asked for by `arrivals_of`, open to all who see the hearing.
    """
    scans = Scan.objects.filter(court_id=court_id)
    return scans if actor.court_id == court_id and is_keeper(actor) else scans.none()


def slips_of(actor: Actor, court_id: int) -> QuerySet[Slip]:
    """A slip is visible if, and only if, the actor works at the counter of its court."""
    slips = Slip.objects.filter(court_id=court_id)
    return slips if actor.court_id == court_id and is_counter(actor) else slips.none()


def _require_own_court(actor: Actor, court_id: int) -> None:
    if not actor.is_staff or actor.court_id != court_id:
        raise NotFound(NO_PAGE)
