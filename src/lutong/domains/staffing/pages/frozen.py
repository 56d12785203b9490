"""密码停用: the page of whoever knows a password that opens nothing; an employee sets a new one here with a code."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lutong.domains.identity.actions import frozen_person
from lutong.domains.identity.queries import is_on_roll
from lutong.domains.staffing import actions
from lutong.domains.staffing.pages.invitation import typed_password
from lutong.kernel import clock
from lutong.kernel.errors import Refusal


@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """Whom to ask; with the code of the security administrator, a new password. Nobody lifts his own freeze."""
    person_id = frozen_person(account=request.user, session=request.session)
    if not person_id:
        return redirect("account") if request.user.is_authenticated else redirect_to_login("/")
    if request.method == "GET" or is_on_roll(person_id=person_id):
        return _page(request, person_id)
    try:
        actions.renew_password(
            person_id=person_id, code=request.POST.get("code", "")[:20], password=typed_password(request),
            now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, person_id, refusal)
    messages.success(request, "新密码已设置，各处登录已退出，通行密钥和备用码已作废。请用新密码登录")
    return redirect("account_login")


def _page(request: HttpRequest, person_id: int, refusal: Refusal | None = None) -> HttpResponse:
    """The same page as at the door, at which this one's form is sent."""
    context = {
        "signed_in": request.user.is_authenticated, "on_roll": is_on_roll(person_id=person_id), "refusal": refusal,
    }  # fmt: skip
    status = refusal.status if refusal else 403 if request.user.is_anonymous else 200
    response = render(request, "identity/frozen.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
