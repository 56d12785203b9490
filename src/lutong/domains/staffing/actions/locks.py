"""解除登录暂停, and taking the list of pauses out."""

import datetime as dt

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.staffing import queries
from lutong.domains.staffing.access import members_seen, require
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound


@action
def lift_pause(*, actor: Actor, pause_id: int, person_id: int, reason: str, now: dt.datetime) -> str:
    """Let a member of the court try again at once; he is told who did it and why. Answers his name.

    Raises NotFound for whoever is not of this court, Invalid without a reason, Conflict when the pause is over, is
    one's own, or was lifted three times within a day.
    """
    court_id = require(actor, Duty.SESSIONS)
    member = members_seen(actor).filter(person_id=person_id).first()
    if member is None:
        raise NotFound("本院没有这个人员")
    pause = identity.lift(pause_id=pause_id, person_id=person_id, by=actor, reason=reason.strip(), now=now)
    record(
        actor=actor, court_id=court_id, action="staffing.lift_pause", subject=member.staff_no, now=now,
        person=person_id, what=pause.what, sources=pause.sources,
    )  # fmt: skip
    return member.name


@action
def take_locks(*, actor: Actor, text: str, now: dt.datetime) -> list[queries.Lock]:
    """导出登录暂停: all that is kept, up to ten thousand. Raises NotFound."""
    court_id = require(actor, Duty.SESSIONS)
    locks = queries.list_locks(actor=actor, text=text, now=now, limit=queries.MOST_LOCKS)
    record(actor=actor, court_id=court_id, action="staffing.take_locks", subject="", now=now, rows=len(locks))
    return locks
