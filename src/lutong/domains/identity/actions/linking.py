"""一次核验: link an account to the person at 律师身份核验平台, and go back there for the gravest acts.

Law: 意见第一条第三款、第十六条 (one verification, valid at every court); 律师法第五条、第十三条.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from lutong.domains.audit.actions import record_own
from lutong.domains.identity.actions.licence import has_asked
from lutong.domains.identity.actions.standing import rights_changed
from lutong.domains.identity.models import Account, Lawyer, PlatformLink, PlatformVisit, ShortMessage
from lutong.domains.identity.queries import bar_of, is_ready
from lutong.gateways.registry.account import load_account
from lutong.gateways.registry.oidc import Departure, LoggedOut, VerificationLogin, Verified
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

CALLBACK = "/account/verification/callback/"


def platform() -> VerificationLogin:
    """The client of the platform that this installation is registered with."""
    return VerificationLogin(
        issuer=settings.LUTONG.verification_url, account=load_account(settings.LUTONG.home),
        redirect_uri=f"{settings.LUTONG.web_url}{CALLBACK}",
    )  # fmt: skip


def go_to_platform(*, live: bool, hint: str = "", again: bool = False) -> Departure:
    """Where to send the browser; calls outward, so never inside a transaction. Raises VerificationDown."""
    return platform().depart(live=live, hint=hint, again=again)


def come_back(*, told: dict[str, str], kept: dict[str, Any]) -> Verified:
    """What the platform states of the person who came back; calls outward.

    Raises VerificationRefused, VerificationDown.
    """
    return platform().arrive(told=told, kept=kept)


@dataclass(frozen=True, slots=True)
class Linked:
    """The account of a verified person; `is_ready` when it has a password and a second factor already."""

    account: Account
    is_ready: bool
    is_new: bool


def link(*, verified: Verified, now: dt.datetime) -> Linked:
    """Find or make the account of a verified person, once; then ask the registry for the licence, outside the
    transaction. Of two at once one makes it, and the other finds it.

    Raises Conflict when the licence number belongs to an account that is linked to another person,
    NotAllowed when the licence is not in force.
    """
    try:
        account, is_new = _link(verified, now)
    except IntegrityError:
        account, is_new = _link(verified, now)
    has_asked(Lawyer.objects.get(lawyer_id=account.pk), now)
    if refusal := bar_of(person_id=account.pk):
        raise refusal
    return Linked(account, is_ready(account=account), is_new)


def confirm_live(*, account: Account, verified: Verified, session_key: str, what: str, now: dt.datetime) -> None:
    """The person who came back, seen for `what`, must be the one who left. Raises NotAllowed for somebody else."""
    link = PlatformLink.objects.filter(account=account).first()
    if link is None and verified.licence_no == account.sign_name:
        link = PlatformLink.objects.get(account=_link(verified, now)[0])
    if link is None or (link.issuer, link.subject) != (verified.issuer, verified.subject):
        _record(account, "identity.live_by_other", now, what=what)
        raise NotAllowed("在核验平台完成核验的是另一个人，不是这个账号的本人；没有作任何变更")
    with transaction.atomic():
        PlatformLink.objects.filter(pk=link.pk).update(seen_at=now, live_at=now)
        note_visit(account=account, sid=verified.sid, session_key=session_key, now=now)
        _record(account, "identity.seen_live", now, what=what)


def find_for_recovery(*, verified: Verified, now: dt.datetime) -> Account:
    """The account that a person who was seen live may open anew. Raises NotAllowed without the live check."""
    if not verified.live:
        raise NotAllowed("找回账号须在核验平台完成实人核验；没有作任何变更")
    return link(verified=verified, now=now).account


def choose_password(*, account: Account, password: str, repeated: str, recovering: bool, now: dt.datetime) -> None:
    """The password that a verified person chooses. Recovering drops every second factor and ends every session.

    Raises Invalid for a weak one or a slip of the fingers, Conflict when a ready account is not being recovered.
    """
    if password != repeated:
        raise Invalid("请改正标出的项目", fields={"password2": "两次输入的密码不一样"})
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Invalid("请改正标出的项目", fields={"password1": "；".join(weak.messages)}) from weak
    with transaction.atomic():
        held = Account.objects.select_for_update().get(pk=account.pk)
        if not recovering and is_ready(account=held):
            raise Conflict("这个账号已经设置好，请直接登录")
        held.set_password(password)
        held.frozen_at = None
        held.save(update_fields=["password", "frozen_at"])
        Authenticator.objects.filter(user=held).delete()
        if recovering:
            end_sessions(account=held)
            _record(held, "identity.recover", now)
            if held.mobile:
                ShortMessage.objects.create(
                    mobile=held.mobile, at=now,
                    text="【律通】您的账号已经实人核验找回：密码已重设，其他设备已退出。"
                    "不是本人操作的，请立即拨打 12368。",
                )  # fmt: skip
        else:
            _record(held, "identity.set_password", now)


def end_by_platform(*, logged_out: LoggedOut, now: dt.datetime) -> int:
    """The platform says that a visit is over, or with no `sid` that all are: end what rests on it, in every process."""
    link = PlatformLink.objects.filter(issuer=logged_out.issuer, subject=logged_out.subject).first()
    if link is None:
        return 0
    with transaction.atomic():
        if logged_out.sid is None:
            ended = end_sessions(account=link.account)
        else:
            visits = PlatformVisit.objects.filter(account=link.account, sid=logged_out.sid)
            keys = list(visits.values_list("session_key", flat=True))
            ended = _end(UserSession.objects.filter(user_id=link.account_id, session_key__in=keys))
            visits.delete()
        if ended:
            _record(link.account, "identity.ended_by_platform", now)
    return ended


def end_sessions(*, account: Account) -> int:
    """Sign a person out everywhere; answers how many sessions. Part of the caller's transaction."""
    ended = _end(UserSession.objects.filter(user_id=account.pk))
    rights_changed(person_ids=[account.pk])
    PlatformVisit.objects.filter(account=account).delete()
    return ended


