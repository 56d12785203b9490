"""一次核验: to 律师身份核验平台 and back, and every way in which it can end."""

import time
from typing import Any

from allauth.account.utils import perform_login
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.identity import actions, queries
from lutong.domains.identity.actions.limits import begin_try
from lutong.domains.identity.pages.door import address_of, paused
from lutong.gateways.registry.oidc import VerificationDown, VerificationRefused, Verified
from lutong.kernel import clock
from lutong.kernel.errors import Conflict, NotAllowed, Refusal
from lutong.kernel.stepup import (
    GRAVE,
    KEPT_UNTIL_SEEN,
    Grave,
    Proof,
    keeps_form,
    may_be_seen,
    note_seen,
    proves_itself,
    resume_seen,
)

LINK, RECOVER, LIVE = "link", "recover", "live"
WAITS = KEPT_UNTIL_SEEN  # seconds
_KEPT, _SETTING = "verification", "setting_up"


@require_GET
def first_time(request: HttpRequest) -> HttpResponse:
    """首次使用：律师身份核验. What it is, what is needed, what is passed on."""
    return render(request, "identity/first_time.html")


@never_cache
@require_GET
def why(request: HttpRequest, act: str) -> HttpResponse:
    """Why this act needs the person himself, what follows, what to do instead; the way to the platform."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    grave, back = _act(act), _own(request, request.GET.get("next", "/"))
    context = {
        "act": act, "grave": grave, "back": back, "may_be_seen": may_be_seen(request),
        "kept": keeps_form(request, act=act, wanted=back),
    }  # fmt: skip
    return render(request, "identity/live_why.html", context)


@never_cache
@require_GET
def go(request: HttpRequest, purpose: str) -> HttpResponse:
    """Off to the platform. A link, not a form: browsers hold `form-action` against redirects of forms."""
    if purpose not in {LINK, RECOVER, LIVE} or (purpose == LIVE and not request.user.is_authenticated):
        raise Http404
    act, back = request.GET.get("act", ""), _own(request, request.GET.get("next", "/"))
    if purpose == LIVE:
        _act(act)
    now, address = clock.now(), address_of(request)
    made = begin_try(limits=[("platform.address", address), ("platform.all", "")], now=now)
    if not made.is_admitted:
        return paused(request, made, what="platform")
    hint = request.user.get_username() if purpose == LIVE else ""
    try:
        departure = actions.go_to_platform(live=purpose != LINK, hint=hint, again=purpose == RECOVER)
    except VerificationDown:
        return _ended(request, "down", purpose, **_again(request, act, back))
    request.session[_KEPT] = {
        **departure.kept, "purpose": purpose, "at": time.time(), "person": request.user.pk,
        "act": act, "next": back,
    }  # fmt: skip
    return redirect(departure.url)


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the platform: each answer is taken once."""
    kept = request.session.pop(_KEPT, None)
    if kept is None or time.time() - kept["at"] > WAITS or kept["person"] != request.user.pk:
        return _ended(request, "expired", kept["purpose"] if kept else LINK)
    purpose, more = kept["purpose"], _again(request, kept["act"], kept["next"])
    try:
        verified = actions.come_back(told=request.GET.dict(), kept=kept)
    except VerificationDown:
        return _ended(request, "down", purpose, **more)
    except VerificationRefused as refused:
        how = {"access_denied": "cancelled", "too_weak": "weak", "too_old": "weak"}.get(refused.error, "failed")
        return _ended(request, how, purpose, refused.error, **more)
    try:
        return _ARRIVALS[purpose](request, verified, kept)
    except NotAllowed as refusal:
        how = "barred" if "standing" in refusal.facts else "other"
        return _ended(request, how, purpose, refusal=refusal, **more)
    except Conflict as refusal:
        return _ended(request, "taken", purpose, refusal=refusal)


