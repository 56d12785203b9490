"""授权: named, per case, for a time, by counsel himself; gone with the next statement when it is taken back."""

import datetime as dt
from typing import Any

import pytest

from lutong.domains.cases import actions as case_actions
from lutong.domains.cases import queries as cases
from lutong.domains.cases.models import CaseAccess
from lutong.domains.cases.tests import world as case_world
from lutong.domains.delegation import actions, queries
from lutong.domains.delegation.actions.ending import end_for_person
from lutong.domains.delegation.models import Grant, Roster
from lutong.domains.delegation.tests import world
from lutong.domains.identity.models import Account, Lawyer
from lutong.domains.identity.tests.browser import browser
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import system
from lutong.kernel.capabilities import Capability
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


@pytest.fixture
def case(db: None) -> Any:
    world.enrol()
    return case_world.open_case()


@pytest.fixture
def lin(case: Any) -> Any:
    return world.engage(world.LIN)


def sees(case: Any, person_id: int = world.LIN, lawyer_id: int = world.ZHOU) -> bool:
    try:
        cases.get_case(actor=world.acting(person_id, lawyer_id), court_id=case.court_id, case_id=case.id)
    except NotFound:
        return False
    return True


def test_nothing_is_open_by_default(case: Any, lin: Any) -> None:
    assert not sees(case)


def test_a_grant_opens_the_case_and_its_end_closes_it(case: Any, lin: Any) -> None:
    grant = world.allow(lin, case, Capability.READ_DOSSIER)
    assert sees(case)
    assert Capability.READ_CASE.value in grant.capabilities
    gone = actions.revoke(actor=world.zhou(), grant_id=grant.id, now=clock.now())
    assert not sees(case)
    pressed_again = actions.revoke(actor=world.zhou(), grant_id=grant.id, now=clock.now())
    assert (pressed_again.state, pressed_again.version) == ("revoked", gone.version)


def test_a_change_replaces_what_stood_before(case: Any, lin: Any) -> None:
    first = world.allow(lin, case, Capability.READ_DOSSIER, Capability.PAY)
    second = world.allow(lin, case, Capability.PAY)
    assert (second.id, second.version) == (first.id, 2)
    me = world.acting(world.LIN)
    with reading(me):
        assert not list(cases.my_case_ids(actor=me, court_id=case.court_id, needs=Capability.READ_DOSSIER))
        assert list(cases.my_case_ids(actor=me, court_id=case.court_id, needs=Capability.PAY))
    with pytest.raises(Conflict, match="刚刚被改动"):
        actions.allow(
            actor=world.zhou(), assistantship_id=lin.id, court_id=case.court_id, case_id=case.id,
            terms=actions.Terms(capabilities=["pay"]), version=1, now=clock.now(),
        )  # fmt: skip


def test_a_grave_act_must_be_named(case: Any, lin: Any) -> None:
    with pytest.raises(Invalid, match="明确指定"):
        world.allow(lin, case, Capability.RECEIVE_SERVICE)
    grant = world.allow(lin, case, Capability.RECEIVE_SERVICE, expressly=["receive_service"])
    assert "receive_service" in grant.capabilities


@pytest.mark.parametrize("capabilities", [[], ["rule_the_world"], ["pay", "x" * 500]])
def test_only_known_acts_are_granted(case: Any, lin: Any, capabilities: list[str]) -> None:
    with pytest.raises(Invalid):
        world.allow(lin, case, capabilities=capabilities)


def test_a_grant_begins_and_ends_with_its_days(case: Any, lin: Any) -> None:
    today = beijing_date(clock.now())
    world.allow(lin, case, starts_on=today + dt.timedelta(days=2))
    assert not sees(case)
    made = world.allow(lin, case, ends_on=today)
    assert sees(case)
    assert made.last_day == today, "the day that the lawyer chose is the day that everybody reads"
    with pytest.raises(Invalid, match="截止日"):
        world.allow(lin, case, ends_on=today - dt.timedelta(days=1))


def test_who_is_not_counsel_grants_nothing(case: Any, lin: Any) -> None:
    luo = case_world.lawyer(world.LUO)
    own = world.engage(world.PEI, luo)
    with pytest.raises(NotAllowed, match="诉讼代理人本人"):
        world.allow(own, case, actor=luo)
    with pytest.raises(NotFound):
        world.allow(lin, case, actor=luo)


def test_an_assistant_grants_nothing(case: Any, lin: Any) -> None:
    world.allow(lin, case, Capability.PAY)
    with pytest.raises(NotAllowed, match="不能再授权"):
        world.allow(world.engage(world.PEI), case, actor=world.acting(world.LIN))


def test_nobody_assists_against_the_side_that_he_serves(case: Any) -> None:
    case_world.confirm(case_world.claim(case, world.LUO))
    luo = world.engage(world.LUO)
    with pytest.raises(Conflict, match="对方当事人"):
        world.allow(luo, case)


