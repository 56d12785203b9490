"""我的执业登记."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lutong.kernel import clock
from lutong.verification.entrance import actions, queries
from lutong.verification.entrance.devices import device
from lutong.verification.entrance.faces import for_holders, visit_of
from lutong.verification.entrance.pages import NAV
from lutong.verification.registry import queries as registry
from lutong.verification.registry.queries import LicenceView
from lutong.verification.registry.rules import REMEDIES, Fact


@never_cache
@require_GET
@for_holders
def me(request: HttpRequest) -> HttpResponse:
    """我的执业登记: the own entry in the roll, whatever its standing, and where one is signed in."""
    visit, now = visit_of(request), clock.now()
    licence = registry.get_licence(number=visit.number)
    visits = [
        (device(one.agent), one, one.pk == visit.pk) for one in queries.list_visits(person_id=visit.person_id, now=now)
    ]
    context = {
        "here": "me", "nav": NAV, "visit": visit, "licence": licence, "visits": visits, "history": _history(licence),
        "remedy": REMEDIES[licence.status] if licence else "", "keys": queries.list_keys(person_id=visit.person_id),
    }  # fmt: skip
    return render(request, "entrance/me.html", context)


@require_POST
@for_holders
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    visit = visit_of(request)
    ended = actions.leave_everywhere(person_id=visit.person_id, but=visit.pk, why="elsewhere", now=clock.now())
    messages.success(request, f"已退出其他 {ended} 处登录" if ended else "没有其他登录")
    return redirect("me")


def _history(licence: LicenceView | None) -> list[Fact]:
    """The decisions about a licence, the newest first."""
    return list(reversed(registry.facts_of(licence_id=licence.licence_id))) if licence else []
