"""What programs ask: discovery, keys, tokens, claims."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.kernel import clock
from lutong.verification.entrance.rules import Acr
from lutong.verification.oidc import keys, queries, rules
from lutong.verification.oidc.claims import CLAIMS
from lutong.verification.oidc.provider import KEYS, holder_of, issuer, server
from lutong.verification.registry.queries import get_licence

_SECONDS = int(rules.KEY_SET_LIFE.total_seconds())


@require_GET
def discovery(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0."""
    told = {
        "issuer": issuer(),
        "authorization_endpoint": issuer() + reverse("oidc-authorize"),
        "token_endpoint": issuer() + reverse("oidc-token"),
        "userinfo_endpoint": issuer() + reverse("oidc-userinfo"),
        "jwks_uri": issuer() + reverse("oidc-keys"),
        "end_session_endpoint": issuer() + reverse("oidc-logout"),
        "scopes_supported": list(rules.SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": [str(level) for level in Acr],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": CLAIMS,
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "ui_locales_supported": ["zh-CN"],
        "service_documentation": issuer() + reverse("about", args=["privacy"]),
    }
    return _public(JsonResponse(told), seconds=_SECONDS)


@require_GET
def key_set(request: HttpRequest) -> HttpResponse:
    return _public(JsonResponse(keys.public_keys(KEYS, now=clock.now())), seconds=_SECONDS)


@never_cache
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """One code for one token, in one transaction: of two programs with the same code one gets it."""
    try:
        with transaction.atomic():
            response: HttpResponse = server.create_token_response(request)
    except OAuth2Error as error:  # raised before Authlib reads the request: plain HTTP over a network
        response = JsonResponse(dict(error.get_body()), status=error.status_code)
    response["Cache-Control"] = "no-store"
    return response


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims as they are now, to whoever holds a living access token (OpenID Connect Core 5.3)."""
    kind, _, word = request.headers.get("Authorization", "").partition(" ")
    held = queries.get_token(word=word.strip()) if kind.lower() == "bearer" and word else None
    if held is None or held.is_revoked() or held.is_expired():
        return _unauthorized(told=bool(word))
    licence = get_licence(number=held.code.number)
    if licence is None or not licence.may_practise or clock.now() >= held.expires_at:
        return _unauthorized(told=True)
    return JsonResponse(holder_of(held.code, licence).told(held.code.scope), json_dumps_params={"ensure_ascii": False})


def _unauthorized(*, told: bool) -> HttpResponse:
    """RFC 6750 3.1: no error word for whoever showed no token at all."""
    mark = 'Bearer realm="userinfo"' + (', error="invalid_token"' if told else "")
    body: dict[str, Any] = {"error": "invalid_token"} if told else {}
    return JsonResponse(body, status=401, headers={"WWW-Authenticate": mark})


def _public(response: HttpResponse, *, seconds: int) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