@never_cache
@require_http_methods(["GET", "POST"])
@proves_itself("recover_account")
def set_password(request: HttpRequest) -> HttpResponse:
    """The first password, or the new one of whoever lost everything; then sign-in goes on with the second factor."""
    setting = request.session.get(_SETTING)
    account = queries.get_account_by_id(account_id=setting["account"]) if setting else None
    if setting is None or account is None or time.time() - setting["at"] > WAITS:
        request.session.pop(_SETTING, None)
        return _ended(request, "expired", LINK)
    context: dict[str, Any] = {"account": account, "recovering": setting["recovering"]}
    if request.method == "GET":
        return render(request, "identity/set_password.html", context)
    try:
        actions.choose_password(
            account=account, password=request.POST.get("password1", "")[:200],
            repeated=request.POST.get("password2", "")[:200], recovering=setting["recovering"], now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return render(request, "identity/set_password.html", {**context, "refusal": refusal}, status=refusal.status)
    request.session.pop(_SETTING, None)
    account.refresh_from_db()
    account.backend = "lutong.domains.identity.backend.SignInBackend"  # Django asks
    response: HttpResponse = perform_login(request, account, redirect_url=reverse("mfa_activate_totp"))
    actions.note_visit(
        account=account, sid=setting["sid"], session_key=request.session.session_key or "", now=clock.now()
    )
    return response


@csrf_exempt
@require_POST
def logged_out(request: HttpRequest) -> HttpResponse:
    """Back-channel logout: only a token of the platform for us ends anything (Back-Channel Logout 1.0, 2.8)."""
    made = begin_try(limits=[("platform.all", "")], now=clock.now())
    if not made.is_admitted:
        return HttpResponse(status=429, headers={"Retry-After": "60", "Cache-Control": "no-store"})
    try:
        told = actions.platform().read_logout(token=request.POST.get("logout_token", ""))
    except VerificationRefused:
        return HttpResponse(status=400, headers={"Cache-Control": "no-store"})
    except VerificationDown:
        return HttpResponse(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    actions.end_by_platform(logged_out=told, now=clock.now())
    return HttpResponse(status=200, headers={"Cache-Control": "no-store"})


def _linked(request: HttpRequest, verified: Verified, kept: dict[str, Any]) -> HttpResponse:
    linked = actions.link(verified=verified, now=clock.now())
    if linked.is_ready:
        return _ended(request, "already", LINK, account=linked.account)
    return _set_up(request, linked.account.pk, verified.sid, recovering=False)


def _recovered(request: HttpRequest, verified: Verified, kept: dict[str, Any]) -> HttpResponse:
    account = actions.find_for_recovery(verified=verified, now=clock.now())
    return _set_up(request, account.pk, verified.sid, recovering=True)


def _seen(request: HttpRequest, verified: Verified, kept: dict[str, Any]) -> HttpResponse:
    key = request.session.session_key or ""
    account = queries.get_account_by_id(account_id=int(request.user.pk or 0))
    if account is None:
        return _ended(request, "expired", LIVE)
    label = GRAVE[kept["act"]].label
    actions.confirm_live(account=account, verified=verified, session_key=key, what=label, now=clock.now())
    note_seen(request)
    return resume_seen(request, act=kept["act"], wanted=kept["next"])


_ARRIVALS = {LINK: _linked, RECOVER: _recovered, LIVE: _seen}


def _set_up(request: HttpRequest, account_id: int, sid: str, *, recovering: bool) -> HttpResponse:
    """A new session key before anything rests on it; nobody is signed in yet."""
    request.session.cycle_key()
    request.session[_SETTING] = {"account": account_id, "sid": sid, "recovering": recovering, "at": time.time()}
    return redirect("verification-password")


_STATUS = {"down": 503, "barred": 403, "other": 403, "weak": 403, "taken": 409, "failed": 400, "already": 200}


def _ended(request: HttpRequest, how: str, purpose: str, problem: str = "", **more: Any) -> HttpResponse:
    """Each way in which it can end has a page with the way on."""
    context = {"how": how, "purpose": purpose, "problem": problem, **more}
    response = render(request, "identity/verification_ended.html", context, status=_STATUS.get(how, 200))
    if how == "down":
        response["Retry-After"] = "60"
    return response


def _act(name: str) -> Grave:
    """An act of a signed-in person for which he must be seen."""
    grave = GRAVE.get(name)
    if grave is None or grave.proof is not Proof.SEEN or not grave.built:
        raise Http404
    return grave


def _again(request: HttpRequest, act: str, back: str) -> dict[str, Any]:
    """For a page on which a live check ended: which act it was for, and whether what was typed still waits."""
    kept = bool(act) and keeps_form(request, act=act, wanted=back)
    return {"act": act, "back": back, "grave": GRAVE.get(act), "kept": kept}


def _own(request: HttpRequest, address: str) -> str:
    """An address of this platform, or the first page."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else "/"
