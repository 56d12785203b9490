"""The sign-in form in the platform's words."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """执业证号或手机号 + 密码; the second step (dynamic code) is allauth's own stage."""

    error_messages = {
        "username_password_mismatch": "账号或密码不对。请检查执业证号（17 位）或手机号；连续输错会暂停几分钟",
        "account_inactive": "账号已停用，请联系所在单位的管理员",
        "too_many_login_attempts": "尝试次数过多，请 5 分钟后再试",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "执业证号、工号或手机号"
        self.fields["login"].max_length = 40
        self.fields["login"].error_messages["required"] = "请填执业证号、工号或手机号"
        self.fields["password"].label = "密码"
        self.fields["password"].error_messages["required"] = "请填密码"
        self.fields["password"].max_length = 200
        self.fields["remember"].widget = forms.HiddenInput()
