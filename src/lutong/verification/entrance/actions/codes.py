"""Signing in by a code to the registered mobile."""

import datetime as dt
import hashlib
import hmac
import re
import secrets
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F

from lutong.kernel.errors import Invalid
from lutong.verification.entrance.actions import limits
from lutong.verification.entrance.models import Notice, PasskeyTry, SignInCode, Visit
from lutong.verification.entrance.rules import CODE_DIGITS, CODE_LIFE, CODE_TRIES
from lutong.verification.registry import queries as registry

_NUMBER = re.compile(r"[0-9A-Z]{6,20}", re.ASCII)
_KEPT = dt.timedelta(days=30)


def ask_code(*, number: str, address: str | None, now: dt.datetime) -> SignInCode:
    """获取验证码: begin a sign-in. The answer is the same whether or not somebody holds the number.

    The message is handed to the carrier by a job, so that the time of the answer tells nothing either.
    Raises Invalid for what cannot be a number, TooMany beyond the limits.
    """
    number = number.strip().upper().replace(" ", "")
    if not _NUMBER.fullmatch(number):
        raise Invalid("请改正标出的项目", fields={"number": "证号应为 6 至 20 位数字或字母，见证书第 1 页"})
    with limits.telling(now=now), transaction.atomic():
        limits.keep_for_number(number=number, now=now)
        limits.keep_for_all(address=address, now=now)
        licence, mobile = registry.get_licence(number=number), registry.registered_mobile(number=number)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        code_id = uuid.uuid4()
        text = f"【律师身份核验平台】验证码 {code}，10 分钟内有效，用于登录。请勿告诉任何人，包括自称法院或司法局的人。"
        known = licence is not None and bool(mobile)
        return SignInCode.objects.create(
            id=code_id, number=number, person_id=licence.person_id if licence else None, address=address,
            digest=_digest(code_id, code), message={"mobile": mobile, "text": text} if known else {},
            made_at=now, expires_at=now + CODE_LIFE, next_at=now if known else None,
        )  # fmt: skip


def enter(*, code_id: uuid.UUID, code: str, address: str | None, agent: str, now: dt.datetime) -> Visit | None:
    """Open a visit with the right code; None for a wrong, used or outlived one. Each code counts once, five tries."""
    with transaction.atomic():
        held = SignInCode.objects.select_for_update().filter(pk=code_id).first()
        if held is None or held.used_at is not None or now >= held.expires_at or held.tries >= CODE_TRIES:
            return None
        right = hmac.compare_digest(held.digest, _digest(held.pk, code.strip()))
        held.tries = F("tries") + 1
        if not right or held.person_id is None:
            held.save(update_fields=["tries"])
            return None
        held.used_at, held.message, held.next_at = now, {}, None
        held.save(update_fields=["tries", "used_at", "message", "next_at"])
        return Visit.objects.create(
            person_id=held.person_id, number=held.number, started_at=now, authenticated_at=now, seen_at=now,
            address=address, agent=agent[:300],
        )  # fmt: skip


def forget_old(*, now: dt.datetime) -> int:
    """Clear away attempts and notices older than thirty days."""
    old = now - _KEPT
    return (
        SignInCode.objects.filter(made_at__lt=old).delete()[0]
        + PasskeyTry.objects.filter(at__lt=old).delete()[0]
        + Notice.objects.filter(made_at__lt=old).delete()[0]
    )


def _digest(code_id: uuid.UUID, code: str) -> str:
    key: bytes = settings.LUTONG_BLIND_KEY
    return hmac.new(key, f"{code_id} {code}".encode(), hashlib.sha256).hexdigest()
