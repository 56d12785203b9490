"""工作台: what is due, what comes next, what to go on with."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from lutong.domains.cases.queries import CaseFilter, list_my_cases, my_deadlines
from lutong.domains.eservice.queries import unsigned_count
from lutong.domains.filing.queries import list_drafts
from lutong.domains.hearings.queries import my_days, open_clashes
from lutong.domains.notices.queries import list_notices
from lutong.kernel import clock
from lutong.kernel.actor import Role
from lutong.kernel.duties import home_of
from lutong.kernel.faces import actor_in, signed_in

SOON = dt.timedelta(days=45)
MANY = 100


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Lawyers see their desk, assistants what was granted to them; staff go to the desk of their work."""
    actor, now = actor_in(request), clock.now()
    if actor.role is Role.ASSISTANT:
        return _of_assistant(request) if actor.is_assistant else redirect("assisting")
    if desk := home_of(actor.role):
        return redirect(desk)
    if actor.court_id is not None:
        return render(request, "casespace/elsewhere.html", {"here": "home"})
    today = clock.beijing_date(now)
    due = my_deadlines(actor=actor, end_on=today + SOON, limit=12)
    returned = list_drafts(actor=actor, tab="returned", limit=MANY)
    drafts = list_drafts(actor=actor, tab="draft", limit=5)
    clashes = open_clashes(actor=actor, now=now)
    context = {
        "here": "home", "today": today, "hour": now.astimezone(clock.BEIJING).hour,
        "deadlines": due, "soonest": due[0] if due else None,
        "notices": list_notices(actor=actor, limit=6),
        "cases": list_my_cases(actor=actor, wanted=CaseFilter(), limit=6),
        "days": my_days(actor=actor, now=now, limit=5),
        "clashes": len(clashes), "clashing": {entry.id for clash in clashes for entry in clash.pair},
        "fee_due": len(list_my_cases(actor=actor, wanted=CaseFilter(stage="fee_due", side="plaintiff"), limit=MANY)),
        "unsigned": unsigned_count(actor=actor), "returned": len(returned), "drafts": [*returned, *drafts][:5],
    }  # fmt: skip
    return render(request, "casespace/home.html", context)


def _of_assistant(request: HttpRequest) -> HttpResponse:
    """The desk of an assistant at work: periods, hearings and cases within his grants, and his own messages."""
    actor, now = actor_in(request), clock.now()
    today = clock.beijing_date(now)
    context = {
        "here": "home", "today": today, "deadlines": my_deadlines(actor=actor, end_on=today + SOON, limit=12),
        "cases": list_my_cases(actor=actor, wanted=CaseFilter(), limit=12),
        "days": my_days(actor=actor, now=now, limit=5), "notices": list_notices(actor=actor, limit=6),
    }  # fmt: skip
    return render(request, "casespace/home_assistant.html", context)
