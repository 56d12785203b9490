"""授权审批, 会话, 人事接口: the security administrator's desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.staffing import actions, queries
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff, fresh, whole_number

DONE = {"approve": "已批准，立即生效", "refuse": "未批准，已告知提出人"}
PERIODS = {90: "90 天", 180: "半年", 365: "一年"}


@require_GET
@for_staff(Duty.APPROVALS)
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


@require_POST
@for_staff(Duty.APPROVALS)
@fresh("decide_posts")
def decide(request: HttpRequest, proposal_id: UUID, step: str) -> HttpResponse:
    """Approve or refuse one proposal."""
    if step not in DONE:
        raise NotFound("没有这一步")
    try:
        actions.decide(
            actor=actor_in(request), proposal_id=proposal_id, step=step, reason=request.POST.get("reason", ""),
            now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _index(request, refusal=refusal)
    messages.success(request, DONE[step])
    return redirect("desk-approvals")


@require_POST
@for_staff(Duty.APPROVALS)
@fresh("decide_posts")
def give_code(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The code for a first sign-in, shown once."""
    try:
        invitation, code = actions.give_code(actor=actor_in(request), invitation_id=invitation_id, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _index(request, refusal=refusal)
    return _index(request, handed=(invitation, code))


@require_http_methods(["GET", "POST"])
@for_staff(Duty.APPROVALS)
@fresh("issue_token", methods=("POST",))
def tokens(request: HttpRequest) -> HttpResponse:
    """人事接口令牌: the list, the form, and once after issuing the word itself."""
    actor, refusal, word = actor_in(request), None, ""
    if request.method == "POST":
        try:
            _, word = actions.issue_token(
                actor=actor, name=request.POST.get("name", "")[:100], days=whole_number(request.POST.get("days")),
                now=clock.now(),
            )  # fmt: skip
        except Refusal as caught:
            refusal = caught
    context = {
        "rows": queries.list_tokens(actor=actor), "word": word, "refusal": refusal, "periods": PERIODS,
        "typed": request.POST, "now": clock.now(), "here": "desk-approvals",
    }  # fmt: skip
    response = render(request, "staffing/tokens.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@for_staff(Duty.APPROVALS)
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    token = actions.revoke_token(actor=actor_in(request), token_id=token_id, now=clock.now())
    messages.success(request, f"已撤销“{token.name}”，用它的系统立即失去权限")
    return redirect("desk-provisioning")


@require_GET
@for_staff(Duty.SESSIONS)
def sessions(request: HttpRequest) -> HttpResponse:
    """Who of the court is signed in, and where."""
    text = request.GET.get("q", "").strip()[:60]
    rows = queries.list_sessions(actor=actor_in(request), text=text)
    return render(request, "staffing/sessions.html", {"rows": rows, "q": text, "here": "desk-sessions"})


@require_POST
@for_staff(Duty.SESSIONS)
def end_sessions(request: HttpRequest, member_id: UUID) -> HttpResponse:
    ended = actions.end_sessions(actor=actor_in(request), member_id=member_id, now=clock.now())
    messages.success(request, f"已结束 {ended} 个会话")
    return redirect("desk-sessions")


def _index(request: HttpRequest, *, refusal: Refusal | None = None, handed: Any = None) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    proposals = [(p, queries.LABELS.get(p.role, p.role)) for p in queries.list_proposals(actor=actor)]
    context = {
        "rows": [pair for pair in proposals if pair[0].state == "proposed"],
        "decided": [pair for pair in proposals if pair[0].state != "proposed"][:30],
        "invitations": queries.list_invitations(actor=actor, now=now), "refusal": refusal, "handed": handed,
        "me": actor.person_id, "here": "desk-approvals",
    }  # fmt: skip
    response = render(request, "staffing/approvals.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response
