"""亮证 in 律通: the registry issues the card, 律通 shows it to its holder."""

import datetime as dt

from lutong.domains.identity.actions.registry import registry
from lutong.domains.identity.models import Lawyer
from lutong.gateways.registry.port import NoSuchLicence, RegistryDown, ShownCard
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotFound


def show_card(*, actor: Actor, now: dt.datetime) -> ShownCard:
    """出示律证码 of the lawyer himself, sixty seconds of life; calls outward, so never inside a transaction.

    Raises NotFound without a licence, Conflict when the registry does not answer.
    """
    lawyer = Lawyer.objects.filter(lawyer_id=actor.person_id).first()
    if lawyer is None:
        raise NotFound("这个账号没有绑定律师执业证")
    try:
        return registry().card(licence_no=lawyer.licence_no)
    except NoSuchLicence:
        raise NotFound("律师身份核验平台没有这个执业证号，请联系所属司法行政机关") from None
    except RegistryDown:
        raise Conflict("律师身份核验平台暂时没有应答，不能签发律证码。请稍后再试，或者出示纸质执业证") from None
