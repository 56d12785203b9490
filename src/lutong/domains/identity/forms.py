"""The sign-in form in the platform's words."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """执业证号或手机号 + 密码; the second step (dynamic code) is allauth's own stage."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "执业证号、工号或手机号"
        self.fields["login"].max_length = 40
        self.fields["login"].error_messages["required"] = "请填执业证号、工号或手机号"
        self.fields["password"].label = "密码"
        self.fields["password"].error_messages["required"] = "请填密码"
        self.fields["password"].max_length = 200
        self.fields["remember"].widget = forms.HiddenInput()
