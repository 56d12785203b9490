"""案件空间: one case on one page, for counsel of record."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lutong.domains.cases.queries import get_case
from lutong.domains.casespace import panels
from lutong.domains.casespace.gathering import gather
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, for_counsel


@require_GET
@for_counsel(Capability.READ_CASE)
def show(request: HttpRequest, court_id: int, case_id: UUID, tab: str = "overview") -> HttpResponse:
    """A tab of the case; htmx asks for the panel only."""
    now = clock.now()
    if tab not in panels.TABS:
        raise NotFound("没有这个页面")
    get_case(actor=actor_in(request), court_id=court_id, case_id=case_id, needs=panels.needed_by(tab))
    facts = gather(actor=actor_in(request), court_id=court_id, case_id=case_id, now=now)
    context: dict[str, Any] = {
        "case": facts.case, "tab": tab, "here": "cases", "today": clock.beijing_date(now),
        "panel": f"casespace/_{tab}.html",
    }  # fmt: skip
    context |= panels.shared(facts) | panels.PANELS[tab](facts, request.GET)
    if getattr(request, "htmx", False):
        return render(request, context["panel"], context)
    return render(request, "casespace/case.html", context | panels.head(facts))
