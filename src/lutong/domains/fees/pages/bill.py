"""交费: the bill with its reckoning, the payment code, and the state that follows the money."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases.queries import get_case
from lutong.domains.fees import actions, queries
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import Refusal
from lutong.kernel.faces import actor_in, for_counsel


@require_GET
@for_counsel(Capability.PAY)
def bill(request: HttpRequest, court_id: int, bill_id: uuid.UUID) -> HttpResponse:
    """One bill: what, why, until when, and how to pay."""
    found = queries.get_bill(actor=actor_in(request), court_id=court_id, bill_id=bill_id)
    case = get_case(actor=actor_in(request), court_id=court_id, case_id=found.case_id)
    return render(request, "fees/bill.html", _live(request, found) | {"case": case, "here": "cases"})


@require_POST
@for_counsel(Capability.PAY)
def order(request: HttpRequest, court_id: int, bill_id: uuid.UUID) -> HttpResponse:
    """Get a payment code, or a new one when the old has expired."""
    queries.get_bill(actor=actor_in(request), court_id=court_id, bill_id=bill_id)
    try:
        actions.open_order(actor=actor_in(request), court_id=court_id, bill_id=bill_id, now=clock.now())
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.warning(request, refusal.message)
    return redirect("bill", court_id=court_id, bill_id=bill_id)


@require_POST
@for_counsel(Capability.PAY)
def refresh(request: HttpRequest, court_id: int, bill_id: uuid.UUID) -> HttpResponse:
    """The payment part of the page anew, after asking the gateway; polled while a code is open."""
    actor, now = actor_in(request), clock.now()
    waiting = queries.open_order_of(actor=actor, court_id=court_id, bill_id=bill_id)
    if waiting is not None:
        actions.refresh_order(actor=actor, court_id=court_id, order_id=waiting.id, now=now)
    found = queries.get_bill(actor=actor, court_id=court_id, bill_id=bill_id)
    if not getattr(request, "htmx", False):
        return redirect("bill", court_id=court_id, bill_id=bill_id)
    return render(request, "fees/_pay.html", _live(request, found))


def _live(request: HttpRequest, found: Any) -> dict[str, Any]:
    """What of the page changes with the money."""
    actor, now = actor_in(request), clock.now()
    waiting = queries.open_order_of(actor=actor, court_id=found.court_id, bill_id=found.id)
    return {
        "bill": found,
        "may_pay": queries.may_pay(actor=actor, bill=found),
        "order": waiting,
        "expired": waiting is not None and waiting.expires_at <= now,
        "today": clock.beijing_date(now),
    }
