"""登录、退出: by code to the registered mobile, or by passkey."""

import json
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.verification.entrance import actions, queries
from lutong.verification.entrance.faces import (
    address_of,
    letting_forms_lead_on,
    safe_next,
    visit_in,
)
from lutong.verification.entrance.models import Visit
from lutong.verification.entrance.rules import CODE_TRIES, KEY_WAIT, Way
from lutong.verification.registry.rules import REMEDIES

KEY_COOKIE = "__Secure-lutong-verification-key" if settings.SESSION_COOKIE_SECURE else "lutong-verification-key"
_SALT = "entrance.passkey"
_WRONG = "验证码不对、已用过或已失效。请核对最近一条短信；连续输错 5 次须重新获取"


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """First step: the number, to which the code is sent."""
    number = request.POST.get("number", request.GET.get("number", ""))[:40]
    if request.method == "GET":
        return _number_page(request, number)
    try:
        code = actions.ask_code(number=number, address=address_of(request), now=clock.now())
    except Refusal as refusal:
        return _number_page(request, number, refusal=refusal)
    request.session["code"] = {"id": str(code.pk), "number": code.number, "next": safe_next(request)}
    return redirect("sign-in-code")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Second step: the code."""
    asked = request.session.get("code")
    if not asked:
        return redirect("sign-in")
    held = queries.get_code(code_id=asked["id"])
    if request.method == "GET":
        return _code_page(request, asked, held)
    now = clock.now()
    visit = actions.enter(
        code_id=held.pk, code=request.POST.get("code", "")[:20], address=address_of(request),
        agent=request.headers.get("User-Agent", ""), now=now,
    )  # fmt: skip
    if visit is None:
        held.refresh_from_db()
        return _code_page(request, asked, held, problem=_WRONG)
    _begin(request, visit)
    return redirect(asked["next"])


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    visit = visit_in(request)
    if visit is not None:
        actions.leave(visit=visit, why="out", now=clock.now())
    request.session.cycle_key()
    for name in ("visit", "onward", "asked", "code"):
        request.session.pop(name, None)
    return redirect("signed-out")


@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "entrance/signed_out.html")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_key(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey; whatever goes wrong, the code remains."""
    if request.method == "GET":
        return _ask_for_key()
    try:
        visit = actions.enter_by_key(
            state=_key_state(request), answer=request.POST.get("credential", ""), address=address_of(request),
            agent=request.headers.get("User-Agent", ""), now=clock.now(),
        )  # fmt: skip
    except actions.Barred as barred:
        return _barred(request, barred)
    except Refusal as refusal:
        return _number_page(request, "", refusal=refusal)
    _begin(request, visit)
    response = redirect(safe_next(request))
    response.delete_cookie(KEY_COOKIE, path=reverse("sign-in-key"), samesite="Strict")
    return response


def _ask_for_key() -> HttpResponse:
    """What the browser's passkeys are asked.

    The question stays in a cookie of its own: this request comes by script beside others of the same session, which
    must not overwrite each other.
    """
    asking = actions.ask_for_key()
    response = JsonResponse(asking.options)
    response.set_signed_cookie(
        KEY_COOKIE, json.dumps(asking.state), salt=_SALT, max_age=int(KEY_WAIT.total_seconds()),
        path=reverse("sign-in-key"), secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict",
    )  # fmt: skip
    return response


def _begin(request: HttpRequest, visit: Visit) -> None:
    """A new session key, so that whoever planted the old one gains nothing; the visit of before is over."""
    before = visit_in(request)
    if before is not None:
        actions.leave(visit=before, why="again", now=visit.started_at)
    request.session.cycle_key()
    request.session.pop("code", None)
    request.session["visit"] = str(visit.pk)


def _number_page(request: HttpRequest, number: str, *, refusal: Refusal | None = None) -> HttpResponse:
    way = request.POST.get("way", request.GET.get("way", ""))
    context = {"number": number, "next": safe_next(request), "refusal": refusal, "by_key": way == Way.PASSKEY}
    return _answer(request, "entrance/sign_in.html", context, refusal)


def _code_page(request: HttpRequest, asked: dict[str, Any], held: Any, *, problem: str = "") -> HttpResponse:
    context = {
        "number": asked["number"], "next": asked["next"], "problem": problem,
        "left": max(CODE_TRIES - held.tries, 0), "spent": queries.is_spent(code=held, now=clock.now()),
    }  # fmt: skip
    response = render(request, "entrance/code.html", context, status=422 if problem else 200)
    return letting_forms_lead_on(request, response)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal | None) -> HttpResponse:
    response = render(request, template, context, status=refusal.status if refusal else 200)
    if refusal and "retry_after" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after"])
    return letting_forms_lead_on(request, response)


def _key_state(request: HttpRequest) -> dict[str, str] | None:
    """What was asked of this browser within the last minutes; None if nothing."""
    life = int(KEY_WAIT.total_seconds())
    try:
        told = json.loads(request.get_signed_cookie(KEY_COOKIE, default="", salt=_SALT, max_age=life) or "null")
    except (BadSignature, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _barred(request: HttpRequest, barred: actions.Barred) -> HttpResponse:
    """Why the owner of a passkey that holds is not let in, and what helps."""
    licence = barred.licence
    context = {
        "licence": licence, "next": safe_next(request),
        "remedy": REMEDIES[licence.status] if licence else "请向所在地司法行政机关核对执业登记。",
    }  # fmt: skip
    return letting_forms_lead_on(request, render(request, "entrance/barred.html", context, status=barred.status))
