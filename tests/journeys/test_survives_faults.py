"""kill -9 in the middle of filings: nothing acknowledged is lost, nothing is half filed, nothing is there twice."""

import dataclasses
import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
import psycopg
import pytest

from lutong.site.config import load
from lutong.site.embedded.connection import OWNER, conninfo
from tests.support.fault_story import Journal, Program, amiss, token_for
from tests.support.journeys import Product
from tests.support.people import DU, GU, ZHOU

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
VICTIMS = ("web", "files", "worker", "postgres", "web worker")


@pytest.fixture
def owner(product: Product) -> Iterator[psycopg.Connection[Any]]:
    config = dataclasses.replace(load(), home=product.home, database_url=None, owner_database_url=None)
    with psycopg.connect(**conninfo(config, OWNER), autocommit=True) as connection:
        yield connection


@dataclasses.dataclass
class Crew:
    """Several programs at work, each in a thread of its own, all writing one journal."""

    product: Product
    owner: psycopg.Connection[Any]
    seconds: float
    journal: Journal = dataclasses.field(default_factory=Journal)

    def program(self, sign_name: str, *, careful: bool = True) -> Program:
        court = self.owner.execute("SELECT id FROM courts_court WHERE code = '京0105'").fetchone()
        cause = self.owner.execute("SELECT id FROM courts_cause WHERE name = '民间借贷纠纷'").fetchone()
        assert court
        assert cause
        token = token_for(self.owner, sign_name)
        until = time.monotonic() + self.seconds
        return Program(self.product.web_url, token, court[0], cause[0], self.journal, until, careful)

    def start(self, filings: int) -> list[threading.Thread]:
        """Four programs that share `filings` between them."""
        numbers = itertools.count(1)

        def work(program: Program) -> None:
            while (number := next(numbers)) <= filings:
                program.file(f"原告{_word(number)}", lose_the_answer=number % 5 == 0)

        programs = [self.program(name) for name in (ZHOU, GU, DU, ZHOU)]
        threads = [threading.Thread(target=work, args=(one,), daemon=True) for one in programs]
        for thread in threads:
            thread.start()
        return threads


RUN = os.urandom(3).hex()  # another run on the same product files under other names


def _word(number: int) -> str:
    return f"{RUN}号{number}"


def kill(product: Product, victim: str) -> None:
    """The hardest way to go, at whatever it is doing."""
    if victim == "postgres":
        pid = int((product.home / "pg" / "postmaster.pid").read_text().split()[0])
    else:
        pid = int(json.loads((product.home / "run.json").read_text())[victim.split()[0]][0])
        if victim == "web worker":
            pid = next(child.pid for child in psutil.Process(pid).children())
    os.kill(pid, signal.SIGKILL)


def under_fire(product: Product, crew: Crew, *, filings: int, pause: float) -> int:
    """File while one process after the other is killed; answers how many were killed."""
    threads = crew.start(filings)
    killed = 0
    for victim in itertools.cycle(VICTIMS):
        time.sleep(pause)
        if not any(thread.is_alive() for thread in threads):
            break
        if killed >= len(VICTIMS) and pause < 10:
            break  # the short version: each once
        kill(product, victim)
        killed += 1
    for thread in threads:
        thread.join(crew.seconds)
    return killed


def judge(crew: Crew, product: Product, filings: int) -> None:
    config = dataclasses.replace(load(), home=product.home, database_url=None, owner_database_url=None)
    with psycopg.connect(**conninfo(config, OWNER), autocommit=True) as fresh:  # the old line died with the server
        assert crew.journal.faults == [], "an answer that was neither good nor 503 with Retry-After"
        assert crew.journal.refusals == []
        assert len(crew.journal.acknowledged) == filings
        assert amiss(fresh, crew.journal) == []


def test_filings_survive_the_death_of_every_process(product: Product, owner: psycopg.Connection[Any]) -> None:
    crew = Crew(product, owner, seconds=300)
    killed = under_fire(product, crew, filings=24, pause=2.5)
    assert killed >= 3, "everything was filed before anything had died"
    assert crew.journal.broken > 0, "nobody noticed the deaths: they proved nothing"
    judge(crew, product, 24)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_thousand_filings_survive_a_night_of_deaths(product: Product, owner: psycopg.Connection[Any]) -> None:
    crew = Crew(product, owner, seconds=7000)
    killed = under_fire(product, crew, filings=1000, pause=15)
    assert killed >= 10
    judge(crew, product, 1000)


def test_the_checker_finds_the_doubles_of_a_naive_program(product: Product, owner: psycopg.Connection[Any]) -> None:
    """The control: a program that starts all over after a lost answer files twice, and the checker says so."""
    crew = Crew(product, owner, seconds=120)
    name = f"原告{_word(9001)}"
    crew.program(ZHOU, careful=False).file(name, lose_the_answer=True)
    assert crew.journal.refusals == []
    assert amiss(owner, crew.journal) == [f"doubled: {name} 2 times"]


def test_the_checker_finds_a_filing_that_was_lost_and_one_that_is_half(
    product: Product, owner: psycopg.Connection[Any]
) -> None:
    crew = Crew(product, owner, seconds=120)
    name = f"原告{_word(9002)}"
    crew.program(GU).file(name)
    assert amiss(owner, crew.journal) == []
    crew.journal.acknowledged["原告幽灵"] = ("0198c0de-0000-7000-8000-000000000000", "收00000000")
    with owner.transaction(force_rollback=True):
        owner.execute(
            "DELETE FROM exchange_courtoutbox WHERE payload->>'filing_id' = %s", [crew.journal.acknowledged[name][0]]
        )
        found = amiss(owner, crew.journal)
    assert [fault.split(":")[0] for fault in found] == ["lost", "half filed"]
