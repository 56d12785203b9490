"""排期 (court): the board of the week, one hearing, the courtrooms."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.cases import queries as cases
from lutong.domains.hearings import actions, queries
from lutong.domains.hearings.pages.drawing import week_of
from lutong.domains.hearings.pages.reading import day_or, whole
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, carry_out, for_staff
from lutong.kernel.holidays import DAY

BOARDS = {"room": "按法庭", "judge": "按法官"}
MOST_VERSION = 10**8


def court_of(actor: Actor) -> int:
    """The court in which a member of staff works."""
    if actor.court_id is None:
        raise NotFound("没有这个页面，或您无权查看")
    return actor.court_id


@require_GET
@for_staff(Duty.HEARINGS)
def board(request: HttpRequest) -> HttpResponse:
    actor, today = actor_in(request), beijing_date(clock.now())
    by = request.GET.get("by") if request.GET.get("by") in BOARDS else "room"
    on = day_or(request.GET.get("on"), today)
    week = week_of(on)
    days, rows = queries.list_board(actor=actor, court_id=court_of(actor), monday=week[0], by=by or "room")
    context = {
        "here": "desk-calendar", "by": by, "boards": BOARDS, "days": days, "rows": rows, "today": today,
        "first": week[0], "last": week[-1], "before": on - 7 * DAY, "after": on + 7 * DAY, "on": on,
        "empty": not any(cell.hearings for _, cells in rows for cell in cells),
        "may_schedule": queries.may_schedule(actor=actor), "may_keep_rooms": queries.may_keep_rooms(actor=actor),
    }  # fmt: skip
    return render(request, "hearings/board.html", context)


@require_GET
@for_staff(Duty.HEARINGS)
def hearing(request: HttpRequest, hearing_id: uuid.UUID) -> HttpResponse:
    return show_hearing(request, hearing_id)


def show_hearing(request: HttpRequest, hearing_id: uuid.UUID, refusal: Refusal | None = None) -> HttpResponse:
    """One hearing with what may be done with it; also after a refused step, with its sentence on top."""
    actor = actor_in(request)
    court_id = court_of(actor)
    found = queries.get_hearing(actor=actor, court_id=court_id, hearing_id=hearing_id)
    context: dict[str, Any] = {
        "here": "desk-calendar", "hearing": found, "refusal": refusal, "typed_reason": request.POST.get("reason", ""),
        "case": cases.get_case(actor=actor, court_id=court_id, case_id=found.case_id),
        "counsel": cases.counsel_of(actor=actor, court_id=court_id, case_id=found.case_id),
        "steps": {step.name: step.label for step in queries.open_steps(actor=actor, hearing=found)},
        "clashes": queries.clashes_of_hearing(actor=actor, court_id=court_id, hearing_id=hearing_id),
        "over": found.during.lower <= clock.now(),
    }  # fmt: skip
    return render(request, "hearings/hearing.html", context, status=refusal.status if refusal else 200)


@require_POST
@for_staff(Duty.HEARINGS)
def act(request: HttpRequest, hearing_id: uuid.UUID, step: str) -> HttpResponse:
    """取消 or 开庭; a refusal is shown above the hearing."""
    return carry_out(
        request,
        work=lambda: _STEPS[step](request, hearing_id),
        again=lambda refusal: show_hearing(request, hearing_id, refusal),
        then=lambda: reverse("desk-hearing", args=[hearing_id]),
    )


def _cancel(request: HttpRequest, hearing_id: uuid.UUID) -> str:
    actions.cancel(**_facts(request, hearing_id), reason=request.POST.get("reason", ""), now=clock.now())
    return "排期已取消，已通知双方律师"


def _hold(request: HttpRequest, hearing_id: uuid.UUID) -> str:
    actions.hold(**_facts(request, hearing_id), note=request.POST.get("note", ""), now=clock.now())
    return "已记为开庭"


def _facts(request: HttpRequest, hearing_id: uuid.UUID) -> dict[str, Any]:
    version = whole(request.POST.get("version"), "version", most=MOST_VERSION)
    actor = actor_in(request)
    return {"actor": actor, "court_id": court_of(actor), "hearing_id": hearing_id, "version": version}


_STEPS = {"cancel": _cancel, "hold": _hold}


@require_http_methods(["GET", "POST"])
@for_staff(Duty.HEARINGS)
def rooms(request: HttpRequest) -> HttpResponse:
    """The list with a form below; a POST adds a room, or renames the one whose id it carries."""
    actor = actor_in(request)
    court_id = court_of(actor)
    refusal: Refusal | None = None
    changed = ""
    if request.method == "POST":
        try:
            _save_room(request, actor, court_id)
        except NotFound:
            raise
        except Refusal as caught:
            refusal, changed = caught, request.POST.get("room", "")
        else:
            return redirect("desk-rooms")
    context = {
        "here": "desk-calendar", "rooms": queries.list_courtrooms(actor=actor, court_id=court_id),
        "may": queries.may_keep_rooms(actor=actor), "refusal": refusal, "changed": changed,
        "typed": {"name": request.POST.get("name", "")[:200], "seats": request.POST.get("seats", "0")[:10]},
    }  # fmt: skip
    return render(request, "hearings/rooms.html", context, status=refusal.status if refusal else 200)


def _save_room(request: HttpRequest, actor: Actor, court_id: int) -> None:
    facts: dict[str, Any] = {
        "name": request.POST.get("name", ""), "seats": whole(request.POST.get("seats"), "seats", most=2000),
    }  # fmt: skip
    if request.POST.get("room"):
        try:
            room_id = uuid.UUID(request.POST["room"])
        except ValueError:
            raise NotFound("本院没有这个法庭") from None
        actions.change_courtroom(actor=actor, court_id=court_id, room_id=room_id, **facts, now=clock.now())
        messages.success(request, "法庭已更新；已排定的庭审仍用传票上的名称")
    else:
        actions.add_courtroom(actor=actor, court_id=court_id, **facts, now=clock.now())
        messages.success(request, f"已添加{facts['name'].strip()}")
