"""The gates of a court as their keepers see them, and the device behind a token."""

import hashlib
import hmac
import re
import uuid
from typing import Any

from lutong.domains.gatepass.access import devices_of, is_counter, is_keeper, require_keeper, venues_of
from lutong.domains.gatepass.models import GateDevice, Venue
from lutong.domains.hearings.queries import list_courtrooms
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import NotFound

_TOKEN = re.compile(r"lg_(\d{1,5})_([0-9a-f]{32})_([\w-]{20,64})", re.ASCII)
LARGEST_COURT = 32_767


def device_of_token(*, token: str) -> GateDevice | None:
    """The device that holds this token, a revoked one too; None for anything else."""
    parts = _TOKEN.fullmatch(token)
    if parts is None or not 0 < int(parts[1]) <= LARGEST_COURT:
        return None
    court_id = int(parts[1])
    with reading(system(court_id)):
        device = (
            GateDevice.objects.select_related("venue").filter(court_id=court_id, id=uuid.UUID(hex=parts[2])).first()
        )
    if device is None or not hmac.compare_digest(device.digest, digest_of(token)):
        return None
    return device


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def list_venues(*, actor: Actor, court_id: int) -> list[Venue]:
    """The venues of the actor's court, entrances and halls first."""
    require_keeper(actor, court_id)
    order = {"entrance": 0, "hall": 1, "courtroom": 2}
    with reading(actor):
        return sorted(venues_of(court_id), key=lambda venue: (order[venue.kind], venue.name))


def list_rooms_without_gate(*, actor: Actor, court_id: int) -> list[Any]:
    """Courtrooms that are not a venue yet."""
    with reading(actor):
        taken = {venue.room_id for venue in venues_of(court_id)}
        return [room for room in list_courtrooms(actor=actor, court_id=court_id) if room.id not in taken]


def list_devices(*, actor: Actor, court_id: int) -> list[GateDevice]:
    """The devices of the actor's court with their venues, those in use first."""
    with reading(actor):
        return sorted(
            devices_of(actor, court_id).select_related("venue"), key=lambda d: (d.revoked_at is not None, d.name)
        )


def get_device(*, actor: Actor, court_id: int, device_id: uuid.UUID, lock: bool = False) -> GateDevice:
    """One device, or NotFound; `lock` needs an open action."""
    with reading(actor):
        found = devices_of(actor, court_id).filter(id=device_id)
        device = (found.select_for_update() if lock else found).first()
    if device is None:
        raise NotFound("本院没有这台设备，或您无权查看")
    return device


def may_keep(*, actor: Actor) -> bool:
    """Whether the actor keeps the gates: feeds navigation and buttons."""
    return is_keeper(actor)


def may_serve(*, actor: Actor) -> bool:
    """Whether the actor works at the counter."""
    return is_counter(actor)
