"""变更执业机构: keep drafts or hand them over, many at once; and the colleague's page, on which he takes one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.capacity.queries import findings_of, get_check
from lutong.domains.filing import actions, queries
from lutong.kernel import clock
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, carry_out, for_lawyers, shown, whole_number


@require_POST
@for_lawyers
def choose(request: HttpRequest) -> HttpResponse:
    """The ticked drafts: they stay with the lawyer, or the chosen colleague is asked to take them."""
    actor, now = actor_in(request), clock.now()
    try:
        chosen = [_id(text) for text in request.POST.getlist("drafts")]
        if request.POST.get("choice") == "pass":
            taker = whole_number(request.POST.get("taker"))
            name = actions.pass_drafts(actor=actor, handover_ids=chosen, taker_id=taker, now=now)
            messages.success(request, f"已请{name}律师接手 {len(set(chosen))} 份草稿；对方接手前，仍由您办理")
        else:
            kept = actions.keep_drafts(actor=actor, handover_ids=chosen, now=now)
            messages.success(request, f"{kept} 份草稿跟随您本人，请换用新的授权委托书和所函")
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return redirect("handover")


@require_GET
@for_lawyers
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """What a colleague hands over, before it is taken: who, what, and what comes with it."""
    return _page(request, offer_id)


@require_POST
@for_lawyers
def take(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """接手: checked for conflicts first; what was found is shown, and asks for the firm's word."""
    actor, cleared = actor_in(request), request.POST.get("cleared") == "yes"

    def take_it() -> str:
        actions.take_draft(actor=actor, offer_id=offer_id, cleared=cleared, now=clock.now())
        return "已接手。请核对代理人，并上传您的授权委托书和所函；送达地址等须由您本人重新确认"

    return carry_out(
        request,
        work=take_it,
        again=lambda refusal: _page(request, offer_id, refusal),
        then=lambda: reverse(
            "filing-step", args=[queries.get_draft_offer(actor=actor, offer_id=offer_id).draft_id, "agents"]
        ),
    )


@require_POST
@for_lawyers
def decline(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """谢绝: the draft waits for its lawyer's choice again."""

    def decline_it() -> str:
        gone = actions.decline_draft(actor=actor_in(request), offer_id=offer_id, now=clock.now())
        return f"已谢绝，并已通知{gone.giver_name}律师"

    return carry_out(
        request,
        work=decline_it,
        again=lambda refusal: _page(request, offer_id, refusal),
        then=lambda: reverse("handover"),
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("请重新选择草稿", fields={"drafts": "请选择"}) from None


def _page(request: HttpRequest, offer_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    offer = queries.get_draft_offer(actor=actor, offer_id=offer_id)
    check_id = str(refusal.facts.get("check_id", "")) if refusal is not None else ""
    check = get_check(actor=actor, check_id=UUID(check_id)) if check_id else None
    context: dict[str, Any] = {
        "here": "assistants", "offer": offer,
        "findings": [one for one in findings_of(check) if one.remarks] if check is not None else [],
    }  # fmt: skip
    return shown(request, "filing/offer.html", context, refusal)
