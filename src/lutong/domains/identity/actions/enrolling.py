"""Accounts: how lawyers and staff get one."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from lutong.domains.identity.actions.photo import keep_photo
from lutong.domains.identity.actions.registry import registry
from lutong.domains.identity.actions.standing import settle
from lutong.domains.identity.models import Account, Lawyer, Post
from lutong.kernel.actor import Role


def enrol_staff(
    *, sign_name: str, name: str, mobile: str, password: str, court_id: int, role: Role, department: str
) -> int:
    """Make the account and the post of a member of a court's staff; answers the person's id. Safe to repeat."""
    with transaction.atomic():
        account = _account(sign_name, name, mobile, password)
        Post.objects.get_or_create(
            account_id=account.pk, court_id=court_id, role=role, defaults={"department": department}
        )
        return account.pk


def enrol_lawyer(*, licence_no: str, mobile: str, password: str, now: dt.datetime) -> int:
    """Make a lawyer's account and bind it to his licence as the registry states it. Safe to repeat.

    Raises NoSuchLicence or RegistryDown: without the registry nobody is enrolled.
    """
    licence = registry().look_up_person(number=licence_no)
    with transaction.atomic():
        account = _account(licence_no, licence.name, mobile, password)
        Lawyer.objects.get_or_create(
            lawyer_id=account.pk,
            defaults={"licence_no": licence_no, "name": licence.name, "checked_at": now, "status": licence.status},
        )
        settle(lawyer_id=account.pk, licence=licence, now=now)
    keep_photo(lawyer_id=account.pk, licence=licence, now=now)
    return account.pk


def _account(sign_name: str, name: str, mobile: str, password: str) -> Account:
    """The account of this sign-in name, made with a second factor and recovery codes when it is new."""
    account = Account.objects.filter(sign_name=sign_name).first()
    if account is None:
        account = Account.objects.create_user(sign_name=sign_name, name=name, mobile=mobile, password=password)
    if not Authenticator.objects.filter(user=account).exists():
        TOTP.activate(account, generate_totp_secret())
        RecoveryCodes.activate(account)
    return account
