"""Deliveries of a court: of a case, of the desk, one of them."""

import datetime as dt
import uuid

from django.db.models import Q

from lutong.domains.cases.queries import get_case, parties_of
from lutong.domains.eservice import access, deadlines, rules
from lutong.domains.eservice.models import Delivery, DeliveryItem
from lutong.domains.eservice.queries.facts import served_facts, service_facts
from lutong.domains.eservice.states import DeliveryState, Mode
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import NotFound

STATES = {"waiting": "待送达", "sent": "送达中", "signed": "已送达", "failed": "送达失败", "withdrawn": "已撤回"}
MODES = dict(Mode.choices)
MANY = 100


def get_delivery(*, actor: Actor, court_id: int, delivery_id: uuid.UUID) -> Delivery:
    """One delivery that the actor may see, or NotFound."""
    with reading(actor):
        found = access.visible_to(actor, court_id=court_id).filter(id=delivery_id).first()
        if found is None:
            _refuse_assistant(actor, court_id, delivery_id)
    if found is None:
        raise NotFound("没有这次送达，或您无权查看")
    return found


def _refuse_assistant(actor: Actor, court_id: int, delivery_id: uuid.UUID) -> None:
    """Name the missing permission when the delivery is his lawyer's, in a case within the assistant's sight."""
    if not actor.is_assistant:
        return
    with as_actor(system(court_id)):  # of which case it is, is not an assistant's to read
        held = Delivery.objects.filter(court_id=court_id, id=delivery_id, recipient_id=actor.lawyer_id).first()
    if held is not None:
        get_case(actor=actor, court_id=court_id, case_id=held.case_id, needs=Capability.RECEIVE_SERVICE)


def items_of(*, actor: Actor, delivery: Delivery) -> list[DeliveryItem]:
    """The papers of a visible delivery, in order."""
    with reading(actor):
        return list(
            DeliveryItem.objects.filter(court_id=delivery.court_id, delivery_id=delivery.id).order_by("place", "id")
        )


def list_deliveries(*, actor: Actor, court_id: int, case_id: uuid.UUID, limit: int = 200) -> list[Delivery]:
    """The deliveries of a case that the actor may see, newest first."""
    with reading(actor):
        rows = access.visible_to(actor, court_id=court_id).filter(case_id=case_id)
        return list(rows.exclude(state=DeliveryState.WITHDRAWN).order_by("-sent_at", "-id")[:limit])


def list_court_deliveries(
    *,
    actor: Actor,
    court_id: int,
    tab: str = "waiting",
    text: str = "",
    before: tuple[dt.datetime, uuid.UUID] | None = None,
    limit: int = 30,
) -> list[Delivery]:
    """The court's deliveries in one state, newest first; `text` looks at case number, party and title."""
    with reading(actor):
        rows = access.visible_to(actor, court_id=court_id).filter(state=tab).select_related("case")
        if text:
            rows = rows.filter(
                Q(case__number__icontains=text) | Q(party_name__icontains=text) | Q(title__icontains=text)
            )
        if before is not None:
            rows = rows.filter(Q(sent_at__lt=before[0]) | Q(sent_at=before[0], id__lt=before[1]))
        return list(rows.order_by("-sent_at", "-id")[:limit])


def count_waiting(*, actor: Actor, court_id: int) -> int:
    """How many deliveries the court still has to send, counted up to 100."""
    with reading(actor):
        return len(access.visible_to(actor, court_id=court_id).filter(state=DeliveryState.WAITING).values("id")[:MANY])


def served_documents(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Which documents each party was sent or is waiting for: party id → document ids."""
    with reading(actor):
        live = access.visible_to(actor, court_id=court_id).filter(case_id=case_id).exclude(
            state__in=[DeliveryState.FAILED, DeliveryState.WITHDRAWN]
        )  # fmt: skip
        pairs = DeliveryItem.objects.filter(court_id=court_id, delivery_id__in=live.values("id"))
        told: dict[uuid.UUID, set[uuid.UUID]] = {}
        for party_id, document_id in pairs.values_list("delivery__party_id", "document_id"):
            told.setdefault(party_id, set()).add(document_id)
        return told


def consequences(*, actor: Actor, delivery: Delivery) -> tuple[deadlines.Deadline, ...]:
    """What a delivery that took effect set running for its addressee, each with its reckoning."""
    if delivery.effective_on is None:
        return ()
    with reading(actor):
        case = get_case(actor=actor, court_id=delivery.court_id, case_id=delivery.case_id)
        parties = parties_of(actor=actor, court_id=delivery.court_id, case_id=delivery.case_id)
        side = next(p.side for p in parties if p.id == delivery.party_id)
        return deadlines.deadlines_of(served=served_facts(delivery=delivery, case=case, side=side))


def why_not_served(*, actor: Actor, delivery: Delivery) -> rules.NotServed | None:
    """What is missing before a delivery counts as service; None when it does, or was never sent."""
    if delivery.effective_on is not None or not delivery.mode:
        return None
    with reading(actor):
        case = get_case(actor=actor, court_id=delivery.court_id, case_id=delivery.case_id)
        facts = service_facts(delivery=delivery, procedure=case.procedure or "ordinary")
    outcome = rules.service_effect(facts=facts)
    return outcome if isinstance(outcome, rules.NotServed) else None
