"""Accounts and posts of a court's staff, as its administrators keep them (domain staffing decides who may)."""

import datetime as dt
from collections.abc import Collection

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lutong.domains.identity.actions.standing import rights_changed
from lutong.domains.identity.models import Account, Device, Lawyer, Post
from lutong.kernel.acting import refuse_on
from lutong.kernel.actor import Role
from lutong.kernel.errors import Conflict, Invalid

refuse_on("post_one_power", lambda: Conflict("系统、安全、审计三类管理员不能由同一人担任（三权分立）"))
refuse_on("post_power_apart", lambda: Conflict("管理员不能在本院兼任办案职务（三权分立）"))
refuse_on("identity_account_sign_name_key", lambda: Conflict("这个工号已被使用，请核对"))
refuse_on("identity_account_mobile_key", lambda: Conflict("这个手机号已用于另一个账号，请核对"))


def account_for(*, staff_no: str, name: str, mobile: str) -> tuple[int, bool]:
    """The account of a member of staff, made without a password when it is new: (person id, whether it is new).

    A person who works in another court already keeps his account, when number, name and mobile agree.
    Part of the caller's transaction. Raises Conflict.
    """
    account = Account.objects.filter(sign_name=staff_no).first()
    if account is None:
        made = Account.objects.create_user(sign_name=staff_no, name=name, mobile=mobile or None)
        return made.pk, True
    if Lawyer.objects.filter(lawyer_id=account.pk).exists() or (account.name, account.mobile) != (name, mobile):
        raise Conflict("这个工号已被使用，姓名或手机号与之不符，请核对")
    return account.pk, False


def change_account(*, person_id: int, name: str, mobile: str) -> None:
    """Correct the name or the mobile number of a member. Part of the caller's transaction."""
    Account.objects.filter(pk=person_id).update(name=name, mobile=mobile or None)
    rights_changed(person_ids=[person_id])


def give_post(*, person_id: int, court_id: int, role: Role, department: str) -> None:
    """Let a person act in a role from his next request on. Part of the caller's transaction. Raises Conflict."""
    Post.objects.update_or_create(
        account_id=person_id, court_id=court_id, role=role, defaults={"department": department, "active": True}
    )
    Account.objects.filter(pk=person_id).update(is_active=True)
    rights_changed(person_ids=[person_id])


def end_posts(*, person_id: int, court_id: int, roles: Collection[str] | None = None) -> int:
    """End a person's posts in a court (all of them without `roles`); answers how many. He notices on his next request.

    An account without any post left anywhere is closed. Part of the caller's transaction.
    """
    posts = Post.objects.filter(account_id=person_id, court_id=court_id, active=True)
    if roles is not None:
        posts = posts.filter(role__in=sorted(roles))
    ended = posts.update(active=False)
    rights_changed(person_ids=[person_id])
    return ended


def close_account(*, person_id: int) -> bool:
    """Close an account that has no post left anywhere, and end its sessions; answers whether it was closed."""
    if Post.objects.filter(account_id=person_id, active=True).exists():
        return False
    Account.objects.filter(pk=person_id).update(is_active=False)
    end_all_sessions(person_id=person_id)
    return True


def open_account(*, person_id: int) -> None:
    """Open a closed account again; without a post it may do nothing yet."""
    Account.objects.filter(pk=person_id).update(is_active=True)
    rights_changed(person_ids=[person_id])


def end_all_sessions(*, person_id: int) -> int:
    """Sign a person out everywhere at once; answers from how many devices. All his browsers count as strangers then."""
    held = list(UserSession.objects.filter(user_id=person_id))
    for session in held:
        session.end()
    Device.objects.filter(account_id=person_id).update(trusted=False)
    rights_changed(person_ids=[person_id])
    return len(held)


def set_first_password(*, person_id: int, password: str, again: bool, now: dt.datetime) -> None:
    """The person himself sets his password; `again` also takes away his old second factors and sessions.

    The second factor is set up at the sign-in that follows. Raises Invalid for a weak password.
    """
    account = Account.objects.select_for_update().get(pk=person_id)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid("密码不合要求", fields={"password": "；".join(error.messages)}) from None
    if again:
        Authenticator.objects.filter(user_id=person_id).delete()
    account.set_password(password)
    account.is_active, account.frozen_at = True, None
    account.save(update_fields=["password", "is_active", "frozen_at"])
    end_all_sessions(person_id=person_id)
