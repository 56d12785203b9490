"""实人核验 at the desk of a bureau or a court: films that wait, one beside the photo, people at the counter."""

import uuid
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.verification.livecheck import actions, queries
from lutong.verification.livecheck.actions.holding import holder_of
from lutong.verification.livecheck.rules import Method
from lutong.verification.livecheck.states import LABELS, State
from lutong.verification.registry.actors import CourtActor, DeskActor
from lutong.verification.registry.faces import desk_tabs, for_desks

PAGE = 50
_ACTS = {
    "request": "本人发起", "consent": "本人单独同意", "record": "取挑战语", "submit": "提交视频",
    "to_a_person": "转人工审核", "match": "比对服务认定一致", "take": "开始审核", "look": "查看视频",
    "release": "放回待办",
    "pass": "认定为本人", "fail": "不能认定", "vouch": "窗口当面核验", "expire": "逾时结束", "withdraw": "本人撤回",
}  # fmt: skip


@never_cache
@require_GET
@for_desks
def to_do(request: HttpRequest, actor: DeskActor) -> HttpResponse:
    """待办, the oldest first, and what was decided lately."""
    return _list(request, actor)


@never_cache
@require_GET
@csp_update({"media-src": ["'self'"]})
@for_desks
def review(request: HttpRequest, actor: DeskActor, check_id: uuid.UUID) -> HttpResponse:
    """One check: the film beside the photo, what was to be read aloud, the decision."""
    return _review(request, actor, check_id)


@require_POST
@for_desks
def take(request: HttpRequest, actor: DeskActor, check_id: uuid.UUID) -> HttpResponse:
    """开始审核."""
    actions.take(actor=actor, check_id=check_id, now=clock.now())
    return redirect("bureau-live-check", check_id=check_id)


@require_POST
@for_desks
def release(request: HttpRequest, actor: DeskActor, check_id: uuid.UUID) -> HttpResponse:
    """放回待办."""
    actions.release(actor=actor, check_id=check_id, now=clock.now())
    messages.success(request, "已放回待办")
    return redirect("bureau-live")


@require_POST
@csp_update({"media-src": ["'self'"]})
@for_desks
def decide(request: HttpRequest, actor: DeskActor, check_id: uuid.UUID) -> HttpResponse:
    """认定或者不能认定."""
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "")[:1000]
    passed = {"pass": True, "fail": False}.get(answer)
    try:
        actions.decide(actor=actor, check_id=check_id, passed=passed, reason=reason, now=clock.now())
    except Refusal as refusal:
        problem = refusal.fields or {"": refusal.message}
        return _review(request, actor, check_id, problem=problem, reason=reason, answer=answer, status=refusal.status)
    messages.success(request, f"已{'认定为本人' if passed else '作出不能认定的决定'}，视频已删除")
    return redirect("bureau-live")


@require_GET
@for_desks
def film(request: HttpRequest, actor: DeskActor, check_id: uuid.UUID) -> HttpResponse:
    """The film, for this officer, this moment; nothing keeps it."""
    content, media_type = actions.film_for_review(actor=actor, check_id=check_id, now=clock.now())
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = "inline"
    return response


@require_http_methods(["POST"])
@for_desks
def counter(request: HttpRequest, actor: DeskActor) -> HttpResponse:
    """窗口当面核验."""
    number, reason = request.POST.get("number", "")[:20], request.POST.get("reason", "")[:1000]
    try:
        check = actions.vouch(actor=actor, number=number, reason=reason, now=clock.now())
    except Refusal as refusal:
        problem = refusal.fields or {"number": refusal.message}
        return _list(request, actor, problem=problem, number=number, reason=reason, status=refusal.status)
    messages.success(request, f"已登记：{check.number} 窗口当面核验通过")
    return redirect("bureau-live")


def _list(request: HttpRequest, actor: DeskActor, *, status: int = 200, **typed: object) -> HttpResponse:
    now = clock.now()
    waiting = [(one, holder_of(number=one.number)) for one in queries.list_to_do(actor=actor, now=now, limit=PAGE)]
    done = [
        (one, LABELS[State(one.state)], Method(one.method).label) for one in queries.list_done(actor=actor, limit=20)
    ]
    context = {
        "tabs": desk_tabs(actor), "tab": "live", "waiting": waiting, "done": done, "may": actor.may_decide,
        "invitation": _invitation(actor), **typed,
    }  # fmt: skip
    return render(request, "livecheck/to_do.html", context, status=status)


def _invitation(actor: DeskActor) -> str:
    """The address that leads whoever stands at a court's window to its desk."""
    if not isinstance(actor, CourtActor):
        return ""
    return f"{settings.LUTONG_VERIFICATION_URL}{reverse('live')}?{urlencode({'window': actor.court})}"


def _review(
    request: HttpRequest, actor: DeskActor, check_id: uuid.UUID, *, status: int = 200, **typed: object
) -> HttpResponse:
    check = queries.get_for_desk(actor=actor, check_id=check_id)
    context = {
        "tabs": desk_tabs(actor),
        "tab": "live",
        "check": check,
        "label": LABELS[State(check.state)],
        "licence": holder_of(number=check.number),
        "mine": check.state == State.UNDER_REVIEW and check.officer_id == actor.person_id,
        "waits": check.state == State.SUBMITTED and actor.may_decide,
        "others": check.state == State.UNDER_REVIEW and check.officer_id != actor.person_id and actor.may_decide,
        "events": [(_ACTS.get(one.act, one.act), one) for one in queries.events_of(check_id=check.pk)],
        **typed,
    }
    return render(request, "livecheck/review.html", context, status=status)
