"""Turned away: whose licence is not in force learns why, what to do, and which periods of his clients are running."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lutong.domains.cases.queries import my_deadlines
from lutong.domains.courts.queries import get_court
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotAllowed
from lutong.site.problems import problem, wants_problem

MOST = 20


def turned_away(request: HttpRequest, refusal: NotAllowed) -> HttpResponse:
    """Answer with the reason, and end the session once its owner has seen it."""
    person_id, name = int(request.user.pk or 0), str(request.user)
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        logout(request)
    request.actor = None  # type: ignore[attr-defined]
    return answer(request, refusal, person_id=person_id, name=name)


def answer(request: HttpRequest, refusal: NotAllowed, *, person_id: int, name: str) -> HttpResponse:
    """The page, or for a program the problem. The periods keep running: the page names the way by paper or counter."""
    if wants_problem(request):
        facts: dict[str, object] = refusal.facts
        return problem(refusal.status, refusal.code, refusal.message, **facts)  # type: ignore[arg-type]
    deadlines = my_deadlines(actor=Actor(person_id, Role.LAWYER, name), limit=MOST)
    rows = [(deadline, get_court(court_id=deadline.court_id)) for deadline in deadlines]
    response = render(request, "identity/refused.html", {"refusal": refusal, "rows": rows}, status=403)
    response["Cache-Control"] = "no-store"
    if getattr(request, "htmx", False):
        response["HX-Refresh"] = "true"
    return response
