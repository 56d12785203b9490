"""登录设备和登录记录: where a person is signed in, what happened, and how to end it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.audit.queries import label_of, list_own_events
from lutong.domains.identity import actions, queries
from lutong.domains.identity.devices import device
from lutong.kernel import clock
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, signed_in


def rows(request: HttpRequest) -> list[dict[str, Any]]:
    """What is signed in now, this browser first."""
    own = request.session.session_key
    found = [
        {"name": device(one.user_agent), "session": one, "current": one.session_key == own}
        for one in queries.list_sessions(actor=actor_in(request))
    ]
    return sorted(found, key=lambda row: not row["current"])


@require_GET
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """Sessions, and the devices of which the person has not said whether they are his."""
    strange = [one for one in queries.list_devices(actor=actor_in(request)) if one.answered_at is None]
    return render(request, "identity/devices.html", {"here": "account", "rows": rows(request), "strange": strange})


@require_GET
@signed_in
def history(request: HttpRequest) -> HttpResponse:
    """登录记录: sign-ins and whatever changed about the account's security, from the trail."""
    events = [e for e in list_own_events(actor=actor_in(request), limit=400) if e.action.startswith("identity.")]
    told = [(event, label_of(event.action)) for event in events[:100]]
    return render(request, "identity/history.html", {"here": "account", "events": told})


@require_POST
@signed_in
def end(request: HttpRequest, session_id: int) -> HttpResponse:
    """退出一台设备."""
    agent = actions.end_session(actor=actor_in(request), session_id=session_id, now=clock.now())
    messages.success(request, f"已退出：{device(agent)}")
    return redirect("account-devices")


@require_POST
@signed_in
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """退出其他设备."""
    key = request.session.session_key or ""
    ended = actions.end_other_sessions(actor=actor_in(request), session_key=key, now=clock.now())
    messages.success(request, f"已退出其他 {ended} 台设备" if ended else "没有其他已登录的设备")
    return redirect("account-devices")


@require_POST
@signed_in
def answer(request: HttpRequest, device_id: int) -> HttpResponse:
    """“是我”或“不是我” about a new device; after a no the password is dead until the person sets another."""
    actor, now = actor_in(request), clock.now()
    request.session["strange"] = False
    if request.POST.get("mine") == "1":
        actions.own_device(actor=actor, device_id=device_id, now=now)
        messages.success(request, "已记下：这台设备是您的")
        return redirect("account-devices")
    try:
        key = request.session.session_key or ""
        ended = actions.disown_device(actor=actor, device_id=device_id, session_key=key, now=now)
    except NotFound as refusal:
        messages.info(request, refusal.message)
        return redirect("account-devices")
    then = "请现在设置新密码，并重新生成备用码" if actor.is_counsel else "请找本院安全管理员当面核对"
    messages.warning(request, f"已退出 {ended} 处登录，原密码已停用。{then}。")
    return redirect("account_change_password")
