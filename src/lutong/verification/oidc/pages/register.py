"""应用登记: the operator's list of relying parties. 司法部 registers, everybody alike."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.kernel import clock
from lutong.kernel.errors import NotFound, Refusal
from lutong.verification.oidc import actions, queries, rules
from lutong.verification.oidc.actions import Registration
from lutong.verification.oidc.models import Application
from lutong.verification.registry.actors import BureauActor
from lutong.verification.registry.bodies import MINISTRY
from lutong.verification.registry.faces import for_officers


@never_cache
@require_GET
@for_officers
def registered(request: HttpRequest, actor: BureauActor) -> HttpResponse:
    _ministry(actor)
    return render(request, "oidc/registered.html", {"rows": queries.list_applications()})


@never_cache
@require_http_methods(["GET", "POST"])
@for_officers
def new(request: HttpRequest, actor: BureauActor) -> HttpResponse:
    _ministry(actor)
    if request.method == "GET":
        return _form(request, {"scopes": list(rules.SCOPES), "kind": "server"})
    sent = _sent(request)
    try:
        application, secret = actions.register_application(
            actor=actor, registration=_registration(sent), now=clock.now()
        )
    except Refusal as refusal:
        return _form(request, sent, refusal=refusal)
    return _page(request, application, secret=secret)


@never_cache
@require_http_methods(["GET", "POST"])
@for_officers
def one(request: HttpRequest, actor: BureauActor, application_id: int) -> HttpResponse:
    _ministry(actor)
    application = queries.get_application(application_id=application_id)
    if request.method == "GET":
        return _page(request, application)
    sent = _sent(request) | {"kind": "public" if application.public else "server"}
    try:
        application = actions.change_application(
            actor=actor, application_id=application.pk, registration=_registration(sent),
            active=request.POST.get("active") == "1", now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _form(request, sent, refusal=refusal, application=application)
    messages.success(request, "已保存")
    return redirect("bureau-application", application.pk)


@never_cache
@require_POST
@for_officers
def renew(request: HttpRequest, actor: BureauActor, application_id: int) -> HttpResponse:
    _ministry(actor)
    application, secret = actions.renew_secret(actor=actor, application_id=application_id, now=clock.now())
    return _page(request, application, secret=secret)


def _ministry(actor: BureauActor) -> None:
    if actor.bureau != MINISTRY:
        raise NotFound("没有这个页面，或您无权查看")


def _page(request: HttpRequest, application: Application, *, secret: str = "") -> HttpResponse:
    sent = {
        "name": application.name, "operator": application.operator, "purpose": application.purpose,
        "kind": "public" if application.public else "server", "redirect_uris": "\n".join(application.redirect_uris),
        "post_logout_uris": "\n".join(application.post_logout_uris), "logout_uri": application.logout_uri,
        "scopes": application.scopes, "active": "1" if application.active else "",
    }  # fmt: skip
    return _form(request, sent, application=application, secret=secret)


def _form(
    request: HttpRequest, sent: dict[str, Any], *, application: Application | None = None, secret: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    action = reverse("bureau-application", args=[application.pk]) if application else reverse("bureau-application-new")
    context = {
        "sent": sent, "application": application, "secret": secret, "refusal": refusal, "scopes": rules.SCOPES,
        "notices": queries.list_notices(application_id=application.pk, limit=20) if application else [],
        "action": action,
    }  # fmt: skip
    return render(request, "oidc/register.html", context, status=refusal.status if refusal else 200)


def _sent(request: HttpRequest) -> dict[str, Any]:
    names = ("name", "operator", "purpose", "kind", "redirect_uris", "post_logout_uris", "logout_uri", "active")
    return {**{name: request.POST.get(name, "")[:8000] for name in names}, "scopes": request.POST.getlist("scopes")}


def _registration(sent: dict[str, Any]) -> Registration:
    return Registration(
        name=sent["name"], operator=sent["operator"], purpose=sent["purpose"], public=sent["kind"] == "public",
        redirect_uris=sent["redirect_uris"].split(), post_logout_uris=sent["post_logout_uris"].split(),
        logout_uri=sent["logout_uri"].strip(), scopes=sent["scopes"],
    )  # fmt: skip
