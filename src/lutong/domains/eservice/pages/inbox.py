"""电子送达: the inbox across all courts, one delivery with its effect, signing, taking the papers away."""

import io
import uuid
import zipfile
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases.queries import get_case
from lutong.domains.eservice import actions, queries
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import Conflict, Refusal
from lutong.kernel.faces import actor_in, for_counsel, for_lawyers, fresh, pack_cursor, unpack_cursor

PAGE = 20
LONGEST_SEARCH = 80


@require_GET
@for_counsel(Capability.RECEIVE_SERVICE)
def index(request: HttpRequest) -> HttpResponse:
    """未签收、已签收、已失败, newest first."""
    actor = actor_in(request)
    tab = request.GET.get("tab", "sent")
    tab = tab if tab in queries.INBOX_TABS else "sent"
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    rows = queries.list_inbox(
        actor=actor, tab=tab, text=text, before=unpack_cursor(request.GET.get("before")), limit=PAGE + 1
    )
    more = pack_cursor(rows[PAGE - 1].sent_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "rows": rows[:PAGE], "more": more, "tab": tab, "tabs": queries.INBOX_TABS, "text": text,
        "unsigned": queries.unsigned_count(actor=actor), "here": "service",
    }  # fmt: skip
    return render(request, "eservice/inbox.html", context)


@require_GET
@for_counsel(Capability.RECEIVE_SERVICE)
def show(request: HttpRequest, court_id: int, delivery_id: uuid.UUID) -> HttpResponse:
    """One delivery; opening it is noted."""
    actor = actor_in(request)
    delivery = actions.mark_read(actor=actor, court_id=court_id, delivery_id=delivery_id, now=clock.now())
    return render(request, "eservice/delivery.html", _about(request, delivery))


@require_POST
@for_counsel(Capability.RECEIVE_SERVICE)
@fresh("sign_delivery")
def sign(request: HttpRequest, court_id: int, delivery_id: uuid.UUID) -> HttpResponse:
    try:
        actions.sign(actor=actor_in(request), court_id=court_id, delivery_id=delivery_id, now=clock.now())
        messages.success(request, "已签收，签收时间已记入送达记录")
    except Conflict as refusal:
        messages.warning(request, refusal.message)
    return redirect("service-one", court_id=court_id, delivery_id=delivery_id)


@require_POST
@for_lawyers
@fresh("sign_delivery")
def sign_all(request: HttpRequest) -> HttpResponse:
    count = actions.sign_all(actor=actor_in(request), now=clock.now())
    messages.success(request, f"已签收 {count} 件" if count else "没有待签收的送达")
    return redirect("service")


@require_POST
@for_counsel(Capability.RECEIVE_SERVICE)
@fresh("take_in_bulk")
def take_all(request: HttpRequest, court_id: int, delivery_id: uuid.UUID) -> HttpResponse:
    """All papers of a delivery in one ZIP file."""
    queries.get_delivery(actor=actor_in(request), court_id=court_id, delivery_id=delivery_id)
    try:
        name, papers = actions.take_papers(
            actor=actor_in(request), court_id=court_id, delivery_id=delivery_id, now=clock.now()
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.warning(request, refusal.message)
        return redirect("service-one", court_id=court_id, delivery_id=delivery_id)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for filename, data in papers:
            archive.writestr(filename, data)
    response = HttpResponse(whole.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


def _about(request: HttpRequest, delivery: Any) -> dict[str, Any]:
    actor, now = actor_in(request), clock.now()
    return {
        "delivery": delivery,
        "case": get_case(actor=actor, court_id=delivery.court_id, case_id=delivery.case_id),
        "items": queries.items_of(actor=actor, delivery=delivery),
        "missing": queries.why_not_served(actor=actor, delivery=delivery),
        "periods": queries.consequences(actor=actor, delivery=delivery),
        "state_label": queries.INBOX_TABS.get(delivery.state, queries.STATES.get(delivery.state, "")),
        "mode_label": queries.MODES.get(delivery.mode, ""),
        "today": clock.beijing_date(now),
        "here": "service",
    }
