"""变更执业机构, the court's side: the firm of record follows counsel, and periods are shared with who takes over."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions.deadlines import set_deadline
from lutong.domains.cases.actions.timeline import add_milestone
from lutong.domains.cases.models import Deadline, Representation
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.periods import Step


@action
def follow_firm(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, lawyer_id: int, firm_name: str, now: dt.datetime
) -> None:
    """Counsel of record has handed in the papers of his new firm: the record names it, and the timeline tells.

    The caller has made sure of the papers (民诉法解释第八十八条).
    """
    standing = Representation.objects.filter(
        court_id=court_id, case_id=case_id, lawyer_id=lawyer_id, state="confirmed"
    ).first()
    if standing is None:
        return
    before, standing.firm_name = standing.firm_name, firm_name[:120]
    standing.save(update_fields=["firm_name"])
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="counsel", title="代理律师变更执业机构", now=now,
        detail=f"{standing.lawyer_name}律师：{before} → {firm_name}，已提交新的授权委托书和所函",
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.follow_firm", subject=standing.lawyer_name, now=now,
        case_id=case_id, representation=str(standing.id),
    )  # fmt: skip


@action
def name_successor(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, lawyer_id: int, successor_id: int | None, now: dt.datetime
) -> None:
    """Counsel says who shall take his place in a case; None takes it back. The court decides by confirming the other.

    Part of the caller's transaction, in the court's own name.
    """
    mine = Representation.objects.filter(court_id=court_id, case_id=case_id, lawyer_id=lawyer_id, state="confirmed")
    mine.update(successor_id=successor_id)
    record(
        actor=actor, court_id=court_id, action="cases.name_successor", subject="", now=now, case_id=case_id,
        lawyer=lawyer_id, successor=successor_id,
    )  # fmt: skip


@action
def share_deadlines(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, giver_id: int, taker_id: int, now: dt.datetime
) -> int:
    """Every open period of one counsel runs for the other, too, from the same day and with the same reckoning.

    Nobody loses a period by a handover: the giver keeps his own until his representation ends. Answers how many.
    """
    own = {(d.kind, d.title, d.due_on) for d in _open(court_id, case_id, taker_id)}
    given = [d for d in _open(court_id, case_id, giver_id) if (d.kind, d.title, d.due_on) not in own]
    for period in given:
        if period.kind == "firm_papers":
            continue
        set_deadline(
            actor=actor, court_id=court_id, case_id=case_id, kind=period.kind, title=period.title,
            due_on=period.due_on, law=period.law, provisional=period.provisional, party_id=period.party_id,
            steps=[Step(step["text"], step["law"]) for step in period.steps], person_id=taker_id,
            source=f"{period.source[:110]}>{taker_id}", now=now,
        )  # fmt: skip
    return len(given)


def _open(court_id: int, case_id: uuid.UUID, person_id: int) -> list[Deadline]:
    rows = Deadline.objects.filter(court_id=court_id, case_id=case_id, person_id=person_id, state="open")
    return list(rows.order_by("id"))
