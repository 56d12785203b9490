"""What a new password must be beyond Django's own rules."""

from django.core.exceptions import ValidationError

from lutong.domains.identity.models import Account


class NotTheCurrentOne:
    """A new password is a new one: an old one may be known to whoever made the change necessary."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError for the password that the account has."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """The sentence at the field."""
        return "新密码不能与当前密码相同"
