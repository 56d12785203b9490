"""核实代理关系: who is admitted, who is not, and what the lawyer may learn before."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from lutong.domains.cases import actions, queries
from lutong.domains.cases.events import RepresentationClaimed
from lutong.domains.cases.models import Case
from lutong.domains.cases.tests import world
from lutong.domains.identity.models import Lawyer
from lutong.domains.notices.models import Notice
from lutong.kernel.acting import reading
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lutong.kernel.events import wire
from lutong.site import wiring

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people() -> Iterator[None]:
    world.enrol()
    yield
    wiring.connect()  # a test below wires a listener of its own


@pytest.fixture
def case() -> Case:
    return world.open_case()


def sees(person_id: int, case: Case) -> bool:
    try:
        queries.get_case(actor=world.lawyer(person_id), court_id=case.court_id, case_id=case.id)
    except NotFound:
        return False
    return True


def documents(case: Case, actor: Any) -> list[Any]:
    with reading(actor):
        papers = apps.get_model("dossier", "Document").objects.filter(court_id=case.court_id, case_id=case.id)
        return list(papers.order_by("id"))


def test_the_case_opens_when_the_court_confirms_and_not_before(case: Case) -> None:
    claim = world.claim(case)
    assert not sees(world.GU, case)
    world.confirm(claim)
    assert sees(world.GU, case)
    (row,) = queries.list_my_cases(actor=world.lawyer(world.GU), wanted=queries.CaseFilter())
    assert (row.id, row.side, row.party_name, row.stage) == (case.id, "defendant", "程屿舟", "fee_due")


def test_a_refused_claim_opens_nothing_and_says_why(case: Case) -> None:
    claim = world.claim(case)
    actions.decide_representation(
        actor=world.staff(world.RECORDER), court_id=case.court_id, representation_id=claim.id, confirm=False,
        reason="授权委托书没有委托人签名", now=world.LATER,
    )  # fmt: skip
    assert not sees(world.GU, case)
    (mine,) = queries.my_claims(actor=world.lawyer(world.GU))
    assert (mine.state, mine.reason) == ("refused", "授权委托书没有委托人签名")
    assert world.claim(case).state == "claimed"  # with better papers he may ask again


def test_a_refusal_needs_its_reason(case: Case) -> None:
    with pytest.raises(Invalid, match="理由"):
        actions.decide_representation(
            actor=world.staff(), court_id=case.court_id, representation_id=world.claim(case).id, confirm=False,
            reason=" 不行 ", now=world.LATER,
        )  # fmt: skip


def test_a_decided_claim_is_decided(case: Case) -> None:
    claim = world.confirm(world.claim(case))
    with pytest.raises(Conflict, match="已核实"):
        world.confirm(claim)


def test_a_wrong_number_and_a_wrong_party_give_one_and_the_same_answer(case: Case) -> None:
    with pytest.raises(Invalid) as no_case:
        world.claim(case, number="（2026）京0105民初99999号")
    with pytest.raises(Invalid) as no_party:
        world.claim(case, party_name="不存在的人")
    assert no_case.value.message == no_party.value.message
    assert no_case.value.fields == no_party.value.fields


def test_a_number_typed_with_half_width_brackets_is_the_same_number(case: Case) -> None:
    assert world.claim(case, number=f" {case.number.replace('（', '(').replace('）', ')')} ").case_id == case.id


@pytest.mark.parametrize("missing", ["mandate_id", "firm_letter_id"])
def test_both_papers_are_asked_for(case: Case, missing: str) -> None:
    with pytest.raises(Invalid, match="授权委托书和律师事务所函") as refused:
        world.claim(case, **{missing: None})
    assert list(refused.value.fields) == [missing.removesuffix("_id")]


def test_somebody_elses_upload_is_not_a_paper_of_mine(case: Case) -> None:
    with pytest.raises(Invalid, match="找不到"):
        world.claim(case, mandate_id=world.upload(world.LUO))
    assert queries.my_claims(actor=world.lawyer(world.GU)) == []


def test_a_bare_full_agency_is_no_special_power(case: Case) -> None:
    with pytest.raises(Invalid, match="至少勾选一项"):
        world.claim(case, powers="special", special_powers=())
    claim = world.claim(case, powers="special", special_powers=("settle", "appeal"))
    assert claim.special_powers == ["appeal", "settle"]


def test_a_licence_not_in_force_is_refused_before_anything_is_written(case: Case) -> None:
    Lawyer.objects.filter(lawyer_id=world.GU).update(status="suspended", status_label="停止执业")
    with pytest.raises(NotAllowed, match="停止执业"):
        world.claim(case)
    assert queries.list_claims(actor=world.staff()) == []


def test_nobody_acts_for_both_sides(case: Case) -> None:
    with pytest.raises(Conflict, match="双方"):
        world.claim(case, world.ZHOU)


def test_nobody_asks_twice(case: Case) -> None:
    world.claim(case)
    with pytest.raises(Conflict, match="已有代理关系或者正在核实"):
        world.claim(case)


def test_a_party_has_at_most_two_agents(case: Case) -> None:
    for person_id in (world.GU, world.WU):
        world.confirm(world.claim(case, person_id))
    third = world.claim(case, world.LUO)
    with pytest.raises(Conflict, match="两名诉讼代理人"):
        world.confirm(third)
    assert not sees(world.LUO, case)


def test_the_clerk_is_told_when_the_same_firm_sits_on_both_sides(case: Case) -> None:
    notes = queries.claim_notes(actor=world.staff(), claim=world.claim(case, world.LUO))  # 周岚's firm
    assert [note.code for note in notes] == ["firm_conflict"]
    assert queries.claim_notes(actor=world.staff(), claim=world.claim(case, world.WU)) == []


def test_the_clerk_is_told_of_a_third_agent_beforehand(case: Case) -> None:
    for person_id in (world.GU, world.WU):
        world.confirm(world.claim(case, person_id))
    notes = queries.claim_notes(actor=world.staff(), claim=world.claim(case, world.LUO))
    assert "too_many_agents" in [note.code for note in notes]


def test_counsel_decides_no_claim_not_even_his_own(case: Case) -> None:
    claim = world.claim(case)
    for person_id in (world.GU, world.ZHOU):
        with pytest.raises((NotAllowed, NotFound)):
            world.confirm(claim, world.lawyer(person_id))


def test_another_court_does_not_find_the_claim(case: Case) -> None:
    claim = world.claim(case)
    with pytest.raises(NotFound):
        actions.decide_representation(
            actor=world.staff(world.JUDGE, "京0108"), court_id=case.court_id, representation_id=claim.id, confirm=True,
            reason="", now=world.LATER,
        )  # fmt: skip


def test_the_papers_reach_the_court_at_once_and_the_other_side_only_after_confirmation(case: Case) -> None:
    claim = world.claim(case)
    held = {d.kind: d.id for d in documents(case, world.staff())}
    (waiting,) = queries.list_claims(actor=world.staff())
    assert held == {"mandate": waiting.mandate_id, "firm_letter": waiting.firm_letter_id}
    assert documents(case, world.lawyer(world.ZHOU)) == []
    world.confirm(claim)
    assert {d.volume for d in documents(case, world.lawyer(world.ZHOU))} == {"main"}


def test_counsel_who_joins_gets_the_periods_that_run_for_all() -> None:
    case = world.open_case(mediation_agreed=True)
    world.confirm(world.claim(case))
    (deadline,) = queries.my_deadlines(actor=world.lawyer(world.GU))
    assert (deadline.kind, deadline.due_on) == ("mediation", case.mediation_due_on)
    both = queries.deadlines_of(actor=world.staff(), court_id=case.court_id, case_id=case.id)
    assert [d.steps for d in both] == [both[0].steps] * 2  # the same reckoning as the plaintiff's
    assert both[0].steps


def test_an_ended_representation_closes_the_case_space_and_frees_the_place(case: Case) -> None:
    claim = world.confirm(world.claim(case))
    facts: dict[str, Any] = {"court_id": case.court_id, "representation_id": claim.id, "reason": "当事人解除委托"}
    with pytest.raises(NotAllowed):
        actions.end_representation(actor=world.staff(world.CLERK), now=world.LATER, **facts)
    actions.end_representation(actor=world.staff(), now=world.LATER + dt.timedelta(hours=1), **facts)
    assert not sees(world.GU, case)
    assert queries.list_my_cases(actor=world.lawyer(world.GU), wanted=queries.CaseFilter()) == []
    assert queries.my_claims(actor=world.lawyer(world.GU))[0].state == "ended"
    assert world.claim(case, world.WU).state == "claimed"


def test_lawyer_and_court_are_told(case: Case) -> None:
    world.confirm(world.claim(case))
    told = set(Notice.objects.values_list("lawyer_id", "title"))
    assert (world.RECORDER, f"核实代理关系：{case.number}") in told
    assert (world.GU, f"代理关系已核实：{case.number}") in told


def test_the_papers_of_a_claim_fall_with_the_claim(case: Case) -> None:
    def fail(event: object) -> None:
        raise Conflict("planted")

    wire({**wiring.LISTENERS, RepresentationClaimed: [*wiring.LISTENERS[RepresentationClaimed], fail]})
    with pytest.raises(Conflict, match="planted"):
        world.claim(case)
    assert documents(case, world.staff()) == []
    assert queries.list_claims(actor=world.staff()) == []
