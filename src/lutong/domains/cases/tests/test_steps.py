"""The stages of a case, and what follows from each step."""

import datetime as dt
from typing import Any

import pytest

from lutong.domains.cases import actions, queries
from lutong.domains.cases.models import Case, Deadline
from lutong.domains.cases.tests import world
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
ALONE = [{"person_id": world.JUDGE, "name": "许知行", "role": "审判员"}]
THREE = [{"person_id": n, "name": str(n), "role": "审判员"} for n in (world.JUDGE, world.JUDGE_2, world.JUDGE_3)]


@pytest.fixture(autouse=True)
def _people() -> None:
    world.enrol()


def in_trial(**changes: Any) -> Case:
    case = world.open_case(**changes)
    return world.step(case, "begin_trial", system(case.court_id))


def plan(case: Case, *, actor: Actor | None = None, version: int | None = None, **changes: Any) -> Case:
    facts = {"procedure": "ordinary", "panel": ALONE, "evidence_due_on": dt.date(2026, 12, 10)} | changes
    return actions.set_plan(
        actor=actor or world.staff(), court_id=case.court_id, case_id=case.id, version=version or case.version,
        now=world.LATER, **facts,
    )  # fmt: skip


def row_of(person_id: int) -> Any:
    (row,) = queries.list_my_cases(actor=world.lawyer(person_id), wanted=queries.CaseFilter())
    return row


def test_a_case_walks_from_fee_to_close() -> None:
    case = in_trial()
    assert row_of(world.ZHOU).stage == "trial"
    case = world.step(case, "decide", outcome="judgment", decided_on=dt.date(2026, 11, 20), note="支持原告")
    assert (case.stage, case.outcome, case.decided_on) == ("decided", "judgment", dt.date(2026, 11, 20))
    case = world.step(case, "close", effective_on=dt.date(2026, 11, 20))
    assert (case.stage, row_of(world.ZHOU).active) == ("closed", False)


def test_mediation_that_succeeds_closes_without_a_fee() -> None:
    case = world.step(world.open_case(mediation_agreed=True), "settle", note="达成协议并当场履行")
    assert (case.stage, case.outcome, case.closed_on) == ("closed", "settled", dt.date(2026, 11, 20))
    assert queries.my_deadlines(actor=world.lawyer(world.ZHOU)) == []


def test_mediation_that_fails_goes_to_trial_and_its_deadline_ends() -> None:
    case = world.step(world.open_case(mediation_agreed=True), "bill")
    assert case.stage == "fee_due"
    (ended,) = queries.my_deadlines(actor=world.lawyer(world.ZHOU), state="void")
    assert ended.kind == "mediation"


def test_an_unpaid_case_is_deemed_withdrawn() -> None:
    case = world.step(world.open_case(), "deem_withdrawn")
    assert (case.stage, case.outcome) == ("closed", "deemed_withdrawn")


@pytest.mark.parametrize(
    ("stage", "wrong"),
    [
        ("fee_due", "decide"),
        ("fee_due", "settle"),
        ("trial", "settle"),
        ("trial", "close"),
        ("trial", "deem_withdrawn"),
    ],
)
def test_a_step_out_of_turn_is_refused(stage: str, wrong: str) -> None:
    case = world.open_case() if stage == "fee_due" else in_trial()
    with pytest.raises(Conflict, match="当前状态为"):
        world.step(case, wrong, outcome="judgment", decided_on=dt.date(2026, 11, 20))


def test_only_the_system_says_that_money_has_come() -> None:
    case = world.open_case()
    with pytest.raises(NotAllowed):
        world.step(case, "begin_trial", world.staff())


@pytest.mark.parametrize("person_id", [world.PRESIDENT])
def test_only_judge_and_recorder_record_the_outcome(person_id: int) -> None:
    case = in_trial()
    with pytest.raises(NotAllowed):
        world.step(case, "decide", world.staff(person_id), outcome="judgment", decided_on=dt.date(2026, 11, 20))


