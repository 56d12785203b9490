"""What every page's frame needs: navigation, counts, tickets for the event stream."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lutong.domains.courts.queries import get_court
from lutong.domains.gatepass.queries import may_keep as keeps_gates
from lutong.domains.notices.queries import count_unread
from lutong.kernel.actor import Actor, Role
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
ASSISTANT_NAV = [*LAWYER_NAV[:2], *LAWYER_NAV[3:5], ("shield", "我协助的律师", "assisting")]
IDLE_NAV = ASSISTANT_NAV[-1:]
COURT_NAV = [
    ("desk", "立案审核", "desk-filings"),
    ("cases", "案件办理", "desk-cases"),
    ("calendar", "排期", "desk-calendar"),
    ("service", "送达", "desk-deliveries"),
    ("tools", "交费核对", "desk-fees"),
    ("shield", "代理核实", "desk-representations"),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Variables of `base.html`. Everything here must be cheap: it runs for every page."""
    actor: Actor | None = getattr(request, "actor", None)
    base = {"actor": actor, "demo": settings.LUTONG_DEMO, "here": ""}
    if actor is None or getattr(request, "htmx", False):
        return base
    court = get_court(court_id=actor.court_id) if actor.is_staff and actor.court_id else None
    return base | {
        "court": court,
        "nav": _court_nav(actor) if court else _own_nav(actor),
        "unread": count_unread(actor=actor),
        "events_url": f"{settings.LUTONG_EVENTS_URL}/events",
        "events_ticket": issue_ticket(person_id=actor.person_id),
    }


def _own_nav(actor: Actor) -> list[tuple[str, str, str]]:
    if actor.is_assistant:
        return ASSISTANT_NAV
    return IDLE_NAV if actor.role is Role.ASSISTANT else LAWYER_NAV


def _court_nav(actor: Actor) -> list[tuple[str, str, str]]:
    return [*COURT_NAV, ("qr", "门禁通行", "desk-gate")] if keeps_gates(actor=actor) else COURT_NAV
