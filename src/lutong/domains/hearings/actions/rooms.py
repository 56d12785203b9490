"""The courtrooms of a court."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.hearings.access import require_keeper_of_rooms
from lutong.domains.hearings.actions.limits import required_note
from lutong.domains.hearings.models import Courtroom
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotFound

MOST_SEATS = 2000

refuse_on(
    "courtroom_name_once",
    lambda: Conflict("本院已有同名法庭，请换一个名称", fields={"name": "已有同名法庭"}),
)


@action
def add_courtroom(*, actor: Actor, court_id: int, name: str, seats: int = 0, now: dt.datetime) -> Courtroom:
    """Add a courtroom at the end of the list. Raises Invalid, Conflict when the name is taken."""
    require_keeper_of_rooms(actor, court_id)
    last = Courtroom.objects.filter(court_id=court_id).order_by("-place").first()
    room = Courtroom(court_id=court_id, place=last.place + 1 if last else 1)
    _fill(room, name, seats)
    room.save(force_insert=True)
    record(actor=actor, court_id=court_id, action="hearings.add_room", subject=str(room.id), now=now)
    return room


@action
def change_courtroom(
    *, actor: Actor, court_id: int, room_id: uuid.UUID, name: str, seats: int = 0, now: dt.datetime
) -> Courtroom:
    """Rename a courtroom. Hearings already fixed keep the name that their summons carries."""
    require_keeper_of_rooms(actor, court_id)
    room = Courtroom.objects.select_for_update().filter(court_id=court_id, id=room_id).first()
    if room is None:
        raise NotFound("本院没有这个法庭")
    _fill(room, name, seats)
    room.save()
    record(actor=actor, court_id=court_id, action="hearings.change_room", subject=str(room.id), now=now)
    return room


def _fill(room: Courtroom, name: str, seats: int) -> None:
    room.name = required_note(name, "name", "请填写法庭名称，例如“第十九法庭”")
    if len(room.name) > 60:
        raise Invalid("法庭名称过长", fields={"name": "最多 60 字"})
    if not 0 <= seats <= MOST_SEATS:
        raise Invalid("旁听席位数不对", fields={"seats": f"应为 0 至 {MOST_SEATS}"})
    room.seats = seats
