"""Between the password and the first page."""

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET


@require_GET
def incomplete(request: HttpRequest) -> HttpResponse:
    """Signed in, but not yet able to act: the second factor is missing, or the account has neither licence nor post."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if not is_mfa_enabled(request.user):
        return redirect("mfa_activate_totp")
    if getattr(request, "actor", None) is not None:
        return redirect("/")
    return render(request, "identity/incomplete.html", status=403)


@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where allauth goes after a change of the second factor."""
    if request.user.is_authenticated and not is_mfa_enabled(request.user):
        return redirect("mfa_activate_totp")
    return redirect("account")
