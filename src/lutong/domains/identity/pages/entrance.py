"""Between the password and the first page."""

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from lutong.kernel.faces import signed_in
from lutong.kernel.interrupted import kept


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


@require_GET
def inactive(request: HttpRequest) -> HttpResponse:
    """The account was closed by its organisation."""
    return render(request, "identity/inactive.html")


@require_GET
def recover(request: HttpRequest) -> HttpResponse:
    """忘记密码、手机丢了: every way back, with what each needs."""
    return render(request, "identity/recover.html", {"signed_in": request.user.is_authenticated})


@require_GET
@signed_in
def go_on(request: HttpRequest) -> HttpResponse:
    """The session had ended when a form was sent: what was typed is here and waits for one more press."""
    form = kept(request)
    if form is None:
        return redirect("/")
    return render(request, "identity/go_on.html", {"form": form})
