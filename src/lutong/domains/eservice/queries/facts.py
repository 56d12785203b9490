"""A delivery as the rules of service and of periods read it."""

import datetime as dt
from dataclasses import fields
from typing import Any

from lutong.domains.eservice import deadlines, rules
from lutong.domains.eservice.models import Delivery
from lutong.domains.eservice.papers.words import DEFAULT_EVIDENCE_DAYS
from lutong.domains.eservice.states import Mode
from lutong.kernel.clock import beijing_date

# Document kinds as the rules name them.
_RULE_KINDS = {"complaint": deadlines.COMPLAINT_COPY, "mediation_paper": rules.MEDIATION_LETTER}
_DATE_FACTS = {f.name for f in fields(rules.ServiceFacts) if f.name.endswith(("_on", "_by"))}
_OTHER_FACTS = {f.name for f in fields(rules.ServiceFacts)} - _DATE_FACTS - {"mode", "papers", "procedure"}


def rule_kinds(*, delivery: Delivery) -> frozenset[str]:
    """The kinds of a delivery's papers, as the rules name them."""
    kinds = delivery.items.filter(court_id=delivery.court_id).values_list("kind", flat=True)
    return frozenset(_RULE_KINDS.get(kind, kind) for kind in kinds)


def service_facts(*, delivery: Delivery, procedure: str) -> rules.ServiceFacts:
    """What is on record about a delivery, as the rules read it."""
    told: dict[str, Any] = {k: v for k, v in delivery.facts.items() if k in _OTHER_FACTS}
    told |= {k: dt.date.fromisoformat(v) for k, v in delivery.facts.items() if k in _DATE_FACTS and v}
    if delivery.mode == Mode.ELECTRONIC:
        told |= {
            "address_confirmed": bool(delivery.address.get("confirmed")),
            "arrived_on": _day(delivery.arrived_at), "read_on": _day(delivery.read_at),
            "replied_on": _day(delivery.signed_at),
        }  # fmt: skip
    return rules.ServiceFacts(mode=delivery.mode, papers=rule_kinds(delivery=delivery), procedure=procedure, **told)


def served_facts(*, delivery: Delivery, case: Any, side: str) -> deadlines.Served:
    """A delivery that took effect, as the rules of periods read it."""
    if delivery.effective_on is None:
        raise ValueError("not served yet")
    hearing = delivery.facts.get("hearing") or {}
    return deadlines.Served(
        effective_on=delivery.effective_on, papers=rule_kinds(delivery=delivery), side=side,
        procedure=case.procedure or "ordinary", foreign=bool(delivery.facts.get("foreign")),
        evidence_days=None if case.evidence_due_on else DEFAULT_EVIDENCE_DAYS.get(case.procedure or "ordinary"),
        hearing_on=dt.date.fromisoformat(hearing["on"]) if hearing else None, hearing_text=hearing.get("text", ""),
        ruling_appealable=case.outcome == "dismissed",
    )  # fmt: skip


def _day(instant: dt.datetime | None) -> dt.date | None:
    return beijing_date(instant) if instant else None
