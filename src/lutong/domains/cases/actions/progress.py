"""A case on its way: mediation, trial, plan, outcome, close."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions.deadlines import set_deadline, settle_deadline
from lutong.domains.cases.actions.timeline import add_milestone, counsel_ids, project
from lutong.domains.cases.events import CaseClosed, CaseDecided, MovedToTrial, TrialBegan
from lutong.domains.cases.models import Case
from lutong.domains.cases.queries import get_case
from lutong.domains.cases.rules import mediation_period, trial_limit
from lutong.domains.cases.states import CASE, Outcome, Procedure, Stage
from lutong.domains.exchange.actions import put_out
from lutong.domains.identity.queries import get_colleague
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed
from lutong.kernel.events import announce


@action
def take_step(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, step: str, now: dt.datetime, version: int | None = None,
    facts: dict[str, Any] | None = None,
) -> Case:  # fmt: skip
    """Move a case along its lifecycle with all that follows; `facts` are what the step asks for.

    decide: {"outcome", "decided_on", "note"}; close: {"effective_on"}; settle: {"note"}. Raises Conflict on a
    stale `version` or a step that the stage does not allow.
    """
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    if version is not None and case.version != version:
        raise Conflict("案件刚刚有变化，请刷新后再办", version=case.version)
    follow = _STEPS.get(step)
    if follow is None:
        CASE.advance(case.stage, step, actor)
        raise Conflict("这一步由系统在到期或到账时自动办理")
    follow(actor, case, facts or {}, now)
    return case


def begin_mediation(*, actor: Actor, case: Case, now: dt.datetime) -> None:
    """转入先行调解 with its clock: 15 days (ordinary) or 7 (simple); the fee is not notified yet."""
    period = mediation_period(procedure=case.procedure, began_on=beijing_date(now))
    case.mediation_due_on = period.due_on
    _move(actor, case, "mediate", now, detail=f"调解期限至 {period.due_on}")
    for person_id in counsel_ids(court_id=case.court_id, case_id=case.id):
        set_deadline(
            actor=actor, court_id=case.court_id, case_id=case.id, kind="mediation", title="先行调解期限届满",
            period=period, person_id=person_id, source=f"mediation:{person_id}", now=now,
        )  # fmt: skip


def move_to_trial(*, actor: Actor, case: Case, now: dt.datetime) -> None:
    """转审理: the acceptance fee is notified now (see fees, which listens)."""
    _move(actor, case, "bill", now, detail="请按交费通知交纳案件受理费")
    settle_deadline(actor=actor, court_id=case.court_id, case_id=case.id, kind="mediation", state="void", now=now)
    announce(MovedToTrial(actor, case.court_id, case.id, now))


@action
def extend_mediation(*, actor: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime) -> Case:
    """All parties agree to 30 more days, which do not count into the trial limit (在线调解规则第二十四条)."""
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    if case.stage != Stage.MEDIATION:
        raise Conflict("案件不在先行调解阶段")
    period = mediation_period(procedure=case.procedure, began_on=beijing_date(case.registered_at), extended=True)
    if case.mediation_due_on and case.mediation_due_on >= period.due_on:
        raise Conflict("调解期限已经延长过")
    case.mediation_due_on = period.due_on
    _keep(case, "mediation_due_on")
    for person_id in counsel_ids(court_id=court_id, case_id=case_id):
        set_deadline(
            actor=actor, court_id=court_id, case_id=case_id, kind="mediation", title="先行调解期限届满", period=period,
            person_id=person_id, source=f"mediation:{person_id}", now=now,
        )  # fmt: skip
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="mediation", title="各方同意延长调解期限",
        detail=f"至 {period.due_on}，延长的期间不计入审限", now=now,
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.extend_mediation", subject=case.number, now=now, case_id=case.id
    )
    return case


@action
def end_expired_mediations(*, actor: Actor, court_id: int, now: dt.datetime) -> int:
    """Move cases to trial whose mediation period has run out (2025 rule: failure or expiry leads to trial)."""
    expired = Case.objects.filter(
        court_id=court_id, stage=Stage.MEDIATION, mediation_due_on__lt=beijing_date(now)
    ).order_by("id")
    cases = list(expired.select_for_update()[:200])
    for case in cases:
        move_to_trial(actor=actor, case=case, now=now)
    return len(cases)


@action
def allot(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, version: int, judge_id: int, recorder_id: int, now: dt.datetime
) -> Case:
    """分案: another judge or 书记员 takes the case; presidents, filing clerks and the judge in charge may."""
    if actor.role not in {Role.PRESIDENT, Role.CLERK, Role.JUDGE}:
        raise NotAllowed("只有院庭长、立案庭和承办法官可以变更承办人")
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    _same_version(case, version)
    judge = get_colleague(court_id=court_id, person_id=judge_id, role=Role.JUDGE)
    recorder = get_colleague(court_id=court_id, person_id=recorder_id, role=Role.RECORDER)
    if judge is None or recorder is None:
        raise Invalid("请选择本院在岗的法官和书记员", fields={"judge_id": "请选择", "recorder_id": "请选择"})
    case.judge_id, case.judge_name, case.division = judge.person_id, judge.name, judge.department
    case.recorder_id, case.recorder_name = recorder.person_id, recorder.name
    case.panel = [{"person_id": judge.person_id, "name": judge.name, "role": "审判员"}]
    _keep(case, "judge_id", "judge_name", "division", "recorder_id", "recorder_name", "panel")
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="allotted", title="确定承办人",
        detail=f"承办法官 {judge.name}，书记员 {recorder.name}", now=now,
    )  # fmt: skip
    record(actor=actor, court_id=court_id, action="cases.allot", subject=case.number, now=now, case_id=case.id)
    return case


@action
def set_plan(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, version: int, procedure: str, panel: list[dict[str, Any]],
    evidence_due_on: dt.date | None, now: dt.datetime,
) -> Case:  # fmt: skip
    """Set procedure (which sets the trial limit), panel and 举证期限.

    The limit runs from the day after registration (民事诉讼法第一百五十二条、第一百六十四条、第一百六十八条).
    """
    if actor.role not in {Role.JUDGE, Role.RECORDER}:
        raise NotAllowed("只有承办法官和书记员可以安排审理")
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    _same_version(case, version)
    if procedure not in Procedure.values:
        raise Invalid("请选择审理程序", fields={"procedure": "请选择"})
    if not 1 <= len(panel) <= 7:
        raise Invalid("请填审判组织", fields={"panel": "独任一人，合议庭三人、五人或者七人"})
    before = case.procedure
    limit = trial_limit(procedure=procedure, registered_on=beijing_date(case.registered_at))
    case.procedure, case.panel, case.trial_due_on = procedure, panel, limit.due_on
    case.evidence_due_on = evidence_due_on
    _keep(case, "procedure", "panel", "trial_due_on", "evidence_due_on")
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="plan", title="确定审判组织和举证期限", now=now,
        detail=f"{case.get_procedure_display()}；{'、'.join(str(p['name']) for p in panel)}；审限至 {limit.due_on}"
        + (f"；举证期限至 {evidence_due_on}" if evidence_due_on else ""),
    )  # fmt: skip
    if evidence_due_on:
        for person_id in counsel_ids(court_id=court_id, case_id=case_id):
            set_deadline(
                actor=actor, court_id=court_id, case_id=case_id, kind="evidence", title="举证期限届满",
                due_on=evidence_due_on, law="民事诉讼法第六十八条", person_id=person_id, source=f"plan:{person_id}",
                now=now,
            )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.set_plan", subject=case.number, now=now, case_id=case.id,
        before=before, after=procedure,
    )  # fmt: skip
    return case


def _settle(actor: Actor, case: Case, facts: dict[str, Any], now: dt.datetime) -> None:
    case.outcome, case.outcome_note = Outcome.SETTLED, str(facts.get("note", ""))[:1000]
    case.closed_on = case.effective_on = beijing_date(now)
    _move(actor, case, "settle", now, detail="调解成功，以“其他方式”结案，不交纳案件受理费")
    settle_deadline(actor=actor, court_id=case.court_id, case_id=case.id, kind="mediation", state="met", now=now)
    announce(CaseClosed(actor, case.court_id, case.id, now))


def _bill(actor: Actor, case: Case, facts: dict[str, Any], now: dt.datetime) -> None:
    move_to_trial(actor=actor, case=case, now=now)


def _begin_trial(actor: Actor, case: Case, facts: dict[str, Any], now: dt.datetime) -> None:
    _move(actor, case, "begin_trial", now, detail="案件受理费已到账")
    announce(TrialBegan(actor, case.court_id, case.id, now))
    put_out(court_id=case.court_id, topic="cases.trial_began", payload={"case_id": str(case.id)}, now=now)


def _deem_withdrawn(actor: Actor, case: Case, facts: dict[str, Any], now: dt.datetime) -> None:
    case.outcome, case.closed_on = Outcome.DEEMED_WITHDRAWN, beijing_date(now)
    case.effective_on, case.outcome_note = case.closed_on, "逾期未交纳案件受理费（诉讼费用交纳办法第二十二条）"
    _move(actor, case, "deem_withdrawn", now, detail=case.outcome_note)
    announce(CaseClosed(actor, case.court_id, case.id, now))


def _decide(actor: Actor, case: Case, facts: dict[str, Any], now: dt.datetime) -> None:
    outcome, decided_on = facts.get("outcome"), facts.get("decided_on")
    if outcome not in Outcome.values:
        raise Invalid("请选择结案方式", fields={"outcome": "请选择"})
    if not isinstance(decided_on, dt.date) or not beijing_date(case.registered_at) <= decided_on <= beijing_date(now):
        raise Invalid("裁判日期不对", fields={"decided_on": "请填立案之日至今天之间的日期"})
    case.outcome, case.decided_on = outcome, decided_on
    case.outcome_note = str(facts.get("note", ""))[:1000]
    _move(actor, case, "decide", now, detail=f"{Outcome(outcome).label}，{decided_on}")
    announce(CaseDecided(actor, case.court_id, case.id, now))
    put_out(court_id=case.court_id, topic="cases.decided", payload={"case_id": str(case.id)}, now=now)


def _close(actor: Actor, case: Case, facts: dict[str, Any], now: dt.datetime) -> None:
    effective_on = facts.get("effective_on")
    case.effective_on = effective_on if isinstance(effective_on, dt.date) else beijing_date(now)
    case.closed_on = beijing_date(now)
    _move(actor, case, "close", now, detail=f"裁判自 {case.effective_on} 起生效")
    announce(CaseClosed(actor, case.court_id, case.id, now))


_STEPS = {
    "settle": _settle, "bill": _bill, "begin_trial": _begin_trial, "deem_withdrawn": _deem_withdrawn,
    "decide": _decide, "close": _close,
}  # fmt: skip


def _move(actor: Actor, case: Case, step: str, now: dt.datetime, *, detail: str = "") -> None:
    """Advance, store, write the timeline, tell counsel, record: what every step has in common."""
    before = case.stage
    case.stage = CASE.advance(before, step, actor)
    _keep(case)
    label = CASE.steps[step].label
    add_milestone(actor=actor, court_id=case.court_id, case_id=case.id, kind=step, title=label, detail=detail, now=now)
    for person_id in counsel_ids(court_id=case.court_id, case_id=case.id):
        tell(
            person_id=person_id, key=f"{step}:{case.id}:{person_id}", kind="cases", title=f"{label}：{case.number}",
            body=detail, link=f"/cases/{case.court_id}/{case.id}/", now=now,
        )  # fmt: skip
    record(
        actor=actor, court_id=case.court_id, action=f"cases.{step}", subject=case.number, now=now, case_id=case.id,
        before=before, after=case.stage,
    )  # fmt: skip


def _keep(case: Case, *fields: str) -> None:
    """Store the case (or the named fields) under its next version and bring the lawyers' rows up to it."""
    case.version += 1
    case.save(update_fields=[*fields, "version"] if fields else None)
    project(case)


def _same_version(case: Case, version: int) -> None:
    if case.version != version:
        raise Conflict("案件刚刚有变化，请刷新后再办", version=case.version)
