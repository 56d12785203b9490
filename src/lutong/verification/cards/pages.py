"""亮证 for the holder, 核验 for everybody."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from lutong.gateways.registry.cards import LONGEST, Use
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Refusal
from lutong.verification.cards import actions, queries
from lutong.verification.cards.actions import Issued
from lutong.verification.cards.paper import licence_paper
from lutong.verification.entrance.faces import for_holders, visit_in
from lutong.verification.entrance.pages import NAV
from lutong.verification.registry.queries import LicenceView

# What the verifying page needs without the network; static() gives each its name with the digest of its content.
SHELF = (
    "css/tokens.css", "css/app.css", "css/more.css", "verification/verification.css", "css/card.css",
    "cards/verify.js", "cards/check.js", "vendor/ed25519.mjs", "vendor/sm-crypto.js", "vendor/qr/decode.js",
    "vendor/qr/index.js", "vendor/htmx.min.js", "js/islands.js", "icons.svg", "favicon.svg",
)  # fmt: skip


@never_cache
@require_GET
@for_holders
def card(request: HttpRequest) -> HttpResponse:
    """亮证: the own card, renewed by the page itself; a status that forbids practice is shown, not hidden."""
    licence, issued = _own(request, Use.SCREEN)
    context = {"here": "card", "nav": NAV, "licence": licence, "issued": issued, "told": _told(issued)}
    return render(request, "cards/card.html", context)


@never_cache
@require_GET
@for_holders
def card_now(request: HttpRequest) -> HttpResponse:
    """A fresh card for the page that shows it."""
    _, issued = _own(request, Use.SCREEN)
    return JsonResponse(_told(issued))


@never_cache
@require_GET
@for_holders
def paper(request: HttpRequest) -> HttpResponse:
    """电子执业证 to print."""
    licence, issued = _own(request, Use.PRINT)
    verify_url = settings.LUTONG_VERIFICATION_URL + reverse("verify")
    pdf = licence_paper(
        issued=issued, licence=licence, photo=queries.photo_of(licence), verify_url=verify_url, now=clock.now()
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="licence-{licence.number}.pdf"'
    return response


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """核验律证码: the check happens in the browser; the card is in the fragment or camera and never sent."""
    return render(request, "cards/verify.html", {"keys": queries.public_keys(), "loaded_at": clock.now()})


@csrf_exempt  # reads only, for whoever holds a card; a foreign page learns nothing that it does not hold
@require_POST
def verify_now(request: HttpRequest) -> HttpResponse:
    """查询现时状态 of the holder of a genuine card."""
    if len(request.body) > LONGEST:
        return JsonResponse({"problem": "不是律证码，或者内容不完整、被改动"}, status=422)
    try:
        found = actions.present_state(text=request.body.decode("utf-8", "replace"), now=clock.now())
    except Refusal as refusal:
        return JsonResponse({"problem": refusal.message}, status=refusal.status)
    held = found.licence
    return JsonResponse(
        {
            "name": held.name,
            "status": held.status.value,
            "label": held.status.label,
            "since": held.status_since.isoformat(),
            "firm": held.firm_name,
            "unchanged": found.unchanged,
            "photo": reverse("photo", args=[held.photo]) if held.photo else "",
        }
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that keeps the verifying page usable without a network."""
    shelf = [reverse("verify"), reverse("card-keys"), *(static(name) for name in SHELF)]
    told = json.dumps(shelf)
    context = {"shelf_json": told, "digest": hashlib.sha256(told.encode()).hexdigest()[:12]}
    response = render(request, "cards/worker.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def _own(request: HttpRequest, use: Use) -> tuple[LicenceView, Issued]:
    visit = visit_in(request)
    assert visit is not None  # for_holders let it through
    licence = queries.licence_of(number=visit.number)
    actor = Actor(visit.person_id, Role.LAWYER, licence.name)
    return licence, actions.issue(actor=actor, number=visit.number, use=use, asked_by="本人", now=clock.now())


def _told(issued: Issued) -> dict[str, Any]:
    stated = issued.card
    return {
        "text": issued.text,
        "address": issued.address,
        "issued": int(stated.issued_at.timestamp()),
        "seconds": int(Use.SCREEN.life.total_seconds()),
        "status": stated.status.value,
        "label": stated.status.label,
        "since": stated.status_since.isoformat(),
        "firm": stated.firm_name,
    }
