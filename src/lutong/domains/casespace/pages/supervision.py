"""紧急查阅: the page that warns first, and the list that presidents and the auditor review."""

import uuid
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.cases import actions
from lutong.domains.cases import queries as cases
from lutong.kernel import clock
from lutong.kernel.actor import Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Conflict, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff

PAGE = 30
DONE = {"confirm": "已确认正当", "question": "已提出疑问，查阅人会收到消息"}


@require_http_methods(["GET", "POST"])
@for_staff(Duty.OPEN_URGENTLY)
def open_urgently(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Says what will follow, asks for the reason, and opens the case."""
    actor, refusal = actor_in(request), None
    found = cases.get_elsewhere(actor=actor, case_id=case_id)
    if request.method == "POST":
        try:
            actions.open_urgently(
                actor=actor, court_id=actor.court_id or 0, case_id=case_id, kind=request.POST.get("kind", ""),
                reason=request.POST.get("reason", ""), now=clock.now(),
            )  # fmt: skip
        except Conflict:
            return redirect("desk-case", case_id=case_id)
        except Refusal as caught:
            refusal = caught
        else:
            messages.success(request, f"已打开，{settings.LUTONG_URGENT_HOURS} 小时后自动关闭；已告知各方代理律师")
            return redirect("desk-case", case_id=case_id)
    context = {
        "case": found, "kinds": cases.URGENT_KINDS, "typed": request.POST, "refusal": refusal, "here": "desk-cases",
        "hours": settings.LUTONG_URGENT_HOURS,
    }  # fmt: skip
    return render(request, "casespace/desk/urgent.html", context, status=refusal.status if refusal else 200)


@require_GET
@for_staff(Duty.URGENT_LIST)
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


@require_POST
@for_staff(Duty.REVIEW_URGENT)
def review(request: HttpRequest, access_id: UUID, step: str) -> HttpResponse:
    """Confirm or question one of them; a refusal is shown above the list."""
    if step not in DONE:
        raise NotFound("没有这一步")
    actor = actor_in(request)
    try:
        actions.review_urgent(
            actor=actor, court_id=actor.court_id or 0, access_id=access_id, step=step,
            finding=request.POST.get("finding", ""), now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _index(request, refusal, access_id)
    messages.success(request, DONE[step])
    return redirect("desk-urgent")


def _index(request: HttpRequest, refusal: Refusal | None = None, at: UUID | None = None) -> HttpResponse:
    actor = actor_in(request)
    state = request.GET.get("state", "")[:12]
    rows = cases.list_urgent(actor=actor, state=state, after=_after(request), limit=PAGE + 1)
    shown = [(row, Role(row.role).label, cases.urgent_steps(actor=actor, opened=row)) for row in rows[:PAGE]]
    context: dict[str, Any] = {
        "rows": shown, "more": rows[PAGE - 1].id if len(rows) > PAGE else "", "state": state,
        "states": [("", "全部"), *cases.URGENT_STATES], "refusal": refusal, "at": at, "now": clock.now(),
        "may_open": actor.is_staff, "here": "desk-urgent",
    }  # fmt: skip
    return render(request, "casespace/desk/urgent_list.html", context, status=refusal.status if refusal else 200)


def _after(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET["before"]) if request.GET.get("before") else None
    except ValueError:
        raise NotFound("翻页位置无效，请从第一页重新浏览") from None
