"""At the door: from where somebody comes, with which browser, and the page that says when he may try again."""

import datetime as dt
import functools
import secrets
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lutong.domains.identity import queries
from lutong.domains.identity.actions.freezing import know_frozen
from lutong.domains.identity.actions.limits import Try
from lutong.domains.identity.devices import device

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Any]

COOKIE = "__Host-lutong-device" if settings.SESSION_COOKIE_SECURE else "lutong-device"
YEAR = 365 * 24 * 3600
LONGEST = 100  # characters


def address_of(request: HttpRequest) -> str:
    """The network address that counts: of IPv6 its /64, which one household shares."""
    return str(get_ip(request))


def name_of(request: HttpRequest) -> str:
    """What the browser calls itself."""
    return device(request.headers.get("User-Agent", ""))


def word_of(request: HttpRequest) -> str:
    """The random word that this browser got at its first sign-in; empty before."""
    return request.COOKIES.get(COOKIE, "")[:LONGEST]


def new_word() -> str:
    """A word for a browser that has none."""
    return secrets.token_urlsafe(32)


def give_word(response: HttpResponse, word: str) -> None:
    """Let the browser keep its word; it opens nothing, it only tells this browser from others."""
    response.set_cookie(
        COOKIE, word, max_age=YEAR, httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
    )


def paused(request: HttpRequest, refused: Try, *, what: str) -> HttpResponse:
    """429 with the time of the next try and the ways that stay open. It says the same whether the account exists."""
    seconds = max(1, int(refused.wait.total_seconds()) + 1)
    context = {
        "what": what,
        "until": refused.at + refused.wait,
        "minutes": -(-seconds // 60),
        "is_all": refused.refused_by.endswith(".all"),
        "is_account": refused.refused_by.endswith((".account", ".device")),
        "own_browser": refused.refused_by.endswith(".device"),
        "signed_in": request.user.is_authenticated,
        "today": refused.at + refused.wait < refused.at + dt.timedelta(hours=12),
    }
    response = render(request, "identity/paused.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def crowded(request: HttpRequest) -> HttpResponse:
    """503: more people sign in at this moment than may wait; nothing was counted."""
    words = {
        "status": 503,
        "message": "现在登录的人很多，请等几秒再试",
        "remedy": "没有计入输错次数，已保存的内容不受影响。",
    }
    response = render(request, "error.html", words, status=503)
    response["Retry-After"] = "3"
    return response


def is_frozen(request: HttpRequest) -> bool:
    """Whether the password of whoever is signed in was put out of use by “不是我”."""
    return getattr(request.user, "frozen_at", None) is not None


def steady(view: View[P]) -> View[P]:
    """Closed to a court's employee whose password is frozen: nobody but another person can say which of two he is.

    A thief has the factors by which he could otherwise make the account his own.
    """

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Any:
        if is_frozen(request) and not queries.is_on_roll(person_id=int(request.user.pk or 0)):
            return redirect("account-frozen")
        return view(request, *args, **kwargs)

    return cast("View[P]", inner)


def frozen(request: HttpRequest, *, person_id: int) -> HttpResponse:
    """403: the password is right and opens nothing; the ways that stay open. Only who knows it ever sees this."""
    know_frozen(session=request.session, person_id=person_id)
    context = {"signed_in": request.user.is_authenticated, "on_roll": queries.is_on_roll(person_id=person_id)}
    response = render(request, "identity/frozen.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response
