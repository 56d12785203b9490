"""High-risk acts ask the registry live: refused with reason and way out while nobody answers, and nothing is done."""

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest

from lutong.domains.identity import actions
from lutong.domains.identity.actions.licence import RISKY, licensed
from lutong.domains.identity.models import Account, Lawyer
from lutong.domains.identity.tests.conftest import PASSWORD, ZHOU_LAN, Bureau
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotAllowed

LATER = dt.timedelta(minutes=5)
DONE: list[str] = []


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    DONE.clear()


def do(act: str, actor: Actor, now: dt.datetime) -> None:
    @licensed(act)
    def work(*, actor: Actor, now: dt.datetime) -> None:
        DONE.append(act)

    work(actor=actor, now=now)


@pytest.mark.parametrize("act", RISKY)
def test_while_the_registry_is_away_no_risky_act_is_done_and_the_refusal_says_what_now(
    act: str, lawyer: Actor, bureau: Bureau
) -> None:
    bureau.misbehave("down")
    with pytest.raises(NotAllowed, match="没有应答") as refused:
        do(act, lawyer, clock.now() + LATER)
    assert not DONE
    assert RISKY[act].kept in refused.value.message and RISKY[act].paper in refused.value.message
    assert refused.value.facts["retry_after"] == 120
    bureau.misbehave("normal")
    do(act, lawyer, clock.now() + LATER)
    assert [act] == DONE


def test_a_licence_that_died_since_the_feed_was_heard_stops_the_act(lawyer: Actor, bureau: Bureau) -> None:
    bureau.decide(ZHOU_LAN, "suspended", "受到停止执业处罚")
    with pytest.raises(NotAllowed, match="停止执业"):
        do("correct_filing", lawyer, clock.now() + LATER)
    assert not DONE


def test_a_licence_asked_about_a_moment_ago_costs_one_statement(
    lawyer: Actor, django_assert_num_queries: Callable[..., Any]
) -> None:
    now = clock.now()
    Lawyer.objects.filter(lawyer_id=lawyer.person_id).update(checked_at=now)
    with django_assert_num_queries(1):
        do("file", lawyer, now)
    assert DONE == ["file"]


def test_an_assistant_is_stopped_by_the_licence_of_the_lawyer_for_whom_he_acts(lawyer: Actor, bureau: Bureau) -> None:
    helper = Account.objects.create_user(sign_name="1440120269901", name="助手", password=PASSWORD)
    Lawyer.objects.create(
        lawyer_id=helper.pk, licence_no="1440120269901", name="助手", kind="trainee", status="active",
        checked_at=clock.now() + LATER,
    )  # fmt: skip
    acting = Actor(helper.pk, Role.ASSISTANT, "助手", for_id=lawyer.person_id, for_name="周岚")
    do("hand_in", acting, clock.now() + LATER)
    bureau.decide(ZHOU_LAN, "suspended", "受到停止执业处罚")
    with pytest.raises(NotAllowed, match="周岚律师的执业状态"):
        do("hand_in", acting, clock.now() + 2 * LATER)
    assert DONE == ["hand_in"]


def test_within_a_minute_the_registry_is_not_asked_twice(lawyer: Actor, bureau: Bureau) -> None:
    do("hand_in", lawyer, clock.now() + LATER)
    bureau.misbehave("down")
    do("hand_in", lawyer, clock.now() + LATER)
    assert len(DONE) == 2


def test_one_process_holds_one_client_and_a_forked_child_makes_its_own(lawyer: Actor) -> None:
    ours = actions.registry()
    assert actions.registry() is ours
    child = os.fork()
    if child == 0:
        os._exit(0 if actions.registry() is not ours else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert actions.registry() is ours


def test_another_address_gets_another_client_and_the_old_one_is_closed(
    lawyer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = actions.registry()
    monkeypatch.setenv("LUTONG_REGISTRY_URL", "http://127.0.0.1:9")
    assert actions.registry() is not before
    with pytest.raises(RuntimeError, match="closed"):
        before.look_up(licence_no=ZHOU_LAN)
