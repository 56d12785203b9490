"""登录暂停: which of the court's people cannot try again just now, why, since when and until when."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from lutong.domains.identity.queries import pauses_of
from lutong.domains.staffing.access import members_seen, require
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty

SHOWN, MOST = 100, 10_000


@dataclass(frozen=True, slots=True)
class Lock:
    """One pause of a member; `sources` says from how many addresses, never which (个人信息保护法第六条)."""

    pause_id: int
    person_id: int
    name: str
    staff_no: str
    what: str
    own_browser: bool
    since: dt.datetime
    until: dt.datetime
    sources: int
    is_standing: bool
    lifted_at: dt.datetime | None
    lifter_name: str
    reason: str

    @property
    def state(self) -> str:
        """In a word."""
        return "已解除" if self.lifted_at else "暂停中" if self.is_standing else "已到期"


def list_locks(*, actor: Actor, text: str = "", now: dt.datetime, limit: int = SHOWN) -> list[Lock]:
    """The pauses of the court's people, those that stand first, then the newest. Raises NotFound.

    Visible if, and only if, the actor is security administrator of the court; pauses of lawyers never are.
    """
    require(actor, Duty.SESSIONS)
    with reading(actor):
        rows = members_seen(actor)
        if text:
            rows = rows.filter(Q(name__icontains=text) | Q(staff_no__icontains=text))
        members = {member.person_id: member for member in rows.order_by("staff_no")[:5000]}
        pauses = pauses_of(person_ids=list(members), limit=limit)
    locks = [
        Lock(
            one.pk, one.account_id, members[one.account_id].name, members[one.account_id].staff_no,
            one.get_what_display(), one.own_browser, one.since, one.until, one.sources,
            one.lifted_at is None and one.until > now, one.lifted_at, one.lifter_name, one.reason,
        )
        for one in pauses
    ]  # fmt: skip
    return sorted(locks, key=lambda lock: not lock.is_standing)
