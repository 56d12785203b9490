"""变更执业机构交接: what a lawyer has still to settle, and what colleagues hand to him."""

import uuid

from lutong.domains.cases.queries import my_deadlines
from lutong.domains.delegation.models import Handover, Takeover
from lutong.domains.identity.queries import LawyerFacts, get_lawyer, list_firm_members
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotFound


def list_handovers(*, actor: Actor) -> list[Handover]:
    """The cases of the lawyer that a change of firm touches, the unsettled first."""
    with reading(actor):
        rows = Handover.objects.filter(lawyer_id=actor.person_id).order_by("-changed_at", "number")[:300]
        return sorted(rows, key=lambda row: row.state == "done")


def get_handover(*, actor: Actor, handover_id: uuid.UUID, lock: bool = False) -> Handover:
    """One of the lawyer's own, or NotFound; `lock` needs an open action."""
    with reading(actor):
        rows = Handover.objects.filter(lawyer_id=actor.person_id, id=handover_id)
        found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("没有这项交接，或您无权查看")
    return found


def successors(*, actor: Actor, firm_uscc: str) -> list[LawyerFacts]:
    """Lawyers of the old firm who could take a case over: with an account, in force, no 实习人员."""
    found = [get_lawyer(lawyer_id=i) for i in list_firm_members(firm_uscc=firm_uscc) if i != actor.person_id]
    fit = [one for one in found if one is not None and one.status == "active" and one.kind != "trainee"]
    return [LawyerFacts.of(one) for one in fit]


def list_takeovers(*, actor: Actor) -> list[tuple[Takeover, list[str]]]:
    """What colleagues hand to the actor, each with the periods that run there, which they let him see."""
    with reading(actor):
        rows = list(Takeover.objects.filter(lawyer_id=actor.person_id, state="passing").order_by("-offered_at"))
    return [(row, _periods(row)) for row in rows]


def _periods(row: Takeover) -> list[str]:
    """Read as the giver's own rows: he chose to hand the case over, so nobody loses a period meanwhile."""
    giver = Actor(row.giver_id, Role.LAWYER, row.giver_name)
    with reading(giver):
        periods = my_deadlines(actor=giver)
    return [f"{period.title} {period.due_on}" for period in periods if period.case_id == row.case_id]