def note_visit(*, account: Account, sid: str, session_key: str, now: dt.datetime) -> None:
    """This session rests on a visit at the platform."""
    if session_key:
        PlatformVisit.objects.update_or_create(
            sid=sid, session_key=session_key, defaults={"account": account, "at": now}
        )


def _link(verified: Verified, now: dt.datetime) -> tuple[Account, bool]:
    with transaction.atomic():
        held = PlatformLink.objects.select_for_update().filter(
            issuer=verified.issuer, subject=verified.subject
        ).select_related("account").first()  # fmt: skip
        is_new = False
        if held is not None:
            account = held.account
            PlatformLink.objects.filter(pk=held.pk).update(seen_at=now, live_at=now if verified.live else held.live_at)
        else:
            account, is_new = _account_for(verified)
            PlatformLink.objects.create(
                account=account, issuer=verified.issuer, subject=verified.subject, linked_at=now, seen_at=now,
                live_at=now if verified.live else None,
            )  # fmt: skip
            _record(account, "identity.link", now)
        _keep_licence(account, verified, now)
        return account, is_new


def _account_for(verified: Verified) -> tuple[Account, bool]:
    """The account under this licence number, unless it is linked to another person; else a new one."""
    found = Account.objects.select_for_update().filter(sign_name=verified.licence_no).first()
    if found is None:
        return Account.objects.create_user(sign_name=verified.licence_no, name=verified.name), True
    if PlatformLink.objects.filter(account=found).exists():
        raise Conflict(
            "这个执业证号已经与另一次核验连接，不能再连接",
            remedy="如果那不是您，请拨打 12368 或者持执业证到所在地司法局说明；期限将届满的事项可先到法院窗口办理",
        )
    return found, False


def _keep_licence(account: Account, verified: Verified, now: dt.datetime) -> None:
    """The licence of the claims; a person who was given a new number keeps the account (律师法第十条)."""
    held = Lawyer.objects.filter(lawyer_id=account.pk).first()
    if held is None:
        Lawyer.objects.create(
            lawyer_id=account.pk, licence_no=verified.licence_no, name=verified.name, kind=verified.kind,
            firm_name=verified.firm_name, firm_uscc=verified.firm_uscc, province=verified.province,
            status=verified.status, checked_at=now,
        )  # fmt: skip
    elif held.licence_no != verified.licence_no:
        Lawyer.objects.filter(lawyer_id=account.pk).update(licence_no=verified.licence_no, kind=verified.kind)
        Account.objects.filter(pk=account.pk).update(sign_name=verified.licence_no)
        account.sign_name = verified.licence_no


def _end(sessions: Any) -> int:
    held = list(sessions)
    for session in held:
        session.end()
    return len(held)


def _record(account: Account, act: str, now: dt.datetime, **facts: str) -> None:
    actor = Actor(account.pk, Role.LAWYER, account.name)
    with transaction.atomic():
        record_own(actor=actor, action=act, subject=account.sign_name[-4:], now=now, **facts)
