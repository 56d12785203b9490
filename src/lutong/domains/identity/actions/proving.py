"""Prove who somebody is: one try at the password or at a code, counted, and a person told when it was too many."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.crypto import salted_hmac

from lutong.domains.identity.actions.devices import digest_of
from lutong.domains.identity.actions.factors import prove_code
from lutong.domains.identity.actions.limits import Try, begin_try, key_of, take_back
from lutong.domains.identity.actions.pausing import CODE, PASSWORD, note_pause
from lutong.domains.identity.models import Account, Device
from lutong.kernel.errors import Refusal

Limits = list[tuple[str, str]]


def try_password(
    *, name: str, word: str, address: str, check: Callable[[], Any], now: dt.datetime
) -> tuple[Try, Any | None]:
    """One try at a password: `check` looks at it, unless a limit is used up.

    Limits: of the account, of the address and of all together; in a browser where the account's owner has signed in
    before, of that browser alone. A name that nobody has is counted like an account, so that both answer alike.
    """
    account = find_account(name=name)
    whom = str(account.pk) if account else f"?{digest_of(name)[:32]}"
    limits = _of_own_browser(PASSWORD, account, word) or [
        ("password.account", whom), ("password.address", address), ("password.all", ""),
    ]  # fmt: skip
    made = begin_try(limits=limits, source=_mark_of(address), now=now)
    person = check() if made.is_admitted else None
    if person is not None:
        take_back(made=made)
    elif account is not None:
        _pause(account, PASSWORD, limits, made)
    return made, person


def try_code(
    *, account: Account, code: str, word: str, address: str, now: dt.datetime
) -> tuple[Try, Authenticator | None]:
    """One try at a 动态口令 or 备用码 of an account whose password was right.

    Limits: of the account and of all together; in a browser where its owner has signed in before, of that browser
    alone. Raises Conflict, and counts nothing, when the platform cannot open the factor.
    """
    limits = _of_own_browser(CODE, account, word) or [("code.account", str(account.pk)), ("code.all", "")]
    made = begin_try(limits=limits, source=_mark_of(address), now=now)
    if not made.is_admitted:
        return made, None
    try:
        used = prove_code(account=account, code=code, now=now)
    except Refusal:
        take_back(made=made)
        raise
    if used is not None:
        take_back(made=made)
    else:
        _pause(account, CODE, limits, made)
    return made, used


def find_account(*, name: str) -> Account | None:
    """The account of a licence or staff number or of a mobile."""
    name = name.strip().upper()
    return Account.objects.filter(Q(sign_name=name) | Q(mobile=name)).order_by("id").first()


def _of_own_browser(what: str, account: Account | None, word: str) -> Limits:
    if account is None or not word:
        return []
    digest = digest_of(word)
    if not Device.objects.filter(account=account, digest=digest, trusted=True).exists():
        return []
    return [(f"{what}.device", f"{account.pk}:{digest[:32]}")]


def _mark_of(address: str) -> str:
    """Tells addresses apart for this installation; it does not give one away."""
    return salted_hmac("lutong.identity.source", address).hexdigest()[:16]


def _pause(account: Account, what: str, limits: Limits, made: Try) -> None:
    limit, whom = limits[0]
    if limit in made.spent:
        key = key_of(limit=limit, whom=whom)
        note_pause(account=account, what=what, key=key, spent=made.spent[limit], now=made.at)
