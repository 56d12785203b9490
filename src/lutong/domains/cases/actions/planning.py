"""Who tries a case, by which procedure, and until when evidence may come."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions.deadlines import set_deadline, settle_deadline
from lutong.domains.cases.actions.progress import check_version, keep
from lutong.domains.cases.actions.timeline import add_milestone, counsel_ids
from lutong.domains.cases.models import Case
from lutong.domains.cases.queries import get_case
from lutong.domains.cases.rules import check_panel, evidence_steps, mediation_period, trial_limit
from lutong.domains.cases.states import COURT, Procedure, Stage
from lutong.domains.identity.queries import get_colleague
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.clock import beijing_date
from lutong.kernel.duties import JUDGES, Duty
from lutong.kernel.errors import Conflict, Invalid, NotAllowed
from lutong.kernel.periods import Step

ALLOTTERS = Duty.ALLOT.roles
EVIDENCE_LAW = "民事诉讼法第六十八条第二款"


@action
def allot(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, version: int, judge_id: int, recorder_id: int, now: dt.datetime
) -> Case:
    """分案: another judge or 书记员 takes the case; presidents, filing clerks and the judge in charge may."""
    if actor.role not in ALLOTTERS:
        raise NotAllowed("只有院庭长、立案庭和承办法官可以变更承办人")
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    check_version(case, version)
    if case.stage == Stage.CLOSED:
        raise Conflict("案件已结案，不能再变更承办人", state=case.stage)
    judge = get_colleague(court_id=court_id, person_id=judge_id, role=JUDGES)
    recorder = get_colleague(court_id=court_id, person_id=recorder_id, role=Role.RECORDER)
    if judge is None or recorder is None:
        raise Invalid("请选择本院在岗的法官和书记员", fields={"judge_id": "请选择", "recorder_id": "请选择"})
    case.judge_id, case.judge_name, case.division = judge.person_id, judge.name, judge.department
    case.recorder_id, case.recorder_name = recorder.person_id, recorder.name
    case.panel = [{"person_id": judge.person_id, "name": judge.name, "role": "审判员"}]
    keep(case, "judge_id", "judge_name", "division", "recorder_id", "recorder_name", "panel")
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="allotted", title="确定承办人",
        detail=f"承办法官 {judge.name}，书记员 {recorder.name}", now=now,
    )  # fmt: skip
    for person_id in sorted({judge.person_id, recorder.person_id} - {actor.person_id}):
        tell(
            person_id=person_id, key=f"allotted:{case.id}:{case.version}", kind="cases", body=case.title, now=now,
            title=f"分案：{case.number}", link=f"/desk/cases/{case.id}/",
        )  # fmt: skip
    record(actor=actor, court_id=court_id, action="cases.allot", subject=case.number, now=now, case_id=case.id)
    return case


@action
def set_plan(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, version: int, procedure: str, panel: list[dict[str, Any]],
    evidence_due_on: dt.date | None, now: dt.datetime,
) -> Case:  # fmt: skip
    """Set procedure (which sets the trial limit), panel ({"person_id", "name", "role"}) and 举证期限.

    The limit runs from the day after registration (民事诉讼法第一百五十二条、第一百六十四条、第一百六十八条); the
    bounds of the 举证期限 are those of 民诉法解释第九十九条、第二百六十六条、第二百七十五条. Raises Invalid, Conflict.
    """
    if actor.role not in COURT:
        raise NotAllowed("只有承办法官和书记员可以安排审理")
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    check_version(case, version)
    if case.stage in (Stage.DECIDED, Stage.CLOSED):
        raise Conflict(f"案件{case.get_stage_display()}，不能再安排审理", state=case.stage)
    if procedure not in Procedure.values:
        raise Invalid("请选择审理程序", fields={"procedure": "请选择"})
    check_panel(procedure=procedure, size=len(panel))
    before, evidence_before = case.procedure, case.evidence_due_on
    limit = trial_limit(procedure=procedure, registered_on=beijing_date(case.registered_at))
    steps: tuple[Step, ...] = ()
    if evidence_due_on is not None and (evidence_due_on, procedure) != (evidence_before, before):
        steps = evidence_steps(procedure=procedure, set_on=beijing_date(now), due_on=evidence_due_on)
    case.procedure, case.panel, case.trial_due_on = procedure, panel, limit.due_on
    case.evidence_due_on = evidence_due_on
    keep(case, "procedure", "panel", "trial_due_on", "evidence_due_on")
    if evidence_due_on != evidence_before or steps:
        _move_evidence_day(actor, case, steps, now)
    detail = f"{case.get_procedure_display()}；{'、'.join(str(p['name']) for p in panel)}；审限至 {limit.due_on}"
    detail += f"；举证期限至 {evidence_due_on}" if evidence_due_on else ""
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="plan", title="确定审判组织和举证期限", now=now,
        detail=detail,
    )  # fmt: skip
    for person_id in counsel_ids(court_id=court_id, case_id=case_id):
        tell(
            person_id=person_id, key=f"plan:{case.id}:{case.version}", kind="cases", now=now, body=detail,
            title=f"审理安排：{case.number}", link=f"/cases/{court_id}/{case.id}/",
        )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.set_plan", subject=case.number, now=now, case_id=case.id,
        before=before, after=procedure,
    )  # fmt: skip
    return case


def share_periods(*, actor: Actor, case: Case, person_id: int, now: dt.datetime) -> None:
    """Counsel who comes later gets the periods that already run for all: mediation and evidence."""
    if case.stage == Stage.MEDIATION and case.mediation_due_on:
        began_on = beijing_date(case.registered_at)
        reckoned = [
            mediation_period(procedure=case.procedure, began_on=began_on, extended=longer) for longer in (False, True)
        ]
        told = next((p.steps for p in reckoned if p.due_on == case.mediation_due_on), ())
        set_deadline(
            actor=actor, court_id=case.court_id, case_id=case.id, kind="mediation", title="先行调解期限届满",
            due_on=case.mediation_due_on, law=reckoned[0].law, person_id=person_id, source=f"mediation:{person_id}",
            steps=told or (Step(f"人民法院已确定调解期限至 {case.mediation_due_on}", reckoned[0].law),), now=now,
        )  # fmt: skip
    if case.evidence_due_on and case.evidence_due_on >= beijing_date(now):
        _set_evidence_day(actor, case, person_id, (), now)


def _move_evidence_day(actor: Actor, case: Case, steps: tuple[Step, ...], now: dt.datetime) -> None:
    for person_id in counsel_ids(court_id=case.court_id, case_id=case.id):
        if case.evidence_due_on is not None:
            _set_evidence_day(actor, case, person_id, steps, now)
        else:
            settle_deadline(
                actor=actor, court_id=case.court_id, case_id=case.id, kind="evidence", state="void",
                source=f"plan:{person_id}", now=now,
            )  # fmt: skip


def _set_evidence_day(actor: Actor, case: Case, person_id: int, steps: tuple[Step, ...], now: dt.datetime) -> None:
    told = steps or (Step(f"人民法院已确定举证期限至 {case.evidence_due_on}", EVIDENCE_LAW),)
    set_deadline(
        actor=actor, court_id=case.court_id, case_id=case.id, kind="evidence", title="举证期限届满",
        due_on=case.evidence_due_on, law=EVIDENCE_LAW, steps=told, person_id=person_id,
        source=f"plan:{person_id}", now=now,
    )  # fmt: skip
