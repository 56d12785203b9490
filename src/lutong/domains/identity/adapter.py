"""Where sign-in meets our rules: no self sign-up, licence checked at the door, second factor for everyone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lutong.domains.identity import actions
from lutong.kernel import clock
from lutong.kernel.errors import NotAllowed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """The hooks of django-allauth that this platform uses."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """After all factors: ask the registry once, and keep out a lawyer whose licence is not in force."""
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if answer is not None:
            return answer
        try:
            actions.sign_in(account=user, now=clock.now())
        except NotAllowed as refusal:
            return render(request, "identity/refused.html", {"refusal": refusal}, status=403)
        return None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if not is_mfa_enabled(request.user):
            return reverse("mfa_activate_totp")
        return str(super().get_login_redirect_url(request))
