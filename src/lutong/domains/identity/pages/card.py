"""亮证: the lawyer's own card, as the registry signs it."""

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.identity import actions, queries
from lutong.gateways.registry.cards import SHOWN_FOR
from lutong.kernel import clock
from lutong.kernel.faces import actor_in, for_lawyers


@never_cache
@require_GET
@csp_update({"img-src": [settings.LUTONG.verification_url]})
@for_lawyers
def card(request: HttpRequest) -> HttpResponse:
    """The page; it asks for the card itself, because asking the registry must not happen in a transaction."""
    person_id = actor_in(request).person_id
    lawyer = queries.get_lawyer(lawyer_id=person_id)
    context = {
        "here": "account", "lawyer": lawyer, "photo": queries.get_photo(lawyer_id=person_id),
        "seconds": int(SHOWN_FOR.total_seconds()),
        "verify_url": f"{settings.LUTONG.verification_url}/verify/",
        "paper_url": f"{settings.LUTONG.verification_url}/card/",
    }  # fmt: skip
    return render(request, "identity/card.html", context)


@never_cache
@require_POST
@for_lawyers
def card_now(request: HttpRequest) -> HttpResponse:
    """A fresh card for the page that shows it."""
    shown = actions.show_card(actor=actor_in(request), now=clock.now())
    return JsonResponse(
        {
            "address": shown.address,
            "status": shown.status.value,
            "label": shown.status.label,
            "firm": shown.firm_name,
            "photo": shown.photo_url,
        }
    )
