"""Periods that run in a case; each keeps its reckoning, step by step."""

import datetime as dt
import uuid
from collections.abc import Iterable

from lutong.domains.audit.actions import record
from lutong.domains.cases.models import Case, Deadline, LawyerDeadline
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import NotFound
from lutong.kernel.periods import Period, Step


@action
def set_deadline(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    kind: str,
    title: str,
    source: str,
    now: dt.datetime,
    period: Period | None = None,
    due_on: dt.date | None = None,
    law: str = "",
    steps: Iterable[Step] = (),
    provisional: bool = False,
    party_id: uuid.UUID | None = None,
    person_id: int | None = None,
) -> Deadline:
    """Set (or, for the same kind and source, move) a deadline, and show it on the counsel's desk at once.

    Give either `period`, or `due_on` with `law` and `steps`. `person_id` is the counsel whose desk shows it.
    """
    case = Case.objects.filter(court_id=court_id, id=case_id).first()
    if case is None:
        raise NotFound("没有这个案件，或您无权查看")
    if period is not None:
        due_on, law, steps, provisional = period.due_on, law or period.law, period.steps, period.provisional
    if due_on is None:
        raise ValueError("a deadline needs its day")
    facts = {
        "title": title[:120], "due_on": due_on, "law": law[:120], "provisional": provisional, "state": "open",
        "steps": [{"text": s.text, "law": s.law} for s in steps], "party_id": party_id, "person_id": person_id,
        "settled_at": None,
    }  # fmt: skip
    deadline, _ = Deadline.objects.update_or_create(
        court_id=court_id, case_id=case_id, kind=kind, source=source, defaults=facts
    )
    if person_id:
        _show(deadline, case, person_id)
    record(
        actor=actor, court_id=court_id, action="cases.set_deadline", subject=f"{title} {due_on}", now=now,
        case_id=case_id, kind=kind, source=source,
    )  # fmt: skip
    return deadline


@action
def settle_deadline(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    kind: str,
    state: str,
    now: dt.datetime,
    source: str = "",
    person_id: int | None = None,
) -> None:
    """Mark open deadlines of a kind as met, lapsed or void; `source` and `person_id` narrow to one."""
    wanted = Deadline.objects.filter(court_id=court_id, case_id=case_id, kind=kind, state="open")
    if source:
        wanted = wanted.filter(source=source)
    if person_id:
        wanted = wanted.filter(person_id=person_id)
    for deadline in wanted.order_by("id"):
        deadline.state, deadline.settled_at = state, now
        deadline.save(update_fields=["state", "settled_at"])
        if deadline.person_id:
            LawyerDeadline.objects.filter(lawyer_id=deadline.person_id, id=deadline.id).update(state=state)
        record(
            actor=actor, court_id=court_id, action="cases.settle_deadline", subject=deadline.title, now=now,
            case_id=case_id, after=state,
        )  # fmt: skip


def end_all_deadlines(*, actor: Actor, case: Case, now: dt.datetime, person_id: int | None = None) -> None:
    """Nothing runs on in a closed case (or, with `person_id`, for a counsel who has left): void, if not lapsed."""
    rows = Deadline.objects.filter(court_id=case.court_id, case_id=case.id, state="open")
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    for deadline in rows.order_by("id"):
        deadline.state = "lapsed" if deadline.due_on < beijing_date(now) else "void"
        deadline.settled_at = now
        deadline.save(update_fields=["state", "settled_at"])
        if deadline.person_id:
            LawyerDeadline.objects.filter(lawyer_id=deadline.person_id, id=deadline.id).update(state=deadline.state)


def _show(deadline: Deadline, case: Case, person_id: int) -> None:
    LawyerDeadline.objects.update_or_create(
        lawyer_id=person_id,
        id=deadline.id,
        defaults={
            "court_id": case.court_id, "case_id": case.id, "number": case.number, "case_title": case.title,
            "kind": deadline.kind, "title": deadline.title, "due_on": deadline.due_on,
            "provisional": deadline.provisional, "state": deadline.state,
        },
    )  # fmt: skip
