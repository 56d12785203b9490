"""Signing in and out: a code to the registered mobile, and the visit that it opens."""

import datetime as dt
import hashlib
import hmac
import re
import secrets
import uuid

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from lutong.kernel.errors import Invalid, Refusal
from lutong.verification.entrance.models import SignInCode, Visit
from lutong.verification.entrance.rules import (
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    DAY,
    EVERYONE_MINUTE,
    HOUR,
    PER_ADDRESS_HOUR,
    wait_after,
)
from lutong.verification.registry import queries as registry

_NUMBER = re.compile(r"[0-9A-Z]{6,20}", re.ASCII)
_KEPT = dt.timedelta(days=30)


class TooMany(Refusal):
    """Too many codes for this number, from this address or altogether; `retry_after` says in how many seconds."""

    status, code = 429, "too_many"

    def __init__(self, wait: dt.timedelta) -> None:
        seconds = max(int(wait.total_seconds()), 1)
        words = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
        super().__init__(f"获取验证码过于频繁，请 {words}后再试", retry_after=seconds)


def ask_code(*, number: str, address: str | None, now: dt.datetime) -> SignInCode:
    """获取验证码: begin a sign-in. The answer is the same whether or not somebody holds the number.

    The message is handed to the carrier by a job, so that the time of the answer tells nothing either.
    Raises Invalid for what cannot be a number, TooMany beyond the limits.
    """
    number = number.strip().upper().replace(" ", "")
    if not _NUMBER.fullmatch(number):
        raise Invalid("请改正标出的项目", fields={"number": "证号应为 6 至 20 位数字或字母，见证书第 1 页"})
    with transaction.atomic():
        _one_at_a_time(number)
        _keep_to_limits(number, address, now)
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


def note_live_check(*, visit: Visit, passed_at: dt.datetime) -> Visit:
    """Keep that the person was seen in this visit. A check of before the visit says nothing about it."""
    if passed_at < visit.started_at or (visit.live_at is not None and visit.live_at >= passed_at):
        return visit
    visit.live_at, visit.authenticated_at = passed_at, max(visit.authenticated_at, passed_at)
    visit.save(update_fields=["live_at", "authenticated_at"])
    return visit


def leave(*, visit: Visit, why: str, now: dt.datetime) -> None:
    """End one visit; a second time changes nothing."""
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=now, ended_why=why)


def leave_everywhere(*, person_id: int, but: uuid.UUID | None, why: str, now: dt.datetime) -> int:
    """End all visits of a person but one; answers how many."""
    living = Visit.objects.filter(person_id=person_id, ended_at=None)
    if but is not None:
        living = living.exclude(pk=but)
    return living.update(ended_at=now, ended_why=why)


def message_handed_over(*, code: SignInCode, now: dt.datetime) -> None:
    """The carrier took the message: forget it."""
    SignInCode.objects.filter(pk=code.pk).update(sent_at=now, next_at=None, message={}, deliveries=F("deliveries") + 1)


def message_failed(*, code: SignInCode, for_good: bool, now: dt.datetime) -> None:
    """Try again a little later, as long as the code would still be of use."""
    later = now + dt.timedelta(seconds=2 ** min(code.deliveries + 1, 6))
    hopeless = for_good or later >= code.expires_at
    if hopeless:
        SignInCode.objects.filter(pk=code.pk).update(next_at=None, message={}, deliveries=F("deliveries") + 1)
    else:
        SignInCode.objects.filter(pk=code.pk).update(next_at=later, deliveries=F("deliveries") + 1)


def forget_old_codes(*, now: dt.datetime) -> int:
    """Clear away attempts older than thirty days."""
    return SignInCode.objects.filter(made_at__lt=now - _KEPT).delete()[0]


def _digest(code_id: uuid.UUID, code: str) -> str:
    key: bytes = settings.LUTONG_BLIND_KEY
    return hmac.new(key, f"{code_id} {code}".encode(), hashlib.sha256).hexdigest()


def _one_at_a_time(number: str) -> None:
    """Two requests for one number wait for each other, so that the limit holds among processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [number])


def _keep_to_limits(number: str, address: str | None, now: dt.datetime) -> None:
    recent = SignInCode.objects.filter(number=number, made_at__gt=now - DAY).values_list("made_at", flat=True)
    wait = wait_after(sent=list(recent), now=now)
    if wait is not None:
        raise TooMany(wait)
    if address and SignInCode.objects.filter(address=address, made_at__gt=now - HOUR).count() >= PER_ADDRESS_HOUR:
        raise TooMany(dt.timedelta(minutes=10))
    if SignInCode.objects.filter(made_at__gt=now - dt.timedelta(minutes=1)).count() >= EVERYONE_MINUTE:
        raise TooMany(dt.timedelta(minutes=1))
