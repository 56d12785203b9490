"""Reading the trail."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from lutong.domains.audit.models import CourtEvent, LawyerEvent
from lutong.domains.audit.words import WORDS
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import NotFound

# 案号 and 收件号: the only subjects of work on cases that say nothing of their content.
_NUMBER = re.compile(r"（\d{4}）[^\s，。]{2,30}号|收\d{8,20}")


def list_case_events(*, actor: Actor, court_id: int, case_id: uuid.UUID, limit: int = 200) -> list[CourtEvent]:
    """The newest events of a case. Staff of the court only: a lawyer sees the timeline instead."""
    with reading(actor):
        if not actor.is_staff:
            return []
        return list(CourtEvent.objects.filter(court_id=court_id, case_id=case_id).order_by("-at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the auditor narrows the trail by; empty fields narrow nothing."""

    person: str = ""
    number: str = ""
    act: str = ""
    start_on: dt.date | None = None
    end_on: dt.date | None = None


Cursor = tuple[dt.datetime, uuid.UUID]


def list_trail(*, actor: Actor, wanted: TrailFilter, before: Cursor | None = None, limit: int = 50) -> list[CourtEvent]:
    """The trail of the auditor's own court, newest first; `before` is (at, id) of the last seen. Raises NotFound."""
    if not may(actor, Duty.TRAIL):
        raise NotFound("没有这个页面，或您无权查看")
    court_id = actor.court_id or 0
    with reading(actor):
        rows = CourtEvent.objects.filter(court_id=court_id)
        if wanted.person:
            rows = rows.filter(actor_name__contains=wanted.person[:60])
        if wanted.number:
            same = CourtEvent.objects.filter(court_id=court_id, subject=wanted.number, case_id__isnull=False)
            rows = rows.filter(Q(subject=wanted.number) | Q(case_id__in=same.values("case_id")))
        if wanted.act:
            named = [action for action, label in WORDS.items() if wanted.act in label or wanted.act == action]
            rows = rows.filter(action__in=named)
        if wanted.start_on:
            rows = rows.filter(at__gte=beijing(wanted.start_on))
        if wanted.end_on:
            rows = rows.filter(at__lt=beijing(wanted.end_on) + dt.timedelta(days=1))
        if before is not None:
            rows = rows.filter(Q(at__lt=before[0]) | Q(at=before[0], id__lt=before[1]))
        return list(rows.order_by("-at", "-id")[:limit])


def told_to_auditor(event: CourtEvent) -> str:
    """What an event is about, as far as the auditor may read it: numbers and offices, never what a case contains."""
    plain = event.action.partition(".")[0] in ("staffing", "identity", "audit")
    return event.subject if plain or _NUMBER.fullmatch(event.subject) else ""


def list_own_events(*, actor: Actor, limit: int = 50) -> list[LawyerEvent]:
    """What the actor did with his own account and drafts, newest first."""
    with reading(actor):
        return list(LawyerEvent.objects.filter(lawyer_id=actor.person_id).order_by("-at")[:limit])


def list_draft_events(*, actor: Actor, draft_id: uuid.UUID, limit: int = 50) -> list[LawyerEvent]:
    """What was done with a draft and its files, by whomever, newest first; whether he sees it, the caller knows."""
    with reading(actor):
        rows = LawyerEvent.objects.filter(lawyer_id=actor.lawyer_id).filter(
            Q(subject=str(draft_id)) | Q(facts__purpose=f"filing:{draft_id.hex}") | Q(facts__draft=str(draft_id))
        )
        return list(rows.order_by("-at", "id")[:limit])


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
