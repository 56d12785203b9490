"""What each tab of a case shows, gathered from the domains that own it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from lutong.domains.cases import queries as cases
from lutong.domains.casespace.nodes import CaseFacts, node_line
from lutong.domains.dossier import queries as dossier
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date

TABS = {
    "overview": "概览",
    "dossier": "电子卷宗",
    "schedule": "庭审与日程",
    "service": "送达",
    "fees": "费用",
    "people": "当事人与代理",
    "timeline": "案件进程",
}


class Case(CaseFacts, Protocol):
    """The case as pages see it."""

    id: Any
    court_id: int
    number: str


Panel = Callable[..., dict[str, Any]]


def head(*, actor: Actor, case: Case, now: dt.datetime) -> dict[str, Any]:
    """Header, facts and node line."""
    mine = [c for c in cases.counsel_of(actor=actor, court_id=case.court_id, case_id=case.id)
            if c.lawyer_id == actor.person_id]  # fmt: skip
    nodes = node_line(case=case, paid_on=None, served_on=None, hearing_at=None, heard_on=None, today=beijing_date(now))
    return {"mine": mine, "nodes": nodes}


def overview(*, actor: Actor, case: Case, now: dt.datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """待办与期限, 最近材料, 当事人与代理人, 下次开庭."""
    ids = {"actor": actor, "court_id": case.court_id, "case_id": case.id}
    return {
        "deadlines": [d for d in cases.deadlines_of(**ids) if d.state == "open"],
        "documents": dossier.recent_documents(**ids),
    } | people(actor=actor, case=case, now=now, query=query)  # fmt: skip


def people(*, actor: Actor, case: Case, now: dt.datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """Each party with his counsel."""
    ids = {"actor": actor, "court_id": case.court_id, "case_id": case.id}
    parties = cases.parties_of(**ids)
    agents: dict[Any, list[Any]] = {}
    for representation in cases.representations_of(**ids):
        if representation.state == "confirmed" or actor.is_staff:
            agents.setdefault(representation.party_id, []).append(representation)
    return {"parties": [(party, agents.get(party.id, [])) for party in parties]}


def timeline(*, actor: Actor, case: Case, now: dt.datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """案件进程, newest first."""
    return {"milestones": cases.timeline_of(actor=actor, court_id=case.court_id, case_id=case.id)}


def schedule(*, actor: Actor, case: Case, now: dt.datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """The hearings of the case."""
    return {}


def service(*, actor: Actor, case: Case, now: dt.datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """What was served, to whom the actor may know."""
    return {}


def fees(*, actor: Actor, case: Case, now: dt.datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """The bill and what came of it."""
    return {}


def papers(*, actor: Actor, case: Case, now: dt.datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """The volume, in order."""
    return {"documents": dossier.list_documents(actor=actor, court_id=case.court_id, case_id=case.id)}


PANELS: dict[str, Panel] = {
    "overview": overview, "dossier": papers, "schedule": schedule, "service": service, "fees": fees,
    "people": people, "timeline": timeline,
}  # fmt: skip
