"""通行密钥 of the person who is signed in: add, rename, remove."""

import ipaddress
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.verification.entrance import actions, queries
from lutong.verification.entrance.devices import device
from lutong.verification.entrance.faces import for_holders, letting_forms_lead_on, safe_next, to_sign_in, visit_of
from lutong.verification.entrance.models import Passkey
from lutong.verification.entrance.pages import NAV
from lutong.verification.entrance.rules import LONGEST_KEY_NAME, Before

_MAKING = "passkey"


@never_cache
@require_http_methods(["GET", "POST"])
@for_holders
def add(request: HttpRequest) -> HttpResponse:
    """添加通行密钥, once what must come before is done."""
    visit, now = visit_of(request), clock.now()
    name = request.POST.get("name", "")[:200] or device(request.headers.get("User-Agent", ""))
    try:
        if request.method == "GET":
            return _add_page(request, name)
        actions.add_key(
            visit=visit, state=request.session.pop(_MAKING, {}), answer=request.POST.get("credential", ""), name=name,
            now=now,
        )  # fmt: skip
    except actions.Step as step:
        return _before(request, step)
    except actions.Barred as barred:
        messages.error(request, f"{barred.message}，状态恢复后才能添加")
        return redirect("me")
    except Refusal as refusal:
        return _add_page(request, name, refusal=refusal)
    messages.success(request, "通行密钥已添加，并已发短信告知您")
    return redirect(_onward(request) or reverse("me") + "#passkeys")


@never_cache
@require_http_methods(["GET", "POST"])
@for_holders
def one(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """One passkey: rename it, or remove it."""
    visit = visit_of(request)
    key = queries.get_key(person_id=visit.person_id, key_id=key_id)
    if request.method == "GET":
        return _key_page(request, key, key.name)
    name = request.POST.get("name", "")[:200]
    try:
        actions.rename_key(visit=visit, key_id=key_id, name=name)
    except Refusal as refusal:
        return _key_page(request, key, name, refusal=refusal)
    messages.success(request, "已改名")
    return redirect(reverse("me") + "#passkeys")


@require_POST
@for_holders
def remove(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """移除通行密钥."""
    try:
        key = actions.remove_key(visit=visit_of(request), key_id=key_id, now=clock.now())
    except actions.Step as step:
        messages.warning(request, step.message)
        return to_sign_in(reverse("me-passkey", args=[key_id]))
    messages.success(request, f"已移除通行密钥“{key.name}”，凭它登录的其他会话已经结束")
    return redirect(reverse("me") + "#passkeys")


def _add_page(request: HttpRequest, name: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """Each page asks the device anew: an answer to the question of before counts no longer."""
    asking = actions.ask_to_make_key(visit=visit_of(request), now=clock.now())
    request.session[_MAKING] = asking.state
    context = {
        "here": "me", "nav": NAV, "name": name, "options": asking.options, "refusal": refusal,
        "longest": LONGEST_KEY_NAME, "numeric": _is_numeric(request.get_host()), "next": _onward(request),
    }  # fmt: skip
    response = render(request, "entrance/passkey_add.html", context, status=refusal.status if refusal else 200)
    return letting_forms_lead_on(request, response)


def _before(request: HttpRequest, step: actions.Step) -> HttpResponse:
    """What must be done first, and the way to it; it comes back here."""
    onward = _onward(request)
    here = reverse("me-passkey-add") + (f"?{urlencode({'next': onward})}" if onward else "")
    if step.before is Before.SIGN_IN:
        messages.warning(request, step.message)
        return to_sign_in(here, number=visit_of(request).number)
    if step.before is Before.REMOVE:
        messages.warning(request, step.message)
        return redirect(reverse("me") + "#passkeys")
    context: dict[str, Any] = {"here": "me", "nav": NAV, "next": here, "back": onward}
    return render(request, "entrance/passkey_live.html", context, status=step.status)


def _key_page(request: HttpRequest, key: Passkey, name: str, *, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "here": "me", "nav": NAV, "key": key, "name": name, "refusal": refusal, "longest": LONGEST_KEY_NAME,
    }  # fmt: skip
    return render(request, "entrance/passkey.html", context, status=refusal.status if refusal else 200)


def _onward(request: HttpRequest) -> str:
    """The application's request that waits for the key; empty if the person came by himself."""
    asked = safe_next(request)
    return "" if asked == reverse("me") else asked


def _is_numeric(host: str) -> bool:
    """True for an IP address, for which no browser makes a passkey."""
    try:
        ipaddress.ip_address(host.rsplit(":", 1)[0].strip("[]"))
    except ValueError:
        return False
    return True
