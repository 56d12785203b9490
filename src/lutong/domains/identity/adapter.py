"""Where sign-in meets our rules: no self sign-up, licence checked at the door, second factor for everyone."""

from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string

from lutong.domains.identity import actions, queries
from lutong.domains.identity.backend import seat
from lutong.domains.identity.pages.door import (
    address_of,
    crowded,
    frozen,
    give_word,
    name_of,
    new_word,
    paused,
    word_of,
)
from lutong.domains.identity.rules import grace_days
from lutong.kernel import clock
from lutong.kernel.errors import NotAllowed

WAYS = {
    "mfa_reauthenticate:webauthn": "用通行密钥",
    "reauthenticate": "输入密码",
    "mfa_reauthenticate": "输入动态口令",
}
SECURITY_ACTS = {
    "account/email/password_changed": "change_password",
    "mfa/email/totp_activated": "set_up_second_factor",
    "mfa/email/totp_deactivated": "remove_second_factor",
    "mfa/email/webauthn_added": "add_passkey",
    "mfa/email/webauthn_removed": "remove_passkey",
    "mfa/email/recovery_codes_generated": "renew_recovery_codes",
}
GAINS_A_FACTOR = {"set_up_second_factor", "add_passkey"}
LOSES_A_FACTOR = {"remove_second_factor", "remove_passkey"}


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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """One counted try at the password, at sign-in and before grave acts alike."""
        with seat() as seated:
            if not seated:
                raise ImmediateHttpResponse(crowded(request))
            return self._try(request, credentials)

    def _try(self, request: HttpRequest, credentials: dict[str, Any]) -> Any:
        made, person = actions.try_password(
            name=credentials.get("username", ""),
            word=word_of(request),
            address=address_of(request),
            check=lambda: super(AccountAdapter, self).authenticate(request, **credentials),
            now=clock.now(),
        )
        if not made.is_admitted:
            raise ImmediateHttpResponse(paused(request, made, what="password"))
        if person is not None and person.frozen_at is not None:
            raise ImmediateHttpResponse(frozen(request, person_id=person.pk))
        return person

    def login(self, request: HttpRequest, user: Any) -> None:
        """After all factors: ask the registry once, and keep out a lawyer whose licence is not in force."""
        try:
            actions.sign_in(account=user, device=name_of(request), address=address_of(request), now=clock.now())
        except NotAllowed as refusal:
            answer = import_string(settings.LUTONG_TURNED_AWAY)
            page = answer(request, refusal, person_id=user.pk, name=user.name)
            raise ImmediateHttpResponse(page) from refusal
        super().login(request, user)
        record_authentication(request, user, "sign_in", reauthenticated=True)  # who has just signed in is fresh

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The browser gets a word of its own, by which the next sign-in knows it."""
        word = actions.word_for(account=user, word=word_of(request), new=new_word())
        now = clock.now()
        device = actions.note_device(
            account=user, word=word, name=name_of(request), address=address_of(request), now=now
        )
        if not is_mfa_enabled(user):
            days = settings.LUTONG_SECOND_FACTOR_GRACE_DAYS
            request.session["grace_days"] = grace_days(since=user.created_at, days=days, now=now)
        request.session["strange"] = queries.has_strange_devices(person_id=user.pk, but=device.pk)
        response = super().post_login(request, user, **kwargs)
        actions.link_session(session_key=request.session.session_key or "", device_id=device.pk)
        give_word(response, word)
        return cast(HttpResponse, response)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show oneself, the easiest first: passkey, password, code."""
        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        if getattr(user, "frozen_at", None) is not None:  # a visitor is asked, too
            ways.pop("reauthenticate", None)
        return [{**ways[name], "description": label} for name, label in WAYS.items() if name in ways]

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """allauth calls this after each change of password or second factor: the trail keeps it."""
        act = SECURITY_ACTS.get(template_prefix)
        if act == "change_password":
            actions.lift_freeze(account=user)
        actor = queries.actor_of_account(account=user)
        if act is not None and actor is not None:
            actions.record_security_act(actor=actor, act=act, now=clock.now())
        if act in GAINS_A_FACTOR:
            context.request.session.pop("grace_days", None)
        if act in LOSES_A_FACTOR and not is_mfa_enabled(user):
            actions.rights_changed(person_ids=[user.pk])

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if not is_mfa_enabled(request.user):
            return reverse("mfa_activate_totp")
        return str(super().get_login_redirect_url(request))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """The words of the second factor, and how its secrets are kept."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "现在不能停用动态口令",
        "cannot_generate_recovery_codes": "请先启用动态口令，再生成备用码",
        "incorrect_code": "口令不对或已用过，请等下一个 6 位数字再试",
    }

    def encrypt(self, text: str) -> str:
        """The database holds the secrets of codes sealed only."""
        return actions.seal_secret(text=text)

    def decrypt(self, encrypted_text: str) -> str:
        return actions.open_secret(sealed=encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A new passkey is called after the browser that makes it."""
        return name_of(context.request)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the browser shows when it asks for the finger."""
        return {**super().get_public_key_credential_rp_entity(), "name": "律通"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """A name that tells accounts apart without giving the number away."""
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.name, "name": self.get_totp_label(user)}

    def get_totp_label(self, user: Any) -> str:
        """What the phone shows beside 律通: the end of the sign-in name is enough to tell accounts apart."""
        return f"{user.name}（尾号 {user.sign_name[-4:]}）"
