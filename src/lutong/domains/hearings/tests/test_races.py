"""Many courts fix times for the same lawyers at once: every true clash is recorded, nothing is double-booked.

The oracle is brute force over what was committed. Two controls show that the test sees what it should: without
the lock pairs go unrecorded, and with locks in a random order the database reports deadlocks.
"""

import datetime as dt
import itertools
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from lutong.domains.cases.models import Case
from lutong.domains.hearings import actions, rules
from lutong.domains.hearings.actions import calendars
from lutong.domains.hearings.models import Clash, Hearing, LawyerHearing
from lutong.domains.hearings.queries import clashes
from lutong.domains.hearings.tests.world import NOW, at, case, court, room, wish
from lutong.kernel import acting
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import system
from lutong.kernel.errors import Conflict

WRITERS = 8
LAWYERS = range(9100, 9112)
CODES = ("京0105", "京0102", "沪0115", "津0116")
SEED = 20261121


def in_threads(work: Callable[[int], None]) -> list[BaseException]:
    """Run `work` in eight threads that start together; answers what they raised."""
    raised: list[BaseException] = []
    together = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        try:
            together.wait(30)
            work(number)
        except BaseException as error:  # noqa: BLE001  # told to the test
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    return raised


class World:
    """Four courts with three rooms and five judges each, cases with three counsel of a small bar."""

    def __init__(self, cases_each: int) -> None:
        chance = random.Random(SEED)
        self.rooms: dict[int, list[Any]] = {}
        self.cases: list[Case] = []
        with acting.reading(system(1)):
            for code in CODES:
                here = court(code)
                self.rooms[here] = [room(here, name).id for name in ("第一法庭", "第二法庭", "第三法庭")]
                for _ in range(cases_each):
                    counsel = chance.sample(LAWYERS, 3)
                    self.cases.append(case(here, *counsel, judge_id=here * 10 + chance.randrange(5)))

    def writer(self, number: int, tries: int, result: dict[str, int]) -> None:
        """Ask for random times on eight days; a busy room or judge is an answer, not a failure."""
        chance = random.Random(SEED + number)
        for _ in range(tries):
            trial = chance.choice(self.cases)
            place = chance.choice([*self.rooms[trial.court_id], None])
            start = at(8, 0, chance.randrange(1, 9)) + chance.randrange(36) * dt.timedelta(minutes=15)
            order = wish(trial, place, start, chance.choice((30, 60, 120)), clash_reason="审限将至")
            try:
                hearing = actions.schedule(**order)
                result["fixed"] += 1
                if chance.random() < 0.15:
                    later = start + dt.timedelta(minutes=45)
                    actions.reschedule(
                        actor=order["actor"], court_id=trial.court_id, hearing_id=hearing.id, version=1, kind="trial",
                        mode=order["mode"], room_id=place, starts_at=later, ends_at=later + dt.timedelta(minutes=30),
                        clash_reason="审限将至", now=NOW,
                    )  # fmt: skip
            except Conflict:
                result["refused"] += 1


def true_pairs() -> set[tuple[int, frozenset[Any]]]:
    """Every clash there is, by looking at every pair of every lawyer."""
    pairs = set()
    for lawyer_id in LAWYERS:
        mine = [clashes.engagement_of(e) for e in LawyerHearing.objects.filter(lawyer_id=lawyer_id, active=True)]
        for one, other in itertools.combinations(mine, 2):
            if rules.find_clash(one, other):
                pairs.add((lawyer_id, frozenset((one.id, other.id))))
    return pairs


def recorded_pairs() -> set[tuple[int, frozenset[Any]]]:
    return {
        (c.lawyer_id, frozenset((c.one_id, c.other_id)))
        for c in Clash.objects.filter(lawyer_id__in=LAWYERS, state="open")
    }


def double_bookings() -> int:
    """Pairs of standing hearings of one court that share a room or a judge at the same time."""
    count = 0
    for code in CODES:
        here = court(code)
        with acting.reading(system(here)), as_actor(system(here)):
            standing = list(Hearing.objects.filter(court_id=here, state="scheduled"))
        for a, b in itertools.combinations(standing, 2):
            shared = (a.room_id is not None and a.room_id == b.room_id) or a.judge_id == b.judge_id
            count += shared and a.during.lower < b.during.upper and b.during.lower < a.during.upper
    return count


@pytest.mark.usefixtures("committed_db")
def test_eight_writers_leave_no_clash_unrecorded_no_deadlock_and_no_double_booking() -> None:
    world = World(cases_each=12)
    result = {"fixed": 0, "refused": 0}
    raised = in_threads(lambda number: world.writer(number, 70, result))
    assert raised == []
    assert result["fixed"] >= 300
    truth = true_pairs()
    assert len(truth) > 500
    assert recorded_pairs() == truth
    assert double_bookings() == 0


@pytest.mark.usefixtures("committed_db")
def test_control_without_the_lock_clashes_go_unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "lock", lambda lawyer_ids: None)
    world = World(cases_each=12)
    in_threads(lambda number: world.writer(number, 25, {"fixed": 0, "refused": 0}))
    assert true_pairs() - recorded_pairs()


@pytest.mark.usefixtures("committed_db")
def test_control_unsorted_locks_deadlock() -> None:
    order = threading.local()

    def work(number: int) -> None:
        order.chance = random.Random(number)
        for _ in range(40):
            ids = order.chance.sample(LAWYERS, 5)
            with acting.reading(system(1)), connection.cursor() as cursor:
                for lawyer_id in ids:  # as `lock` does, but in the order given
                    cursor.execute("SELECT 1 FROM hearings_lawyercalendar WHERE lawyer_id = %s FOR UPDATE", [lawyer_id])

    with acting.reading(system(1)):
        calendars.lock(LAWYERS)
    raised = in_threads(work)
    assert any(isinstance(e, OperationalError) and "deadlock" in str(e) for e in raised)
