"""立即核验: the licence, asked again because the lawyer wishes so."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from lutong.domains.identity import actions
from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.kernel.faces import actor_in, for_lawyers


@require_POST
@for_lawyers
def check_licence(request: HttpRequest) -> HttpResponse:
    try:
        lawyer = actions.check_licence(actor=actor_in(request), now=clock.now())
        messages.success(request, f"已向律师身份核验平台核验：{lawyer.status_label}")
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return redirect("account")
