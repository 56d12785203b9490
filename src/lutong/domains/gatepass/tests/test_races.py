"""A thousand scans of the same code at the same time: exactly one gets in, and it is never none.

The control asks first and writes afterwards, as one would without thinking: the same crowd then gets in several times.
"""

import datetime as dt
import itertools
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connections

from lutong.domains.gatepass import actions, queries, rules
from lutong.domains.gatepass.models import Holder
from lutong.domains.gatepass.tests.world import NOW, World, build
from lutong.kernel.acting import reading
from tests.support.databases import Database

THREADS, TIMES = 8, 1000


def crowd(work: Callable[[], bool], times: int = TIMES) -> Counter[str]:
    """Let eight threads do `work` together until it was done `times` times; answers what came out."""
    tickets, together = itertools.count(), threading.Barrier(THREADS)
    results: Counter[str] = Counter()
    lock = threading.Lock()

    def run() -> None:
        together.wait(30)
        try:
            while next(tickets) < times:
                try:
                    result = "in" if work() else "out"
                except Exception as error:  # noqa: BLE001  # told to the test
                    result = repr(error)
                with lock:
                    results[result] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    return results


@pytest.fixture
def world(committed_db: Database) -> World:
    return build()


@pytest.mark.timeout(300)
def test_of_a_thousand_scans_at_once_the_first_gets_in_and_no_other(world: World) -> None:
    """At two gates of the entrance by turns, both online."""
    _, token = actions.add_device(
        actor=world.hall, court_id=world.court_id, venue_id=world.venues["entrance"].id, name="南门备用", now=NOW
    )
    spare = queries.device_of_token(token=token)
    assert spare is not None
    world.devices["spare"] = spare
    text, numbers, doors = world.code(), itertools.count(1), itertools.cycle(["entrance", "spare"])
    came = crowd(lambda: bool(world.scan(text, next(doors), seq=next(numbers)).admitted))
    assert {scan.device_id for scan in world.scans()} == {world.devices["entrance"].id, spare.id}
    assert came == {"in": 1, "out": TIMES - 1}
    assert len(world.scans(outcome="admitted")) == 1


def test_each_of_forty_codes_gets_in_whatever_the_crowd_does(world: World) -> None:
    numbers = itertools.count(1)
    for _ in range(40):
        text = world.code()
        came = crowd(lambda text=text: bool(world.scan(text, seq=next(numbers)).admitted), times=THREADS)  # type: ignore[misc]
        assert came == {"in": 1, "out": THREADS - 1}


def test_asking_first_and_writing_afterwards_lets_many_in(world: World) -> None:
    """The control: `Holder` rows stand for a table of used codes without a constraint on the code."""

    def naive(code_id: str) -> bool:
        with reading(world.gate):
            if Holder.objects.filter(court_id=world.court_id, licence_no=code_id).exists():
                return False
            time.sleep(0.002)  # the way from the application to the database and back
            Holder.objects.create(
                court_id=world.court_id, id=uuid.uuid4(), licence_no=code_id, name="", firm="", seen_at=NOW,
                shown_for="",
            )  # fmt: skip
        return True

    wrong = 0
    for round_ in range(40):
        came = crowd(lambda word=f"{round_}": naive(word), times=THREADS)  # type: ignore[misc]
        wrong += came["in"] > 1
    assert wrong >= 4  # a tenth of the codes and more, against none above


def test_of_a_thousand_stale_misplaced_and_forged_codes_each_none_gets_in(world: World) -> None:
    good = world.code()
    numbers, places = itertools.count(1), itertools.cycle(range(20, len(good) - 1))

    def forged() -> str:
        at = next(places)
        return good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]

    late = NOW + dt.timedelta(seconds=rules.LIFE)
    came = {
        "stale": crowd(lambda: bool(world.scan(good, seq=next(numbers), now=late).admitted)),
        "misplaced": crowd(lambda: bool(world.scan(good, "hall", seq=next(numbers)).admitted)),
        "forged": crowd(lambda: bool(world.scan(forged(), seq=next(numbers)).admitted)),
    }
    assert came == {kind: {"out": TIMES} for kind in came}
    assert world.scan(good, seq=next(numbers)).admitted  # none of them has spoilt it
