"""The forms of sign-in in the platform's words and with its own proof of a code."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms

from lutong.domains.identity import actions
from lutong.domains.identity.pages.door import address_of, paused, word_of
from lutong.kernel import clock

WRONG_CODE = "口令不对或已用过。请等下一个 6 位数字再试；备用码每个只能用一次"


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """执业证号或手机号 + 密码; the second step (code or passkey) is allauth's own stage."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "执业证号、工号或手机号"
        self.fields["login"].max_length = 40
        self.fields["login"].error_messages["required"] = "请填执业证号、工号或手机号"
        self.fields["password"].label = "密码"
        self.fields["password"].error_messages["required"] = "请填密码"
        self.fields["password"].max_length = 200
        self.fields["remember"].widget = forms.HiddenInput()


class CodeForm(forms.Form):
    """动态口令或备用码 as the second factor of a sign-in."""

    code = forms.CharField(max_length=40, error_messages={"required": "请填口令"})
    reauthenticated = False

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        made, self.used = actions.try_code(
            account=self.user, code=code, word=word_of(context.request), address=address_of(context.request),
            now=clock.now(),
        )  # fmt: skip
        if not made.is_admitted:
            raise ImmediateHttpResponse(paused(context.request, made, what="code"))
        if self.used is None:
            raise forms.ValidationError(WRONG_CODE)
        return code

    def save(self) -> None:
        post_authentication(context.request, self.used, reauthenticated=self.reauthenticated)


class ConfirmCodeForm(CodeForm):
    """The same within a session, before a grave act."""

    reauthenticated = True


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """添加通行密钥: always one that verifies its holder, so that it may replace password and code together."""

    name = forms.CharField(required=False, max_length=60)
    passwordless = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        credential = self.cleaned_data.get("credential")
        if credential is not None and not isinstance(credential, dict):
            raise forms.ValidationError("没有添加成功，请再试一次")
        try:
            return dict(super().clean())
        except (KeyError, AttributeError, TypeError, ValueError):  # what a broken browser may send
            raise forms.ValidationError("没有添加成功，请再试一次") from None

    def clean_name(self) -> str:
        return str(super().clean_name())


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """通行密钥改名."""

    name = forms.CharField(max_length=60, error_messages={"required": "请填名称", "max_length": "名称最长 60 字"})


class PasskeyForm(forms.Form):
    """通行密钥 as proof: `user` None signs in the person that the key itself names."""

    credential = forms.JSONField()
    reauthenticated = False
    passwordless = False

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        if not isinstance(credential, dict):
            raise forms.ValidationError("没有通过，请再试一次")
        try:
            webauthn.parse_authentication_response(credential)
            user = self.user or webauthn.extract_user_from_response(credential)
            return webauthn.complete_authentication(user, credential)
        except (KeyError, AttributeError, TypeError, ValueError):  # what a broken browser may send
            raise forms.ValidationError("没有通过，请再试一次") from None

    def save(self) -> None:
        post_authentication(
            context.request, self.cleaned_data["credential"],
            reauthenticated=self.reauthenticated, passwordless=self.passwordless,
        )  # fmt: skip


class ConfirmPasskeyForm(PasskeyForm):
    """The same within a session, before a grave act."""

    reauthenticated = True


class SignInPasskeyForm(PasskeyForm):
    """The same instead of password and code."""

    passwordless = True
