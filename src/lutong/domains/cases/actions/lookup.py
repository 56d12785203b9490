"""进度查询: what 12368 and the hall may tell a caller, and that they were asked."""

import datetime as dt
from dataclasses import dataclass

from lutong.domains.audit.actions import record
from lutong.domains.cases.models import Case, Representation
from lutong.domains.cases.queries import plain_number
from lutong.domains.cases.rules import LONGEST_REASON
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import Invalid, NotFound

SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Status:
    """All that a caller is told: the stage and who to turn to. No party, no paper, no sum."""

    number: str
    stage: str
    division: str
    judge: str
    recorder: str
    registered_at: dt.datetime


@action
def look_up_status(*, actor: Actor, number: str, licence_no: str, reason: str, now: dt.datetime) -> Status | None:
    """The stage of a case of the own court, for its counsel of record who calls; None when number and licence
    do not belong together. Each look-up stands in the trail with the caller's reason, also a vain one.

    Raises NotFound for who has no such work, Invalid without number, licence or reason.
    """
    if not may(actor, Duty.LOOKUP):
        raise NotFound("没有这个页面，或您无权查看")
    wanted, licence, told = plain_number(number)[:60], licence_no.strip()[:20], " ".join(reason.split())
    fields = {}
    if not wanted:
        fields["number"] = "请填完整案号"
    if not (licence.isascii() and licence.isdigit() and len(licence) == 17):
        fields["licence_no"] = "请填来电律师的 17 位执业证号"
    if not SHORTEST <= len(told) <= LONGEST_REASON:
        fields["reason"] = f"请写明来电人和事由，{SHORTEST} 至 {LONGEST_REASON} 字"
    if fields:
        raise Invalid("请补全查询条件", fields=fields)
    court_id = actor.court_id or 0
    counsel = Representation.objects.filter(court_id=court_id, licence_no=licence, state="confirmed")
    case = Case.objects.filter(court_id=court_id, number=wanted, id__in=counsel.values("case_id")).first()
    record(
        actor=actor, court_id=court_id, action="cases.look_up", subject=wanted, now=now,
        case_id=case.id if case else None, found=case is not None, licence_end=licence[-4:], reason=told,
    )  # fmt: skip
    if case is None:
        return None
    return Status(
        case.number, case.get_stage_display(), case.division, case.judge_name, case.recorder_name, case.registered_at
    )
