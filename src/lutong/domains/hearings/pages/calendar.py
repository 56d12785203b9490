"""庭审日程: month, week and agenda of the lawyer, and the file for other calendars."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases import queries as cases
from lutong.domains.hearings import actions, queries
from lutong.domains.hearings.pages import drawing, ics
from lutong.domains.hearings.pages.reading import day_or
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability
from lutong.kernel.clock import beijing, beijing_date
from lutong.kernel.faces import actor_in, for_counsel, for_lawyers
from lutong.kernel.holidays import DAY

VIEWS = {"month": "月", "week": "周", "agenda": "日程"}
AGENDA_DAYS = 30
OWN_SHOWN = 5
FEED_BACK, FEED_AHEAD = 30 * DAY, 400 * DAY


@require_GET
@for_counsel(Capability.USE_TOOLS)
def index(request: HttpRequest, view: str = "week") -> HttpResponse:
    if view not in VIEWS:
        raise Http404
    actor, now = actor_in(request), clock.now()
    on = day_or(request.GET.get("on"), beijing_date(now))
    dates = _dates(view, on)
    start, end = beijing(dates[0]), beijing(dates[-1] + DAY)
    clashes = queries.open_clashes(actor=actor, start=start, end=end) if actor.is_lawyer else []
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
    if not actor.is_lawyer:  # an assistant sees hearings, and neither the lawyer's own days nor his feed
        return {"waiting": [], "own": [], "more_own": False, "feed": ""}
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
@for_counsel(Capability.USE_TOOLS)
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
