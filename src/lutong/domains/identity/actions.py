"""Sign-in, the licence check, accounts and tokens."""

import datetime as dt
import uuid
from collections.abc import Collection

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import transaction

from lutong.domains.audit.actions import record_own
from lutong.domains.identity import queries, tokens
from lutong.domains.identity.models import Account, ApiToken, Lawyer, Post
from lutong.domains.identity.scopes import SCOPES
from lutong.gateways.registry.keys import load_registry_config
from lutong.gateways.registry.port import Licence, LicenceRegistry, NoSuchLicence, RegistryDown
from lutong.gateways.registry.real import RegistryClient
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

FRESH = dt.timedelta(minutes=1)


def registry() -> LicenceRegistry:
    """The client of 律师身份核验平台 that this installation is configured for."""
    return RegistryClient(load_registry_config(settings.LUTONG.home, settings.LUTONG.registry_url))


def sign_in(*, account: Account, now: dt.datetime) -> None:
    """Check a lawyer's licence when he signs in, and write the sign-in into his trail.

    A licence that is not in force keeps him out with the reason and the remedy (意见第十六条). When the
    registry does not answer he may come in to read; filing will ask again. Raises NotAllowed.
    """
    lawyer = Lawyer.objects.filter(lawyer_id=account.pk).first()
    state = "staff"
    if lawyer is not None:
        state = _checked_state(lawyer, now)
        lawyer.refresh_from_db()
        if state == "fresh" and lawyer.status != "active":
            raise NotAllowed(
                f"执业状态为“{lawyer.status_label}”，暂不能使用平台", reason=lawyer.status_reason, remedy=lawyer.remedy
            )
    role = Role.LAWYER if lawyer else Role.CLERK
    actor = Actor(account.pk, role, account.name)
    with transaction.atomic():
        record_own(actor=actor, action="identity.sign_in", subject=account.sign_name[-4:], now=now, licence=state)


def enrol_staff(
    *, sign_name: str, name: str, mobile: str, password: str, court_id: int, role: Role, department: str
) -> int:
    """Make the account and the post of a member of a court's staff; answers the person's id. Safe to repeat."""
    with transaction.atomic():
        account = _account(sign_name, name, mobile, password)
        Post.objects.get_or_create(
            account_id=account.pk, court_id=court_id, role=role, defaults={"department": department}
        )
        return account.pk


def enrol_lawyer(*, licence_no: str, mobile: str, password: str, now: dt.datetime) -> int:
    """Make a lawyer's account and bind it to his licence as the registry states it. Safe to repeat.

    Raises NoSuchLicence or RegistryDown: without the registry nobody is enrolled.
    """
    licence = registry().look_up(licence_no=licence_no)
    with transaction.atomic():
        account = _account(licence_no, licence.name, mobile, password)
        Lawyer.objects.get_or_create(
            lawyer_id=account.pk,
            defaults={"licence_no": licence_no, "name": licence.name, "checked_at": now, "status": licence.status},
        )
        _store(account.pk, licence, now)
        return account.pk


def _account(sign_name: str, name: str, mobile: str, password: str) -> Account:
    """The account of this sign-in name, made with a second factor and recovery codes when it is new."""
    account = Account.objects.filter(sign_name=sign_name).first()
    if account is None:
        account = Account.objects.create_user(sign_name=sign_name, name=name, mobile=mobile, password=password)
    if not Authenticator.objects.filter(user=account).exists():
        TOTP.activate(account, generate_totp_secret())
        RecoveryCodes.activate(account)
    return account


@action
def create_token(
    *, actor: Actor, name: str, scopes: Collection[str], days: int, now: dt.datetime
) -> tuple[ApiToken, str]:
    """Give a program a token of its own; the word itself is answered once and never kept.

    Raises NotAllowed for staff and for programs, Invalid for a wrong name, scope or number of days (1 to 365),
    Conflict beyond 20 tokens in force.
    """
    if not actor.is_lawyer or actor.scopes is not None:
        raise NotAllowed("接口令牌只能由律师本人在网页上签发")
    fields = {}
    if not 1 <= len(name.strip()) <= 60:
        fields["name"] = "请填 1 至 60 字的名称，写明用在哪里"
    if not scopes or not set(scopes) <= SCOPES.keys():
        fields["scopes"] = "请至少勾选一项权限"
    if not 1 <= days <= 365:
        fields["days"] = "有效期为 1 至 365 天"
    if fields:
        raise Invalid("请改正标出的项目", fields=fields)
    in_force = ApiToken.objects.filter(lawyer_id=actor.person_id, revoked_at=None, expires_at__gt=now)
    if in_force.count() >= tokens.MOST:
        raise Conflict(f"有效的令牌已有 {tokens.MOST} 个，请先撤销不用的")
    word = tokens.make(actor.person_id)
    held = ApiToken.objects.create(
        lawyer_id=actor.person_id, name=name.strip(), digest=tokens.digest_of(word), scopes=sorted(set(scopes)),
        created_at=now, expires_at=now + dt.timedelta(days=days),
    )  # fmt: skip
    record_own(
        actor=actor, action="identity.create_token", subject=held.name, now=now, token=str(held.id), scopes=held.scopes
    )
    return held, word


