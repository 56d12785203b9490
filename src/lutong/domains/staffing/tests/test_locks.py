"""登录暂停 at the security administrator's desk: seen by him alone, lifted with a reason, told and kept."""

import datetime as dt

import pytest

from lutong.domains.audit.models import CourtEvent
from lutong.domains.identity.actions.limits import begin_try, count_tries
from lutong.domains.identity.actions.pausing import note_pause
from lutong.domains.identity.models import Account, Pause
from lutong.domains.identity.tests.browser import browser
from lutong.domains.notices.models import Notice
from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.models import Member
from lutong.domains.staffing.tests.test_powers import admin, court, person
from lutong.kernel import clock
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotFound


@pytest.fixture
def sysadmin(db: None) -> Actor:
    return admin(Role.SYSADMIN, 1)


@pytest.fixture
def secadmin(db: None) -> Actor:
    return admin(Role.SECADMIN, 2)


@pytest.fixture
def member(sysadmin: Actor) -> Member:
    return actions.enrol(actor=sysadmin, person=person(), now=clock.now())


def pause(person_id: int, places: int = 3) -> Pause:
    """Ten wrong passwords from so many addresses."""
    key, now = ("password.account", str(person_id)), clock.now()
    for n in range(10):
        made = begin_try(limits=[key], source=str(n % places), now=now)
    spent, account = made.spent["password.account"], Account.objects.get(pk=person_id)
    note_pause(account=account, what="password", key=":".join(key), spent=spent, now=now)
    return Pause.objects.filter(account=account).latest("since")


def lift(actor: Actor, one: Pause, reason: str = "当面核实，本人输错") -> str:
    return actions.lift_pause(actor=actor, pause_id=one.pk, person_id=one.account_id, reason=reason, now=clock.now())


def test_the_security_administrator_sees_who_since_until_and_from_how_many_places(
    secadmin: Actor, member: Member
) -> None:
    pause(member.person_id)
    (lock,) = queries.list_locks(actor=secadmin, now=clock.now())
    assert (lock.staff_no, lock.what, lock.sources, lock.state) == (member.staff_no, "密码", 3, "暂停中")
    assert lock.until - lock.since == dt.timedelta(minutes=5)
    (later,) = queries.list_locks(actor=secadmin, now=lock.until)
    assert later.state == "已到期"


def test_a_lift_frees_the_person_is_told_to_him_and_stands_in_the_trail(secadmin: Actor, member: Member) -> None:
    assert lift(secadmin, pause(member.person_id)) == member.name
    assert count_tries(limit="password.account", whom=str(member.person_id)) == 0
    told = Notice.objects.get(lawyer_id=member.person_id, title="已解除密码的暂停")
    assert secadmin.name in told.body
    assert "当面核实" in told.body
    with as_actor(secadmin):
        assert CourtEvent.objects.filter(court_id=court(), action="staffing.lift_pause").count() == 1
    (lock,) = queries.list_locks(actor=secadmin, now=clock.now())
    assert (lock.state, lock.lifter_name, lock.reason) == ("已解除", secadmin.name, "当面核实，本人输错")


def test_a_lift_needs_a_reason_a_standing_pause_and_another_person(secadmin: Actor, member: Member) -> None:
    one = pause(member.person_id)
    for reason in ("", "   ", "长" * 201):
        with pytest.raises(Invalid):
            lift(secadmin, one, reason)
    Pause.objects.update(until=clock.now())
    with pytest.raises(Conflict, match="已经结束"):
        lift(secadmin, one)
    with as_actor(secadmin):
        Member.objects.filter(court_id=court(), id=member.id).update(person_id=secadmin.person_id)
    with pytest.raises(Conflict, match="自己"):
        lift(secadmin, pause(secadmin.person_id))


def test_lifts_hand_out_new_tries_so_three_a_day_are_enough(secadmin: Actor, member: Member) -> None:
    for _ in range(3):
        lift(secadmin, pause(member.person_id))
    with pytest.raises(Conflict, match="3 次"):
        lift(secadmin, pause(member.person_id))


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.AUDITOR, Role.PRESIDENT, Role.CLERK])
def test_nobody_else_sees_or_lifts(member: Member, role: Role) -> None:
    other = Actor(Account.objects.create_user(sign_name="OTHER", name="他").pk, role, "他", court())
    with pytest.raises(NotFound):
        queries.list_locks(actor=other, now=clock.now())
    with pytest.raises(NotFound):
        lift(other, pause(member.person_id))


def test_pauses_of_lawyers_and_of_other_courts_are_not_the_courts_business(secadmin: Actor) -> None:
    lawyer = Account.objects.create_user(sign_name="11105201211603034", name="周岚")
    one = pause(lawyer.pk)
    assert queries.list_locks(actor=secadmin, now=clock.now()) == []
    with pytest.raises(NotFound):
        lift(secadmin, one)


def test_the_page_lifts_keeps_what_was_typed_and_goes_out_as_a_file(secadmin: Actor, member: Member) -> None:
    one, client = pause(member.person_id), browser(secadmin)
    page = client.get("/desk/admin/sessions/locks/").content.decode()
    assert member.staff_no in page
    assert "来自 3 个地址" in page
    path = f"/desk/admin/sessions/locks/{one.pk}/lift/"
    refused = client.post(path, {"person": member.person_id, "reason": "长" * 201})
    assert refused.status_code == 422
    assert "长" * 201 in refused.content.decode()
    done = client.post(path, {"person": member.person_id, "reason": "当面核实"}, follow=True)
    assert "没有人被暂停" in done.content.decode()
    assert "当面核实" in client.get("/desk/admin/sessions/locks/export.csv").content.decode("utf-8-sig")
