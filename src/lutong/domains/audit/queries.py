"""Reading the trail."""

import uuid
from collections.abc import Collection, Mapping

from lutong.domains.audit.models import CourtEvent, LawyerEvent
from lutong.domains.audit.words import WORDS
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor


def list_case_events(*, actor: Actor, court_id: int, case_id: uuid.UUID, limit: int = 200) -> list[CourtEvent]:
    """The newest events of a case. Staff of the court only: a lawyer sees the timeline instead."""
    with reading(actor):
        if not actor.is_staff:
            return []
        return list(CourtEvent.objects.filter(court_id=court_id, case_id=case_id).order_by("-at", "-id")[:limit])


def list_own_events(*, actor: Actor, limit: int = 50) -> list[LawyerEvent]:
    """What the actor did with his own account and drafts, newest first."""
    with reading(actor):
        return list(LawyerEvent.objects.filter(lawyer_id=actor.person_id).order_by("-at")[:limit])


def list_events_for(
    *, actor: Actor, person_id: int, cases: Mapping[int, Collection[uuid.UUID]], limit: int = 100
) -> list[CourtEvent | LawyerEvent]:
    """What an assistant did for the actor, newest first: in his own trail, and in the cases named by court."""
    with reading(actor):
        own = LawyerEvent.objects.filter(lawyer_id=actor.person_id, actor_id=person_id, for_id=actor.person_id)
        found: list[CourtEvent | LawyerEvent] = list(own.order_by("-at", "id")[:limit])
        for court_id, case_ids in cases.items():
            events = CourtEvent.objects.filter(
                court_id=court_id, case_id__in=case_ids, actor_id=person_id, for_id=actor.person_id
            )
            found += events.order_by("-at", "id")[:limit]
    return sorted(found, key=lambda event: event.at, reverse=True)[:limit]


def documents_of_record(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> set[uuid.UUID]:
    """Every document that ever came into a case, by the trail alone."""
    with reading(actor):
        facts = CourtEvent.objects.filter(
            court_id=court_id, case_id=case_id,
            action__in=["dossier.take_in", "dossier.file_paper", "dossier.attach_to_case"],
        ).values_list("facts", flat=True)  # fmt: skip
        return {uuid.UUID(one) for fact in facts for one in (*fact.get("documents", ()), *_one(fact.get("document")))}


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def label_of(action: str) -> str:
    """What an act is called when people read the trail."""
    return WORDS.get(action, action)
