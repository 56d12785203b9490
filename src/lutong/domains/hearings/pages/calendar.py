"""庭审日程: month, week and agenda of the lawyer, and the file for other calendars."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.cases import queries as cases
from lutong.domains.hearings import actions, queries
from lutong.domains.hearings.pages import drawing, ics
from lutong.domains.hearings.pages.reading import day_or, on_beijing_clock, read_clock, read_day, whole
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing, beijing_date
from lutong.kernel.errors import Conflict, Invalid, Refusal
from lutong.kernel.faces import actor_in, for_lawyers
from lutong.kernel.holidays import DAY

VIEWS = {"month": "月", "week": "周", "agenda": "日程"}
AGENDA_DAYS = 30
OWN_SHOWN = 5
FEED_BACK, FEED_AHEAD = 30 * DAY, 400 * DAY
OWN_FIELDS = ("title", "place", "city", "mode", "day", "starts", "ends")


@require_GET
@for_lawyers
def index(request: HttpRequest, view: str = "week") -> HttpResponse:
    if view not in VIEWS:
        raise Http404
    actor, now = actor_in(request), clock.now()
    on = day_or(request.GET.get("on"), beijing_date(now))
    dates = _dates(view, on)
    start, end = beijing(dates[0]), beijing(dates[-1] + DAY)
    clashes = queries.open_clashes(actor=actor, start=start, end=end)
    days, hours = drawing.draw_days(
        dates=dates, entries=queries.my_calendar(actor=actor, start=start, end=end), clashes=clashes,
        deadlines=cases.my_deadlines(actor=actor, start_on=dates[0], end_on=dates[-1]), today=beijing_date(now),
    )  # fmt: skip
    for day in days:
        day.outside = view == "month" and day.date.month != on.month
    context = _shell(actor, now) | {
        "here": "calendar", "view": view, "views": VIEWS, "on": on, "days": days,
        "hours": [(f"{hour:02d}:00", (hour - hours[0]) * 4 + 1) for hour in hours],
        "empty": not any(day.entries or day.deadlines for day in days),
        "first": dates[0], "last": dates[-1], "today": beijing_date(now), **_neighbours(view, on),
    }  # fmt: skip
    return render(request, "hearings/calendar.html", context)


def _dates(view: str, on: dt.date) -> list[dt.date]:
    if view == "month":
        return drawing.month_of(on)
    return drawing.week_of(on) if view == "week" else [on + i * DAY for i in range(AGENDA_DAYS)]


def _neighbours(view: str, on: dt.date) -> dict[str, dt.date]:
    if view == "month":
        return {"before": drawing.next_month(on, -1), "after": drawing.next_month(on, 1)}
    step = (7 if view == "week" else AGENDA_DAYS) * DAY
    return {"before": on - step, "after": on + step}


def _shell(actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """What stands beside every view: what waits, own events, the address of the feed."""
    token = queries.feed_token_of(actor=actor)
    own = queries.my_own_events(actor=actor, now=now, limit=OWN_SHOWN + 1)
    return {
        "waiting": queries.open_clashes(actor=actor, now=now), "own": own[:OWN_SHOWN],
        "more_own": len(own) > OWN_SHOWN, "feed": _feed_url(actor, token) if token else "",
    }  # fmt: skip


def _feed_url(actor: Actor, token: str) -> str:
    scheme, _, rest = str(settings.LUTONG_WEB_URL).partition("://")
    return f"webcal{'s' if scheme == 'https' else ''}://{rest}{reverse('calendar-feed', args=[actor.person_id, token])}"


@require_GET
@for_lawyers
def download(request: HttpRequest) -> HttpResponse:
    """The entries from `from` until `to` (both included), as a file."""
    actor, today = actor_in(request), beijing_date(clock.now())
    first = day_or(request.GET.get("from"), today)
    last = min(max(day_or(request.GET.get("to"), first + 6 * DAY), first), first + FEED_AHEAD)
    entries = queries.my_calendar(actor=actor, start=beijing(first), end=beijing(last + DAY))
    response = _file(ics.write(entries=entries, name="律通庭审日程"))
    response["Content-Disposition"] = f'attachment; filename="lutong-{first.isoformat()}.ics"'
    return response


@require_GET
def feed(request: HttpRequest, lawyer_id: int, token: str) -> HttpResponse:
    """No session: whoever holds the address reads times, courts and rooms."""
    now = clock.now()
    actor = queries.lawyer_of_feed(lawyer_id=lawyer_id, token=token)
    with reading(actor):
        entries = queries.my_calendar(actor=actor, start=now - FEED_BACK, end=now + FEED_AHEAD)
        response = _file(ics.write(entries=entries, name="律通庭审日程"))
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _file(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@require_POST
@for_lawyers
def open_feed(request: HttpRequest) -> HttpResponse:
    actions.open_feed(actor=actor_in(request), now=clock.now())
    messages.success(request, "订阅地址已生成，可在“订阅日历”中复制。旧地址（如有）已失效")
    return redirect("calendar")


@require_POST
@for_lawyers
def close_feed(request: HttpRequest) -> HttpResponse:
    actions.close_feed(actor=actor_in(request), now=clock.now())
    messages.success(request, "订阅地址已停用，原来订阅的日历不再更新")
    return redirect("calendar")


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
        event = actions.add_own_event(actor=actor_in(request), **_own_facts(typed), now=clock.now())
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
            actor=actor, event_id=event_id, version=version, **_own_facts(typed), now=clock.now()
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
    context = {
        "here": "calendar", "typed": typed, "event": event, "errors": refusal.fields if refusal else {},
        "sentence": refusal.message if refusal else "",
    }  # fmt: skip
    return render(request, "hearings/own_event.html", context, status=refusal.status if refusal else 200)


def _back(request: HttpRequest, event: Any, sentence: str) -> HttpResponse:
    hits = [c for c in queries.open_clashes(actor=actor_in(request)) if event.id in (c.one.id, c.other.id)]
    if hits:
        messages.warning(request, f"{sentence}。与 {len(hits)} 项日程冲突：{hits[0].text}，见“待处理冲突”")
    else:
        messages.success(request, sentence)
    return redirect(f"{reverse('calendar')}?on={beijing_date(event.starts_at).isoformat()}")
