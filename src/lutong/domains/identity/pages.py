"""账号与安全: the person, the licence, the second factor, devices, and tokens for programs."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.audit.queries import label_of, list_own_events
from lutong.domains.identity import actions, queries
from lutong.domains.identity.devices import device
from lutong.domains.identity.scopes import SCOPES
from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.kernel.faces import actor_in, for_lawyers, signed_in

PERIODS = {30: "30 天", 90: "90 天", 180: "半年", 365: "一年"}


@require_GET
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    actor = actor_in(request)
    events = [(event, label_of(event.action)) for event in list_own_events(actor=actor, limit=12)]
    sessions = [
        (device(session.user_agent), session, session.session_key == request.session.session_key)
        for session in queries.list_sessions(actor=actor)
    ]
    return render(
        request,
        "identity/overview.html",
        {
            "here": "account",
            "account": queries.get_account(actor=actor),
            "lawyer": queries.get_lawyer(lawyer_id=actor.person_id),
            "second": queries.get_second_factor(actor=actor),
            "sessions": sessions,
            "events": events,
            "tokens": sum(1 for token in queries.list_tokens(actor=actor) if token.revoked_at is None),
        },
    )


@require_GET
def incomplete(request: HttpRequest) -> HttpResponse:
    """Signed in, but not yet able to act: the second factor is missing, or the account has neither licence nor post."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if not is_mfa_enabled(request.user):
        return redirect("mfa_activate_totp")
    if getattr(request, "actor", None) is not None:
        return redirect("/")
    return render(request, "identity/incomplete.html", status=403)


@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where allauth goes after a change of the second factor."""
    if request.user.is_authenticated and not is_mfa_enabled(request.user):
        return redirect("mfa_activate_totp")
    return redirect("account")


@require_POST
@for_lawyers
def check_licence(request: HttpRequest) -> HttpResponse:
    try:
        lawyer = actions.check_licence(actor=actor_in(request), now=clock.now())
        messages.success(request, f"已向律师身份核验平台核验：{lawyer.status_label}")
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return redirect("account")


@require_POST
@signed_in
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    key = request.session.session_key or ""
    ended = actions.end_other_sessions(actor=actor_in(request), session_key=key, now=clock.now())
    messages.success(request, f"已退出其他 {ended} 台设备" if ended else "没有其他已登录的设备")
    return redirect("account")


@require_http_methods(["GET", "POST"])
@for_lawyers
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, the form, and once after creation the word itself."""
    if request.method == "GET":
        return _tokens(request)
    answer: HttpResponse = _create_token(request)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is untyped
def _create_token(request: HttpRequest) -> HttpResponse:
    name, scopes, days = request.POST.get("name", ""), request.POST.getlist("scopes"), request.POST.get("days", "")
    try:
        _, word = actions.create_token(
            actor=actor_in(request),
            name=name,
            scopes=scopes,
            days=int(days) if days in {str(period) for period in PERIODS} else 0,
            now=clock.now(),
        )
    except Refusal as refusal:
        return _tokens(request, refusal=refusal, asked={"name": name, "scopes": scopes, "days": days})
    return _tokens(request, word=word)


@require_POST
@for_lawyers
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    token = actions.revoke_token(actor=actor_in(request), token_id=token_id, now=clock.now())
    messages.success(request, f"已撤销令牌“{token.name}”，用它的程序立即失去权限")
    return redirect("account-tokens")


def _tokens(request: HttpRequest, *, refusal: Refusal | None = None, **more: Any) -> HttpResponse:
    now = clock.now()
    rows = [
        (
            token,
            [SCOPES.get(scope, scope) for scope in token.scopes],
            token.revoked_at,
            token.expires_at is not None and token.expires_at <= now,
        )
        for token in queries.list_tokens(actor=actor_in(request))
    ]
    context = {"here": "account", "rows": rows, "scopes": SCOPES, "periods": PERIODS, "refusal": refusal, **more}
    response = render(request, "identity/tokens.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response
