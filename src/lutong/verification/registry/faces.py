"""The door of the desk: which officer asks, and what a form sent."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lutong.kernel import clock
from lutong.kernel.errors import NotFound
from lutong.verification.network import network_address
from lutong.verification.registry import queries
from lutong.verification.registry.actors import BureauActor, DeskActor
from lutong.verification.registry.bodies import MINISTRY
from lutong.verification.registry.settling import settled

P = ParamSpec("P")
SESSION_KEY = "officer"


def for_desks(
    view: Callable[Concatenate[HttpRequest, DeskActor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of every desk: visitors are sent to sign in; an account that was closed is signed out at once."""

    @functools.wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        officer_id = request.session.get(SESSION_KEY)
        actor = queries.officer_actor(officer_id=officer_id) if officer_id is not None else None
        if actor is None:
            request.session.pop(SESSION_KEY, None)
            where = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return redirect(f"{reverse('bureau-sign-in')}?{where}")
        request.actor = actor  # type: ignore[attr-defined]  # the frame shows it
        settled(clock.now())
        return view(request, actor, *args, **kwargs)

    return inner


def for_officers(
    view: Callable[Concatenate[HttpRequest, BureauActor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of the bureaus' desk: for the staff of a court's window there is none."""

    @functools.wraps(view)
    def inner(request: HttpRequest, actor: DeskActor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(actor, BureauActor):
            raise NotFound("没有这个页面，或您无权查看")
        return view(request, actor, *args, **kwargs)

    return for_desks(inner)


def first_page(actor: DeskActor, wanted: str) -> str:
    """Where an officer goes after signing in: where he wanted to, if that is his, else to his work."""
    live = reverse("bureau-live")
    if isinstance(actor, BureauActor):
        return wanted or reverse("bureau")
    return wanted if wanted.startswith(live) else live


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, for limits."""
    return network_address(request) or ""


def sent_day(request: HttpRequest, name: str) -> dt.date | None:
    """A day of a form; None when it is missing or no day."""
    try:
        return dt.date.fromisoformat(request.POST.get(name, "").strip().replace("/", "-"))
    except ValueError:
        return None


def sent_text(request: HttpRequest, name: str, longest: int = 300) -> str:
    """A text of a form with its spaces tidied; characters that UTF-8 cannot hold are dropped."""
    raw = request.POST.get(name, "")[: longest + 1]
    return " ".join(raw.encode("utf-8", "ignore").decode("utf-8").split())


def desk_tabs(actor: DeskActor) -> list[tuple[str, str, str]]:
    """The navigation of the desk: label, address, key. Other rooms of this service have their work here, too.

    A court's window has one page and needs none.
    """
    if not isinstance(actor, BureauActor):
        return []
    register = [("应用登记", reverse("bureau-applications"), "applications")] if actor.bureau == MINISTRY else []
    return [
        ("律师", reverse("bureau"), "lawyers"),
        ("实习人员", reverse("bureau-list", args=["trainees"]), "trainees"),
        ("基层法律服务工作者", reverse("bureau-list", args=["grassroots"]), "grassroots"),
        ("执业机构", reverse("bureau-firms"), "firms"),
        ("实人核验", reverse("bureau-live"), "live"),
        ("报送情况", reverse("bureau-feeds"), "feeds"),
        ("留痕", reverse("bureau-trail"), "trail"),
        *register,
    ]
