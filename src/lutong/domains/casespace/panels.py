"""What each tab of a case shows, gathered from the domains that own it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from lutong.domains.audit.queries import label_of, list_case_events
from lutong.domains.cases import queries as cases
from lutong.domains.casespace.gathering import Facts
from lutong.domains.delegation.queries import team_of
from lutong.domains.dossier import queries as dossier
from lutong.domains.eservice import queries as eservice
from lutong.domains.fees import queries as fee_queries
from lutong.domains.gatepass import queries as gates
from lutong.domains.hearings import queries as hearings
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import CASE_CAPABILITIES, Capability
from lutong.kernel.clock import beijing_date
from lutong.kernel.duties import Duty, may

TABS = {
    "overview": "概览",
    "dossier": "电子卷宗",
    "schedule": "庭审与日程",
    "service": "送达",
    "fees": "费用",
    "people": "当事人与代理",
    "team": "团队",
    "timeline": "案件进程",
}
DESK_TABS = {key: label for key, label in TABS.items() if key != "team"} | {"audit": "办理留痕", "notes": "调解笔记"}
TAB_NEEDS = {
    "dossier": Capability.READ_DOSSIER, "service": Capability.RECEIVE_SERVICE, "fees": Capability.PAY,
}  # fmt: skip
# What a tab of the desk shows beyond the case itself needs the duty for it, too.
TAB_DUTIES = {
    "dossier": (Duty.DOSSIERS,), "schedule": (Duty.HEARINGS, Duty.DOSSIERS), "service": (Duty.DELIVERIES,),
    "fees": (Duty.FEES,), "audit": (Duty.DELIVERIES,), "notes": (Duty.KEEP_MEDIATION_NOTES,),
}  # fmt: skip
ENDERS = Duty.TRY.roles
Panel = Callable[[Facts, Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Due:
    """A period on the page; the same one of several counsel is told once to the court."""

    title: str
    due_on: Any
    law: str
    provisional: bool
    steps: list[Any]
    for_whom: str = ""


def needed_by(tab: str) -> Capability:
    """What an assistant must have been granted to open a tab."""
    return TAB_NEEDS.get(tab, Capability.READ_CASE)


def desk_tabs(actor: Actor) -> dict[str, str]:
    """The tabs of a case that the role opens at the desk."""
    return {
        key: label for key, label in DESK_TABS.items()
        if key not in TAB_DUTIES or any(may(actor, duty) for duty in TAB_DUTIES[key])
    }  # fmt: skip


def head(facts: Facts) -> dict[str, Any]:
    """Header, facts, node line, tabs and the ways out."""
    return {
        "mine": [{"side": r.party.side} for r in facts.mine],
        "nodes": facts.nodes(),
        "tabs": _tabs(facts),
    }  # fmt: skip


def shared(facts: Facts) -> dict[str, Any]:
    """What the header and the panels both use."""
    may = {"submit": facts.may(Capability.SUBMIT_MATERIAL), "read": facts.may(Capability.READ_DOSSIER)}
    return {"links": _links(facts), "bill": facts.bill, "may": may} | _payment(facts)


def overview(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """待办与期限, 最近材料, 当事人与代理人, 下次开庭."""
    coming = facts.next_hearing
    hours: list[int] = []
    strip: list[Any] = []
    if coming is not None and facts.actor.is_lawyer:
        hours, strip = hearings.day_strip(actor=facts.actor, court_id=facts.case.court_id, hearing=coming)
    open_ones = [d for d in cases.deadlines_of(**facts.ids) if d.state == "open"]
    return {
        "deadlines": _told_once(open_ones, facts),
        "documents": facts.documents,
        "milestones": facts.milestones[:4],
        "next": coming,
        "arrivals": [coming.id] if coming and gates.tells_arrivals(hearing=coming, now=facts.now) else [],
        "hours": [(place * 2 + 1, hour) for place, hour in enumerate(hours)],
        "strip": strip,
        "clashes": [bar for bar in strip if bar.clash],
    } | people(facts, query)  # fmt: skip


def counsel(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """当事人与代理 with what waits for the court, and for the court what stands against each counsel."""
    changes = cases.list_changes(actor=facts.actor, court_id=facts.case.court_id, case_id=facts.case.id)
    confirmed = [r for r in facts.representations if r.state == "confirmed"] if facts.actor.is_staff else []
    today = beijing_date(facts.now)
    return {
        "waiting": {c.representation_id: c for c in changes if c.state == "claimed"},
        "notes": {r.id: cases.claim_notes(actor=facts.actor, claim=r, today=today) for r in confirmed},
        "mine_id": facts.actor.person_id if facts.actor.is_lawyer else 0,
    } | people(facts, query)


def people(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """Each party with his counsel; the other side's unproven claims are the court's business."""
    agents: dict[Any, list[Any]] = {}
    for representation in facts.representations:
        own = representation.lawyer_id == facts.actor.lawyer_id
        if representation.state == "confirmed" or facts.actor.is_staff or own:
            agents.setdefault(representation.party_id, []).append(representation)
    return {
        "parties": [(party, agents.get(party.id, [])) for party in facts.parties],
        "powers": cases.POWER_LABELS,
        "may_end": facts.actor.role in ENDERS and cases.handles(**facts.ids),
    }


def timeline(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """案件进程, newest first."""
    readers = [(row, Role(row.role).label) for row in cases.readers_of(**facts.ids)]
    return {"milestones": facts.milestones, "readers": readers}


def schedule(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """The hearings of the case, and of which ones it can be told who has come."""
    told = [hearing.id for hearing in facts.hearings if gates.tells_arrivals(hearing=hearing, now=facts.now)]
    return {"hearings": facts.hearings, "arrivals": told}


def service(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """What was served: all of it to the court, his own to counsel."""
    deliveries = eservice.list_deliveries(**facts.ids)
    return {"deliveries": [(delivery, _delivery(facts, delivery)) for delivery in deliveries]}


def fees(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """The bill and what came of it."""
    return {}


def papers(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """The volume by kinds, with the proof that nothing is hidden."""
    return {"volume": dossier.volume(**facts.ids, after=query.get("after", "")[:80])}


def team(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """团队化作战: the firm's lawyers on this side and their assistants, for themselves only."""
    return {"team": team_of(**facts.ids), "capabilities": CASE_CAPABILITIES}


