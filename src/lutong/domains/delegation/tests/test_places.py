"""三名助理: never a fourth, and whoever is entitled to a place gets it; also when all come at once."""

import datetime as dt
import os
from typing import Any

import psycopg
import pytest

from lutong.domains.cases.tests.test_races import at_once
from lutong.domains.delegation import actions, queries
from lutong.domains.delegation.actions import inviting
from lutong.domains.delegation.models import Assistantship, Roster
from lutong.domains.delegation.rules import objection_to
from lutong.domains.delegation.tests import world
from lutong.domains.identity.models import Account
from lutong.domains.identity.tests.browser import browser
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, NotAllowed, NotFound
from lutong.site.embedded.connection import OWNER
from tests.support.databases import Database

RACES = int(os.environ.get("LUTONG_RACES", "40"))  # the figure of record: 1000


def race(lawyer_id: int) -> list[Any]:
    """Four invitations of one lawyer at the same moment, each to another person."""
    lawyer = Actor(lawyer_id, Role.LAWYER, "周岚")
    return at_once(lambda n: world.invite(20_000 + n, lawyer), 4)


def refused(answers: list[Any]) -> int:
    odd = [a for a in answers if not isinstance(a, Assistantship | Conflict)]
    assert not odd, odd
    return sum(isinstance(a, Conflict) for a in answers)


def test_of_four_at_once_three_get_a_place_and_the_fourth_is_told(committed_db: Database) -> None:
    for lawyer_id in range(50_000, 50_000 + RACES):
        assert refused(race(lawyer_id)) == 1
        taken = Assistantship.objects.filter(lawyer_id=lawyer_id).values_list("slot", flat=True)
        assert sorted(taken) == [1, 2, 3]


def test_without_lock_and_constraint_the_race_is_lost(committed_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same count-then-insert, naively."""
    with psycopg.connect(**committed_db.conninfo(OWNER), autocommit=True) as owner:
        owner.execute("DROP INDEX assistant_slot_once")
    monkeypatch.setattr(inviting, "lock_roster", lambda *, lawyer_id: Roster(lawyer_id=lawyer_id))
    broken = sum(refused(race(lawyer_id)) == 0 for lawyer_id in range(60_000, 60_020))
    assert broken >= 2, "the race must have power: at least one in ten is lost without the lock"


@pytest.fixture
def firm(db: None) -> None:
    world.enrol()


def test_the_fourth_is_refused_and_a_declined_place_is_free_again(firm: None) -> None:
    invitations = [world.invite(person) for person in (world.LIN, world.PEI, world.TAO)]
    with pytest.raises(Conflict, match="最多三名"):
        world.invite(world.MENG)
    actions.decline(actor=world.trainee(world.PEI), engagement_id=invitations[1].id, now=clock.now())
    assert world.invite(world.MENG).slot == 2


def test_the_same_person_is_not_invited_twice(firm: None) -> None:
    world.invite(world.LIN)
    with pytest.raises(Conflict, match="已经邀请过"):
        world.invite(world.LIN)


def test_an_unanswered_invitation_gives_its_place_back(firm: None) -> None:
    for person in (world.LIN, world.PEI, world.TAO):
        world.invite(person, now=clock.now() - dt.timedelta(days=20))
    assert queries.free_places(actor=world.zhou(), now=clock.now()) == 3
    assert world.invite(world.MENG).slot == 1
    with pytest.raises((Conflict, NotFound)):
        stale = Assistantship.objects.get(lawyer_id=world.ZHOU, number=world.number(world.LIN))
        actions.accept(actor=world.trainee(world.LIN), engagement_id=stale.id, now=clock.now())


def test_an_invitation_is_answered_by_its_addressee_only(firm: None) -> None:
    asked = world.invite(world.LIN)
    with pytest.raises(NotFound):
        actions.accept(actor=world.trainee(world.PEI), engagement_id=asked.id, now=clock.now())
    with pytest.raises(NotFound):
        actions.decline(actor=world.zhou(), engagement_id=asked.id, now=clock.now())


def test_an_assistant_cannot_invite_assistants(firm: None) -> None:
    world.engage(world.LIN)
    with pytest.raises(NotAllowed, match="不能再指定助理"):
        actions.invite(actor=world.acting(world.LIN), number=world.number(world.PEI), now=clock.now())


def test_an_invitation_waits_for_the_account_of_its_addressee(firm: None) -> None:
    newcomer, number = 9399, world.number(9399)
    actions.take_place(
        actor=world.zhou(), lawyer_name="周岚", person=world.registered(newcomer, name="新人"), now=clock.now()
    )
    Account.objects.create(id=newcomer, sign_name=number, name="新人")
    world.Lawyer.objects.create(
        lawyer_id=newcomer, licence_no=number, name="新人", firm_uscc=world.USCC, kind="trainee", status="active",
        checked_at=clock.now(),
    )  # fmt: skip
    person = Actor(newcomer, Role.ASSISTANT, "新人")
    assert queries.list_engagements(actor=person) == []
    assert actions.claim_invitations(actor=person, now=clock.now()) == 1
    assert [e.principal_name for e in queries.list_engagements(actor=person)] == ["周岚"]
    assert actions.claim_invitations(actor=person, now=clock.now()) == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ""),
        ({"firm_uscc": "91110000OTHER"}, "没有查到本所"),
        ({"firm_uscc": ""}, "没有查到本所"),
        ({"in_force": False, "status_label": "停止执业"}, "停止执业"),
    ],
)
def test_an_assistant_is_of_the_same_firm_and_in_force(changes: dict[str, Any], says: str) -> None:
    told = objection_to(person=world.registered(world.LIN, **changes), firm_uscc=world.USCC)
    assert bool(told) == bool(says)
    assert says in told


def test_people_without_a_firm_assist_nobody() -> None:
    assert objection_to(person=world.registered(world.LIN, firm_uscc=""), firm_uscc="")


@pytest.mark.django_db
def test_who_accepted_while_the_registry_is_silent_is_asked_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUTONG_REGISTRY_URL", "http://127.0.0.1:9")  # nobody listens there
    world.enrol()
    asked = world.invite(world.LIN)
    inviting.agree(actor=world.trainee(world.LIN), principal_id=world.ZHOU, engagement_id=asked.id, now=clock.now())
    for who in (world.zhou(), world.trainee(world.LIN)):
        with pytest.raises(Conflict, match="仍没有应答"):
            actions.verify_again(actor=who, assistantship_id=asked.id, now=clock.now())
    with pytest.raises(NotFound):
        actions.verify_again(actor=world.trainee(world.PEI), assistantship_id=asked.id, now=clock.now())
    assert actions.verify_waiting(now=clock.now()) == 0
    assert "重新核验" in browser(world.zhou()).get("/assistants/").content.decode()
    page = browser(world.trainee(world.LIN)).post(f"/assisting/{asked.id}/verify/", follow=True).content.decode()
    assert "重新核验" in page
    assert "仍没有应答" in page
