"""窗口核验: a lawyer without a telephone shows his bar card; the hall prints a slip."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.gatepass import actions, queries
from lutong.domains.gatepass.pages.desk import court_of
from lutong.domains.identity.queries import data_uri, find_standings
from lutong.kernel import clock
from lutong.kernel.clock import beijing_date
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff
from lutong.kernel.ids import secret_token


@require_http_methods(["GET", "POST"])
@for_staff(Duty.COUNTER)
def counter(request: HttpRequest) -> HttpResponse:
    """A POST asks the registry about the number and shows what it says."""
    actor = actor_in(request)
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            context["check"] = actions.check_card(
                actor=actor, court_id=court_of(actor), licence_no=request.POST.get("licence_no", ""), now=clock.now()
            )
        except NotFound:
            raise
        except Refusal as refusal:
            context["refusal"] = refusal
    return _show(request, context)


@require_POST
@for_staff(Duty.COUNTER)
def issue(request: HttpRequest) -> HttpResponse:
    """Print the slip for the chosen place; the registry is asked once more."""
    actor = actor_in(request)
    try:
        purpose, _, place = request.POST.get("choice", "").partition(":")
        slip = actions.issue_slip(
            actor=actor, court_id=court_of(actor), licence_no=request.POST.get("licence_no", ""), purpose=purpose,
            place=_place(place), key=request.POST.get("key", ""), now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, {"refusal": refusal})
    return redirect("desk-gate-slip", slip.id)


@require_GET
@for_staff(Duty.COUNTER)
def slip(request: HttpRequest, slip_id: uuid.UUID) -> HttpResponse:
    actor = actor_in(request)
    found = queries.get_slip(actor=actor, court_id=court_of(actor), slip_id=slip_id)
    standing = find_standings(licence_nos=[found.holder.licence_no]).get(found.holder.licence_no)
    context = {
        "here": "desk-gate", "tab": "counter", "slip": found, "text": found.code["text"], "serves": True,
        "over": found.until <= clock.now(), "keeps": True,
        "barred": standing if standing is not None and not standing.in_force else None,
    }  # fmt: skip
    response = render(request, "gatepass/slip.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    actor = actor_in(request)
    slips = queries.list_slips(actor=actor, court_id=court_of(actor), day=beijing_date(clock.now()))
    refusal = context.get("refusal")
    whole = {
        "here": "desk-gate", "tab": "counter", "slips": slips, "key": secret_token(), "serves": True,
        "licence_no": request.POST.get("licence_no", "")[:40], **context,
    }  # fmt: skip
    if "check" in context:
        whole["photo"] = data_uri(image=context["check"].photo)
    return render(request, "gatepass/counter.html", whole, status=refusal.status if refusal else 200)


def _place(word: str) -> uuid.UUID:
    try:
        return uuid.UUID(word)
    except ValueError:
        raise Invalid("请选择通行条的用途", fields={"choice": "请选择"}) from None
