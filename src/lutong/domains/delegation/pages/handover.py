"""变更执业机构交接: keep or pass each case; the page itself belongs to the case space."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from lutong.domains.delegation import actions
from lutong.kernel import clock
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_lawyers, whole_number


@require_POST
@for_lawyers
def choose(request: HttpRequest, handover_id: uuid.UUID) -> HttpResponse:
    """One case: keep it, or pass it to a colleague of the old firm."""
    actor, successor = actor_in(request), whole_number(request.POST.get("successor"))
    try:
        if request.POST.get("choice") == "pass":
            actions.pass_case(actor=actor, handover_id=handover_id, successor_id=successor, now=clock.now())
            messages.success(request, "已通知接手律师；法院核实前您仍是代理人，期限照常显示")
        else:
            actions.keep_case(actor=actor, handover_id=handover_id, now=clock.now())
            messages.success(request, "已选择继续代理，请按期提交新的授权委托书和所函")
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return redirect("handover")
