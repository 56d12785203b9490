"""What every page and API view needs at the door: an actor, a keyset cursor, a returned form."""

import base64
import datetime as dt
import functools
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import Capability
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from lutong.kernel.interrupted import to_sign_in
from lutong.kernel.stepup import fresh as fresh  # every guard of a face comes from here

P = ParamSpec("P")
R = TypeVar("R")
Operation = Callable[Concatenate[HttpRequest, P], R]  # what django-ninja calls
T = TypeVar("T")
_BAD_CURSOR = "翻页位置无效，请从第一页重新浏览"
View = Callable[Concatenate[HttpRequest, P], HttpResponse]  # what Django calls


def actor_in(request: HttpRequest) -> Actor:
    """The actor of a request that `signed_in` let through."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware who_acts
    return actor


def signed_in(view: View[P]) -> View[P]:
    """Visitors are sent to sign in and find their form again; a GET runs in one read transaction of the actor.

    Who has signed in but cannot act yet (no second factor, no licence, no post) is sent to the page that says so.
    """

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is None and request.user.is_authenticated:
            return redirect("account-incomplete")
        if actor is None:
            return to_sign_in(request)
        if request.method == "GET":
            with reading(actor):
                return view(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return cast("View[P]", inner)


def for_lawyers(view: View[P]) -> View[P]:
    """A page of the lawyer's side: it does not exist for court staff."""
    return _only(lambda actor: actor.is_lawyer)(view)


def for_counsel(needs: Capability) -> Callable[[View[P]], View[P]]:
    """A page of the lawyers' side that assistants may open, too, in cases in which they were granted `needs`.

    Which cases these are, the access of the domain says (`cases.queries.get_case(needs=…)`); to everybody else the
    page does not exist.
    """

    def wrap(view: View[P]) -> View[P]:
        inner = _only(lambda actor: actor.is_counsel)(view)
        inner.needs = needs  # type: ignore[attr-defined]  # read by the house tests
        return inner

    return wrap


def for_bar(view: View[P]) -> View[P]:
    """A page of the lawyers' side that does not need a lawyer: also for an assistant who acts for nobody yet."""
    return _only(lambda actor: actor.role in {Role.LAWYER, Role.ASSISTANT})(view)


def for_staff(*duties: Duty) -> Callable[[View[P]], View[P]]:
    """A page of the court's desk: it exists only for roles that carry one of the duties (kernel.duties)."""
    return _only(lambda actor: any(may(actor, duty) for duty in duties))


def _only(allowed: Callable[[Actor], bool]) -> Callable[[View[P]], View[P]]:
    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not allowed(actor_in(request)):
                raise NotFound("没有这个页面，或您无权查看")
            return view(request, *args, **kwargs)

        return signed_in(cast("View[P]", inner))

    return wrap


def scoped(
    scope: str, *, one_statement: bool = False, needs: Capability | None = None
) -> Callable[[Operation[P, R]], Operation[P, R]]:
    """An API operation of the lawyer's side; a token must carry `scope` (identity.scopes lists them).

    A GET runs in one read transaction of the actor; with `one_statement` it is a single statement upon the
    lawyer's own tables, which needs none. With `needs` it is open to assistants (the session of the mini program) in
    cases in which they were granted it. A house test holds every operation to this mark.
    """

    def wrap(operation: Operation[P, R]) -> Operation[P, R]:
        @functools.wraps(operation)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
            actor = actor_in(request)
            if not actor.is_lawyer and not (needs and actor.is_assistant):
                raise NotFound("没有这个资源，或您无权查看")
            if actor.scopes is not None and scope not in actor.scopes:
                raise NotAllowed(f"这个接口令牌没有“{scope}”权限，请在“账号与安全”页另签一个", scope=scope)
            if request.method != "GET" or (one_statement and actor.is_lawyer):
                return operation(request, *args, **kwargs)
            with reading(actor):
                return operation(request, *args, **kwargs)

        inner.scope, inner.needs = scope, needs  # type: ignore[attr-defined]  # read by the house tests
        return cast("Operation[P, R]", inner)

    return wrap


def etag(version: int) -> str:
    """The ETag of an editable thing."""
    return f'"{version}"'


def version_in(request: HttpRequest) -> int | None:
    """The version that the caller edits, from `If-Match`; None without the header, Invalid when it is not ours."""
    word = request.headers.get("If-Match", "").strip()
    if not word:
        return None
    digits = word.removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise Invalid('If-Match 应为上次得到的 ETag，例如 "3"')
    return int(digits)


def pack_cursor(*values: Any) -> str:
    """A keyset position as an opaque URL-safe word."""
    return base64.urlsafe_b64encode(json.dumps([str(v) for v in values]).encode()).decode().rstrip("=")


def unpack_cursor(word: str | None) -> tuple[dt.datetime, uuid.UUID] | None:
    """The (instant, id) of `pack_cursor(instant.isoformat(), id)`; Invalid when somebody tampered with it."""
    if not word:
        return None
    at, row_id = _unpacked(word, dt.datetime.fromisoformat)
    if at.tzinfo is None:
        raise Invalid(_BAD_CURSOR)
    return at, row_id


def unpack_day_cursor(word: str | None) -> tuple[dt.date, uuid.UUID] | None:
    """The (day, id) of `pack_cursor(day, id)`; Invalid when somebody tampered with it."""
    return _unpacked(word, dt.date.fromisoformat) if word else None


def _unpacked(word: str, read: Callable[[str], T]) -> tuple[T, uuid.UUID]:
    try:
        first, row_id = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        return read(first), uuid.UUID(row_id)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Invalid(_BAD_CURSOR) from None


def whole_day(text: str, field: str) -> dt.date | None:
    """A day from a form, None when it was left empty; Invalid, naming the field, for anything else."""
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("请填日期，例如 2026-11-21", fields={field: "请填日期，例如 2026-11-21"}) from None


def carry_out(
    request: HttpRequest, *, work: Callable[[], str], again: Callable[[Refusal], HttpResponse], then: Callable[[], str]
) -> HttpResponse:
    """One step of a page: its sentence and the way on, or the page `again` with the refusal above what was typed.

    `work` answers the sentence, or nothing when the next page says it itself; `then` the address that follows, asked
    after the work is done.
    """
    try:
        done = work()
    except Refusal as refusal:
        return again(refusal)
    if done:
        messages.success(request, done)
    return redirect(then())


def shown(request: HttpRequest, template: str, context: Mapping[str, Any], refusal: Refusal | None) -> HttpResponse:
    """A page that may have refused: with the refusal for `_refusal.html`, and with its status."""
    return render(request, template, {**context, "refusal": refusal}, status=refusal.status if refusal else 200)


def whole_number(text: str | None) -> int:
    """A whole number from a form or an address; anything else becomes 0, which no row carries."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0
