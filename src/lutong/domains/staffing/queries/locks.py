"""登录暂停、密码停用: which of the court's people cannot come in just now, why, since when and until when."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from lutong.domains.identity.queries import frozen_of, pauses_of
from lutong.domains.staffing import words
from lutong.domains.staffing.access import lifts_seen, members_seen, require
from lutong.domains.staffing.models import FreezeLift
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


@dataclass(frozen=True, slots=True)
class Frozen:
    """A member whose password opens nothing since “不是我”; `lift` is the code that was handed out for it, if any."""

    person_id: int
    name: str
    staff_no: str
    since: dt.datetime
    lift: FreezeLift | None

    @property
    def key(self) -> str:
        """Tells its form from those of the pauses."""
        return f"f{self.person_id}"


def list_frozen(*, actor: Actor, now: dt.datetime) -> list[Frozen]:
    """Who of the court waits to be let on, the longest first. Raises NotFound.

    Visible if, and only if, the actor is security administrator of the court.
    """
    require(actor, Duty.SESSIONS)
    with reading(actor):
        members = {member.person_id: member for member in members_seen(actor).filter(active=True)[:5000]}
        since = frozen_of(person_ids=list(members))
        lifts = lifts_seen(actor).filter(
            person_id__in=since, used_at=None, revoked_at=None, expires_at__gt=now, tries__lt=words.MOST_TRIES
        )
        handed = {lift.person_id: lift for lift in lifts}
    return [
        Frozen(person_id, members[person_id].name, members[person_id].staff_no, at, handed.get(person_id))
        for person_id, at in since.items()
    ]


def list_lifts(*, actor: Actor) -> list[FreezeLift]:
    """The last lifted freezes of the court, the newest first. Raises NotFound. Visible as `list_frozen`."""
    require(actor, Duty.SESSIONS)
    with reading(actor):
        return list(lifts_seen(actor).order_by("-lifted_at", "-id")[:SHOWN])
