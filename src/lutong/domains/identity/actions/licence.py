"""The licence of a lawyer: asked at the registry, kept as it was stated last."""

import datetime as dt

from lutong.domains.identity.actions.photo import keep_photo
from lutong.domains.identity.actions.registry import registry
from lutong.domains.identity.actions.security import record_security_act
from lutong.domains.identity.actions.standing import settle, settle_unknown
from lutong.domains.identity.models import Lawyer
from lutong.gateways.registry.port import NoSuchLicence, RegistryDown
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotAllowed, NotFound

FRESH = dt.timedelta(minutes=1)


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
        licence = registry().look_up_person(number=lawyer.licence_no)
        settle(lawyer_id=lawyer.lawyer_id, licence=licence, now=now)
        keep_photo(lawyer_id=lawyer.lawyer_id, licence=licence, now=now)
    except NoSuchLicence:
        settle_unknown(lawyer_id=lawyer.lawyer_id, now=now)
    except RegistryDown:
        return "down"
    return "fresh"
