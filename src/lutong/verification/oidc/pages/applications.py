"""已授权的应用: what one allowed to whom, and how to take it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lutong.kernel import clock
from lutong.verification.entrance.faces import for_holders, visit_in
from lutong.verification.entrance.pages import NAV
from lutong.verification.oidc import actions, queries, rules


@never_cache
@require_GET
@for_holders
def applications(request: HttpRequest) -> HttpResponse:
    visit = visit_in(request)
    assert visit is not None  # for_holders let it through
    rows = [
        (consent, [word for scope in rules.SCOPES if scope in consent.scopes for word in rules.SCOPES[scope]])
        for consent in queries.list_consents(person_id=visit.person_id)
    ]
    return render(request, "oidc/applications.html", {"here": "me-applications", "nav": NAV, "rows": rows})


@require_POST
@for_holders
def revoke(request: HttpRequest, application_id: int) -> HttpResponse:
    visit = visit_in(request)
    assert visit is not None  # for_holders let it through
    application = actions.revoke_consent(person_id=visit.person_id, application_id=application_id, now=clock.now())
    messages.success(request, f"已撤回对“{application.name}”的授权，并通知它结束您的登录")
    return redirect("me-applications")