def test_counsel_moves_nothing() -> None:
    case = in_trial()
    with pytest.raises(NotAllowed):
        world.step(case, "decide", world.lawyer(world.ZHOU), outcome="judgment", decided_on=dt.date(2026, 11, 20))


def test_an_unknown_step_is_not_found() -> None:
    with pytest.raises(NotFound):
        world.step(world.open_case(), "bribe")


def test_staff_of_another_court_do_not_find_the_case() -> None:
    case = world.open_case()
    with pytest.raises(NotFound):
        world.step(case, "deem_withdrawn", world.staff(world.JUDGE, "京0108"))


@pytest.mark.parametrize("decided_on", [None, dt.date(2026, 11, 19), dt.date(2026, 11, 21), "2026-11-20"])
def test_an_outcome_needs_a_day_between_registration_and_today(decided_on: Any) -> None:
    with pytest.raises(Invalid, match="裁判日期"):
        world.step(in_trial(), "decide", outcome="judgment", decided_on=decided_on)


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(Invalid, match="结案方式"):
        world.step(in_trial(), "decide", outcome="victory", decided_on=dt.date(2026, 11, 20))


def test_a_judgment_cannot_take_effect_before_it_was_made() -> None:
    case = world.step(in_trial(), "decide", outcome="judgment", decided_on=dt.date(2026, 11, 20))
    with pytest.raises(Invalid, match="生效日期"):
        world.step(case, "close", effective_on=dt.date(2026, 11, 19))


def test_a_stale_version_is_refused() -> None:
    case = in_trial()
    stale = case.version
    plan(case)
    with pytest.raises(Conflict, match="刚刚有变化"):
        plan(case, version=stale)


def test_the_plan_sets_the_trial_limit_by_procedure() -> None:
    case = plan(in_trial(), procedure="simple", evidence_due_on=dt.date(2026, 12, 1))
    assert case.trial_due_on == dt.date(2027, 2, 22)  # three months end on Saturday 20 February 2027
    case = plan(case, procedure="small", evidence_due_on=dt.date(2026, 11, 27))
    assert case.trial_due_on == dt.date(2027, 1, 20)


def test_ordinary_procedure_gives_at_least_fifteen_days_for_evidence() -> None:
    with pytest.raises(Invalid, match="不得少于 15 日") as refused:
        plan(in_trial(), evidence_due_on=dt.date(2026, 12, 4))
    assert "2026-12-05" in refused.value.fields["evidence_due_on"]
    assert plan(in_trial(), evidence_due_on=dt.date(2026, 12, 5)).evidence_due_on == dt.date(2026, 12, 5)


def test_simple_procedure_gives_at_most_fifteen_days_for_evidence() -> None:
    with pytest.raises(Invalid, match="不得超过 15 日"):
        plan(in_trial(), procedure="simple", evidence_due_on=dt.date(2026, 12, 6))


def test_simple_procedure_is_tried_by_one_judge() -> None:
    with pytest.raises(Invalid, match="独任"):
        plan(in_trial(), procedure="simple", panel=THREE, evidence_due_on=dt.date(2026, 12, 1))


def test_a_panel_is_odd() -> None:
    with pytest.raises(Invalid, match="单数"):
        plan(in_trial(), panel=THREE[:2])
    assert len(plan(in_trial(), panel=THREE).panel) == 3


def test_the_evidence_day_stands_on_counsels_desk_with_its_reckoning() -> None:
    case = plan(in_trial())
    (deadline,) = queries.deadlines_of(actor=world.lawyer(world.ZHOU), court_id=case.court_id, case_id=case.id)
    assert (deadline.due_on, deadline.title) == (dt.date(2026, 12, 10), "举证期限届满")
    assert "共 20 日" in deadline.steps[0]["text"]
    assert "第九十九条" in deadline.steps[0]["law"]


