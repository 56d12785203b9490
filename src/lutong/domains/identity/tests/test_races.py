"""Many at once: guesses are counted one by one, and a code opens the door once. Real commits, real threads."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import OperationalError, connection

from lutong.domains.identity.actions import limits, note_device, try_password
from lutong.domains.identity.actions.factors import prove_code
from lutong.domains.identity.actions.limits import begin_try, take_back
from lutong.domains.identity.models import Account, Pause
from lutong.domains.identity.tests.conftest import code_of
from lutong.kernel import clock
from tests.support.databases import Database

UNORDERED = """
UPDATE identity_tries SET at = array_remove(at, %(at)s)
WHERE key IN (SELECT k FROM unnest(%(keys)s::text[]) WITH ORDINALITY a (k, n) ORDER BY n DESC)
"""  # PostgreSQL locks in an order of its own choice


def yes(work: Callable[[int], bool], count: int) -> int:
    """How many of `count` calls in eight threads answered yes."""

    def run(number: int) -> bool:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(run, range(count)))


def test_parallel_guesses_are_counted_one_by_one(committed_db: Database) -> None:
    now = clock.now()

    def guess(number: int) -> bool:
        limits = [("password.account", "7"), ("password.address", f"a{number % 3}"), ("password.all", "")]
        return begin_try(limits=limits, now=now).is_admitted

    assert yes(guess, 80) == 10


def test_many_who_sign_in_rightly_at_once_never_lock_each_other_out(
    committed_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter(number: int) -> bool:
        keys = [("password.account", f"{number}"), ("platform.address", "one firm"), ("platform.all", "")]
        try:
            take_back(made=begin_try(limits=keys, now=clock.now()))
        except OperationalError as error:
            assert "deadlock" in str(error), error
            return False
        return True

    assert yes(enter, 400) == 400
    monkeypatch.setattr(limits, "TAKE_BACK", UNORDERED)
    assert any(yes(enter, 8) < 8 for _ in range(20)), "a take-back without the order must be found out"


def test_strangers_are_bounded_exactly_and_the_owner_comes_in_among_them(committed_db: Database) -> None:
    account, now = Account.objects.create_user(sign_name="OWNER", name="周", password="x"), clock.now()
    note_device(account=account, word="own", name="x", address="203.0.113.1", now=now)

    def knock(number: int) -> bool:
        is_owner = number % 20 == 0
        made, _ = try_password(
            name="OWNER", word="own" if is_owner else "", address=f"203.0.113.{number % 50}",
            check=lambda: account if is_owner else None, now=now + dt.timedelta(microseconds=number),
        )  # fmt: skip
        (owners if is_owner else strangers).append(made.is_admitted)
        return True

    owners: list[bool] = []
    strangers: list[bool] = []
    yes(knock, 200)
    assert (sum(owners), len(owners)) == (10, 10)
    assert (sum(strangers), len(strangers)) == (10, 190)
    assert Pause.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_one_code_is_spent_once(committed_db: Database, attempt: int) -> None:
    account = Account.objects.create_user(sign_name=f"R-{attempt}", name="赛", password="x")
    TOTP.activate(account, generate_totp_secret())
    code = code_of(account.sign_name)
    assert yes(lambda _: prove_code(account=account, code=code, now=clock.now()) is not None, 16) == 1
