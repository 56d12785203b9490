"""权限关口 and 变更授权: which power an act needs, what cures its lack, and how the cure comes into force."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.apps import apps

from lutong.domains.capacity import actions as capacity
from lutong.domains.capacity.rules import Declared, FormerPost, Relative
from lutong.domains.cases import actions, queries
from lutong.domains.cases.models import Case, MandateChange, Representation
from lutong.domains.cases.powers import acts_on
from lutong.domains.cases.tests import world
from lutong.domains.identity.models import Lawyer
from lutong.domains.notices.models import Notice
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
SPECIAL = sorted(key for key, act in acts_on(beijing_date(world.LATER)).items() if act.is_special)
GENERAL = sorted(acts_on(beijing_date(world.LATER)).keys() - set(SPECIAL))


@pytest.fixture(autouse=True)
def _people() -> None:
    world.enrol()


@pytest.fixture
def case() -> Case:
    return world.open_case()  # 周岚 for 苏晚晴, with general powers


def need(case: Case, act: str, person_id: int = world.ZHOU, **changes: Any) -> Any:
    facts = {"actor": world.lawyer(person_id), "court_id": case.court_id, "case_id": case.id, "now": world.LATER}
    return actions.require_power(**(facts | changes), act=act)


def ask(case: Case, *powers: str, person_id: int = world.ZHOU, **changes: Any) -> Any:
    facts = {
        "actor": world.lawyer(person_id), "court_id": case.court_id, "case_id": case.id, "powers": "special",
        "special_powers": powers, "mandate_id": world.upload(person_id), "note": "", "now": world.LATER,
    }  # fmt: skip
    return actions.ask_powers_change(**(facts | changes))


def decide(change: Any, *, confirm: bool = True, actor: Actor | None = None, reason: str = "") -> Any:
    return actions.decide_powers_change(
        actor=actor or world.staff(world.RECORDER), court_id=change.court_id, change_id=change.id, confirm=confirm,
        reason=reason, now=world.LATER,
    )  # fmt: skip


@pytest.mark.parametrize("act", GENERAL)
def test_general_powers_carry_the_ordinary_acts(case: Case, act: str) -> None:
    assert need(case, act).party_name == "苏晚晴"


@pytest.mark.parametrize("act", SPECIAL)
def test_a_grave_act_is_refused_with_its_power_its_article_and_its_cure(case: Case, act: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        need(case, act)
    rule = acts_on(beijing_date(world.LATER))[act]
    facts: Any = refused.value.facts
    assert rule.power_label in refused.value.message
    assert (facts["act"], facts["power"], facts["law"]) == (act, f"special:{rule.power}", rule.law)
    assert facts["cure"]["url"] == f"/cases/{case.court_id}/{case.id}/powers/?want={rule.power}"
    assert rule.power_label in facts["cure"]["text"]


def test_an_unknown_act_is_a_fault_of_ours_and_nothing_else(case: Case) -> None:
    with pytest.raises(KeyError):
        need(case, "fly")


def test_strangers_find_no_case_and_staff_are_no_counsel(case: Case) -> None:
    with pytest.raises(NotFound):
        need(case, "hand_in", world.WU)
    with pytest.raises(NotAllowed, match="由诉讼代理人办理"):
        need(case, "hand_in", actor=world.staff())


def test_a_claim_that_waits_or_has_ended_carries_no_act_and_says_so(case: Case) -> None:
    claim = world.claim(case)
    with pytest.raises(NotAllowed, match="还在核实"):
        need(case, "hand_in", world.GU)
    world.confirm(claim)
    assert need(case, "hand_in", world.GU).side == "defendant"
    actions.end_representation(
        actor=world.staff(), court_id=case.court_id, representation_id=claim.id, reason="当事人解除委托",
        now=world.LATER,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="代理关系已终止"):
        need(case, "hand_in", world.GU)


def test_a_suspended_lawyer_does_nothing_for_his_client(case: Case) -> None:
    Lawyer.objects.filter(lawyer_id=world.ZHOU).update(
        status="suspended", status_label="停止执业", remedy="期满申请恢复"
    )
    with pytest.raises(NotAllowed, match="停止执业") as refused:
        need(case, "hand_in")
    assert refused.value.facts["remedy"] == "期满申请恢复"


def test_an_assistant_never_does_what_needs_a_special_power(case: Case) -> None:
    decide(ask(case, "settle"))
    assistant = Actor(world.LUO, Role.ASSISTANT, "罗清", for_id=world.ZHOU, for_name="周岚")
    with pytest.raises(NotAllowed, match="律师本人"):
        need(case, "settle", actor=assistant)


def test_a_confirmed_change_carries_the_act_and_the_other_side_is_told(case: Case) -> None:
    world.confirm(world.claim(case))
    change = ask(case, "settle", "appeal")
    with pytest.raises(NotAllowed):
        need(case, "settle")  # the court has not confirmed yet
    decide(change)
    assert need(case, "settle").special_powers == {"settle", "appeal"}
    with pytest.raises(NotAllowed):
        need(case, "waive")
    told = set(Notice.objects.filter(lawyer_id=world.GU).values_list("title", flat=True))
    assert f"法院通知：代理权限变更 {case.number}" in told
    ids: Any = {"actor": world.lawyer(world.GU), "court_id": case.court_id, "case_id": case.id}
    assert queries.timeline_of(**ids)[0].title == "变更代理权限"


def test_the_new_mandate_is_shut_to_the_other_side_until_it_is_in_force(case: Case) -> None:
    world.confirm(world.claim(case))
    change = ask(case, "settle")

    def read_by(person_id: int) -> list[str]:
        with reading(world.lawyer(person_id)):
            papers = apps.get_model("dossier", "Document").objects.filter(court_id=case.court_id, case_id=case.id)
            return [p.title for p in papers if "变更" in p.title]

    assert read_by(world.GU) == []
    decide(change)
    assert read_by(world.GU) == ["授权委托书（变更）"]


def test_the_history_keeps_what_held_before(case: Case) -> None:
    decide(ask(case, "settle"))
    decide(ask(case, powers="general"))
    rows = queries.list_changes(actor=world.lawyer(world.ZHOU), court_id=case.court_id, case_id=case.id)
    assert [(r.powers_before, r.special_before, r.powers, r.special_powers) for r in rows] == [
        ("special", ["settle"], "general", []), ("general", [], "special", ["settle"]),
    ]  # fmt: skip
    assert queries.list_changes(actor=world.lawyer(world.GU), court_id=case.court_id, case_id=case.id) == []


def test_a_refusal_leaves_the_powers_and_says_why(case: Case) -> None:
    change = ask(case, "settle")
    with pytest.raises(Invalid, match="理由"):
        decide(change, confirm=False, reason="缺")
    decide(change, confirm=False, reason="委托人没有签名")
    with pytest.raises(NotAllowed):
        need(case, "settle")
    assert ask(case, "settle").state == "claimed"  # with a better paper he may ask again


def test_one_change_at_a_time_and_it_may_be_taken_back(case: Case) -> None:
    change = ask(case, "settle")
    with pytest.raises(Conflict, match="还在核实"):
        ask(case, "appeal")
    actions.withdraw_powers_change(
        actor=world.lawyer(world.ZHOU), court_id=case.court_id, change_id=change.id, now=world.LATER
    )
    with pytest.raises(Conflict, match="已撤回"):
        decide(change)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mandate_id": None}, "授权委托书"),
        ({"special_powers": ()}, "至少勾选一项"),
        ({"powers": "general", "special_powers": ()}, "与现有授权相同"),
        ({"powers": "all"}, "一般授权或者特别授权"),
    ],
)
def test_a_change_that_does_not_fit_is_told(case: Case, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        ask(case, "settle", **changes)


def test_nobody_widens_the_powers_of_another(case: Case) -> None:
    with pytest.raises(NotFound):
        ask(case, "settle", person_id=world.GU)
    change = ask(case, "settle")
    for actor in (world.lawyer(world.ZHOU), world.lawyer(world.GU), world.staff(world.JUDGE, "京0108")):
        with pytest.raises((NotAllowed, NotFound)):
            decide(change, actor=actor)
    with reading(world.lawyer(world.GU)):
        assert not MandateChange.objects.filter(court_id=case.court_id).exists()


def test_money_in_enforcement_needs_its_own_word(case: Case) -> None:
    decide(ask(case, *[p for p in queries.POWER_LABELS if p != "receive"]))
    with pytest.raises(NotAllowed, match="收取执行款项"):
        need(case, "receive_money")
    decide(ask(case, *queries.POWER_LABELS))
    assert need(case, "receive_money")


def declare(person_id: int, **facts: Any) -> None:
    capacity.declare(
        actor=world.lawyer(person_id), declared=Declared(**facts), version=0, confirmed=True, now=world.LATER
    )


HERE = "北京市朝阳区人民法院"


def test_a_barred_lawyer_learns_it_when_he_claims_and_nothing_is_written(case: Case) -> None:
    declare(world.GU, relatives=(Relative("spouse", world.court_id(), HERE),))
    with pytest.raises(NotAllowed, match="配偶、父母或者子女在本院任职") as refused:
        world.claim(case)
    assert refused.value.facts["cure"]
    assert queries.list_claims(actor=world.staff()) == []


def test_what_is_declared_after_the_claim_stops_its_confirmation(case: Case) -> None:
    claim = world.claim(case)
    declare(world.GU, posts=(FormerPost("court", world.court_id(), HERE, dt.date(2019, 1, 1)),))
    (note,) = queries.claim_notes(actor=world.staff(), claim=claim)
    assert note.code == "former_court"
    with pytest.raises(Conflict, match="曾任职于本院"):
        world.confirm(claim)


def test_a_barred_agent_is_not_admitted_but_the_suit_is_registered() -> None:
    declare(world.ZHOU, committee="某某市人大常委会")
    case = world.open_case()
    with reading(world.staff()):
        (row,) = Representation.objects.filter(court_id=case.court_id, case_id=case.id)
    assert (row.state, row.slot) == ("refused", None)
    assert "人大常委会" in row.reason
    with pytest.raises(NotFound):
        queries.get_case(actor=world.lawyer(world.ZHOU), court_id=case.court_id, case_id=case.id)
    assert Notice.objects.filter(lawyer_id=world.ZHOU, title=f"不能担任代理人：{case.number}").exists()


def test_the_court_reads_the_objection_and_never_the_declaration(case: Case) -> None:
    other = world.court_id("沪0115")
    declare(world.GU, relatives=(Relative("spouse", other, "上海市浦东新区人民法院"),),
            posts=(FormerPost("court", other, "上海市浦东新区人民法院", dt.date(2019, 1, 1)),))  # fmt: skip
    assert queries.claim_notes(actor=world.staff(), claim=world.claim(case)) == []


def test_an_unknown_change_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.get_change(actor=world.staff(), court_id=world.court_id(), change_id=uuid.uuid4())