def test_an_assistant_of_one_lawyer_sees_nothing_of_another(case: Any, lin: Any) -> None:
    world.allow(lin, case)
    assert sees(case)
    assert not sees(case, lawyer_id=world.GU)
    assert not sees(case, person_id=world.PEI)
    with pytest.raises(NotFound):
        cases.get_case(actor=world.trainee(world.LIN), court_id=case.court_id, case_id=case.id)


def test_one_click_takes_everything_back(case: Any, lin: Any) -> None:
    other = case_world.open_case(filing_id=None)
    for one in (case, other):
        world.allow(lin, one)
    assert actions.revoke_all(actor=world.zhou(), assistantship_id=lin.id, now=clock.now()) == 2
    assert not sees(case)
    assert not sees(other)


def test_the_end_of_the_relation_ends_grants_and_sessions(case: Any, lin: Any) -> None:
    world.allow(lin, case)
    before = Account.objects.get(pk=world.LIN).stamp
    actions.end_assistant(actor=world.zhou(), assistantship_id=lin.id, now=clock.now())
    assert not sees(case)
    assert Account.objects.get(pk=world.LIN).stamp > before
    with pytest.raises(NotFound):
        actions.act_for(actor=world.trainee(world.LIN), lawyer_id=world.ZHOU, now=clock.now())


def test_who_leaves_the_firm_loses_all_grants_at_once(case: Any, lin: Any) -> None:
    world.allow(lin, case)
    end_for_person(person_id=world.LIN, reason="已离开本所", now=clock.now())
    assert not sees(case)
    told = Notice.objects.filter(lawyer_id=world.ZHOU, kind="delegation").values_list("title", flat=True)
    assert "助理关系已终止：林予安" in told


def test_with_the_lawyer_off_the_case_his_assistants_are_off_it(case: Any, lin: Any) -> None:
    world.allow(lin, case)
    own = next(
        r for r in cases.representations_of(actor=case_world.staff(), court_id=case.court_id, case_id=case.id)
        if r.lawyer_id == world.ZHOU
    )  # fmt: skip
    case_actions.end_representation(
        actor=case_world.staff(), court_id=case.court_id, representation_id=own.id, reason="当事人解除委托",
        now=clock.now(),
    )  # fmt: skip
    assert not sees(case)
    assert Grant.objects.get(lawyer_id=world.ZHOU).state == "revoked"


def test_acting_needs_both_registrations_in_force(case: Any, lin: Any) -> None:
    me = actions.act_for(actor=world.trainee(world.LIN), lawyer_id=world.ZHOU, now=clock.now())
    assert me.signature == "助理 林予安 代 律师 周岚"
    Lawyer.objects.filter(lawyer_id=world.ZHOU).update(status="suspended")
    with pytest.raises(NotAllowed, match="当前不能执业"):
        actions.act_for(actor=world.trainee(world.LIN), lawyer_id=world.ZHOU, now=clock.now())


def test_a_suspended_lawyer_has_no_working_assistants_until_he_confirms_them(case: Any, lin: Any) -> None:
    world.allow(lin, case)
    actions.suspend_for_lawyer(lawyer_id=world.ZHOU, reason="律师停止执业", now=clock.now())
    assert not sees(case)
    assert actions.confirm_review(actor=world.zhou(), now=clock.now()) == 1
    assert sees(case)


def test_an_overdue_review_is_reminded_and_then_suspends_with_notice(case: Any, lin: Any) -> None:
    world.allow(lin, case)
    roster = Roster.objects.get(lawyer_id=world.ZHOU)
    due = clock.beijing(roster.review_due_on, 3)
    actions.remind_of_reviews(now=due - dt.timedelta(days=1))
    assert not Notice.objects.filter(lawyer_id=world.ZHOU, title="请复核助理账号").exists()
    for day in (0, 1, 29):
        actions.remind_of_reviews(now=due + dt.timedelta(days=day))
        assert sees(case)
    actions.remind_of_reviews(now=due + dt.timedelta(days=30))
    assert not sees(case)
    titles = list(Notice.objects.filter(lawyer_id=world.ZHOU).values_list("title", flat=True))
    assert [titles.count(t) for t in ("请复核助理账号", "助理账号复核即将逾期", "助理授权已暂停")] == [1, 1, 1]
    assert Notice.objects.filter(lawyer_id=world.LIN, title__startswith="授权已暂停").exists()
    assert actions.confirm_review(actor=world.zhou(), now=clock.now()) == 1
    assert sees(case)


def test_access_rows_are_closed_and_never_lost(case: Any, lin: Any) -> None:
    for _ in range(3):
        world.allow(lin, case)
    with reading(system(case.court_id)):
        rows = CaseAccess.objects.filter(court_id=case.court_id, person_id=world.LIN)
        running = [a for a in rows if not a.during.isempty and a.during.upper is None]
        assert len(running) == 1
    assert [g.version for g in queries.list_grants(actor=world.zhou())] == [3]


def test_an_assistants_account_page_offers_no_door_that_is_shut_for_him(case: Any, lin: Any) -> None:
    world.allow(lin, case)
    shown = browser(world.acting(world.LIN)).get("/account/").content.decode()
    assert "/account/devices/" in shown
    for shut in ("/account/card/", "/practice/declaration/", "/account/tokens/"):
        assert shut not in shown
