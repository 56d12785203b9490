"""Guessing is bounded, exactly and across processes; nobody is locked out of his own browser or in silence."""

import datetime as dt
import time
from contextlib import ExitStack
from statistics import median
from typing import Any

import pytest
from django.test import Client

from lutong.domains.audit.queries import list_own_events
from lutong.domains.identity.actions.limits import begin_try, count_tries, forget_tries, take_back
from lutong.domains.identity.backend import SEATS, seat
from lutong.domains.identity.models import Account, ShortMessage, Tries
from lutong.domains.identity.rules import DAY, HOUR, LIMITS, MINUTE, Window, grace_days, wait
from lutong.domains.identity.tests.conftest import ZHOU_LAN, code_of
from lutong.domains.identity.tests.test_sign_in import give_password, recovery_codes, sign_in
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.actor import Actor

NOON = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("tries", "pause"),
    [
        ([], 0),
        ([10, 20], 0),
        ([10, 20, 30], 270),  # the oldest of three leaves the window of 300 s
        ([10, 20, 299], 1),
        ([10, 20, 300], 0),
        ([1, 2, 3, 4], 297),
    ],
)
def test_the_next_try_is_free_when_the_window_has_room(tries: list[int], pause: int) -> None:
    at = [NOON - dt.timedelta(seconds=seconds) for seconds in tries]
    assert wait([Window(3, 5 * MINUTE)], at, NOON) == dt.timedelta(seconds=pause)


@pytest.mark.parametrize(("hours", "left"), [(0, 14), (1, 14), (24, 13), (14 * 24 - 1, 1), (14 * 24, 0), (9999, 0)])
def test_the_days_of_grace_run_out(hours: int, left: int) -> None:
    assert grace_days(since=NOON, days=14, now=NOON + dt.timedelta(hours=hours)) == left


def test_ten_thousand_guesses_from_a_hundred_addresses_are_ten_in_five_minutes(db: None) -> None:
    looked_at = 0
    for n in range(10_000):  # one guess every 30 ms: five minutes
        limits = [("password.account", "7"), ("password.address", f"203.0.113.{n % 100}"), ("password.all", "")]
        looked_at += begin_try(limits=limits, now=NOON + dt.timedelta(milliseconds=30 * n)).is_admitted
    assert looked_at == LIMITS["password.account"][0].most == 10


def test_without_the_limit_of_the_account_all_of_them_would_be_looked_at(db: None) -> None:
    looked_at = sum(
        begin_try(limits=[("password.address", f"203.0.113.{n % 100}")], now=NOON + dt.timedelta(seconds=n)).is_admitted
        for n in range(200)
    )
    assert looked_at == 200


def test_codes_are_five_in_five_minutes_twenty_an_hour_fifty_a_day(db: None) -> None:
    admitted = [
        moment for minute in range(24 * 60)
        if begin_try(limits=[("code.account", "7")], now=(moment := NOON + dt.timedelta(minutes=minute))).is_admitted
    ]  # fmt: skip
    assert sum(moment < NOON + 5 * MINUTE for moment in admitted) == 5
    assert sum(moment < NOON + HOUR for moment in admitted) == 20
    assert sum(moment < NOON + DAY for moment in admitted) == 50


def test_a_right_try_is_not_counted_and_rows_are_forgotten(db: None) -> None:
    made = begin_try(limits=[("password.account", "7"), ("password.all", "")], now=NOON)
    assert count_tries(limit="password.account", whom="7") == 1
    take_back(made=made)
    assert count_tries(limit="password.account", whom="7") == count_tries(limit="password.all", whom="") == 0
    assert forget_tries(now=NOON) == 2
    assert not Tries.objects.exists()


def test_a_pause_is_told_to_the_person_and_leaves_a_way(client: Client, lawyer: Actor) -> None:
    for n in range(11):
        answer = give_password(client, ZHOU_LAN, f"wrong-password-{n}")
    assert answer.status_code == 429
    assert "通行密钥" in answer.content.decode()
    assert Notice.objects.get(lawyer_id=lawyer.person_id).title == "有人多次输错您的密码"
    assert ShortMessage.objects.get().mobile == "13800010216"
    assert list_own_events(actor=lawyer)[0].action == "identity.pause_sign_in"


def test_an_unknown_name_is_paused_alike(client: Client, lawyer: Actor) -> None:
    answers = [give_password(client, "11105199912345678", f"wrong-password-{n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert not Notice.objects.exists()


def test_wrong_codes_are_paused(client: Client, lawyer: Actor) -> None:
    give_password(client)
    answers = [client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    refused = client.post("/account/2fa/authenticate/", {"code": code_of()})
    assert refused.status_code == 429
    notice = Notice.objects.get(lawyer_id=lawyer.person_id)
    assert notice.title == "有人多次输错您的动态口令或备用码"
    for told in (refused.content.decode(), notice.body, ShortMessage.objects.get().text):
        assert "通行密钥" in told
        assert "用过的浏览器" in told.replace("</b>", "")


def test_guessing_the_password_within_a_session_is_counted_too(client: Client, lawyer: Actor) -> None:
    sign_in(client)
    answers = [client.post("/account/reauthenticate/", {"password": f"wrong-{n}"}).status_code for n in range(11)]
    assert answers == [200] * 10 + [429]


def test_a_firm_behind_one_address_has_room_for_thirty_slips(db: None) -> None:
    limits = [("password.address", "203.0.113.1")]
    admitted = sum(begin_try(limits=limits, now=NOON + dt.timedelta(seconds=n)).is_admitted for n in range(40))
    assert admitted == 30


def test_an_unknown_name_takes_as_long_as_a_wrong_password(lawyer: Actor) -> None:
    def seconds(name: str) -> float:
        begun = time.perf_counter()
        give_password(Client(), name, "wrong-password-1")
        return time.perf_counter() - begun

    seconds(ZHOU_LAN)
    known, unknown = [], []
    for _ in range(4):
        known.append(seconds(ZHOU_LAN))
        unknown.append(seconds("11105199912345678"))
    assert 0.5 < median(unknown) / median(known) < 2, (known, unknown)


def test_the_recovery_code_is_the_way_back_without_the_phone(client: Client, lawyer: Actor) -> None:
    give_password(client)
    done = client.post("/account/2fa/authenticate/", {"code": recovery_codes(lawyer)[0]})
    assert done["Location"] == "/"
    assert client.get("/account/recover/").status_code == 200


def test_the_grace_of_the_second_factor_lets_work_go_on(client: Client, lawyer: Actor, settings: Any) -> None:
    account = Account.objects.get(pk=lawyer.person_id)
    account.authenticator_set.all().delete()
    assert give_password(client)["Location"] == "/account/2fa/totp/"
    assert "以后再说" in client.get("/account/2fa/totp/").content.decode()
    assert "请在 14 天内启用第二道验证" in client.get("/account/").content.decode()
    Account.objects.filter(pk=account.pk).update(created_at=clock.now() - dt.timedelta(days=15))
    late = Client()
    give_password(late)
    assert late.get("/account/", follow=True).redirect_chain[-1][0] == "/account/2fa/totp/"


def test_a_crowd_at_the_door_is_asked_to_come_again_and_nothing_is_counted(client: Client, lawyer: Actor) -> None:
    with ExitStack() as crowd:
        for _ in range(SEATS):
            crowd.enter_context(seat())
        answer = give_password(client)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "3"
    assert count_tries(limit="password.account", whom=str(lawyer.person_id)) == 0
    assert give_password(client)["Location"] == "/account/2fa/authenticate/"
