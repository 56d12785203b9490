"""Where sign-in meets our rules: no self sign-up, licence checked at the door, second factor for everyone."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import import_string

from lutong.domains.identity import actions, queries
from lutong.kernel import clock
from lutong.kernel.errors import NotAllowed

SECURITY_ACTS = {
    "account/email/password_changed": "change_password",
    "mfa/email/totp_activated": "set_up_second_factor",
    "mfa/email/totp_deactivated": "remove_second_factor",
    "mfa/email/recovery_codes_generated": "renew_recovery_codes",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """The hooks of django-allauth that this platform uses."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "账号已停用，请联系所在单位的管理员",
        "enter_current_password": "当前密码不对，请重新输入",
        "incorrect_code": "口令不对或已用过，请等下一个 6 位数字再试",
        "incorrect_password": "密码不对，请重新输入",
        "same_as_current": "新密码不能与当前密码相同",
        "rate_limited": "尝试次数过多，请 5 分钟后再试",
        "too_many_login_attempts": "尝试次数过多，请 5 分钟后再试",
        "username_password_mismatch": "账号或密码不对。请检查执业证号（17 位）或手机号；连续输错会暂停几分钟",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """After all factors: ask the registry once, and keep out a lawyer whose licence is not in force."""
        try:
            actions.sign_in(account=user, now=clock.now())
        except NotAllowed as refusal:
            answer = import_string(settings.LUTONG_TURNED_AWAY)
            page = answer(request, refusal, person_id=user.pk, name=user.name)
            raise ImmediateHttpResponse(page) from refusal
        super().login(request, user)
        record_authentication(request, user, "sign_in", reauthenticated=True)  # who has just signed in is fresh

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """allauth calls this after each change of password or second factor: the trail keeps it."""
        act = SECURITY_ACTS.get(template_prefix)
        actor = queries.actor_of_account(account=user)
        if act is not None and actor is not None:
            actions.record_security_act(actor=actor, act=act, now=clock.now())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if not is_mfa_enabled(request.user):
            return reverse("mfa_activate_totp")
        return str(super().get_login_redirect_url(request))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """The words of the second factor."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "现在不能停用动态口令",
        "cannot_generate_recovery_codes": "请先启用动态口令，再生成备用码",
        "incorrect_code": "口令不对或已用过，请等下一个 6 位数字再试",
    }

    def get_totp_label(self, user: Any) -> str:
        """What the phone shows beside 律通: the end of the sign-in name is enough to tell accounts apart."""
        return f"{user.name}（尾号 {user.sign_name[-4:]}）"
