"""RP 发起的退出: an application sends the person here to leave this service, too."""

from authlib.oauth2.rfc6749 import OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from lutong.kernel import clock
from lutong.verification.entrance import actions as entrance
from lutong.verification.entrance.faces import leads_to, letting_forms_lead_on, visit_in
from lutong.verification.oidc import rules
from lutong.verification.oidc.provider import server


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """A hint that names this very visit ends it at once; anything else asks the person first."""
    try:
        asked = server.validate_endpoint_request("end_session", request)
    except OAuth2Error as error:
        context = {"problem": error.error, "description": error.get_error_description()}
        return render(request, "oidc/unknown.html", context, status=400)
    visit = visit_in(request)
    hinted = (asked.id_token_claims or {}).get("sid")
    if visit is None or hinted == str(visit.pk):
        return _leave(request, asked)
    if request.method == "POST" and "decision" in request.POST:
        answer: HttpResponse = _decided(request, asked)
        return answer
    if asked.redirect_uri:
        leads_to(request, rules.origin_of(asked.redirect_uri))
    context = {"application": asked.client, "action": request.get_full_path()}
    return letting_forms_lead_on(request, render(request, "oidc/logout.html", context))


@csrf_protect
def _decided(request: HttpRequest, asked: object) -> HttpResponse:
    if request.POST["decision"] != "out":
        return redirect("me")
    return _leave(request, asked)


def _leave(request: HttpRequest, asked: object) -> HttpResponse:
    visit = visit_in(request)
    if visit is not None:
        entrance.leave(visit=visit, why="out", now=clock.now())
    for name in ("visit", "onward", "asked", "code"):
        request.session.pop(name, None)
    back: HttpResponse | None = server.create_endpoint_response("end_session", asked)
    return back or redirect("signed-out")
