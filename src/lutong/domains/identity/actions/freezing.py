"""密码停用: after “不是我” a password opens nothing; what ends that for whom.

A lawyer or trainee is seen by the platform. A court's employee is not on its roll, and a thief may hold his password
and codes: another person of his court, its security administrator, lets him set a new password.
"""

import datetime as dt
import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lutong.domains.identity import queries
from lutong.domains.identity.actions.staff import end_all_sessions
from lutong.domains.identity.events import PasswordFrozen
from lutong.domains.identity.models import Account, ShortMessage
from lutong.kernel.errors import Conflict, Invalid
from lutong.kernel.events import announce

KNOWN_FOR = 900  # seconds
_FROZEN = "frozen"
_ON_ROLL = (
    "【律通】有人在您的账号上否认了一台登录设备，密码已停用。请登录后设置新密码，或者在登录页点“找回账号”。"
    "不是您本人操作的，请立即找回账号或拨打 12368。"
)
_EMPLOYEE = (
    "【律通】有人在您的账号上否认了一台登录设备，密码已停用。请联系本院安全管理员，当面核对后取得解除码，再设置新密码。"
)


def freeze(*, person_id: int, now: dt.datetime) -> None:
    """The password opens nothing from now on; the owner hears it by short message. Part of the caller's transaction."""
    account = Account.objects.select_for_update().get(pk=person_id)
    account.frozen_at = now
    account.save(update_fields=["frozen_at"])
    employee = not queries.is_on_roll(person_id=person_id)
    if account.mobile:
        ShortMessage.objects.create(mobile=account.mobile, text=_EMPLOYEE if employee else _ON_ROLL, at=now)
    if employee:
        announce(PasswordFrozen(person_id, account.name, account.sign_name, now))


def lift_freeze(*, account: Account) -> None:
    """The person has a new password: passwords open his account again. Part of the caller's transaction."""
    Account.objects.filter(pk=account.pk).update(frozen_at=None)
    account.frozen_at = None


def tell_of_lift(*, person_id: int, by_name: str, now: dt.datetime) -> None:
    """The employee hears by short message who lifted his freeze. Part of the caller's transaction."""
    account = Account.objects.get(pk=person_id)
    if account.mobile:
        text = (
            f"【律通】安全管理员{by_name}已解除您的密码停用，请用其当面交给您的解除码设置新密码。"
            "不是您请求的，请联系本院审计管理员。"
        )
        ShortMessage.objects.create(mobile=account.mobile, text=text, at=now)


def renew_password(*, person_id: int, password: str) -> None:
    """An employee whose freeze was lifted sets a new password. Part of the caller's transaction, which says who may.

    All sessions end; passkeys and recovery codes go, because whoever said “不是我” may have made or read them. The
    second factor stays: the administrator who lifted cannot come in by the password alone. Raises Invalid, Conflict.
    """
    account = Account.objects.select_for_update().get(pk=person_id)
    if account.frozen_at is None:
        raise Conflict("密码没有停用，请直接登录")
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid("密码不合要求", fields={"password": "；".join(error.messages)}) from None
    account.set_password(password)
    account.frozen_at = None
    account.save(update_fields=["password", "frozen_at"])
    kinds = [Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES]
    Authenticator.objects.filter(user_id=person_id, type__in=kinds).delete()
    end_all_sessions(person_id=person_id)


def know_frozen(*, session: Any, person_id: int) -> None:
    """Whoever typed a frozen password rightly may stay at its page for a while, though he is not signed in."""
    session[_FROZEN] = {"person": person_id, "at": time.time()}


def frozen_person(*, account: Any, session: Any) -> int:
    """The person whose frozen password this browser knows, or whose session it is; 0 for everybody else."""
    if account.is_authenticated:
        return int(account.pk) if account.frozen_at is not None else 0
    known = session.get(_FROZEN) or {}
    frozen = Account.objects.filter(pk=known.get("person", 0), frozen_at__isnull=False)
    return int(known["person"]) if time.time() - known.get("at", 0) < KNOWN_FOR and frozen.exists() else 0
