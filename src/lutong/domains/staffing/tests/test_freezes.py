"""“不是我” in an employee's account: neither he nor a thief lifts it, another person of the court does."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from lutong.domains.audit.models import CourtEvent
from lutong.domains.identity.models import Account, Device, ShortMessage
from lutong.domains.identity.tests.browser import browser
from lutong.domains.identity.tests.test_races import yes
from lutong.domains.notices.models import Notice
from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.models import FreezeLift, Member
from lutong.domains.staffing.tests.test_powers import PASSWORD, admin, court, only_proposal, person
from lutong.kernel import clock
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotFound
from tests.support.databases import Database

OLD = "old-words-known-to-two"
PAGE, LOCKS = "/account/frozen/", "/desk/admin/sessions/locks/"


@pytest.fixture
def sysadmin(db: None) -> Actor:
    return admin(Role.SYSADMIN, 1)


@pytest.fixture
def secadmin(db: None) -> Actor:
    return admin(Role.SECADMIN, 2)


def employee(sysadmin: Actor, secadmin: Actor) -> Actor:
    """A clerk who has a password."""
    member = actions.enrol(actor=sysadmin, person=person(1, Role.CLERK), now=clock.now())
    actions.decide(actor=secadmin, proposal_id=only_proposal(secadmin).id, step="approve", reason="", now=clock.now())
    account = Account.objects.get(pk=member.person_id)
    account.set_password(OLD)
    account.save()
    return Actor(account.pk, Role.CLERK, account.name, court())


@pytest.fixture
def clerk(sysadmin: Actor, secadmin: Actor) -> Actor:
    return employee(sysadmin, secadmin)


def say_not_me(client: Client, actor: Actor) -> None:
    now = clock.now()
    strange = Device.objects.create(account_id=actor.person_id, digest="x", name="Edge", first_at=now, last_at=now)
    client.post(f"/account/devices/{strange.pk}/answer/", {"mine": "0"})


@pytest.fixture
def frozen(clerk: Actor) -> Client:
    """The session in which it was said: the owner's, or a thief's."""
    client = browser(clerk)
    say_not_me(client, clerk)
    return client


def lift(actor: Actor, who: Actor, reason: str = "当面核对证件") -> str:
    return actions.lift_freeze(actor=actor, person_id=who.person_id, reason=reason, now=clock.now())[1]


def renew(client: Client, code: str, word: str = PASSWORD) -> int:
    return client.post(PAGE, {"code": code, "password": word, "again": word}).status_code


def is_frozen(actor: Actor) -> bool:
    return Account.objects.get(pk=actor.person_id).frozen_at is not None


def test_the_session_in_which_it_was_said_can_make_nothing_its_own(frozen: Client, clerk: Actor) -> None:
    for path in ("password", "mobile", "2fa/totp", "2fa/totp/remove", "2fa/passkeys/add", "2fa/codes", "2fa/codes/new"):
        for answer in (frozen.get(f"/account/{path}/"), frozen.post(f"/account/{path}/", {"password1": PASSWORD})):
            assert answer.status_code == 302 and answer["Location"] == PAGE, path
    page = frozen.get(PAGE)
    assert "本院安全管理员" in page.text and "律师身份核验平台" not in page.text
    for code in ("", "AAAAAAAA", "\0", "🙂" * 300):
        assert renew(frozen, code) == 422
    assert is_frozen(clerk)
    assert frozen.get("/desk/filings/").status_code == 200, "the work of today goes on"


def test_whoever_knows_the_dead_password_learns_whom_to_ask_and_comes_back_with_the_code(
    frozen: Client, clerk: Actor, secadmin: Actor
) -> None:
    visitor = Client()
    assert visitor.get(PAGE).status_code == 302, "nothing to see without the password"
    told = visitor.post("/account/login/", {"login": "CY-T-001", "password": OLD})
    assert told.status_code == 403 and "本院安全管理员" in told.text
    Authenticator.objects.create(user_id=clerk.person_id, type=Authenticator.Type.WEBAUTHN, data={"name": "小偷"})
    code = lift(secadmin, clerk)
    assert is_frozen(clerk), "the code alone opens nothing yet"
    assert renew(visitor, code, OLD) == 422, "the dead password stays dead"
    assert renew(visitor, code.lower()) == 302
    assert Account.objects.get(pk=clerk.person_id).check_password(PASSWORD) and not is_frozen(clerk)
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    assert frozen.get("/desk/filings/").status_code == 302, "the other session has ended"
    assert visitor.get(PAGE).status_code == 302, "done is done"


def test_it_is_told_to_the_administrator_and_to_the_employee_and_kept_in_the_trail(
    frozen: Client, clerk: Actor, secadmin: Actor, sysadmin: Actor
) -> None:
    with reading(secadmin):
        assert Notice.objects.filter(lawyer_id=secadmin.person_id, title__startswith="密码停用").count() == 1
    assert "安全管理员" in ShortMessage.objects.latest("at").text
    with pytest.raises(Invalid):
        lift(secadmin, clerk, "  ")
    code = lift(secadmin, clerk)
    assert secadmin.name in ShortMessage.objects.latest("at").text
    with reading(clerk):
        assert FreezeLift.objects.filter(court_id=court()).count() == 0, "the second lock: administrators only"
        assert "当面核对证件" in Notice.objects.get(lawyer_id=clerk.person_id, title="已解除密码停用").body
    renew(frozen, code)
    with as_actor(secadmin):
        acts = list(CourtEvent.objects.filter(court_id=court()).values_list("action", flat=True))
    assert "staffing.lift_freeze" in acts and "staffing.renew_password" in acts
    with pytest.raises(Conflict, match="没有停用"):
        lift(secadmin, clerk)


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.AUDITOR, Role.PRESIDENT, Role.CLERK])
def test_nobody_else_lifts(frozen: Client, clerk: Actor, role: Role) -> None:
    other = Actor(Account.objects.create_user(sign_name="OTHER", name="他").pk, role, "他", court())
    with pytest.raises(NotFound):
        lift(other, clerk)
    with pytest.raises(NotFound):
        queries.list_frozen(actor=other, now=clock.now())
    assert browser(other).post(f"{LOCKS}freezes/{clerk.person_id}/lift/", {"reason": "x"}).status_code == 404


def test_the_administrator_of_another_court_sees_and_lifts_nothing(frozen: Client, clerk: Actor) -> None:
    other = Actor(Account.objects.create_user(sign_name="PD-AQ", name="浦东").pk, Role.SECADMIN, "浦东", court() + 1)
    assert queries.list_frozen(actor=other, now=clock.now()) == []
    with pytest.raises(NotFound):
        lift(other, clerk)


def test_nobody_lifts_his_own_not_even_in_the_database(clerk: Actor, secadmin: Actor, sysadmin: Actor) -> None:
    with as_actor(sysadmin):
        Member.objects.filter(court_id=court(), person_id=clerk.person_id).update(person_id=secadmin.person_id)
    mine = browser(secadmin)
    say_not_me(mine, secadmin)
    with pytest.raises(Conflict, match="自己"):
        lift(secadmin, secadmin)
    assert "须由另一名安全管理员解除" in mine.get(LOCKS).text
    colleague = admin(Role.SECADMIN, 3)
    lift(colleague, secadmin)
    with as_actor(secadmin), pytest.raises(IntegrityError, match="oneself"), transaction.atomic():
        FreezeLift.objects.filter(court_id=court()).update(lifted_by=secadmin.person_id)


def test_five_wrong_codes_kill_a_lift_and_a_new_one_replaces_it(frozen: Client, clerk: Actor, secadmin: Actor) -> None:
    first = lift(secadmin, clerk)
    second = lift(secadmin, clerk)
    assert renew(frozen, first) == 422
    for _ in range(4):
        renew(frozen, "AAAAAAAA")
    assert renew(frozen, second) == 422 and is_frozen(clerk)
    assert renew(frozen, lift(secadmin, clerk)) == 302


def test_the_page_shows_the_code_once_and_keeps_what_was_typed(frozen: Client, clerk: Actor, secadmin: Actor) -> None:
    desk, path = browser(secadmin), f"{LOCKS}freezes/{clerk.person_id}/lift/"
    assert "CY-T-001" in desk.get(LOCKS).text
    refused = desk.post(path, {"reason": "长" * 201})
    assert refused.status_code == 422 and "长" * 201 in refused.text
    handed = desk.post(path, {"reason": "当面核对"})
    assert "只显示这一次" in handed.text and handed["Cache-Control"] == "no-store"
    assert "只显示这一次" not in desk.get(LOCKS).text and "已发放解除码" in desk.get(LOCKS).text
    assert desk.post(f"{LOCKS}freezes/{2**80}/lift/", {"reason": "x"}).status_code == 404


def test_of_those_who_use_a_code_at_once_one_sets_the_password(committed_db: Database) -> None:
    secadmin = admin(Role.SECADMIN, 2)
    clerk = employee(admin(Role.SYSADMIN, 1), secadmin)
    say_not_me(browser(clerk), clerk)
    code = lift(secadmin, clerk)

    def use(number: int) -> bool:
        try:
            word = f"{PASSWORD}-{number}"
            actions.renew_password(person_id=clerk.person_id, code=code, password=word, now=clock.now())
        except (Invalid, Conflict):
            return False
        return True

    assert yes(use, 8) == 1
    assert not is_frozen(clerk)
