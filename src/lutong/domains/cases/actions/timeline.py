"""The timeline of a case, and the rows of it that its lawyers keep."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record_own
from lutong.domains.capacity.actions import note_over
from lutong.domains.cases.models import Case, LawyerCase, Milestone, Representation
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor


@action
def add_milestone(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, kind: str, title: str, now: dt.datetime, detail: str = ""
) -> None:
    """Write a node of the process that the parties are entitled to see (审判流程公开规定第七条、第八条)."""
    Milestone.objects.create(
        court_id=court_id, case_id=case_id, at=now, kind=kind, title=title[:120], detail=detail[:500],
        actor_name=str(actor)[:80],
    )  # fmt: skip


@action
def note_next_hearing(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, starts_at: dt.datetime | None, now: dt.datetime
) -> None:
    """Put the next hearing into the list row of each counsel of record."""
    for lawyer_id in counsel_ids(court_id=court_id, case_id=case_id):
        LawyerCase.objects.filter(lawyer_id=lawyer_id, id=case_id).update(next_hearing_at=starts_at)


def counsel_ids(*, court_id: int, case_id: uuid.UUID) -> list[int]:
    """The lawyers of record, in the order in which their rows are always touched."""
    confirmed = Representation.objects.filter(court_id=court_id, case_id=case_id, state="confirmed", lawyer_id__gt=0)
    return sorted(set(confirmed.values_list("lawyer_id", flat=True)))


def project(case: Case) -> None:
    """Bring the lawyers' list rows up to the case, in the transaction that changed it."""
    lawyer_ids = counsel_ids(court_id=case.court_id, case_id=case.id)
    if case.stage == "closed":
        note_over(lawyer_ids=lawyer_ids, court_id=case.court_id, case_id=case.id)
    for lawyer_id in lawyer_ids:
        LawyerCase.objects.filter(lawyer_id=lawyer_id, id=case.id).update(
            stage=case.stage, judge_name=case.judge_name, amount_fen=case.amount_fen, active=case.stage != "closed"
        )


def search_line(case: Case, party_name: str) -> str:
    """What a lawyer's search box looks through."""
    return f"{case.number} {case.title} {case.cause_name} {case.court_name} {party_name}".lower()


@action
def note_export(*, actor: Actor, count: int, now: dt.datetime) -> None:
    """The lawyer took his list of cases out of the platform: his own trail says when, and how many rows."""
    record_own(actor=actor, action="cases.export", subject=f"{count} 件", now=now, count=count)
