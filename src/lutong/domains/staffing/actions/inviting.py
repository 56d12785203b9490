"""首次登录: the link comes from the system administrator, the code from the security administrator.

Neither of them can enter an account alone, and neither learns its password: the person sets it himself.
"""

import datetime as dt
import hmac
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.staffing import words
from lutong.domains.staffing.access import door, invitations_seen, members_seen, require
from lutong.domains.staffing.models import Invitation, Member
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

VALID_FOR = dt.timedelta(hours=72)
DEAD = "这个链接不存在、已使用或已过期，请联系本院系统管理员重新发放"

refuse_on("invitation_two_hands", lambda: NotAllowed("链接和验证码须由两名管理员分别发放"))
refuse_on("invitation_open_once", lambda: Conflict("刚刚已有人为他发放链接，请刷新页面"))


@action
def give_link(*, actor: Actor, member_id: uuid.UUID, again: bool, now: dt.datetime) -> tuple[Invitation, str]:
    """A new link for a member, shown once; links given before die. `again`: he lost his means to sign in.

    Raises NotFound, Conflict when he is disabled, or is an administrator who would need it from somebody else.
    """
    court_id = require(actor, Duty.MEMBERS)
    member = members_seen(actor).select_for_update().filter(id=member_id).first()
    if member is None:
        raise NotFound("本院没有这个人员")
    if not member.active:
        raise Conflict("此人已停用，请先恢复")
    if member.person_id == actor.person_id:
        raise Conflict("不能为自己发放登录链接，请由另一名系统管理员发放")
    open_ones = Invitation.objects.filter(court_id=court_id, person_id=member.person_id, used_at=None, revoked_at=None)
    open_ones.update(revoked_at=now)
    word = words.new_link(court_id)
    made = Invitation.objects.create(
        court_id=court_id, person_id=member.person_id, person_name=member.name, staff_no=member.staff_no, again=again,
        link_digest=words.digest_of(word), link_by=actor.person_id, made_at=now, expires_at=now + VALID_FOR,
    )  # fmt: skip
    _record(actor, made, "staffing.give_link", now)
    return made, word


@action
def give_code(*, actor: Actor, invitation_id: uuid.UUID, now: dt.datetime) -> tuple[Invitation, str]:
    """The code that goes with a link, shown once, after the person has been recognised; a new one replaces the old.

    Raises NotFound, NotAllowed for a link of one's own.
    """
    require(actor, Duty.APPROVALS)
    open_ones = invitations_seen(actor).select_for_update().filter(used_at=None, revoked_at=None, expires_at__gt=now)
    invitation = open_ones.filter(id=invitation_id).first()
    if invitation is None:
        raise NotFound("没有这个待发验证码的邀请，或者它已过期")
    if actor.person_id == invitation.person_id:
        raise NotAllowed("不能为自己发放验证码，请由另一名安全管理员发放")
    code = words.new_code()
    invitation.code_digest, invitation.code_by = words.digest_of(f"{invitation.id}:{code}"), actor.person_id
    invitation.save(update_fields=["code_digest", "code_by"])
    _record(actor, invitation, "staffing.give_code", now)
    return invitation, code


def redeem(*, word: str, code: str, password: str, now: dt.datetime) -> str:
    """The person sets his password with link and code; answers the number that he signs in with.

    Five wrong codes kill the link. Raises NotFound for a link that is dead, Invalid.
    """
    court_id = words.court_of(word)
    if not court_id:
        raise NotFound(DEAD)
    outcome = _redeem(actor=door(court_id), word=word, code=code, password=password, now=now)
    if outcome is None:
        raise Invalid("验证码不对", fields={"code": f"请向安全管理员核对；连续错 {words.MOST_TRIES} 次，链接作废"})
    return outcome


@action
def _redeem(*, actor: Actor, word: str, code: str, password: str, now: dt.datetime) -> str | None:
    """None for a wrong code: the try has to be counted, so nothing is raised that would undo it."""
    found = Invitation.objects.select_for_update().filter(
        court_id=actor.court_id or 0, link_digest=words.digest_of(word), used_at=None, revoked_at=None,
        expires_at__gt=now, tries__lt=words.MOST_TRIES,
    )  # fmt: skip
    invitation = found.first()
    if invitation is None:
        raise NotFound(DEAD)
    wanted = words.digest_of(f"{invitation.id}:{code.strip().upper()}")
    if not invitation.code_digest or not hmac.compare_digest(invitation.code_digest, wanted):
        invitation.tries += 1
        invitation.save(update_fields=["tries"])
        _record(actor, invitation, "staffing.wrong_code", now)
        return None
    if not Member.objects.filter(court_id=actor.court_id or 0, person_id=invitation.person_id, active=True).exists():
        raise NotFound(DEAD)
    identity.set_first_password(person_id=invitation.person_id, password=password, again=invitation.again, now=now)
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    _record(actor, invitation, "staffing.redeem", now)
    return invitation.staff_no


def _record(actor: Actor, invitation: Invitation, act: str, now: dt.datetime) -> None:
    record(
        actor=actor, court_id=invitation.court_id, action=act, subject=invitation.staff_no, now=now,
        person=invitation.person_id, invitation=str(invitation.id), again=invitation.again,
    )  # fmt: skip
