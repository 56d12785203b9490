"""What every page's frame needs: navigation, counts, tickets for the event stream."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lutong.domains.courts.queries import get_court
from lutong.domains.notices.queries import count_unread
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import DESK, Duty, may
from lutong.site.tickets import issue_ticket

# (icon, label, url name)
LAWYER_NAV = [
    ("home", "工作台", "home"),
    ("cases", "案件空间", "cases"),
    ("filing", "网上立案", "filing"),
    ("calendar", "庭审日程", "calendar"),
    ("service", "电子送达", "service"),
    ("shield", "我的助理", "assistants"),
]
# An assistant's: what it opens, the grants of each case say.
ASSISTANT_NAV = [*LAWYER_NAV[:5], ("shield", "我协助的律师", "assisting")]
IDLE_NAV = ASSISTANT_NAV[-1:]


def desk_nav(actor: Actor) -> list[tuple[str, str, str]]:
    """The entries of the desk that the actor's role opens (kernel.duties)."""
    return [(icon, duty.label, name) for icon, name, duty in DESK if may(actor, duty)]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Variables of `base.html`. Everything here must be cheap: it runs for every page."""
    actor: Actor | None = getattr(request, "actor", None)
    base = {"actor": actor, "demo": settings.LUTONG_DEMO, "here": ""}
    if actor is None or getattr(request, "htmx", False):
        return base
    court = get_court(court_id=actor.court_id) if actor.court_id else None
    return base | {
        "court": court,
        "nav": desk_nav(actor) if court else _own_nav(actor),
        "may_search": may(actor, Duty.CASES) if court else actor.is_counsel,
        "posts": request.session.get("posts", 0) if court else 0,
        "unread": count_unread(actor=actor),
        "events_url": f"{settings.LUTONG_EVENTS_URL}/events",
        "events_ticket": issue_ticket(person_id=actor.person_id, stamp=request.user.stamp),  # type: ignore[union-attr]
    }


def _own_nav(actor: Actor) -> list[tuple[str, str, str]]:
    if actor.is_assistant:
        return ASSISTANT_NAV
    return IDLE_NAV if actor.role is Role.ASSISTANT else LAWYER_NAV
