"""我协助的律师: invitations, for whom to act, and what each lawyer has granted."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.delegation import actions, queries
from lutong.domains.identity.queries import be_oneself, remember
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_bar

DONE = {"accept": "已接受邀请", "verify": "核验平台已应答", "decline": "已谢绝邀请", "leave": "已退出，授权同时终止"}


@require_GET
@for_bar
def index(request: HttpRequest) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    actions.claim_invitations(actor=actor, now=now)
    rows = queries.list_engagements(actor=actor)
    working = [(row, _granted(actor, row.principal_id, now)) for row in rows if row.state == "active"]
    context = {
        "here": "assisting", "invited": [r for r in rows if r.state == "invited" and r.expires_at > now],
        "waiting": [r for r in rows if r.state == "accepted"], "working": working,
        "past": queries.list_engagements(actor=actor, states=("ended", "declined", "expired"), limit=10),
    }  # fmt: skip
    return render(request, "delegation/assisting.html", context)


@require_POST
@for_bar
def answer(request: HttpRequest, engagement_id: uuid.UUID, answer: str) -> HttpResponse:
    """Accept, decline or leave; ask again for a verification that waits."""
    actor, now = actor_in(request), clock.now()
    if answer not in DONE:
        raise NotFound("没有这一步")
    try:
        if answer in ("accept", "verify"):
            if answer == "accept":
                taken = actions.accept(actor=actor, engagement_id=engagement_id, now=now)
            else:
                taken = actions.verify_again(actor=actor, assistantship_id=engagement_id, now=now)
            done = {
                "active": "已接受邀请并通过核验；律师按案件授权后，您就可以代为办理",
                "accepted": "已接受邀请。律师身份核验平台暂时没有应答，稍后自动核验",
            }
            messages.success(request, done.get(str(taken.state), f"没有通过核验：{taken.end_reason}"))
        else:
            work = actions.decline if answer == "decline" else actions.leave
            work(actor=actor, engagement_id=engagement_id, now=now)
            messages.success(request, DONE[answer])
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return redirect("assisting")


@require_POST
@for_bar
def act(request: HttpRequest, lawyer_id: int) -> HttpResponse:
    """代这名律师办理, until he goes back to himself."""
    try:
        acting = actions.act_for(actor=actor_in(request), lawyer_id=lawyer_id, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect("assisting")
    remember(actor=acting, session=request.session, stamp=request.user.stamp)  # type: ignore[union-attr]  # signed in
    return redirect("home")


@require_POST
@for_bar
def back(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    be_oneself(session=request.session)
    return redirect("assisting")


def _granted(actor: Actor, principal_id: int, now: dt.datetime) -> list[tuple[Any, list[str]]]:
    grants = queries.grants_of(actor=actor, principal_id=principal_id, now=now)
    return [(grant, queries.labels_of(grant)) for grant in grants]
