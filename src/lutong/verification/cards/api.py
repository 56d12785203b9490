"""律证码 for programs: the published keys for everybody, fresh cards for trusted relying parties."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lutong.gateways.registry.asking import ASKED_SECONDS, ASKING_HEADER, NotAsked, asked_by
from lutong.gateways.registry.cards import Use
from lutong.kernel import clock
from lutong.kernel.errors import NotAllowed
from lutong.verification.cards import actions, queries
from lutong.verification.registry import queries as registry
from lutong.verification.registry.actors import service
from lutong.verification.registry.api import signed


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of cards; whoever verifies offline keeps a copy that he got over a way he trusts."""
    response = JsonResponse(queries.public_keys())
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@signed
def card(request: HttpRequest, number: str) -> dict[str, Any] | None:
    """A fresh card, for a relying party whose key we know and who has the holder before it.

    The question is signed: whoever could ask for anybody's card could show himself as anybody.
    """
    now = clock.now()
    try:
        party, question_id = asked_by(
            request.headers.get(ASKING_HEADER, ""), home=settings.LUTONG.home, path=request.path, now=now
        )
    except NotAsked as refused:
        raise NotAllowed("律证码只发给登记的应用，问题须由它签名") from refused
    if not cache.add(f"card-asked:{question_id}", 1, ASKED_SECONDS * 2):
        raise NotAllowed("这个问题已经问过，不得重放")
    licence = registry.get_licence(number=number)
    if licence is None:
        return None
    issued = actions.issue(actor=service(), number=number, use=Use.SCREEN, asked_by=party, now=now)
    return {
        "card": issued.text,
        "address": issued.address,
        "licence_no": issued.card.licence_no,
        "name": issued.card.name,
        "kind": issued.card.kind.value,
        "firm_name": issued.card.firm_name,
        "status": issued.card.status.value,
        "issued_at": int(issued.card.issued_at.timestamp()),
        "expires_at": int(issued.card.expires_at.timestamp()),
        "photo": settings.LUTONG_VERIFICATION_URL + reverse("photo", args=[licence.photo]) if licence.photo else "",
    }
