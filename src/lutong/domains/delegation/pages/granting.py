"""授权: choose the case, then what the assistant may do there; the form is made of `Capability` itself."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.cases.queries import CaseFilter, get_case, list_my_cases
from lutong.domains.delegation import actions, queries
from lutong.kernel import clock
from lutong.kernel.capabilities import GRAVE
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_lawyers, whole_day, whole_number

MOST_CASES = 50


@require_GET
@for_lawyers
def choose(request: HttpRequest, assistantship_id: uuid.UUID) -> HttpResponse:
    """一案一指定: which case."""
    actor, text = actor_in(request), request.GET.get("q", "").strip()[:80]
    assistant = queries.get_assistant(actor=actor, assistantship_id=assistantship_id)
    rows = list_my_cases(actor=actor, wanted=CaseFilter(text=text), limit=MOST_CASES)
    granted = {g.case_id for g in queries.list_grants(actor=actor, assistantship_id=assistantship_id)}
    context = {
        "here": "assistants", "a": assistant, "rows": [(row, row.id in granted) for row in rows], "q": text,
        "most": len(rows) == MOST_CASES,
    }  # fmt: skip
    return render(request, "delegation/choose.html", context)


@require_http_methods(["GET", "POST"])
@for_lawyers
def grant(request: HttpRequest, assistantship_id: uuid.UUID, court_id: int, case_id: uuid.UUID) -> HttpResponse:
    """The grant screen; nothing is ticked until the lawyer ticks it, and the grave ones twice."""
    if request.method == "GET":
        return _form(request, assistantship_id, court_id, case_id)
    data = request.POST
    try:
        made = actions.allow(
            actor=actor_in(request), assistantship_id=assistantship_id, court_id=court_id, case_id=case_id,
            version=whole_number(data.get("version")) or None, now=clock.now(),
            terms=actions.Terms(
                capabilities=data.getlist("capabilities"), expressly=data.getlist("expressly"),
                starts_on=whole_day(data.get("starts_on", ""), "starts_on"),
                ends_on=whole_day(data.get("ends_on", ""), "ends_on"),
            ),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, assistantship_id, court_id, case_id, refusal)
    messages.success(request, f"已授权{made.person_name}：{'、'.join(queries.labels_of(made))}，立即生效")
    return redirect(_back(request))


@require_POST
@for_lawyers
def revoke(request: HttpRequest, grant_id: uuid.UUID) -> HttpResponse:
    gone = actions.revoke(actor=actor_in(request), grant_id=grant_id, now=clock.now())
    messages.success(request, f"已撤销{gone.person_name}在 {gone.number} 的授权，立即生效")
    return redirect(_back(request))


def _form(
    request: HttpRequest, assistantship_id: uuid.UUID, court_id: int, case_id: uuid.UUID,
    refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    actor = actor_in(request)
    assistant = queries.get_assistant(actor=actor, assistantship_id=assistantship_id)
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    standing = next(
        (g for g in queries.list_grants(actor=actor, assistantship_id=assistantship_id) if g.case_id == case_id), None
    )
    typed = request.POST if refusal else None
    chosen = typed.getlist("capabilities") if typed is not None else list(standing.capabilities) if standing else []
    context: dict[str, Any] = {
        "here": "assistants", "a": assistant, "case": case, "grant": standing, "refusal": refusal, "chosen": chosen,
        "expressly": typed.getlist("expressly") if typed is not None else [],
        "light": [c for c in queries.CASE_CAPABILITIES if c not in GRAVE and not c.is_given_with_any],
        "given": [c for c in queries.CASE_CAPABILITIES if c.is_given_with_any],
        "grave": [c for c in queries.CASE_CAPABILITIES if c in GRAVE],
        "starts_on": typed.get("starts_on", "") if typed is not None else _begins(standing),
        "ends_on": typed.get("ends_on", "") if typed is not None else _ends(standing),
        "back": _back(request),
    }  # fmt: skip
    return render(request, "delegation/grant.html", context, status=refusal.status if refusal else 200)


def _begins(standing: Any) -> str:
    """The day on which it begins, when that is still to come."""
    if standing is None or standing.starts_at <= clock.now():
        return ""
    return clock.beijing_date(standing.starts_at).isoformat()


def _ends(standing: Any) -> str:
    return standing.last_day.isoformat() if standing and standing.last_day else ""


def _back(request: HttpRequest) -> str:
    """The page that the lawyer came from: 我的助理, or the team of the case."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if here else "/assistants/"
