"""门禁通行: the log, the venues and their devices, and who has come to a hearing."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.gatepass import actions, queries
from lutong.domains.gatepass.pages.lawyer import purpose_label, reason_words, show_arrivals
from lutong.domains.gatepass.queries import GateDevice
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff, pack_cursor, unpack_cursor
from lutong.kernel.holidays import DAY

PAGE = 50
ONLY = {"": "全部", "refused": "未通行", "flagged": "需要核查"}


def court_of(actor: Actor) -> int:
    """The court in which a member of staff works."""
    if actor.court_id is None:
        raise NotFound("没有这个页面，或您无权查看")
    return actor.court_id


@require_GET
@for_staff(Duty.GATES)
def log(request: HttpRequest) -> HttpResponse:
    actor, today = actor_in(request), beijing_date(clock.now())
    court_id, day = court_of(actor), _day(request.GET.get("on", ""), today)
    only = request.GET.get("only", "") if request.GET.get("only", "") in ONLY else ""
    found = queries.list_scans(
        actor=actor, court_id=court_id, day=day, only=only, before=unpack_cursor(request.GET.get("before")),
        limit=PAGE + 1,
    )  # fmt: skip
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "here": "desk-gate", "tab": "log", "day": day, "today": today, "earlier": day - DAY, "later": day + DAY,
        "only": only, "filters": ONLY, "numbers": queries.today_in_numbers(actor=actor, court_id=court_id, day=day),
        "rows": [(s, purpose_label(s.purpose), reason_words(s.reason)) for s in found[:PAGE]],
        "next": pack_cursor(last.at.isoformat(), last.id) if last else "", "serves": queries.may_serve(actor=actor),
    }  # fmt: skip
    return render(request, "gatepass/log.html", context)


@require_http_methods(["GET", "POST"])
@for_staff(Duty.GATES)
def devices(request: HttpRequest) -> HttpResponse:
    """The venues with their devices; a POST adds one or the other."""
    actor = actor_in(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return _add(request, actor, court_of(actor))
        except NotFound:
            raise
        except Refusal as caught:
            refusal = caught
    return show_devices(request, refusal)


def show_devices(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The list, also after a refused step, with its sentence on top."""
    actor = actor_in(request)
    court_id, now = court_of(actor), clock.now()
    held = queries.list_devices(actor=actor, court_id=court_id)
    context = {
        "here": "desk-gate", "tab": "devices", "refusal": refusal, "serves": queries.may_serve(actor=actor),
        "venues": [
            (venue, [d for d in held if d.venue_id == venue.id])
            for venue in queries.list_venues(actor=actor, court_id=court_id)
        ],
        "rooms": queries.list_rooms_without_gate(actor=actor, court_id=court_id), "quiet_since": now - DAY,
        "typed": {name: request.POST.get(name, "")[:80] for name in ("name", "device_name", "venue", "kind", "room")},
    }  # fmt: skip
    return render(request, "gatepass/devices.html", context, status=refusal.status if refusal else 200)


@require_POST
@for_staff(Duty.GATES)
def venue_step(request: HttpRequest, venue_id: uuid.UUID) -> HttpResponse:
    """Open or close a venue."""
    actor = actor_in(request)
    active = request.POST.get("active") == "1"
    venue = actions.change_venue(
        actor=actor, court_id=court_of(actor), venue_id=venue_id, active=active, now=clock.now()
    )
    messages.success(request, f"{venue.name}已{'启用' if active else '停用，不再为它签发一码通'}")
    return redirect("desk-gate-devices")


@require_POST
@for_staff(Duty.GATES)
def renew(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    actor = actor_in(request)
    device, token = actions.renew_device(actor=actor, court_id=court_of(actor), device_id=gate_id, now=clock.now())
    return _show_token(request, device, token)


@require_POST
@for_staff(Duty.GATES)
def revoke(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    actor = actor_in(request)
    try:
        device = actions.revoke_device(actor=actor, court_id=court_of(actor), device_id=gate_id, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return show_devices(request, refusal)
    messages.success(request, f"{device.name}已停用，下次联网时清除本机名单")
    return redirect("desk-gate-devices")


@require_GET
@for_staff(Duty.HEARINGS)
def arrivals(request: HttpRequest, hearing_id: uuid.UUID) -> HttpResponse:
    """谁已到庭, the part of the hearing's page that renews itself."""
    return show_arrivals(request, court_of(actor_in(request)), hearing_id)


def _add(request: HttpRequest, actor: Actor, court_id: int) -> HttpResponse:
    if request.POST.get("what") == "device":
        device, token = actions.add_device(
            actor=actor, court_id=court_id, venue_id=_id(request.POST.get("venue", "")) or uuid.UUID(int=0),
            name=request.POST.get("device_name", ""), now=clock.now(),
        )  # fmt: skip
        return _show_token(request, device, token)
    venue = actions.add_venue(
        actor=actor, court_id=court_id, kind=request.POST.get("kind", ""), name=request.POST.get("name", ""),
        room_id=_id(request.POST.get("room", "")), now=clock.now(),
    )  # fmt: skip
    messages.success(request, f"已登记{venue.name}，请再登记放在那里的设备")
    return redirect("desk-gate-devices")


def _show_token(request: HttpRequest, device: GateDevice, token: str) -> HttpResponse:
    """The only page that ever shows a token; it is not kept by any cache."""
    context: dict[str, Any] = {
        "here": "desk-gate", "tab": "devices", "device": device, "token": token,
        "server": settings.LUTONG_WEB_URL, "page": settings.LUTONG_WEB_URL + reverse("gate"),
        "link": f"{settings.LUTONG_WEB_URL}{reverse('gate')}#{token}", "serves": True,
    }  # fmt: skip
    response = render(request, "gatepass/token.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _id(word: str) -> uuid.UUID | None:
    if not word:
        return None
    try:
        return uuid.UUID(word)
    except ValueError:
        raise Invalid("选择无效，请重新选择") from None


def _day(word: str, today: Any) -> Any:
    try:
        day = type(today).fromisoformat(word)
    except ValueError:
        return today
    return day if abs((day - today).days) <= 400 else today
