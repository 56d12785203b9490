"""登录、退出、我的执业登记."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.verification.entrance import actions, queries
from lutong.verification.entrance.devices import device
from lutong.verification.entrance.faces import (
    address_of,
    for_holders,
    letting_forms_lead_on,
    safe_next,
    visit_in,
)
from lutong.verification.entrance.models import Visit
from lutong.verification.entrance.rules import CODE_TRIES
from lutong.verification.registry import queries as registry
from lutong.verification.registry.queries import LicenceView
from lutong.verification.registry.rules import REMEDIES, Fact

NAV = [("我的执业登记", "me"), ("亮证", "card"), ("实人核验", "live"), ("已授权的应用", "me-applications")]
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
@require_GET
@for_holders
def me(request: HttpRequest) -> HttpResponse:
    """我的执业登记: the own entry in the roll, whatever its standing, and where one is signed in."""
    visit, now = _visit(request), clock.now()
    licence = registry.get_licence(number=visit.number)
    visits = [
        (device(one.agent), one, one.pk == visit.pk) for one in queries.list_visits(person_id=visit.person_id, now=now)
    ]
    return render(
        request,
        "entrance/me.html",
        {"here": "me", "nav": NAV, "visit": visit, "licence": licence, "visits": visits,
         "history": _history(licence), "remedy": REMEDIES[licence.status] if licence else ""},
    )  # fmt: skip


@require_POST
@for_holders
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    visit = _visit(request)
    ended = actions.leave_everywhere(person_id=visit.person_id, but=visit.pk, why="elsewhere", now=clock.now())
    messages.success(request, f"已退出其他 {ended} 处登录" if ended else "没有其他登录")
    return redirect("me")


def _begin(request: HttpRequest, visit: Visit) -> None:
    """A new session key, so that whoever planted the old one gains nothing; the visit of before is over."""
    before = visit_in(request)
    if before is not None:
        actions.leave(visit=before, why="again", now=visit.started_at)
    request.session.cycle_key()
    request.session.pop("code", None)
    request.session["visit"] = str(visit.pk)


def _history(licence: LicenceView | None) -> list[Fact]:
    """The decisions about a licence, the newest first."""
    return list(reversed(registry.facts_of(licence_id=licence.licence_id))) if licence else []


def _visit(request: HttpRequest) -> Visit:
    visit = visit_in(request)
    assert visit is not None  # for_holders let it through
    return visit


def _number_page(request: HttpRequest, number: str, *, refusal: Refusal | None = None) -> HttpResponse:
    context = {"number": number, "next": safe_next(request), "refusal": refusal}
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
