"""审计留痕: the auditor's desk. He reads who did what to which case, and nothing of what is in it."""

import csv
import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lutong.domains.audit import queries as audit
from lutong.domains.audit.actions import note_look
from lutong.domains.staffing.queries import harmless
from lutong.kernel import clock
from lutong.kernel.actor import Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Invalid
from lutong.kernel.faces import actor_in, for_staff, fresh, pack_cursor, unpack_cursor

PAGE, MOST = 50, 10_000
FIELDS = ("person", "number", "act", "start", "end")
ROLES = {str(role): role.label for role in Role}


@require_GET
@for_staff(Duty.TRAIL)
def index(request: HttpRequest) -> HttpResponse:
    """The trail of the court, newest first; that it was looked at stands in it, too."""
    actor, asked = actor_in(request), _asked(request)
    before = unpack_cursor(request.GET.get("before"))
    rows = audit.list_trail(actor=actor, wanted=_filter(asked), before=before, limit=PAGE + 1)
    note_look(actor=actor, act="view_trail", facts={"narrowed": asked}, now=clock.now())
    more = pack_cursor(rows[PAGE - 1].at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "rows": [_line(event) for event in rows[:PAGE]], "more": more, "asked": asked, "query": urlencode(asked),
        "narrowed": any(asked.values()), "here": "desk-trail",
    }  # fmt: skip
    return render(request, "staffing/trail.html", context)


@require_GET
@for_staff(Duty.TRAIL)
@fresh("take_in_bulk")
def export(request: HttpRequest) -> HttpResponse:
    """The same lines as CSV, up to ten thousand, harmless to spreadsheet programs."""
    actor, asked = actor_in(request), _asked(request)
    rows = audit.list_trail(actor=actor, wanted=_filter(asked), limit=MOST)
    note_look(actor=actor, act="export_trail", facts={"narrowed": asked, "rows": len(rows)}, now=clock.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="trail.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(["时间", "行为人", "角色", "行为", "对象"])
    for event in rows:
        at, *cells = _line(event)
        table.writerow([harmless(cell) for cell in (f"{at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}", *cells)])
    return response


def _line(event: Any) -> tuple[Any, ...]:
    role = ROLES.get(event.actor_role, event.actor_role)
    return event.at, event.who, role, audit.label_of(event.action), audit.told_to_auditor(event)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {field: request.GET.get(field, "").strip()[:60] for field in FIELDS}


def _filter(asked: dict[str, str]) -> audit.TrailFilter:
    return audit.TrailFilter(
        person=asked["person"], number=asked["number"].replace("(", "（").replace(")", "）"), act=asked["act"],
        start_on=_day(asked, "start"), end_on=_day(asked, "end"),
    )  # fmt: skip


def _day(asked: dict[str, str], field: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(asked[field]) if asked[field] else None
    except ValueError:
        raise Invalid("日期请按 2026-11-22 的格式填写", fields={field: "例如 2026-11-22"}) from None
