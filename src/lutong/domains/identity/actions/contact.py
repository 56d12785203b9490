"""手机号和邮箱: change them, proven by a code to the new number, told to the old one."""

import datetime as dt
import hashlib
import re
import secrets
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import constant_time_compare

from lutong.domains.identity.actions.limits import Try, begin_try
from lutong.domains.identity.actions.security import record_security_act
from lutong.domains.identity.models import Account, NewMobile, ShortMessage
from lutong.gateways.sms.factory import sms
from lutong.gateways.sms.port import SmsCarrier, SmsDown, SmsError
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid

CODE_LIVES = dt.timedelta(minutes=10)
MOST_TRIES = 5
MOST_SENDS = 5
_MOBILE = re.compile(r"1[3-9][0-9]{9}")

refuse_on("identity_account_mobile_key", lambda: _taken())


def carrier() -> SmsCarrier:
    """The short-message carrier of this installation."""
    return sms(home=settings.LUTONG.home, base_url=settings.LUTONG.sms_url)


def send_mobile_code(*, actor: Actor, mobile: str, now: dt.datetime) -> Try:
    """Send a code to the number that shall become the actor's; calls outward, so never inside a transaction.

    Raises Invalid for what is no mobile number of the mainland, Conflict when the sender is away. A number that
    belongs to somebody else gets no code and the caller no sign of it.
    """
    mobile = re.sub(r"[\s-]", "", mobile).removeprefix("+86")
    if not _MOBILE.fullmatch(mobile):
        raise Invalid("请改正标出的项目", fields={"mobile": "请填 11 位手机号"})
    made = begin_try(limits=[("message.account", str(actor.person_id)), ("message.all", "")], now=now)
    if not made.is_admitted:
        return made
    code = f"{secrets.randbelow(1_000_000):06}"
    NewMobile.objects.update_or_create(
        account_id=actor.person_id,
        defaults={"mobile": mobile, "digest": _digest(actor, code), "sent_at": now, "tries_left": MOST_TRIES},
    )
    if Account.objects.filter(mobile=mobile).exists():
        return made
    text = f"【律通】您正在更换手机号，验证码 {code}，10 分钟内有效。不是您本人操作的，请不要告诉任何人。"
    try:
        carrier().send(message_id=uuid.uuid4(), mobile=mobile, text=text)
    except SmsError:
        raise Conflict("短信没有发出去，请几分钟后再试；手机号没有变") from None
    return made


def confirm_mobile(*, actor: Actor, code: str, now: dt.datetime) -> str:
    """更换手机号: the code came back, so the number is his; the old number and the bell are told.

    Raises Invalid for a wrong code, Conflict when none waits or it is too old or was tried too often.
    """
    waiting = _spend_try(actor, now)
    if not constant_time_compare(waiting.digest, _digest(actor, code.strip())):
        left = waiting.tries_left
        raise Invalid("请改正标出的项目", fields={"code": f"验证码不对，还可以试 {left} 次"})
    _take_over(actor=actor, mobile=waiting.mobile, now=now)
    return waiting.mobile


@action
def change_email(*, actor: Actor, email: str, now: dt.datetime) -> None:
    """更换邮箱: for notices only, it opens nothing. Empty removes it. Raises Invalid."""
    email = email.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise Invalid("请改正标出的项目", fields={"email": "邮箱格式不对，例如 name@example.com"}) from None
    if len(email) > 254:
        raise Invalid("请改正标出的项目", fields={"email": "邮箱太长"})
    Account.objects.filter(pk=actor.person_id).update(email=email)
    record_security_act(actor=actor, act="change_email", now=now)


def send_waiting(*, now: dt.datetime, limit: int = 100) -> int:
    """Hand short messages that wait to the sender; answers how many went. Safe to run twice at once."""
    gone = 0
    for message in ShortMessage.objects.filter(sent_at=None, tries__lt=MOST_SENDS).order_by("at")[:limit]:
        try:
            carrier().send(message_id=message.message_id, mobile=message.mobile, text=message.text)
        except SmsDown:
            ShortMessage.objects.filter(pk=message.pk).update(tries=message.tries + 1)
            continue
        except SmsError:
            ShortMessage.objects.filter(pk=message.pk).update(tries=MOST_SENDS)  # it will never be taken
            continue
        gone += ShortMessage.objects.filter(pk=message.pk, sent_at=None).update(sent_at=now)
    return gone


def _spend_try(actor: Actor, now: dt.datetime) -> NewMobile:
    """The waiting change with one try less, whatever the code says."""
    with transaction.atomic():
        waiting = NewMobile.objects.select_for_update().filter(account_id=actor.person_id).first()
        if waiting is None:
            raise Conflict("没有待确认的手机号，请先获取验证码")
        if now - waiting.sent_at > CODE_LIVES or not waiting.tries_left:
            raise Conflict("验证码已失效，请重新获取")
        waiting.tries_left -= 1
        waiting.save(update_fields=["tries_left"])
        return waiting


@action
def _take_over(*, actor: Actor, mobile: str, now: dt.datetime) -> None:
    account = Account.objects.select_for_update().get(pk=actor.person_id)
    if Account.objects.filter(mobile=mobile).exclude(pk=account.pk).exists():
        raise _taken()
    old, account.mobile = account.mobile, mobile
    account.save(update_fields=["mobile"])
    NewMobile.objects.filter(account_id=account.pk).delete()
    record_security_act(actor=actor, act="change_mobile", now=now)
    if old:
        text = f"【律通】您的账号手机号已更换为尾号 {mobile[-4:]}。不是您本人操作的，请立即登录修改密码，或拨打 12368。"
        ShortMessage.objects.create(mobile=old, text=text, at=now)


def _digest(actor: Actor, code: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}:{actor.person_id}:{code}".encode()).hexdigest()


def _taken() -> Conflict:
    return Conflict("这个手机号不能使用，请换一个，或联系 12368")
