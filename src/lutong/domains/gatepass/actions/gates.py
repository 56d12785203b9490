"""Venues and the devices that stand at them."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.gatepass.access import require_keeper
from lutong.domains.gatepass.models import GateDevice, Venue
from lutong.domains.gatepass.queries import find_venue, get_device
from lutong.domains.gatepass.queries.devices import digest_of
from lutong.domains.hearings.queries import get_courtroom
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid
from lutong.kernel.ids import secret_token, uuid7

LONGEST_NAME = 60

refuse_on("venue_name_once", lambda: Conflict("本院已有同名通行点，请换一个名称", fields={"name": "已有同名通行点"}))
refuse_on("venue_room_once", lambda: Conflict("这个法庭已经登记为通行点", fields={"room": "已登记"}))
refuse_on(
    "gate_device_name_once", lambda: Conflict("本院已有同名设备，请换一个名称", fields={"device_name": "已有同名设备"})
)


@action
def add_venue(
    *, actor: Actor, court_id: int, kind: str, name: str = "", room_id: uuid.UUID | None = None, now: dt.datetime
) -> Venue:
    """Register an entrance, the hall, or the door of a courtroom, which then bears the courtroom's name."""
    require_keeper(actor, court_id)
    if kind not in ("entrance", "courtroom", "hall"):
        raise Invalid("请选择通行点种类", fields={"kind": "请选择入口、法庭或诉讼服务大厅"})
    if kind == "courtroom":
        if room_id is None:
            raise Invalid("请选择法庭", fields={"room": "请选择法庭"})
        name = get_courtroom(actor=actor, court_id=court_id, room_id=room_id).name
    venue = Venue(
        court_id=court_id, kind=kind, name=_named(name, "name"), room_id=room_id if kind == "courtroom" else None
    )
    venue.save(force_insert=True)
    record(actor=actor, court_id=court_id, action="gatepass.add_venue", subject=venue.name, now=now, kind=kind)
    return venue


@action
def change_venue(*, actor: Actor, court_id: int, venue_id: uuid.UUID, active: bool, now: dt.datetime) -> Venue:
    """Close a venue, or open it again: for a closed one no codes are issued."""
    require_keeper(actor, court_id)
    venue = find_venue(court_id=court_id, venue_id=venue_id)
    Venue.objects.filter(court_id=court_id, id=venue_id).update(active=active)
    venue.active = active
    record(actor=actor, court_id=court_id, action="gatepass.change_venue", subject=venue.name, now=now, active=active)
    return venue


@action
def add_device(
    *, actor: Actor, court_id: int, venue_id: uuid.UUID, name: str, now: dt.datetime
) -> tuple[GateDevice, str]:
    """Register a device at a venue; answers it with its token, which is shown this once and kept nowhere."""
    require_keeper(actor, court_id)
    venue = find_venue(court_id=court_id, venue_id=venue_id)
    device = GateDevice(court_id=court_id, id=uuid7(), venue_id=venue.id, name=_named(name, "device_name"),
                        issued_at=now, issued_by=str(actor)[:80])  # fmt: skip
    token = _new_token(device)
    device.save(force_insert=True)
    record(actor=actor, court_id=court_id, action="gatepass.add_device", subject=device.name, now=now,
           device=str(device.id), venue=str(venue.id))  # fmt: skip
    return device, token


@action
def renew_device(*, actor: Actor, court_id: int, device_id: uuid.UUID, now: dt.datetime) -> tuple[GateDevice, str]:
    """A new token for a device, also for one that was revoked; the former token counts no more."""
    require_keeper(actor, court_id)
    device = get_device(actor=actor, court_id=court_id, device_id=device_id, lock=True)
    token = _new_token(device)
    device.issued_at, device.issued_by, device.revoked_at, device.seen_at = now, str(actor)[:80], None, None
    device.save()
    record(actor=actor, court_id=court_id, action="gatepass.renew_device", subject=device.name, now=now,
           device=str(device_id))  # fmt: skip
    return device, token


@action
def revoke_device(*, actor: Actor, court_id: int, device_id: uuid.UUID, now: dt.datetime) -> GateDevice:
    """Shut a device out: at its next word to the server it erases its list and refuses everybody."""
    require_keeper(actor, court_id)
    device = get_device(actor=actor, court_id=court_id, device_id=device_id, lock=True)
    if device.revoked_at is not None:
        raise Conflict("这台设备已经停用")
    device.revoked_at = now
    device.save()
    record(actor=actor, court_id=court_id, action="gatepass.revoke_device", subject=device.name, now=now,
           device=str(device_id))  # fmt: skip
    return device


def _new_token(device: GateDevice) -> str:
    token = f"lg_{device.court_id}_{device.id.hex}_{secret_token()}"
    device.digest = digest_of(token)
    return token


def _named(name: str, field: str) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Invalid("请填写名称", fields={field: f"1 至 {LONGEST_NAME} 个字"})
    return name
