"""Where a person is signed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from lutong.domains.identity import actions
from lutong.kernel import clock
from lutong.kernel.faces import actor_in, signed_in


@require_POST
@signed_in
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    key = request.session.session_key or ""
    ended = actions.end_other_sessions(actor=actor_in(request), session_key=key, now=clock.now())
    messages.success(request, f"已退出其他 {ended} 台设备" if ended else "没有其他已登录的设备")
    return redirect("account")
