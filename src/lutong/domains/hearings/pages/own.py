"""自行添加的日程: the lawyer's own events and their proof."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.dossier import queries as dossier
from lutong.domains.hearings import actions, queries
from lutong.domains.hearings.pages.reading import (
    day_or,
    on_beijing_clock,
    read_clock,
    read_day,
    uuid_or_none,
    whole,
)
from lutong.kernel import clock, tickets
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_lawyers

OWN_FIELDS = ("title", "place", "city", "mode", "day", "starts", "ends")


@require_GET
@for_lawyers
def own_events(request: HttpRequest) -> HttpResponse:
    rows = queries.my_own_events(actor=actor_in(request), now=clock.now(), limit=200)
    return render(request, "hearings/own_events.html", {"here": "calendar", "rows": rows})


@require_http_methods(["GET", "POST"])
@for_lawyers
def add_own(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        day = day_or(request.GET.get("on"), beijing_date(clock.now()))
        typed = {"mode": "onsite", "day": day.isoformat(), "starts": "09:00", "ends": "11:00"}
        return _own_form(request, typed, None)
    typed = {name: request.POST.get(name, "")[:300] for name in OWN_FIELDS}
    try:
        event = actions.add_own_event(
            actor=actor_in(request), **_own_facts(typed), proof_id=_proof(request), now=clock.now()
        )
    except Refusal as refusal:
        return _own_form(request, typed, None, refusal)
    return _back(request, event, "日程已添加")


@require_http_methods(["GET", "POST"])
@for_lawyers
def change_own(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    actor = actor_in(request)
    event = queries.get_own_event(actor=actor, event_id=event_id)
    if request.method == "GET":
        local = event.starts_at.astimezone(clock.BEIJING), event.ends_at.astimezone(clock.BEIJING)
        typed = {
            "title": event.title, "place": event.place, "city": event.city, "mode": event.mode,
            "day": local[0].date().isoformat(), "starts": f"{local[0]:%H:%M}", "ends": f"{local[1]:%H:%M}",
        }  # fmt: skip
        return _own_form(request, typed, event)
    typed = {name: request.POST.get(name, "")[:300] for name in OWN_FIELDS}
    try:
        version = whole(request.POST.get("version"), "version", most=10**8)
        event = actions.change_own_event(
            actor=actor,
            event_id=event_id,
            version=version,
            **_own_facts(typed),
            proof_id=_proof(request, event),
            now=clock.now(),
        )
    except (Invalid, Conflict) as refusal:
        return _own_form(request, typed, event, refusal)
    return _back(request, event, "日程已更新")


@require_POST
@for_lawyers
def remove_own(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    version = whole(request.POST.get("version"), "version", most=10**8)
    actions.remove_own_event(actor=actor_in(request), event_id=event_id, version=version, now=clock.now())
    messages.success(request, "日程已删除")
    return redirect("calendar")


def _own_facts(typed: dict[str, str]) -> dict[str, Any]:
    day = read_day(typed["day"])
    starts = on_beijing_clock(day, read_clock(typed["starts"], "starts"))
    ends = on_beijing_clock(day, read_clock(typed["ends"], "ends"))
    return {"starts_at": starts, "ends_at": ends, **{k: typed[k] for k in ("title", "place", "city", "mode")}}


def _own_form(
    request: HttpRequest, typed: dict[str, str], event: Any, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    key = event.id if event else uuid_or_none(request.POST.get("key")) or uuid.uuid4()
    context = {
        "here": "calendar", "typed": typed, "event": event, "errors": refusal.fields if refusal else {}, "key": key,
        "sentence": refusal.message if refusal else "", "kept": _uploaded(request, key) if refusal else [],
    }  # fmt: skip
    return render(request, "hearings/own_event.html", context, status=refusal.status if refusal else 200)


@require_POST
@for_lawyers
def proof_ticket(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A pass for the file process: this person may put the proof of this one event."""
    pass_ = tickets.UploadTicket(actor_in(request), _purpose(key), ("proof",))
    signed = tickets.issue_upload(pass_, now=clock.now())
    return JsonResponse({"ticket": signed, "url": f"{settings.LUTONG_FILES_URL}/uploads", "uploads": []})


@require_GET
@for_lawyers
def proof(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """The proof as its owner gave it; nobody else has an address for it."""
    actor = actor_in(request)
    event = queries.get_own_event(actor=actor, event_id=event_id)
    if event.proof_id is None:
        raise NotFound("这项日程没有凭证")
    upload = dossier.get_upload(actor=actor, upload_id=event.proof_id)
    ticket = tickets.ReadTicket(
        object_key=upload.object_key, sealed_key=bytes(upload.sealed_key), size=upload.declared_size,
        media_type=upload.media_type, name=upload.filename, person_id=actor.person_id, disposition="attachment",
        sha256=upload.sha256,
    )  # fmt: skip
    return redirect(f"{settings.LUTONG_FILES_URL}/f/{tickets.issue_read(ticket, now=clock.now())}")


def _proof(request: HttpRequest, event: Any = None) -> uuid.UUID | None:
    """The newest of the uploads that the form names, else the proof that the event has and keeps."""
    named = [upload_id for text in request.POST.getlist("proof") if (upload_id := uuid_or_none(text))]
    if named:
        return named[-1]
    return event.proof_id if event and not request.POST.get("drop_proof") else None


def _uploaded(request: HttpRequest, key: uuid.UUID) -> list[dict[str, Any]]:
    """Files of a refused form, as the upload box shows them again."""
    uploads = dossier.list_uploads(actor=actor_in(request), purpose=_purpose(key))
    return [
        {
            "id": str(u.id), "filename": u.filename, "size": u.declared_size, "offset": u.offset, "state": u.state,
            "pages": u.pages, "sm3": u.sm3, "sha256": u.sha256, "warnings": u.warnings, "refusal": u.refusal,
            "finished_at": u.finished_at.isoformat() if u.finished_at else None, "place": "proof",
        }
        for u in uploads
    ]  # fmt: skip


def _purpose(key: uuid.UUID) -> str:
    return f"own:{key.hex}"


def _back(request: HttpRequest, event: Any, sentence: str) -> HttpResponse:
    hits = [c for c in queries.open_clashes(actor=actor_in(request)) if event.id in (c.one.id, c.other.id)]
    if hits:
        messages.warning(request, f"{sentence}。与 {len(hits)} 项日程冲突：{hits[0].text}，见“待处理冲突”")
    else:
        messages.success(request, sentence)
    return redirect(f"{reverse('calendar')}?on={beijing_date(event.starts_at).isoformat()}")
