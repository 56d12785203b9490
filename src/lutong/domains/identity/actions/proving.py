"""Prove who somebody is: one try at the password or at a code, counted, and a person told when it was too many."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from lutong.domains.audit.actions import record_own
from lutong.domains.identity.actions.devices import digest_of
from lutong.domains.identity.actions.factors import prove_code
from lutong.domains.identity.actions.limits import Try, begin_try, take_back
from lutong.domains.identity.events import SignInPaused
from lutong.domains.identity.models import Account, Device, ShortMessage
from lutong.domains.identity.rules import LIMITS
from lutong.kernel.actor import Actor, Role
from lutong.kernel.events import announce

PASSWORD, CODE = "password", "code"


def try_password(
    *, name: str, word: str, address: str, check: Callable[[], Any], now: dt.datetime
) -> tuple[Try, Any | None]:
    """One try at a password: `check` looks at it, unless a limit is used up.

    Limits: of the account (or, in a browser where its owner has signed in before, of that browser), of the address,
    and of all together. A name that nobody has is counted like an account, so that both answer alike.
    """
    account = find_account(name=name)
    whom = str(account.pk) if account else f"?{digest_of(name)[:32]}"
    known = account is not None and word and Device.objects.filter(account=account, digest=digest_of(word)).exists()
    first = ("password.device", f"{whom}:{digest_of(word)[:32]}") if known else ("password.account", whom)
    made = begin_try(limits=[first, ("password.address", address), ("password.all", "")], now=now)
    if not made.is_admitted:
        return made, None
    person = check()
    if person is not None:
        take_back(made=made)
    elif account is not None and first[0] in made.last:
        _tell_of_pause(account, PASSWORD, made)
    return made, person


def try_code(*, account: Account, code: str, now: dt.datetime) -> tuple[Try, Authenticator | None]:
    """One try at a 动态口令 or 备用码 of an account whose password was right."""
    made = begin_try(limits=[("code.account", str(account.pk)), ("code.all", "")], now=now)
    if not made.is_admitted:
        return made, None
    used = prove_code(account=account, code=code, now=now)
    if used is not None:
        take_back(made=made)
    elif "code.account" in made.last:
        _tell_of_pause(account, CODE, made)
    return made, used


def find_account(*, name: str) -> Account | None:
    """The account of a licence or staff number or of a mobile."""
    name = name.strip().upper()
    return Account.objects.filter(Q(sign_name=name) | Q(mobile=name)).order_by("id").first()


def _tell_of_pause(account: Account, what: str, made: Try) -> None:
    """暂停从不无声: the bell, the trail, and a short message to the registered mobile."""
    limit = "code.account" if what == CODE else "password.account"
    until = made.at + LIMITS[limit][0].per
    open_ways = "通行密钥登录" if what == CODE else "通行密钥登录和您用过的浏览器"
    with transaction.atomic():
        actor = Actor(account.pk, Role.LAWYER, account.name)
        record_own(actor=actor, action="identity.pause_sign_in", subject="", now=made.at, what=what)
        announce(SignInPaused(account.pk, what, until, made.at))
        if account.mobile:
            ShortMessage.objects.create(
                mobile=account.mobile, at=made.at,
                text="【律通】您的账号连续多次验证失败，已暂停尝试几分钟。不是本人操作的，请登录后修改密码；"
                f"{open_ways}不受影响。",
            )  # fmt: skip
