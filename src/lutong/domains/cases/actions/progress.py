"""A case on its way: mediation, trial, outcome, close."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions.deadlines import end_all_deadlines, set_deadline, settle_deadline
from lutong.domains.cases.actions.timeline import add_milestone, counsel_ids, project
from lutong.domains.cases.events import CaseClosed, CaseDecided, MovedToTrial, TrialBegan
from lutong.domains.cases.models import Case
from lutong.domains.cases.queries import get_case
from lutong.domains.cases.rules import mediation_period
from lutong.domains.cases.states import CASE, COURT, Outcome, Stage
from lutong.domains.exchange.actions import put_out
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
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
    check_version(case, version)
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
    if actor.role not in COURT:
        raise NotAllowed("只有承办法官和书记员可以延长调解期限")
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    if case.stage != Stage.MEDIATION:
        raise Conflict("案件不在先行调解阶段")
    period = mediation_period(procedure=case.procedure, began_on=beijing_date(case.registered_at), extended=True)
    if case.mediation_due_on and case.mediation_due_on >= period.due_on:
        raise Conflict("调解期限已经延长过")
    case.mediation_due_on = period.due_on
    keep(case, "mediation_due_on")
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


def _settle(actor: Actor, case: Case, facts: dict[str, Any], now: dt.datetime) -> None:
    case.outcome, case.outcome_note = Outcome.SETTLED, str(facts.get("note", ""))[:1000]
    case.closed_on = case.effective_on = beijing_date(now)
    _move(actor, case, "settle", now, detail="调解成功，以“其他方式”结案，不交纳案件受理费")
    settle_deadline(actor=actor, court_id=case.court_id, case_id=case.id, kind="mediation", state="met", now=now)
    end_all_deadlines(actor=actor, case=case, now=now)
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
    end_all_deadlines(actor=actor, case=case, now=now)
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
    if case.decided_on is not None and not case.decided_on <= case.effective_on <= beijing_date(now):
        raise Invalid("生效日期不对", fields={"effective_on": f"请填 {case.decided_on} 至今天之间的日期"})
    case.closed_on = beijing_date(now)
    _move(actor, case, "close", now, detail=f"裁判自 {case.effective_on} 起生效")
    end_all_deadlines(actor=actor, case=case, now=now)
    announce(CaseClosed(actor, case.court_id, case.id, now))


_STEPS = {
    "settle": _settle, "bill": _bill, "begin_trial": _begin_trial, "deem_withdrawn": _deem_withdrawn,
    "decide": _decide, "close": _close,
}  # fmt: skip


def _move(actor: Actor, case: Case, step: str, now: dt.datetime, *, detail: str = "") -> None:
    """Advance, store, write the timeline, tell counsel, record: what every step has in common."""
    before = case.stage
    case.stage = CASE.advance(before, step, actor)
    keep(case)
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


def keep(case: Case, *fields: str) -> None:
    """Store the case (or the named fields) under its next version and bring the lawyers' rows up to it."""
    case.version += 1
    case.save(update_fields=[*fields, "version"] if fields else None)
    project(case)


def check_version(case: Case, version: int | None) -> None:
    """Refuse an act upon a case that has changed since the actor looked; None: he did not look (a job)."""
    if version is not None and case.version != version:
        raise Conflict("案件刚刚有变化，请刷新后再办", version=case.version)
