"""案件空间: one case on one page, for counsel of record."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lutong.domains.cases import queries as cases
from lutong.domains.casespace import panels
from lutong.kernel import clock
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, for_lawyers


@require_GET
@for_lawyers
def show(request: HttpRequest, court_id: int, case_id: UUID, tab: str = "overview") -> HttpResponse:
    """A tab of the case; htmx asks for the panel only."""
    actor, now = actor_in(request), clock.now()
    if tab not in panels.TABS:
        raise NotFound("没有这个页面")
    case = cases.get_case(actor=actor, court_id=court_id, case_id=case_id)
    context: dict[str, Any] = {"case": case, "tab": tab, "here": "cases", "today": clock.beijing_date(now)}
    context |= panels.PANELS[tab](actor=actor, case=case, now=now, query=request.GET)
    context["panel"] = f"casespace/_{tab}.html"
    if getattr(request, "htmx", False):
        return render(request, context["panel"], context)
    context |= panels.head(actor=actor, case=case, now=now)
    context["tabs"] = panels.TABS.items()
    return render(request, "casespace/case.html", context)
