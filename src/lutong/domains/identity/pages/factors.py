"""The second factor: code or passkey at sign-in, before a grave act, and the list of passkeys."""

import ipaddress
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from lutong.domains.identity import queries
from lutong.kernel import clock


class Authenticate(AuthenticateView):  # type: ignore[misc]  # allauth is untyped
    """第二道验证: offers what the person has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        return {
            **super().get_context_data(**kwargs),
            "has_totp": is_mfa_enabled(user, [Authenticator.Type.TOTP]),
            "has_passkey": is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]),
        }


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """用通行密钥登录: goes where the person wanted to go."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, "通行密钥没有通过，请再试一次，或改用密码")
        return redirect("account_login")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """移除通行密钥; who has no other second factor then sets one up."""

    success_url = reverse_lazy("mfa_index")


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """添加通行密钥: not under a numeric address, for which no browser makes one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "GET" and _is_numeric(request.get_host()):
            messages.warning(request, "数字地址（IP）不能使用通行密钥，请从平台的域名打开；本机是 http://localhost")
            return redirect("account")
        return super().dispatch(request, *args, **kwargs)


def is_last(request: HttpRequest, pk: int | None = None) -> bool:
    """Whether this request would remove the last reliable second factor."""
    return queries.is_last_factor(account_id=int(request.user.pk or 0), passkey_id=pk, now=clock.now())


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host.rsplit(":", 1)[0].strip("[]"))
    except ValueError:
        return False
    return True
