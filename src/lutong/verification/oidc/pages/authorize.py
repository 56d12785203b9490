"""授权: sign in, use a passkey or be seen if need be, consent, and back to the application."""

import datetime as dt
import hashlib
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6749.errors import AccessDeniedError
from authlib.oidc.core.errors import ConsentRequiredError, InteractionRequiredError, LoginRequiredError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from lutong.kernel import clock
from lutong.verification.entrance import queries as entrance
from lutong.verification.entrance.actions import note_live_check
from lutong.verification.entrance.faces import leads_to, letting_forms_lead_on, to_sign_in, visit_in
from lutong.verification.entrance.models import Visit
from lutong.verification.entrance.rules import Acr, Way, level_to_state
from lutong.verification.livecheck.queries import passed_in_visit
from lutong.verification.oidc import actions, queries, rules
from lutong.verification.oidc.provider import Holder, asked_of, server
from lutong.verification.registry.queries import LicenceView, get_licence
from lutong.verification.registry.rules import REMEDIES

_REMEMBERED = 8  # requests under way in one browser


class UnmetAuthenticationRequirements(OAuth2Error):  # type: ignore[misc]  # Authlib is untyped
    """The person goes back without the level that was asked (OpenID Connect Core Error Code, section 2)."""

    error = "unmet_authentication_requirements"


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Applications may send a request by GET or by POST (OpenID Connect Core 3.1.2.1); the decision is our own form."""
    if request.method == "POST" and "decision" not in request.POST:
        return redirect(f"{reverse('oidc-authorize')}?{request.POST.urlencode()}")
    answer: HttpResponse = _authorize(request)
    return answer


@csrf_protect
def _authorize(request: HttpRequest) -> HttpResponse:
    visit = visit_in(request)
    try:
        grant = server.get_consent_grant(request, end_user=visit)
    except OAuth2Error as error:
        return _told(request, error)
    leads_to(request, rules.origin_of(grant.redirect_uri))
    try:
        return _step(request, grant, visit)
    except OAuth2Error as error:
        error.state, error.redirect_uri = grant.request.payload.state, grant.redirect_uri
        return _told(request, error)


def _step(request: HttpRequest, grant: Any, visit: Visit | None) -> HttpResponse:
    """What is still missing, one thing at a time; nothing missing: the code."""
    asked, now = asked_of(grant.request.payload.data), clock.now()
    silent = "none" in asked.prompts
    since = _first_seen(request, now)
    if visit is None or not _is_fresh(visit.authenticated_at, asked, since, now):
        if silent:
            raise LoginRequiredError()
        return _sign_in(request, grant, asked)
    licence = get_licence(number=visit.number)
    if licence is None or not licence.may_practise:
        return _barred(request, grant, licence, silent)
    if asked.wants_live or licence.assured_at is None:
        seen_at = passed_in_visit(visit_id=visit.pk)
        visit = note_live_check(visit=visit, passed_at=seen_at) if seen_at else visit
        if licence.assured_at is None and visit.live_at is None:
            return _live(request, grant, licence, silent)
    live = visit.live_at is not None and (not asked.wants_live or _is_fresh(visit.live_at, asked, since, now))
    level = level_to_state(asked=asked.levels, way=Way(visit.way), live=live)
    if level is not None:
        return _consented(request, grant, Holder.of(visit, licence, grant.request.client, level), silent)
    if asked.levels[0] is Acr.LIVE:
        return _live(request, grant, licence, silent)
    return _passkey(request, grant, visit, licence, silent)


def _sign_in(request: HttpRequest, grant: Any, asked: rules.Asked) -> HttpResponse:
    hint = grant.request.payload.data.get("login_hint", "")[:40]
    more = {"number": hint} if hint else {}
    if asked.levels and asked.levels[0] is Acr.PASSKEY:
        more["way"] = Way.PASSKEY.value
    return to_sign_in(request.get_full_path(), **more)


def _consented(request: HttpRequest, grant: Any, holder: Holder, silent: bool) -> HttpResponse:
    now, application, scopes = clock.now(), grant.request.client, set(grant.request.scope.split())
    decision = request.POST.get("decision", "")
    if decision == "deny":
        return _answer(request, grant, None)
    held = queries.get_consent(person_id=holder.person_id, application_id=application.pk)
    enough = held is not None and scopes <= set(held.scopes)
    if decision == "allow":
        actions.give_consent(person_id=holder.person_id, application=application, scopes=scopes, now=now)
    elif not enough or "consent" in asked_of(grant.request.payload.data).prompts:
        if silent:
            raise ConsentRequiredError()
        return _consent_page(request, grant, holder, scopes)
    actions.connect(person_id=holder.person_id, visit_id=holder.visit_id, application=application, now=now)
    return _answer(request, grant, holder)


def _consent_page(request: HttpRequest, grant: Any, holder: Holder, scopes: set[str]) -> HttpResponse:
    context = {
        "application": holder.application, "licence": holder.licence, "told": holder.told(grant.request.scope),
        "asks": [s for s in rules.SCOPES if s in scopes],
        "what": [word for scope in rules.SCOPES if scope in scopes for word in rules.SCOPES[scope]],
        "origin": rules.origin_of(grant.redirect_uri), "action": request.get_full_path(),
    }  # fmt: skip
    return letting_forms_lead_on(request, render(request, "oidc/consent.html", context))


def _passkey(request: HttpRequest, grant: Any, visit: Visit, licence: LicenceView, silent: bool) -> HttpResponse:
    """Why a passkey is needed, and the way to it: sign in with one, or add one first; it comes back here."""
    if silent:
        raise InteractionRequiredError("A passkey is needed")
    if request.POST.get("decision") == "deny":
        raise UnmetAuthenticationRequirements()
    context = {
        "application": grant.request.client, "licence": licence, "action": request.get_full_path(),
        "keys": [key for key in entrance.list_keys(person_id=visit.person_id) if key.stopped_at is None],
        "live_will_do": asked_of(grant.request.payload.data).wants_live,
    }  # fmt: skip
    return letting_forms_lead_on(request, render(request, "oidc/passkey.html", context))


def _live(request: HttpRequest, grant: Any, licence: LicenceView, silent: bool) -> HttpResponse:
    """Why the live check is needed, and the way to it; it comes back here."""
    if silent:
        raise InteractionRequiredError("The live check is needed")
    if request.POST.get("decision") == "deny":
        return _answer(request, grant, None)
    context = {
        "application": grant.request.client, "licence": licence, "first": licence.assured_at is None,
        "action": request.get_full_path(),
    }  # fmt: skip
    return letting_forms_lead_on(request, render(request, "oidc/live.html", context))


def _barred(request: HttpRequest, grant: Any, licence: LicenceView | None, silent: bool) -> HttpResponse:
    """Whoever may not practise is told why and what helps, before the application is told no more than "refused"."""
    if silent or request.POST.get("decision") == "deny":
        raise AccessDeniedError()
    context = {
        "application": grant.request.client, "licence": licence, "action": request.get_full_path(),
        "remedy": REMEDIES[licence.status] if licence else "请向所在地司法行政机关核对执业登记。",
    }  # fmt: skip
    return letting_forms_lead_on(request, render(request, "oidc/barred.html", context, status=403))


def _answer(request: HttpRequest, grant: Any, holder: Holder | None) -> HttpResponse:
    _forget(request)
    response: HttpResponse = server.create_authorization_response(request, grant_user=holder, grant=grant)
    return response


def _told(request: HttpRequest, error: OAuth2Error) -> HttpResponse:
    """The error goes back to the application if, and only if, its address is known to be its own."""
    if getattr(error, "redirect_uri", None):
        _forget(request)
        response: HttpResponse = server.handle_error_response(request, error)
        return response
    context = {"problem": error.error, "description": error.get_error_description()}
    return render(request, "oidc/unknown.html", context, status=400)


def _is_fresh(at: dt.datetime, asked: rules.Asked, since: dt.datetime, now: dt.datetime) -> bool:
    """True if a factor was shown recently enough: after this very request when it says `login`, else within its age."""
    if "login" in asked.prompts or "select_account" in asked.prompts or asked.max_age == 0:
        return at >= since
    return asked.max_age is None or now - at <= dt.timedelta(seconds=asked.max_age) or at >= since


def _first_seen(request: HttpRequest, now: dt.datetime) -> dt.datetime:
    """When this very request came first: signing in after that satisfies it, also when the consent took its time."""
    key = _key(request)
    seen = request.session.get("asked", {})
    if key not in seen:
        seen = dict(list({**seen, key: now.isoformat()}.items())[-_REMEMBERED:])
        request.session["asked"] = seen
    return dt.datetime.fromisoformat(seen[key])


def _forget(request: HttpRequest) -> None:
    seen = request.session.get("asked", {})
    if seen.pop(_key(request), None) is not None:
        request.session["asked"] = seen


def _key(request: HttpRequest) -> str:
    return hashlib.sha256(request.META.get("QUERY_STRING", "").encode()).hexdigest()[:32]
