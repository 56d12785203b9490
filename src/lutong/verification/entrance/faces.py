"""What pages for signed-in holders of a licence need at the door."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lutong.kernel import clock
from lutong.verification.entrance import queries
from lutong.verification.entrance.models import Visit
from lutong.verification.network import network_address

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_ONWARD = "onward"


def visit_in(request: HttpRequest) -> Visit | None:
    """The visit of this request, asked once; None for a visitor."""
    if not hasattr(request, "visit"):
        request.visit = queries.visit_of(session=request.session, now=clock.now())  # type: ignore[attr-defined]
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    return visit


def visit_of(request: HttpRequest) -> Visit:
    """The visit of a request that `for_holders` let through."""
    visit = visit_in(request)
    assert visit is not None
    return visit


def for_holders(view: View[P]) -> View[P]:
    """Visitors are sent to sign in and come back."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if visit_in(request) is None:
            return to_sign_in(request.get_full_path() if request.method == "GET" else reverse("me"))
        return view(request, *args, **kwargs)

    return cast("View[P]", inner)


def to_sign_in(then: str, **more: str) -> HttpResponse:
    """Sign in, and go on to an address of this service."""
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': then, **more})}")


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this service, or the own record."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if ours else reverse("me")


def leads_to(request: HttpRequest, origin: str) -> None:
    """Remember the origin of the application to which the forms of this session may lead in the end."""
    request.session[_ONWARD] = origin


def letting_forms_lead_on(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Browsers hold `form-action` against every redirect after a form: let it lead to the asking application."""
    origin: Any = request.session.get(_ONWARD)
    if origin:
        response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]  # django-csp reads it
    return response


def address_of(request: HttpRequest) -> str | None:
    """The network address of the browser."""
    return network_address(request)
