"""Who calls the API, and how often he may."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError, HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.throttling import BaseThrottle
from ninja.utils import check_csrf

from lutong.domains.identity.queries import actor_of_token, bar_of_token
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.pace import Calls, wait

PERSON, VISITOR = 600, 300  # calls a minute


class Token(HttpBearer):
    """接口令牌: a bad one is refused at once and never falls back to the cookie of the browser."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        actor = actor_of_token(token=token, now=clock.now())
        if actor is None:
            raise bar_of_token(token=token) or AuthenticationError()
        request.actor = actor  # type: ignore[attr-defined]  # as the middleware who_acts does for sessions
        return actor


class BrowserSession(APIKeyCookie):
    """The session of the pages; unsafe methods must also show that they come from our own page."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and check_csrf(request) is not None:
            raise HttpError(403, "csrf")
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Not used: `__call__` reads the actor that the middleware resolved."""
        raise NotImplementedError


class Rate(BaseThrottle):
    """600 calls a minute for a person, 300 for an address without sign-in.

    Counted in the memory of each process: with n processes a caller may reach n times as many. It protects
    the pages from a program gone wild; a proxy in front is the place for anything stricter.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        actor: Actor | None = getattr(request, "actor", None)
        most = VISITOR if actor is None else PERSON
        subject = self.get_ident(request) or "" if actor is None else str(actor.person_id)
        return _calls.admit(subject, most, time.time())

    def wait(self) -> float:
        return wait(time.time())


_calls = Calls()
