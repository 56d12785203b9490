"""提醒短信: what a person is told of his ways in, and how messages fare with the carrier."""

import datetime as dt

from django.db.models import F

from lutong.kernel.clock import BEIJING
from lutong.verification.entrance.models import Notice, SignInCode
from lutong.verification.entrance.rules import NOTICE_LIFE
from lutong.verification.registry import queries as registry

_WAY = "不是您本人操作的，请立即登录本平台“我的执业登记”处理，或者到登记机关窗口。"
_TEXTS = {
    "added": "您添加了通行密钥“{name}”，今后可以用它登录。",
    "removed": "您移除了通行密钥“{name}”，它不能再用来登录。",
    "cloned": "通行密钥“{name}”疑似被复制，已经停用。请用短信验证码登录，移除后重新添加。",
}


def tell(*, person_id: int, number: str, kind: str, name: str, now: dt.datetime) -> None:
    """Tell a person what happened to a passkey of his. Without a registered mobile there is no way to tell him."""
    _write(person_id, number, kind, _TEXTS[kind].format(name=name) + _WAY, now)


def tell_of_lock(*, number: str, span: dt.timedelta, until: dt.datetime, now: dt.datetime) -> None:
    """Tell the holder of a number that sign-in pauses, why, until when, and which ways stay open; once in the span."""
    licence = registry.get_licence(number=number)
    if licence is None:
        return
    person_id = licence.person_id
    if Notice.objects.filter(person_id=person_id, kind="locked", made_at__gt=now - span).exists():
        return
    text = (
        f"有人多次以您的证号尝试登录，为保护您已暂停到 {until.astimezone(BEIJING):%m月%d日 %H:%M}。"
        "没有人因此登录，您的登记不受影响。急用时可以换一种方式登录（验证码、通行密钥），或者到登记机关窗口办理；"
        "不是您本人操作的，不必处理，也不要把验证码告诉任何人。"
    )
    _write(person_id, number, "locked", text, now)


def message_handed_over(*, row: SignInCode | Notice, now: dt.datetime) -> None:
    """The carrier took the message: forget it."""
    type(row).objects.filter(pk=row.pk).update(sent_at=now, next_at=None, message={}, deliveries=F("deliveries") + 1)


def message_failed(*, row: SignInCode | Notice, for_good: bool, now: dt.datetime) -> None:
    """Try again a little later, as long as the message would still be of use."""
    later = now + dt.timedelta(seconds=2 ** min(row.deliveries + 1, 6))
    rows = type(row).objects.filter(pk=row.pk)
    if for_good or later >= row.expires_at:
        rows.update(next_at=None, message={}, deliveries=F("deliveries") + 1)
    else:
        rows.update(next_at=later, deliveries=F("deliveries") + 1)


def _write(person_id: int, number: str, kind: str, text: str, now: dt.datetime) -> None:
    mobile = registry.registered_mobile(number=number)
    message = {"mobile": mobile, "text": f"【律师身份核验平台】{text}"} if mobile else {}
    Notice.objects.create(
        person_id=person_id, kind=kind, message=message, made_at=now, expires_at=now + NOTICE_LIFE,
        next_at=now if mobile else None,
    )  # fmt: skip