def notes(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """调解笔记, for the mediator who wrote them."""
    return {"notes": cases.notes_of(**facts.ids)}


def audit(facts: Facts, query: Mapping[str, str]) -> dict[str, Any]:
    """办理留痕, for the court only."""
    labels = {str(role): role.label for role in Role}
    events = list_case_events(**facts.ids)
    return {"events": [(e, label_of(e.action), labels.get(e.actor_role, e.actor_role)) for e in events]}


PANELS: dict[str, Panel] = {
    "overview": overview, "dossier": papers, "schedule": schedule, "service": service, "fees": fees,
    "people": counsel, "team": team, "timeline": timeline, "audit": audit, "notes": notes,
}  # fmt: skip


def _told_once(deadlines: Iterable[Any], facts: Facts) -> list[Due]:
    if facts.actor.is_counsel:
        return [Due(d.title, d.due_on, d.law, d.provisional, d.steps) for d in deadlines]
    names = {r.lawyer_id: r.lawyer_name for r in facts.representations}
    same: dict[Any, list[Any]] = {}
    for deadline in deadlines:
        same.setdefault((deadline.kind, deadline.title, deadline.due_on), []).append(deadline)
    return [
        Due(group[0].title, group[0].due_on, group[0].law, group[0].provisional, group[0].steps,
            "、".join(names[d.person_id] for d in group if d.person_id in names))
        for group in same.values()
    ]  # fmt: skip


def _payment(facts: Facts) -> dict[str, Any]:
    bill = facts.bill
    if bill is None:
        return {"pay": "", "may_pay": False}
    if facts.actor.is_staff:
        return {"pay": reverse("desk-bill", args=[bill.id]) if may(facts.actor, Duty.FEES) else "", "may_pay": False}
    return {
        "pay": reverse("bill", args=[bill.court_id, bill.id]),
        "may_pay": fee_queries.may_pay(actor=facts.actor, bill=bill, sides={r.party.side for r in facts.mine}),
    }


def _tabs(facts: Facts) -> list[tuple[str, str, str, int]]:
    counts = {
        "dossier": facts.documents_in_all,
        "schedule": len([h for h in facts.hearings if h.state == "scheduled"]),
    }
    mine = {key: label for key, label in TABS.items() if facts.may(needed_by(key))}
    labels = desk_tabs(facts.actor) if facts.actor.is_staff else mine
    return [(key, label, _tab(facts, key), counts.get(key, 0)) for key, label in labels.items()]


def _tab(facts: Facts, key: str) -> str:
    case, desk = facts.case, facts.actor.is_staff
    where = [case.id] if desk else [case.court_id, case.id]
    name = "desk-case" if desk else "case"
    return reverse(name, args=where) if key == "overview" else reverse(f"{name}-tab", args=[*where, key])


def _delivery(facts: Facts, delivery: Any) -> str:
    if facts.actor.is_staff:
        return reverse("desk-delivery", args=[delivery.id])
    return reverse("service-one", args=[delivery.court_id, delivery.id])


def _links(facts: Facts) -> dict[str, str]:
    case_id = facts.case.id
    open_tabs = desk_tabs(facts.actor) if facts.actor.is_staff else TABS
    tabs = {key: _tab(facts, key) for key in ("dossier", "people", "fees", "timeline") if key in open_tabs}
    if facts.actor.is_counsel:
        tools, service = facts.may(Capability.USE_TOOLS), facts.may(Capability.RECEIVE_SERVICE)
        return tabs | {
            "calendar": reverse("calendar") if tools else "", "service": reverse("service") if service else "",
        }  # fmt: skip
    ways = {
        "calendar": (Duty.HEARINGS, reverse("desk-calendar")),
        "plan": (Duty.TRY, f"{reverse('desk-calendar-new')}?case={case_id}"),
        "service": (Duty.SERVE, reverse("desk-delivery-new", args=[case_id])),
        "volume": (Duty.DOSSIERS, reverse("desk-volume", args=[case_id])),
    }
    acts = cases.handles(**facts.ids)
    return tabs | {
        key: href for key, (duty, href) in ways.items()
        if may(facts.actor, duty) and (acts or duty not in (Duty.TRY, Duty.SERVE))
    }  # fmt: skip
