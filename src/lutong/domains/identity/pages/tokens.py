"""接口令牌: tokens for programs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from lutong.domains.identity import actions, queries
from lutong.domains.identity.scopes import SCOPES
from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.kernel.faces import actor_in, for_lawyers, fresh

PERIODS = {30: "30 天", 90: "90 天", 180: "半年", 365: "一年"}


@require_http_methods(["GET", "POST"])
@for_lawyers
@fresh("issue_token", methods=("POST",))
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, the form, and once after creation the word itself."""
    if request.method == "GET":
        return _tokens(request)
    return _create_token(request)


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