@action
def revoke_token(*, actor: Actor, token_id: uuid.UUID, now: dt.datetime) -> ApiToken:
    """Take a token back at once; a second time changes nothing. Raises NotFound."""
    held = ApiToken.objects.select_for_update().filter(lawyer_id=actor.person_id, id=token_id).first()
    if held is None:
        raise NotFound("没有这个接口令牌")
    if held.revoked_at is None:
        ApiToken.objects.filter(lawyer_id=actor.person_id, id=token_id).update(revoked_at=now)
        record_own(actor=actor, action="identity.revoke_token", subject=held.name, now=now, token=str(held.id))
    return held


@action
def record_security_act(*, actor: Actor, act: str, now: dt.datetime) -> None:
    """Write what happened to password, second factor or devices into the person's trail."""
    record_own(actor=actor, action=f"identity.{act}", subject="", now=now)


@action
def end_other_sessions(*, actor: Actor, session_key: str, now: dt.datetime) -> int:
    """退出其他设备: sign the actor out everywhere but in the session of `session_key`; answers how many."""
    ended = [s for s in queries.list_sessions(actor=actor) if s.session_key != session_key]
    for session in ended:
        session.end()
    record_own(actor=actor, action="identity.end_other_sessions", subject="", now=now, ended=len(ended))
    return len(ended)


def check_licence(*, actor: Actor, now: dt.datetime) -> Lawyer:
    """立即核验: ask the registry because the lawyer wishes so; calls outward, so never inside a transaction.

    Raises NotFound without a licence, Conflict when there is no trustworthy answer.
    """
    lawyer = Lawyer.objects.filter(lawyer_id=actor.person_id).first()
    if lawyer is None:
        raise NotFound("这个账号没有绑定律师执业证")
    if _checked_state(lawyer, now) == "down":
        raise Conflict("律师身份核验平台暂时没有应答，仍显示上次核验的结果，请几分钟后再试")
    lawyer.refresh_from_db()
    record_security_act(actor=actor, act="check_licence", now=now)
    return lawyer


def require_licence(*, actor: Actor, now: dt.datetime) -> Lawyer:
    """Ask the registry before a grave act; call it before the act's transaction, it goes over the network.

    Raises NotAllowed when the licence is not in force, or when the registry cannot be asked.
    """
    lawyer = Lawyer.objects.filter(lawyer_id=actor.person_id).first()
    if lawyer is None:
        raise NotAllowed("这个账号没有绑定律师执业证，不能办理。请先完成律师身份核验")
    if now - lawyer.checked_at > FRESH and _checked_state(lawyer, now) == "down":
        raise NotAllowed(
            "律师身份核验平台暂时没有应答，不能确认执业状态。内容已保存，请几分钟后再提交；期限将届满的，可到法院诉讼服务大厅窗口递交",
            retry_after=120,
        )
    lawyer.refresh_from_db()
    if lawyer.status != "active":
        raise NotAllowed(f"执业状态为“{lawyer.status_label}”，不能办理。{lawyer.status_reason}", remedy=lawyer.remedy)
    return lawyer


def _checked_state(lawyer: Lawyer, now: dt.datetime) -> str:
    """Ask the registry and store its answer: "fresh", or "down" when there is no trustworthy answer."""
    try:
        _store(lawyer.lawyer_id, registry().look_up(licence_no=lawyer.licence_no), now)
    except NoSuchLicence:
        Lawyer.objects.filter(lawyer_id=lawyer.lawyer_id).update(
            status="unknown", status_label="未登记", status_reason="律师身份核验平台查无此执业证",
            remedy="请向所在地司法行政机关核对执业登记", checked_at=now,
        )  # fmt: skip
    except RegistryDown:
        return "down"
    return "fresh"


def _store(lawyer_id: int, licence: Licence, now: dt.datetime) -> None:
    Lawyer.objects.filter(lawyer_id=lawyer_id).update(
        name=licence.name, firm_name=licence.firm_name, firm_uscc=licence.firm_uscc, kind=licence.kind,
        province=licence.province, status=licence.status, status_label=licence.status_label,
        status_reason=licence.status_reason, remedy=licence.remedy, checked_at=now,
        assertion_id=licence.assertion_id,
    )  # fmt: skip
