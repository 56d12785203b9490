"""准备立案材料: whom the lawyer lets prepare a draft, what each has done to it, and its way back to him."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.audit.queries import label_of, list_draft_events
from lutong.domains.delegation.actions import Terms
from lutong.domains.delegation.queries import DRAFT_CAPABILITIES, grants_of_draft, labels_of, list_assistants
from lutong.domains.filing import actions, queries
from lutong.domains.filing.content import STEP_LABELS
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_counsel, for_lawyers, shown, whole_day


@require_GET
@for_counsel(Capability.PREPARE_FILING)
def helpers(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Who prepares the draft, and the trail of everybody's work on it."""
    return _page(request, draft_id)


@require_POST
@for_lawyers
def entrust(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Name the assistant, the acts and the time."""
    data = request.POST
    try:
        terms = Terms(
            capabilities=data.getlist("capabilities"), starts_on=whole_day(data.get("starts_on", ""), "starts_on"),
            ends_on=whole_day(data.get("ends_on", ""), "ends_on"),
        )  # fmt: skip
        name = actions.entrust_draft(
            actor=actor_in(request), draft_id=draft_id, assistantship_id=_assistant(data.get("assistant", "")),
            terms=terms, now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, draft_id, refusal)
    messages.success(request, f"已请{name}准备这份草稿，立即生效；提交和确认仍由您本人办理")
    return redirect("filing-helpers", draft_id=draft_id)


@require_POST
@for_counsel(Capability.PREPARE_FILING)
def hand_back(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """交律师审阅."""
    actor = actor_in(request)
    actions.hand_back(actor=actor, draft_id=draft_id, now=clock.now())
    messages.success(request, f"已交{actor.for_name}律师审阅，并已通知。需要修改的，可以继续填写")
    return redirect("filing")


@require_POST
@for_lawyers
def send_back(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """退回修改, with what is to be changed."""
    try:
        remark = request.POST.get("remark", "")
        actions.return_draft(actor=actor_in(request), draft_id=draft_id, remark=remark, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, draft_id, refusal)
    messages.success(request, "已退回修改，并已通知助理；改好后会再交您审阅")
    return redirect("filing-helpers", draft_id=draft_id)


def _assistant(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("请选择一名助理", fields={"assistant": "请选择"}) from None


def _page(request: HttpRequest, draft_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    draft = queries.get_draft(actor=actor, draft_id=draft_id)
    events = list_draft_events(actor=actor, draft_id=draft_id)
    typed = request.POST
    context: dict[str, Any] = {
        "here": "filing", "draft": draft, "is_draft": draft.state == "draft",
        "grants": [(grant, labels_of(grant)) for grant in grants_of_draft(actor=actor, draft_id=draft_id)],
        "authors": [(STEP_LABELS[step], draft.authors[step]) for step in STEP_LABELS if step in draft.authors],
        "events": [(one, label_of(one.action), STEP_LABELS.get(one.facts.get("step", ""), "")) for one in events],
        "assistants": [one for one in list_assistants(actor=actor) if one.state == "active"] if actor.is_lawyer else [],
        "light": DRAFT_CAPABILITIES, "chosen": typed.getlist("capabilities"), "typed": typed,
    }  # fmt: skip
    return shown(request, "filing/helpers.html", context, refusal)
