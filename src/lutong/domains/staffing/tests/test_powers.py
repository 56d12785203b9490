"""三权分立: two hands for every post and every first sign-in, in the acts and in the database itself."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.identity import actions as identity
from lutong.domains.identity.models import Account, Post
from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.models import Invitation, Proposal
from lutong.domains.staffing.rules import Person
from lutong.kernel import clock
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotFound
from tests.support.databases import Database

PASSWORD = "四月清明-雨纷纷-2026"


def court() -> int:
    return get_court_by_code(code="京0105").id


def admin(role: Role, number: int) -> Actor:
    account = Account.objects.create_user(sign_name=f"ADM-{number}", name=f"管理员{number}")
    Post.objects.create(account=account, court_id=court(), role=role)
    return Actor(account.pk, role, account.name, court())


@pytest.fixture
def sysadmin(db: None) -> Actor:
    return admin(Role.SYSADMIN, 1)


@pytest.fixture
def secadmin(db: None) -> Actor:
    return admin(Role.SECADMIN, 2)


def person(number: int = 1, *roles: Role) -> Person:
    return Person(f"CY-T-{number:03d}", "闵行简", f"1390002{number:04d}", "民事审判二庭", tuple(str(r) for r in roles))


def only_proposal(actor: Actor) -> Proposal:
    (found,) = queries.list_proposals(actor=actor, state="proposed")
    return found


def roles_of(person_id: int) -> set[str]:
    return set(Post.objects.filter(account_id=person_id, active=True).values_list("role", flat=True))


def test_a_post_takes_two_administrators(sysadmin: Actor, secadmin: Actor) -> None:
    member = actions.enrol(actor=sysadmin, person=person(1, Role.JUDGE), now=clock.now())
    assert roles_of(member.person_id) == set()
    proposal = only_proposal(secadmin)
    with pytest.raises(NotFound):
        actions.decide(actor=sysadmin, proposal_id=proposal.id, step="approve", reason="", now=clock.now())
    stamp = Account.objects.get(pk=member.person_id).stamp
    actions.decide(actor=secadmin, proposal_id=proposal.id, step="approve", reason="", now=clock.now())
    assert roles_of(member.person_id) == {"judge"}
    assert Account.objects.get(pk=member.person_id).stamp > stamp, "his sessions look at his rights anew"


def test_the_first_sign_in_takes_a_link_and_a_code_from_two_hands(sysadmin: Actor, secadmin: Actor) -> None:
    member = actions.enrol(actor=sysadmin, person=person(), now=clock.now())
    invitation, word = actions.give_link(actor=sysadmin, member_id=member.id, again=False, now=clock.now())
    with pytest.raises(Invalid):
        actions.redeem(word=word, code="", password=PASSWORD, now=clock.now())
    _, code = actions.give_code(actor=secadmin, invitation_id=invitation.id, now=clock.now())
    with pytest.raises(Invalid, match="密码"):
        actions.redeem(word=word, code=code, password="123", now=clock.now())
    assert actions.redeem(word=word, code=code.lower(), password=PASSWORD, now=clock.now()) == member.staff_no
    assert Account.objects.get(pk=member.person_id).check_password(PASSWORD)
    with pytest.raises(NotFound):
        actions.redeem(word=word, code=code, password=PASSWORD, now=clock.now())


def test_five_wrong_codes_kill_a_link(sysadmin: Actor, secadmin: Actor) -> None:
    member = actions.enrol(actor=sysadmin, person=person(), now=clock.now())
    invitation, word = actions.give_link(actor=sysadmin, member_id=member.id, again=False, now=clock.now())
    _, code = actions.give_code(actor=secadmin, invitation_id=invitation.id, now=clock.now())
    for _ in range(5):
        with pytest.raises(Invalid):
            actions.redeem(word=word, code="AAAAAAAA", password=PASSWORD, now=clock.now())
    with pytest.raises(NotFound):
        actions.redeem(word=word, code=code, password=PASSWORD, now=clock.now())
    assert not Account.objects.get(pk=member.person_id).has_usable_password()


def test_no_administrator_raises_or_ends_himself(sysadmin: Actor, secadmin: Actor) -> None:
    with pytest.raises(Conflict):
        actions.enrol(actor=sysadmin, person=Person("ADM-1", "管理员1", "13900099999", ""), now=clock.now())
    other = actions.enrol(actor=sysadmin, person=person(7, Role.AUDITOR), now=clock.now())
    with as_actor(sysadmin), pytest.raises(IntegrityError, match="not_oneself"), transaction.atomic():
        Proposal.objects.filter(court_id=court(), person_id=other.person_id).update(proposed_by=other.person_id)
    with as_actor(sysadmin), pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Proposal.objects.filter(court_id=court()).update(decided_by=sysadmin.person_id, state="approved")


def test_the_end_of_an_administrators_post_waits_for_a_decision(sysadmin: Actor, secadmin: Actor) -> None:
    member = actions.enrol(actor=sysadmin, person=person(1, Role.AUDITOR), now=clock.now())
    actions.decide(actor=secadmin, proposal_id=only_proposal(secadmin).id, step="approve", reason="", now=clock.now())
    with pytest.raises(Conflict, match="结束职务"):
        actions.disable(actor=sysadmin, member_id=member.id, now=clock.now())
    assert actions.end_post(actor=sysadmin, member_id=member.id, role="auditor", now=clock.now()) is not None
    assert roles_of(member.person_id) == {"auditor"}
    actions.decide(actor=secadmin, proposal_id=only_proposal(secadmin).id, step="approve", reason="", now=clock.now())
    assert roles_of(member.person_id) == set()


def test_disabling_ends_posts_at_once_and_closes_the_account(sysadmin: Actor, secadmin: Actor) -> None:
    member = actions.enrol(actor=sysadmin, person=person(1, Role.CLERK), now=clock.now())
    actions.decide(actor=secadmin, proposal_id=only_proposal(secadmin).id, step="approve", reason="", now=clock.now())
    actions.disable(actor=sysadmin, member_id=member.id, now=clock.now())
    assert roles_of(member.person_id) == set()
    assert not Account.objects.get(pk=member.person_id).is_active
    assert authenticate(None, username=member.staff_no, password=PASSWORD) is None


@pytest.mark.parametrize("roles", [(Role.SYSADMIN, Role.SECADMIN), (Role.AUDITOR, Role.JUDGE)])
def test_powers_that_exclude_each_other_are_not_even_proposed(sysadmin: Actor, roles: tuple[Role, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        actions.enrol(actor=sysadmin, person=person(1, *roles), now=clock.now())
    assert "三权分立" in refused.value.fields["roles"]


def test_a_foreign_administrator_sees_and_keeps_nobody(sysadmin: Actor) -> None:
    member = actions.enrol(actor=sysadmin, person=person(), now=clock.now())
    foreign = Actor(sysadmin.person_id, Role.SYSADMIN, "外院", get_court_by_code(code="沪0115").id)
    with pytest.raises(NotFound):
        actions.disable(actor=foreign, member_id=member.id, now=clock.now())
    judge = Actor(1, Role.JUDGE, "法官", court())
    with pytest.raises(NotFound):
        queries.list_members(actor=judge)
    with reading(judge):
        assert Invitation.objects.filter(court_id=court()).count() == 0
        assert Proposal.objects.filter(court_id=court()).count() == 0, "the second lock: not for who handles cases"


RACES = int(os.environ.get("LUTONG_RACES", "200"))  # the figure of record: 1000, at night
GRANT = (
    "INSERT INTO {table} (account_id, court_id, role, department, active) SELECT %(who)s, 105, %(role)s, '', true "
    "FROM pg_sleep({pause}) WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE account_id = %(who)s AND active)"
)


@pytest.fixture
def people(committed_db: Database) -> Iterator[list[int]]:
    yield [Account.objects.create_user(sign_name=f"RACE-{n}", name="竞争者").pk for n in range(RACES)]


def holders_of_two(database: Database, table: str, people: list[int], *, pause: float = 0) -> int:
    """Two connections look first and then give one power each to the same people; how many people got both."""
    barrier = threading.Barrier(2)

    def give(role: str) -> None:
        with psycopg.connect(**database.conninfo(), autocommit=True) as connection:
            for who in people:
                barrier.wait(timeout=60)
                try:
                    connection.execute(GRANT.format(table=table, pause=pause), {"who": who, "role": role})  # type: ignore[arg-type]
                except (psycopg.errors.IntegrityError, psycopg.errors.DeadlockDetected):
                    continue  # refused, or ended by the database for the other's sake

    with ThreadPoolExecutor(2) as both:
        list(both.map(give, ("secadmin", "judge")))  # raises what either of them raised
    with psycopg.connect(**database.conninfo()) as connection:
        doubled = f"SELECT count(*) FROM (SELECT account_id FROM {table} WHERE active GROUP BY 1 HAVING count(*) > 1) d"
        return int(connection.execute(doubled).fetchone()[0])  # type: ignore[index,call-overload]


def test_no_race_ever_gives_one_person_two_powers(committed_db: Database, people: list[int]) -> None:
    with psycopg.connect(**committed_db.conninfo("lutong_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE naive_post (LIKE identity_post INCLUDING DEFAULTS INCLUDING IDENTITY)")
        owner.execute("GRANT SELECT, INSERT ON naive_post TO lutong_app")
    try:
        assert holders_of_two(committed_db, "naive_post", people[:50], pause=0.02) > 0, "looking first is no lock"
        assert holders_of_two(committed_db, "identity_post", people) == 0
    finally:
        with psycopg.connect(**committed_db.conninfo("lutong_owner"), autocommit=True) as owner:
            owner.execute("DROP TABLE naive_post")


def test_one_person_may_hold_one_power_here_and_a_post_elsewhere(db: None) -> None:
    who = Account.objects.create_user(sign_name="TWO-COURTS", name="两院").pk
    identity.give_post(person_id=who, court_id=court(), role=Role.AUDITOR, department="")
    identity.give_post(person_id=who, court_id=get_court_by_code(code="沪0115").id, role=Role.JUDGE, department="")
    with pytest.raises(IntegrityError, match="post_one_power"), transaction.atomic():
        identity.give_post(
            person_id=who, court_id=get_court_by_code(code="沪0115").id, role=Role.SECADMIN, department=""
        )


def test_a_court_gets_its_first_three_administrators_once_and_adopts_who_is_there(db: None) -> None:
    trio = {role: person(n) for n, role in enumerate((Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR), 10)}
    handed = actions.found_administrators(court_id=court(), people=trio, now=clock.now())
    word, code = handed[Role.SYSADMIN]
    number = actions.redeem(word=word, code=code, password=PASSWORD, now=clock.now())
    founder = Account.objects.get(sign_name=number)
    sysadmin = Actor(founder.pk, Role.SYSADMIN, founder.name, court())
    assert len(queries.list_members(actor=sysadmin)) == 3
    with pytest.raises(Conflict):
        actions.found_administrators(court_id=court(), people=trio, now=clock.now())
    judge = Account.objects.create_user(sign_name="OLD-JUDGE", name="旧人").pk
    identity.give_post(person_id=judge, court_id=court(), role=Role.JUDGE, department="")
    assert actions.adopt(court_id=court(), now=clock.now()) == 1
    assert actions.adopt(court_id=court(), now=clock.now()) == 0
