"""The licence of a lawyer: asked at the registry, kept as it was stated last."""

import datetime as dt

from django.conf import settings

from lutong.domains.identity.actions.security import record_security_act
from lutong.domains.identity.models import Lawyer
from lutong.gateways.registry.keys import load_registry_config
from lutong.gateways.registry.port import Licence, LicenceRegistry, NoSuchLicence, RegistryDown
from lutong.gateways.registry.real import RegistryClient
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotAllowed, NotFound

FRESH = dt.timedelta(minutes=1)


def registry() -> LicenceRegistry:
    """The client of 律师身份核验平台 that this installation is configured for."""
    return RegistryClient(load_registry_config(settings.LUTONG.home, settings.LUTONG.registry_url))


def check_licence(*, actor: Actor, now: dt.datetime) -> Lawyer:
    """立即核验: ask the registry because the lawyer wishes so; calls outward, so never inside a transaction.

    Raises NotFound without a licence, Conflict when there is no trustworthy answer.
    """
    lawyer = Lawyer.objects.filter(lawyer_id=actor.person_id).first()
    if lawyer is None:
        raise NotFound("这个账号没有绑定律师执业证")
    if checked_state(lawyer, now) == "down":
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
    if now - lawyer.checked_at > FRESH and checked_state(lawyer, now) == "down":
        raise NotAllowed(
            "律师身份核验平台暂时没有应答，不能确认执业状态。内容已保存，请几分钟后再提交；期限将届满的，可到法院诉讼服务大厅窗口递交",
            retry_after=120,
        )
    lawyer.refresh_from_db()
    if lawyer.status != "active":
        raise NotAllowed(f"执业状态为“{lawyer.status_label}”，不能办理。{lawyer.status_reason}", remedy=lawyer.remedy)
    return lawyer


def checked_state(lawyer: Lawyer, now: dt.datetime) -> str:
    """Ask the registry and store its answer: "fresh", or "down" when there is no trustworthy answer."""
    try:
        store(lawyer.lawyer_id, registry().look_up(licence_no=lawyer.licence_no), now)
    except NoSuchLicence:
        Lawyer.objects.filter(lawyer_id=lawyer.lawyer_id).update(
            status="unknown", status_label="未登记", status_reason="律师身份核验平台查无此执业证",
            remedy="请向所在地司法行政机关核对执业登记", checked_at=now,
        )  # fmt: skip
    except RegistryDown:
        return "down"
    return "fresh"


def store(lawyer_id: int, licence: Licence, now: dt.datetime) -> None:
    """Keep what the registry answered."""
    Lawyer.objects.filter(lawyer_id=lawyer_id).update(
        name=licence.name, firm_name=licence.firm_name, firm_uscc=licence.firm_uscc, kind=licence.kind,
        province=licence.province, status=licence.status, status_label=licence.status_label,
        status_reason=licence.status_reason, remedy=licence.remedy, checked_at=now,
        assertion_id=licence.assertion_id, body_name=str(getattr(licence, "body_name", "") or "")[:120],
        scope=[str(word)[:60] for word in getattr(licence, "scope", ()) or ()][:20],
        region=str(getattr(licence, "region", "") or "")[:120],
    )  # fmt: skip
