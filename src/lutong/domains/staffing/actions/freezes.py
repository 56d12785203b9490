"""解除密码停用: what the platform's live check is for a lawyer, another person of the court is for its employee.

Law: 《人民法院在线诉讼规则》第七条第二款 (the account is its owner's, what is done with it counts as his).
"""

import datetime as dt
import hmac

from django.db.models import QuerySet

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.identity import queries as identity_queries
from lutong.domains.identity.events import PasswordFrozen
from lutong.domains.notices.actions import tell
from lutong.domains.staffing import words
from lutong.domains.staffing.access import door, members_seen, require
from lutong.domains.staffing.models import FreezeLift, Member
from lutong.kernel.acting import action, as_actor, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Conflict, Invalid, NotFound

VALID_FOR = dt.timedelta(hours=24)
ONE_S_OWN = "不能解除自己账号的密码停用，请由另一名安全管理员办理"

refuse_on("freeze_not_lifted_by_oneself", lambda: Conflict(ONE_S_OWN))
refuse_on("freeze_lift_open_once", lambda: Conflict("刚刚已有人为他解除，请刷新页面"))


@action
def lift_freeze(*, actor: Actor, person_id: int, reason: str, now: dt.datetime) -> tuple[FreezeLift, str]:
    """Let a frozen employee set a new password: the code that he needs is answered once; codes given before die.

    Raises NotFound for whoever is not of this court, Invalid without a reason, Conflict when nothing is frozen, or for
    one's own account.
    """
    court_id, reason = require(actor, Duty.SESSIONS), " ".join(reason.split())
    member = members_seen(actor).select_for_update().filter(person_id=person_id, active=True).first()
    if member is None:
        raise NotFound("本院没有这个人员")
    if person_id == actor.person_id:
        raise Conflict(ONE_S_OWN)
    if not 1 <= len(reason) <= 200:
        raise Invalid("请写明解除的理由", fields={"reason": "请写明理由，不超过 200 字"})
    since = identity_queries.frozen_of(person_ids=[person_id]).get(person_id)
    if since is None:
        raise Conflict("密码没有停用，或者本人已设置新密码，不用解除")
    _open(court_id, person_id).update(revoked_at=now)
    code = words.new_code()
    made = FreezeLift.objects.create(
        court_id=court_id, person_id=person_id, person_name=member.name, staff_no=member.staff_no, frozen_at=since,
        reason=reason, lifted_by=actor.person_id, lifter_name=actor.name, lifted_at=now, expires_at=now + VALID_FOR,
        code_digest=_digest(person_id, code),
    )  # fmt: skip
    _record(actor, made, "staffing.lift_freeze", now)
    identity.tell_of_lift(person_id=person_id, by_name=actor.name, now=now)
    tell(
        person_id=person_id, key=f"freeze_lift:{made.id}", kind="security", tone="warn", now=now,
        title="已解除密码停用", link="/account/frozen/",
        body=f"安全管理员{actor.name}解除，理由：{reason}。请用当面取得的解除码设置新密码；不是您请求的，请联系本院审计管理员。",
    )  # fmt: skip
    return made, code


def renew_password(*, person_id: int, code: str, password: str, now: dt.datetime) -> None:
    """The employee sets a new password with the code; five wrong ones kill it. Raises Invalid, Conflict."""
    courts = sorted({post.court_id for post in identity_queries.posts_of(person_id=person_id)})
    for court_id in courts:
        if _renew(actor=door(court_id), person_id=person_id, code=code, password=password, now=now):
            return
    raise Invalid(
        "解除码不对、已用过或已过期",
        fields={"code": f"请向本院安全管理员核对；连续错 {words.MOST_TRIES} 次，须重新领取"},
    )


@action
def _renew(*, actor: Actor, person_id: int, code: str, password: str, now: dt.datetime) -> bool:
    """False for a wrong code: the try has to be counted, so nothing is raised that would undo it."""
    court_id = actor.court_id or 0
    lift = _open(court_id, person_id).select_for_update().filter(expires_at__gt=now, tries__lt=words.MOST_TRIES).first()
    if lift is None:
        return False
    if not hmac.compare_digest(lift.code_digest, _digest(person_id, code.strip().upper())):
        lift.tries += 1
        lift.save(update_fields=["tries"])
        _record(actor, lift, "staffing.wrong_lift_code", now)
        return False
    identity.renew_password(person_id=person_id, password=password)
    lift.used_at = now
    lift.save(update_fields=["used_at"])
    _record(actor, lift, "staffing.renew_password", now)
    return True


def on_password_frozen(event: PasswordFrozen) -> None:
    """The security administrators of his courts hear that somebody waits for them; he himself is not asked."""
    for court_id in {post.court_id for post in identity_queries.posts_of(person_id=event.person_id)}:
        with as_actor(door(court_id)):  # the employee himself does not see the court's list of people
            known = Member.objects.filter(court_id=court_id, person_id=event.person_id, active=True).exists()
        colleagues = identity_queries.list_colleagues(court_id=court_id, role=Duty.SESSIONS.roles)
        for colleague in colleagues if known else ():
            if colleague.person_id != event.person_id:
                tell(
                    person_id=colleague.person_id, key=f"frozen:{event.person_id}:{event.now:%Y%m%d%H%M%S}",
                    kind="staffing", tone="warn", now=event.now, link="/desk/admin/sessions/locks/",
                    title=f"密码停用：{event.name}（{event.staff_no}）",
                    body="他的账号否认了一台登录设备。请当面核对本人，查明情况后解除。",
                )  # fmt: skip


def _open(court_id: int, person_id: int) -> QuerySet[FreezeLift]:
    return FreezeLift.objects.filter(court_id=court_id, person_id=person_id, used_at=None, revoked_at=None)


def _digest(person_id: int, code: str) -> str:
    return words.digest_of(f"lift:{person_id}:{code}")


def _record(actor: Actor, lift: FreezeLift, act: str, now: dt.datetime) -> None:
    record(
        actor=actor, court_id=lift.court_id, action=act, subject=lift.staff_no, now=now,
        person=lift.person_id, lift=str(lift.id),
    )  # fmt: skip
