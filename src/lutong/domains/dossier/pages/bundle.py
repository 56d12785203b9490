"""案卷打包: order the ZIP file of a case, watch it grow, take it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from lutong.domains.cases.queries import get_case
from lutong.domains.dossier import actions, queries
from lutong.kernel import clock
from lutong.kernel.errors import Conflict
from lutong.kernel.faces import actor_in, fresh, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
@fresh("take_in_bulk", methods=("POST",))
def show(request: HttpRequest, court_id: int, case_id: UUID) -> HttpResponse:
    """GET: how far it is (htmx asks for the progress alone); POST: order it."""
    actor, refusal = actor_in(request), None
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    if request.method == "POST":
        try:
            actions.order_bundle(actor=actor, court_id=court_id, case_id=case_id, number=case.number, now=clock.now())
            return redirect("case-bundle", court_id, case_id)
        except Conflict as conflict:
            refusal = conflict
    bundle = queries.latest_bundle(actor=actor, court_id=court_id, case_id=case_id)
    expired = bundle is not None and bundle.finished_at is not None and bundle.finished_at < clock.now() - actions.KEPT
    here, url = ("desk-cases", reverse("desk-volume", args=[case_id])) if actor.is_staff else (
        "cases", reverse("case-tab", args=[court_id, case_id, "dossier"])
    )  # fmt: skip
    more = {"case": case, "bundle": bundle, "expired": expired, "refusal": refusal, "here": here, "volume_url": url}
    only_progress = request.headers.get("HX-Request") == "true" and request.method == "GET"
    template = "dossier/_bundle.html" if only_progress else "dossier/bundle.html"
    response = render(request, template, more, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@signed_in
def take(request: HttpRequest, court_id: int, bundle_id: UUID) -> HttpResponse:
    """Download of the finished ZIP file."""
    ticket = actions.open_bundle(actor=actor_in(request), court_id=court_id, bundle_id=bundle_id, now=clock.now())
    response = redirect(f"{settings.LUTONG_FILES_URL}/f/{ticket}")
    response["Cache-Control"] = "private, no-store"
    return response
