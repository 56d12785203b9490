"""我的助理: three places, what each may do, what each did, and the quarterly review."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.audit.queries import label_of, list_events_for
from lutong.domains.delegation import actions, queries
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_lawyers, fresh


@require_GET
@for_lawyers
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


@require_POST
@for_lawyers
@fresh("add_assistant")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite by number; a refusal is shown above the form and the number stays."""
    try:
        made = actions.invite(actor=actor_in(request), number=request.POST.get("number", "")[:60], now=clock.now())
    except Refusal as refusal:
        return _index(request, refusal)
    messages.success(request, f"已邀请{made.name}，对方接受并通过核验后生效")
    return redirect("assistants")


@require_POST
@for_lawyers
def review(request: HttpRequest) -> HttpResponse:
    """一键确认."""
    try:
        restored = actions.confirm_review(actor=actor_in(request), now=clock.now())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect("assistants")
    messages.success(request, f"已确认助理账号{f'，恢复 {restored} 项授权' if restored else ''}")
    return redirect("assistants")


@require_POST
@for_lawyers
def revoke_all(request: HttpRequest) -> HttpResponse:
    """一键撤销 of everything."""
    count = actions.revoke_all(actor=actor_in(request), now=clock.now())
    messages.success(request, f"已撤销全部 {count} 项授权，立即生效")
    return redirect("assistants")


@require_GET
@for_lawyers
def show(request: HttpRequest, assistantship_id: uuid.UUID) -> HttpResponse:
    """One assistant: grants by case, and the trail of what he did."""
    actor = actor_in(request)
    assistant = queries.get_assistant(actor=actor, assistantship_id=assistantship_id)
    grants = queries.list_grants(actor=actor, assistantship_id=assistantship_id, ended=True)
    context = {
        "here": "assistants", "a": assistant, "now": clock.now(),
        "grants": [_told(g) for g in grants if g.state != "revoked"],
        "past": [_told(g) for g in grants if g.state == "revoked"][:20],
        "events": _trail(actor, assistant, grants),
    }  # fmt: skip
    return render(request, "delegation/assistant.html", context)


@require_POST
@for_lawyers
def end(request: HttpRequest, assistantship_id: uuid.UUID) -> HttpResponse:
    """Withdraw an invitation, or let an assistant go."""
    return _do(request, "已终止，全部授权同时撤销", lambda actor: actions.end_assistant(
        actor=actor, assistantship_id=assistantship_id, now=clock.now()
    ))  # fmt: skip


@require_POST
@for_lawyers
def verify(request: HttpRequest, assistantship_id: uuid.UUID) -> HttpResponse:
    """重新核验 of one who accepted while the registry gave no answer."""
    return _do(request, "核验平台已应答，请看下面的状态", lambda actor: actions.verify_again(
        actor=actor, assistantship_id=assistantship_id, now=clock.now()
    ))  # fmt: skip


@require_POST
@for_lawyers
def revoke_of(request: HttpRequest, assistantship_id: uuid.UUID) -> HttpResponse:
    """一键撤销 of one assistant's grants."""
    return _do(request, "已撤销这名助理的全部授权，立即生效", lambda actor: actions.revoke_all(
        actor=actor, assistantship_id=assistantship_id, now=clock.now()
    ))  # fmt: skip


def _do(request: HttpRequest, done: str, work: Any) -> HttpResponse:
    try:
        work(actor_in(request))
        messages.success(request, done)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return redirect("assistants")


def _index(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    grants = queries.list_grants(actor=actor)
    assistants = [
        (one, [_told(g) for g in grants if g.assistantship_id == one.id])
        for one in queries.list_assistants(actor=actor)
    ]
    roster = queries.roster_of(actor=actor)
    today = clock.beijing_date(now)
    context: dict[str, Any] = {
        "here": "assistants", "assistants": assistants, "past": queries.list_assistants(actor=actor, living=False),
        "free": range(queries.free_places(actor=actor, now=now)), "roster": roster, "today": today, "now": now,
        "due": roster is not None and roster.review_due_on is not None and roster.review_due_on <= today,
        "lapses_on": queries.review_lapses(roster=roster) if roster else None,
        "suspended": sum(g.state == "suspended" for g in grants), "granted": len(grants),
        "refusal": refusal, "typed": request.POST.get("number", "")[:60],
    }  # fmt: skip
    return render(request, "delegation/assistants.html", context, status=refusal.status if refusal else 200)


def _told(grant: Any) -> tuple[Any, list[str]]:
    """A grant and its permissions in words."""
    return grant, queries.labels_of(grant)


def _trail(actor: Actor, assistant: Any, grants: list[Any]) -> list[tuple[Any, str]]:
    if assistant.person_id is None:
        return []
    cases: dict[int, set[uuid.UUID]] = {}
    for grant in grants:
        if grant.court_id is not None:
            cases.setdefault(grant.court_id, set()).add(grant.case_id)
    events = list_events_for(actor=actor, person_id=assistant.person_id, cases=cases)
    return [(event, label_of(event.action)) for event in events]
