"""Sessions of the court's people, ended by the security administrator."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.staffing.access import members_seen, require
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound


@action
def end_sessions(*, actor: Actor, member_id: uuid.UUID, now: dt.datetime) -> int:
    """Sign a member out everywhere; answers from how many devices. Raises NotFound."""
    court_id = require(actor, Duty.SESSIONS)
    member = members_seen(actor).filter(id=member_id).first()
    if member is None:
        raise NotFound("本院没有这个人员")
    ended = identity.end_all_sessions(person_id=member.person_id)
    record(
        actor=actor, court_id=court_id, action="staffing.end_sessions", subject=member.staff_no, now=now,
        person=member.person_id, ended=ended,
    )  # fmt: skip
    return ended
