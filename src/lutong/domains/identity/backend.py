"""Check a password: by licence or staff number, or by mobile."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.models import Q

from lutong.domains.identity.models import Account


class Argon2Owasp(Argon2PasswordHasher):
    """argon2id with the OWASP set (19 MiB, 2 passes): about 40 ms, so that sign-in cannot starve the pages."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's backend, which also takes the mobile number as the name."""

    def _authenticate_by_username(self, username: str, password: str) -> Any:
        name = username.strip().upper()
        account = Account.objects.filter(Q(sign_name=name) | Q(mobile=name)).order_by("id").first()
        if account is None:
            return None
        return account if self._check_password(account, password) else None
