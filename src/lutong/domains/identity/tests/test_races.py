"""Many at once: guesses are counted one by one, and a code opens the door once. Real commits, real threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection

from lutong.domains.identity.actions.factors import prove_code
from lutong.domains.identity.actions.limits import begin_try
from lutong.domains.identity.models import Account
from lutong.domains.identity.tests.conftest import code_of
from lutong.kernel import clock
from tests.support.databases import Database


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


@pytest.mark.parametrize("attempt", range(3))
def test_one_code_is_spent_once(committed_db: Database, attempt: int) -> None:
    account = Account.objects.create_user(sign_name=f"R-{attempt}", name="赛", password="x")
    TOTP.activate(account, generate_totp_secret())
    code = code_of(account.sign_name)
    assert yes(lambda _: prove_code(account=account, code=code, now=clock.now()) is not None, 16) == 1
