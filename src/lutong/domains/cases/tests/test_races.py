"""Many at once: numbers without gaps, and never a third agent. Real commits, real threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection

from lutong.domains.cases import actions, queries
from lutong.domains.cases.actions import opening
from lutong.domains.cases.models import Case, Representation
from lutong.domains.cases.tests import world
from lutong.kernel.acting import action, reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict

WORKERS, EACH = 8, 10


class Rollback(Exception):
    """A registration that falls after its number was taken."""


@action
def register(*, actor: Actor, fails: bool) -> None:
    """The registration as filing does it: the case is opened inside a larger transaction."""
    actions.open_case(actor=actor, court_id=actor.court_id or 0, opening=world.opening(), now=world.NOW)
    if fails:
        raise Rollback


def at_once(work: Callable[[int], Any], count: int = WORKERS) -> list[Any]:
    """Run `work(n)` in threads that start together; answers what each returned or raised."""
    start = threading.Barrier(count)

    def run(number: int) -> Any:
        try:
            start.wait(30)
            return work(number)
        except Exception as error:  # noqa: BLE001  # what was raised is what the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def register_many(number: int) -> list[Exception]:
    odd = []
    for turn in range(EACH):
        try:
            register(actor=world.staff(world.CLERK), fails=(number * EACH + turn) % 5 == 0)
        except Rollback:
            continue
        except Exception as error:  # noqa: BLE001  # as above
            odd.append(error)
    return odd


def serials() -> list[int]:
    with reading(world.staff()):
        return sorted(Case.objects.filter(court_id=world.court_id()).values_list("serial", flat=True))


def test_numbers_have_no_gaps_and_no_doubles_under_rollbacks(committed_db: Any) -> None:
    world.enrol()
    assert [odd for odds in at_once(register_many) for odd in odds] == []
    assert serials() == list(range(1, WORKERS * EACH * 4 // 5 + 1))


def test_the_naive_counter_is_found_out(committed_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the largest number so far plus one, read without a lock."""

    def naive(court_id: int, year: int, type_code: str) -> int:
        taken = Case.objects.filter(court_id=court_id, year=year, type_code=type_code)
        return max(taken.values_list("serial", flat=True), default=0) + 1

    monkeypatch.setattr(opening, "_next_serial", naive)
    world.enrol()
    odd = [odd for odds in at_once(register_many) for odd in odds]
    assert any(isinstance(error, IntegrityError | Conflict) for error in odd)
    assert len(serials()) < WORKERS * EACH * 4 // 5


def claims_of_four(case: Case) -> list[Representation]:
    """Four lawyers at 程屿舟's door; the plaintiff's own counsel is not among them."""
    extra = {9111: "石青", 9112: "江野"}
    for person_id, name in extra.items():
        world.NAMES[person_id], world.FIRMS[person_id] = name, "北京某律师事务所"
        world.Account.objects.create(id=person_id, sign_name=f"1110120{person_id}", name=name)
        world.Lawyer.objects.create(
            lawyer_id=person_id, licence_no=f"1110120{person_id}", name=name, firm_name="北京某律师事务所",
            kind="专职律师", status="active", status_label="执业", checked_at=world.LATER,
        )  # fmt: skip
    try:
        return [world.claim(case, person_id) for person_id in (world.GU, world.WU, *extra)]
    finally:
        for person_id in extra:
            del world.NAMES[person_id], world.FIRMS[person_id]


def confirmed(case: Case) -> list[int]:
    rows = queries.representations_of(actor=world.staff(), court_id=case.court_id, case_id=case.id)
    return [r.lawyer_id for r in rows if r.state == "confirmed" and r.party.name == "程屿舟"]


@pytest.fixture
def claims(committed_db: Any) -> tuple[Case, list[Representation]]:
    world.enrol()
    case = world.open_case()
    return case, claims_of_four(case)


def test_four_clerks_at_once_admit_two_agents(claims: tuple[Case, list[Representation]]) -> None:
    case, waiting = claims
    answers = at_once(lambda n: world.confirm(waiting[n]), count=4)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    assert len(confirmed(case)) == 2


def test_without_the_lock_on_the_case_the_constraint_still_holds(
    claims: tuple[Case, list[Representation]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: nobody locks, so that all four read two free places at once."""
    case, waiting = claims
    read_together = threading.Barrier(4)
    free_slot = actions.counsel._free_slot

    def unlocked(*, actor: Actor, lock: bool = False, **ids: Any) -> Any:
        return queries.get_case(actor=actor, **ids)

    def slow(*given: Any) -> int:
        slot = free_slot(*given)
        read_together.wait(30)
        return slot

    monkeypatch.setattr(actions.counsel, "get_case", unlocked)
    monkeypatch.setattr(actions.counsel, "_free_slot", slow)
    answers = at_once(lambda n: world.confirm(waiting[n]), count=4)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3  # one place, and the constraint says so
    assert len(confirmed(case)) == 1


def test_one_claim_decided_by_two_clerks_is_decided_once(claims: tuple[Case, list[Representation]]) -> None:
    case, waiting = claims
    answers = at_once(lambda n: world.confirm(waiting[0]), count=2)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert len(confirmed(case)) == 1


def test_two_steps_at_once_are_one_step(committed_db: Any) -> None:
    world.enrol()
    case = world.open_case()
    answers = at_once(lambda n: world.step(case, "deem_withdrawn"), count=4)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3
