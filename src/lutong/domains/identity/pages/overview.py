"""账号与安全: the person, the licence, the second factor, devices, and tokens at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lutong.domains.audit.queries import label_of, list_own_events
from lutong.domains.identity import queries
from lutong.domains.identity.pages import devices
from lutong.kernel.faces import actor_in, signed_in


@require_GET
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    actor = actor_in(request)
    events = [(event, label_of(event.action)) for event in list_own_events(actor=actor, limit=12)]
    return render(
        request,
        "identity/overview.html",
        {
            "here": "account",
            "account": queries.get_account(actor=actor),
            "lawyer": queries.get_lawyer(lawyer_id=actor.person_id),
            "second": queries.get_second_factor(actor=actor),
            "rows": devices.rows(request),
            "events": events,
            "tokens": sum(1 for token in queries.list_tokens(actor=actor) if token.revoked_at is None),
        },
    )
