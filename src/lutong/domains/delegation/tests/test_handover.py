"""变更执业机构: assistants end, every case waits for a choice, and nobody loses a period."""

import datetime as dt
from typing import Any

import pytest

from lutong.domains.cases import actions as case_actions
from lutong.domains.cases import queries as cases
from lutong.domains.cases.tests import world as case_world
from lutong.domains.cases.tests.test_races import at_once
from lutong.domains.delegation import actions, queries
from lutong.domains.delegation.tests import world
from lutong.domains.identity.events import FirmChanged, StandingChanged
from lutong.domains.identity.models import Lawyer
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.actor import system
from lutong.kernel.errors import Conflict, Invalid, NotFound
from lutong.kernel.events import announce

NEW, NEW_USCC = "上海和川律师事务所", "31310000MD0002"


@pytest.fixture
def case(db: None) -> Any:
    world.enrol()
    opened = case_world.open_case()
    case_actions.set_deadline(
        actor=system(opened.court_id), court_id=opened.court_id, case_id=opened.id, kind="answer", title="答辩期限届满",
        due_on=clock.beijing_date(clock.now()) + dt.timedelta(days=9), law="民事诉讼法第一百二十八条", source="test",
        person_id=world.ZHOU, now=clock.now(),
    )  # fmt: skip
    return opened


def move() -> None:
    Lawyer.objects.filter(lawyer_id=world.ZHOU).update(firm_name=NEW, firm_uscc=NEW_USCC)
    announce(FirmChanged(world.ZHOU, "周岚", world.USCC, world.FIRM, NEW_USCC, NEW, clock.now()))


def titles(person_id: int) -> set[str]:
    return {d.title for d in cases.my_deadlines(actor=case_world.lawyer(person_id))}


def counsel_now(case: Any) -> dict[int, str]:
    """Confirmed counsel of the plaintiff and whom each is for."""
    found = cases.counsel_of(actor=case_world.staff(), court_id=case.court_id, case_id=case.id)
    return {c.lawyer_id: "苏晚晴" for c in found if c.side == "plaintiff"}


def state() -> str:
    return str(queries.list_handovers(actor=world.zhou())[0].state)


def test_a_change_of_firm_ends_assistants_and_asks_for_a_choice(case: Any) -> None:
    world.allow(world.engage(world.LIN), case)
    move()
    assert queries.list_assistants(actor=world.zhou()) == []
    handover = queries.list_handovers(actor=world.zhou())[0]
    assert (handover.state, handover.number, handover.new_firm_name) == ("open", case.number, NEW)
    assert {"答辩期限届满", "提交新执业机构的授权委托书和所函"} <= titles(world.ZHOU)
    assert Notice.objects.filter(lawyer_id=world.ZHOU, title="请办理变更执业机构的案件交接").exists()


def test_with_both_papers_the_case_follows_its_counsel(case: Any) -> None:
    move()
    handover = queries.list_handovers(actor=world.zhou())[0]
    actions.keep_case(actor=world.zhou(), handover_id=handover.id, now=clock.now())
    for kind in ("evidence", "mandate", "mandate", "firm_letter"):
        assert state() == "keeping"
        actions.note_papers(actor=world.zhou(), court_id=case.court_id, case_id=case.id, kind=kind, now=clock.now())
    assert state() == "done"
    assert "提交新执业机构的授权委托书和所函" not in titles(world.ZHOU)
    counsel = cases.counsel_of(actor=case_world.staff(), court_id=case.court_id, case_id=case.id)
    assert [c.firm for c in counsel] == [NEW]


def test_a_colleague_takes_over_when_the_court_confirms_and_no_period_is_lost(case: Any) -> None:
    move()
    handover = queries.list_handovers(actor=world.zhou())[0]
    luo = case_world.lawyer(world.LUO)
    actions.pass_case(actor=world.zhou(), handover_id=handover.id, successor_id=world.LUO, now=clock.now())
    [(takeover, periods)] = queries.list_takeovers(actor=luo)
    assert takeover.number == case.number
    assert any("答辩期限届满" in period for period in periods)
    with pytest.raises(NotFound):
        cases.get_case(actor=luo, court_id=case.court_id, case_id=case.id)
    assert "答辩期限届满" in titles(world.ZHOU)

    case_world.confirm(case_world.claim(case, world.LUO, party_name="苏晚晴"))
    assert "答辩期限届满" in titles(world.LUO)
    assert "答辩期限届满" not in titles(world.ZHOU), "his place is taken"
    assert state() == "done"
    assert counsel_now(case) == {world.LUO: "苏晚晴"}
    assert queries.list_takeovers(actor=luo) == []


def test_a_case_is_passed_to_lawyers_of_the_old_firm_only(case: Any) -> None:
    move()
    handover = queries.list_handovers(actor=world.zhou())[0]
    for stranger in (world.GU, world.LIN, world.ZHOU, 1):
        with pytest.raises(Invalid, match="原律师事务所"):
            actions.pass_case(actor=world.zhou(), handover_id=handover.id, successor_id=stranger, now=clock.now())


def test_a_licence_out_of_force_ends_powers_on_both_sides(case: Any) -> None:
    world.allow(world.engage(world.LIN), case)
    announce(StandingChanged(world.LIN, "林予安", False, "注销", "实习期满", "", clock.now()))
    assert queries.list_assistants(actor=world.zhou()) == []
    world.allow(world.engage(world.PEI), case)
    announce(StandingChanged(world.ZHOU, "周岚", False, "停止执业", "", "", clock.now()))
    with pytest.raises(NotFound):
        cases.get_case(actor=world.acting(world.PEI), court_id=case.court_id, case_id=case.id)


def pass_to_luo() -> None:
    move()
    handover = queries.list_handovers(actor=world.zhou())[0]
    actions.pass_case(actor=world.zhou(), handover_id=handover.id, successor_id=world.LUO, now=clock.now())


def test_a_case_is_passed_on_when_both_places_are_taken(case: Any) -> None:
    case_world.confirm(case_world.claim(case, case_world.WU, party_name="苏晚晴"))
    pass_to_luo()
    claim = case_world.claim(case, world.LUO, party_name="苏晚晴")
    assert "too_many_agents" not in {n.code for n in cases.claim_notes(actor=case_world.staff(), claim=claim)}
    case_world.confirm(claim)
    assert set(counsel_now(case)) == {world.LUO, case_world.WU}
    with pytest.raises(NotFound):
        cases.get_case(actor=world.zhou(), court_id=case.court_id, case_id=case.id)


def test_who_was_not_named_finds_both_places_taken(case: Any) -> None:
    case_world.confirm(case_world.claim(case, case_world.WU, party_name="苏晚晴"))
    pass_to_luo()
    handover = queries.list_handovers(actor=world.zhou())[0]
    actions.keep_case(actor=world.zhou(), handover_id=handover.id, now=clock.now())
    with pytest.raises(Conflict, match="两名诉讼代理人"):
        case_world.confirm(case_world.claim(case, world.LUO, party_name="苏晚晴"))
    assert set(counsel_now(case)) == {world.ZHOU, case_world.WU}


def test_successor_and_rival_confirmed_at_once_leave_two_agents(committed_db: Any) -> None:
    world.enrol()
    opened = case_world.open_case()
    pass_to_luo()
    waiting = [case_world.claim(opened, who, party_name="苏晚晴") for who in (world.LUO, case_world.WU, world.GU)]
    answers = at_once(lambda n: case_world.confirm(waiting[n]), count=3)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert world.LUO in counsel_now(opened)
    assert world.ZHOU not in counsel_now(opened)
    assert len(counsel_now(opened)) == 2
