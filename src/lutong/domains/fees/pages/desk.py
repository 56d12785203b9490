"""交费核对: the court's bills, what came in for them, and how it was told."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases.queries import get_case
from lutong.domains.fees import actions, queries
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, for_staff, pack_cursor, unpack_cursor

PAGE = 30
LONGEST_SEARCH = 80


@require_GET
@for_staff(Duty.FEES)
def index(request: HttpRequest) -> HttpResponse:
    """The bills of the court by state, newest first."""
    tab = request.GET.get("tab", "due")
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    actor = actor_in(request)
    rows = queries.list_bills(
        actor=actor, court_id=_court(actor), tab=tab if tab in queries.TABS else "due", text=text,
        before=unpack_cursor(request.GET.get("before")), limit=PAGE + 1,
    )  # fmt: skip
    more = pack_cursor(rows[PAGE - 1].issued_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context: dict[str, Any] = {"rows": rows[:PAGE], "more": more, "tab": tab, "tabs": queries.TABS, "text": text}
    return render(request, "fees/desk.html", context | {"today": clock.beijing_date(clock.now()), "here": "desk-fees"})


@require_GET
@for_staff(Duty.FEES)
def bill(request: HttpRequest, bill_id: uuid.UUID) -> HttpResponse:
    """One bill with its orders and the notices of the gateway."""
    actor = actor_in(request)
    court_id = _court(actor)
    found = queries.get_bill(actor=actor, court_id=court_id, bill_id=bill_id)
    context = {
        "bill": found,
        "case": get_case(actor=actor, court_id=court_id, case_id=found.case_id) if may(actor, Duty.CASES) else None,
        "may_check": may(actor, Duty.CHECK_MONEY),
        "orders": queries.orders_of(actor=actor, court_id=court_id, bill_id=bill_id),
        "notices": queries.notices_of(actor=actor, court_id=court_id, bill_id=bill_id),
        "outcomes": queries.OUTCOMES,
        "today": clock.beijing_date(clock.now()),
        "here": "desk-fees",
    }
    return render(request, "fees/desk_bill.html", context)


@require_POST
@for_staff(Duty.CHECK_MONEY)
def refresh(request: HttpRequest, bill_id: uuid.UUID) -> HttpResponse:
    """Ask the gateway about the order that still waits."""
    actor = actor_in(request)
    queries.get_bill(actor=actor, court_id=_court(actor), bill_id=bill_id)
    waiting = queries.open_order_of(actor=actor, court_id=_court(actor), bill_id=bill_id)
    if waiting is not None:
        actions.refresh_order(actor=actor, court_id=_court(actor), order_id=waiting.id, now=clock.now())
    return redirect("desk-bill", bill_id=bill_id)


def _court(actor: Actor) -> int:
    if actor.court_id is None:
        raise NotFound("没有这个页面，或您无权查看")
    return actor.court_id