def test_moving_the_evidence_day_moves_the_deadline_and_adds_none() -> None:
    case = plan(plan(in_trial()), evidence_due_on=dt.date(2026, 12, 20))
    (mine,) = queries.my_deadlines(actor=world.lawyer(world.ZHOU))
    assert mine.due_on == dt.date(2026, 12, 20)
    plan(case, evidence_due_on=None)
    assert queries.my_deadlines(actor=world.lawyer(world.ZHOU)) == []


def test_a_change_of_panel_alone_keeps_an_evidence_day_that_has_come_near() -> None:
    case = plan(in_trial())
    near = world.NOW + dt.timedelta(days=18)
    again = actions.set_plan(
        actor=world.staff(), court_id=case.court_id, case_id=case.id, version=case.version, procedure="ordinary",
        panel=THREE, evidence_due_on=case.evidence_due_on, now=near,
    )  # fmt: skip
    assert (len(again.panel), again.evidence_due_on) == (3, case.evidence_due_on)


def test_a_decided_case_is_planned_no_more() -> None:
    case = world.step(in_trial(), "decide", outcome="judgment", decided_on=dt.date(2026, 11, 20))
    with pytest.raises(Conflict, match="已裁判"):
        plan(case)


def test_allotting_shows_the_new_judge_to_counsel() -> None:
    case = world.open_case()
    actions.allot(
        actor=world.staff(world.PRESIDENT), court_id=case.court_id, case_id=case.id, version=case.version,
        judge_id=world.JUDGE_2, recorder_id=world.RECORDER, now=world.LATER,
    )  # fmt: skip
    assert row_of(world.ZHOU).judge_name == "柏然"


def test_a_recorder_does_not_allot_and_a_clerk_is_no_judge() -> None:
    case = world.open_case()
    facts: dict[str, Any] = {"court_id": case.court_id, "case_id": case.id, "version": case.version, "now": world.LATER}
    with pytest.raises(NotAllowed):
        actions.allot(actor=world.staff(world.RECORDER), judge_id=world.JUDGE_2, recorder_id=world.RECORDER, **facts)
    with pytest.raises(Invalid, match="在岗"):
        actions.allot(actor=world.staff(world.PRESIDENT), judge_id=world.CLERK, recorder_id=world.RECORDER, **facts)


def test_mediation_is_extended_once_by_thirty_days() -> None:
    case = world.open_case(mediation_agreed=True)
    ids = {"court_id": case.court_id, "case_id": case.id, "now": world.LATER}
    longer = actions.extend_mediation(actor=world.staff(), **ids)
    assert longer.mediation_due_on == dt.date(2027, 1, 4)  # 45 days after 20 November
    with pytest.raises(Conflict, match="延长过"):
        actions.extend_mediation(actor=world.staff(), **ids)


def test_counsel_does_not_extend_mediation() -> None:
    case = world.open_case(mediation_agreed=True)
    with pytest.raises(NotAllowed):
        actions.extend_mediation(
            actor=world.lawyer(world.ZHOU), court_id=case.court_id, case_id=case.id, now=world.LATER
        )


def test_a_mediation_that_ran_out_goes_to_trial_by_itself() -> None:
    case = world.open_case(mediation_agreed=True)
    watch = {"actor": system(case.court_id), "court_id": case.court_id}
    assert actions.end_expired_mediations(**watch, now=world.NOW + dt.timedelta(days=17)) == 0
    assert actions.end_expired_mediations(**watch, now=world.NOW + dt.timedelta(days=18)) == 1
    assert row_of(world.ZHOU).stage == "fee_due"


def test_no_period_runs_on_in_a_closed_case() -> None:
    case = plan(in_trial())
    case = world.step(case, "decide", outcome="judgment", decided_on=dt.date(2026, 11, 20))
    world.step(case, "close", effective_on=dt.date(2026, 11, 20))
    with reading(world.staff()):
        states = set(Deadline.objects.filter(court_id=case.court_id, case_id=case.id).values_list("state", flat=True))
    assert states == {"void"}
    assert queries.my_deadlines(actor=world.lawyer(world.ZHOU)) == []
