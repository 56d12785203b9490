"""What waits behind each entry of the navigation; asked by the page after it is shown."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from lutong.domains.cases.queries import list_claims
from lutong.domains.eservice.queries import count_waiting, unsigned_count
from lutong.domains.hearings.queries import count_open_clashes
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.faces import actor_in, signed_in


@require_GET
@signed_in
def counts(request: HttpRequest) -> HttpResponse:
    """The number of things to do by url name of the navigation, each counted up to 100."""
    actor = actor_in(request)
    told = _of_court(actor) if actor.is_staff else _of_lawyer(actor)
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _of_lawyer(actor: Actor) -> dict[str, int]:
    clashes = count_open_clashes(actor=actor, now=clock.now()) if actor.is_lawyer else 0
    return {"service": unsigned_count(actor=actor), "calendar": clashes}


def _of_court(actor: Actor) -> dict[str, int]:
    return {
        "desk-deliveries": count_waiting(actor=actor, court_id=actor.court_id or 0),
        "desk-representations": len(list_claims(actor=actor)),
    }
