"""送达之日: reckon it from what is on record, keep its steps, and set running what begins then."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as case_queries
from lutong.domains.eservice import deadlines, rules
from lutong.domains.eservice.models import Delivery, LawyerDelivery
from lutong.domains.eservice.queries.facts import served_facts, service_facts
from lutong.domains.exchange.actions import put_out
from lutong.domains.fees import actions as fees
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, system


def take_effect(*, actor: Actor, delivery: Delivery, now: dt.datetime) -> rules.NotServed | None:
    """Reckon the day of service anew; when there is one, store it and set the periods. Part of the caller's act.

    Answers why service is not complete, or None when it is. The court's system acts here, because a signature of
    counsel changes periods and bills that he may not write himself.
    """
    with as_actor(system(delivery.court_id)):
        case = case_queries.get_case(
            actor=system(delivery.court_id), court_id=delivery.court_id, case_id=delivery.case_id
        )
        outcome = rules.service_effect(facts=service_facts(delivery=delivery, procedure=case.procedure or "ordinary"))
        if isinstance(outcome, rules.NotServed):
            return outcome
        if (delivery.effective_on, delivery.rule) == (outcome.effective_on, outcome.rule_id):
            return None
        delivery.effective_on, delivery.rule = outcome.effective_on, outcome.rule_id
        delivery.steps = [{"text": s.text, "law": s.law} for s in outcome.steps]
        delivery.save(update_fields=["effective_on", "rule", "steps"])
        _set_deadlines(delivery, case, now)
        cases.add_milestone(
            actor=system(delivery.court_id), court_id=delivery.court_id, case_id=delivery.case_id, kind="served",
            title=f"已向{delivery.party_name}送达", now=now,
            detail=f"{delivery.title}，送达之日 {delivery.effective_on}",
        )  # fmt: skip
    record(
        actor=actor, court_id=delivery.court_id, case_id=delivery.case_id, action="eservice.take_effect",
        subject=delivery.title, now=now, delivery=str(delivery.id), rule=delivery.rule,
        effective_on=delivery.effective_on.isoformat(),
    )  # fmt: skip
    put_out(court_id=delivery.court_id, topic="eservice.effective", payload={"delivery_id": str(delivery.id)}, now=now)
    return None


def project(delivery: Delivery) -> None:
    """Bring the recipient's inbox row up to the delivery, in the transaction that changed it."""
    if delivery.recipient_id is not None:
        LawyerDelivery.objects.filter(lawyer_id=delivery.recipient_id, id=delivery.id).update(
            state=delivery.state, effective_on=delivery.effective_on, read_at=delivery.read_at,
            signed_at=delivery.signed_at,
        )  # fmt: skip


def _set_deadlines(delivery: Delivery, case: Any, now: dt.datetime) -> None:
    actor = system(delivery.court_id)
    parties = case_queries.parties_of(actor=actor, court_id=delivery.court_id, case_id=delivery.case_id)
    side = next(p.side for p in parties if p.id == delivery.party_id)
    for deadline in deadlines.deadlines_of(served=served_facts(delivery=delivery, case=case, side=side)):
        if deadline.kind == "hearing":  # the hearing itself has set this day
            continue
        if deadline.kind == "fee" and not _set_bill_due(delivery, deadline, now):
            continue
        if case.stage == "closed":  # settled before the paper was read: nothing begins to run any more
            continue
        cases.set_deadline(
            actor=actor, court_id=delivery.court_id, case_id=delivery.case_id, kind=deadline.kind,
            title=deadline.title, due_on=deadline.due_on, law=deadline.law, steps=deadline.steps,
            provisional=deadline.provisional, party_id=delivery.party_id, person_id=delivery.recipient_id,
            source=_source(delivery, deadline.kind), now=now,
        )  # fmt: skip


def _set_bill_due(delivery: Delivery, deadline: deadlines.Deadline, now: dt.datetime) -> bool:
    """True while the bill still has to be paid."""
    bill_id = delivery.facts.get("bill_id")
    if not bill_id:
        return True
    bill = fees.set_due(
        actor=system(delivery.court_id), court_id=delivery.court_id, bill_id=uuid.UUID(bill_id),
        due_on=deadline.due_on, steps=[{"text": s.text, "law": s.law} for s in deadline.steps], now=now,
    )  # fmt: skip
    return bill.state != "paid"


def _source(delivery: Delivery, kind: str) -> str:
    """What a deadline comes from; the same source again moves it instead of adding another."""
    who = delivery.recipient_id or delivery.party_id
    if kind == "evidence":
        return f"plan:{who}"  # the court's own day, once set, moves this one
    return (
        f"{kind}:{delivery.case_id}:{who}"
        if kind in {"fee", "answer", "jurisdiction_objection"}
        else f"delivery:{delivery.id}"
    )
