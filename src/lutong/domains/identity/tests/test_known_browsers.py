"""A browser in which the owner signed in before counts for itself: strangers cannot keep him out, nor guess more."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from lutong.domains.identity import actions
from lutong.domains.identity.actions.limits import begin_try, count_tries
from lutong.domains.identity.actions.pausing import note_pause
from lutong.domains.identity.models import Account, Device, Pause, ShortMessage
from lutong.domains.identity.pages.door import COOKIE
from lutong.domains.identity.tests.conftest import ZHOU_LAN
from lutong.domains.identity.tests.test_sign_in import give_password, recovery_codes, sign_in
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.actor import Actor

CODE_PAGE = "/account/2fa/authenticate/"
MINUTE = dt.timedelta(minutes=1)


def stranger(host: int) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{host}")


def guess_codes(client: Client, times: int) -> list[int]:
    give_password(client)
    return [client.post(CODE_PAGE, {"code": "000000"}).status_code for _ in range(times)]


@pytest.fixture
def own(lawyer: Actor) -> Client:
    """The owner's browser: he signed in there before, and out again."""
    client = Client()
    sign_in(client)
    client.post("/account/logout/")
    return client


def comes_in(client: Client, lawyer: Actor) -> bool:
    give_password(client)
    return bool(client.post(CODE_PAGE, {"code": recovery_codes(lawyer)[0]}).headers.get("Location") == "/")


def test_strangers_who_guess_passwords_cannot_keep_the_owner_out_of_his_browser(own: Client) -> None:
    assert [give_password(stranger(9), ZHOU_LAN, f"wrong-{n}").status_code for n in range(12)][-1] == 429
    assert give_password(stranger(8)).status_code == 429, "a browser never seen must wait"
    assert give_password(own)["Location"] == CODE_PAGE


def test_strangers_who_guess_codes_cannot_keep_the_owner_out_of_his_browser(own: Client, lawyer: Actor) -> None:
    assert guess_codes(stranger(9), 6) == [200] * 5 + [429]
    assert not comes_in(stranger(8), lawyer), "a browser never seen must wait, even with a right code"
    assert comes_in(own, lawyer)


@pytest.mark.parametrize(("limit", "most"), [("password.address", 30), ("password.all", 1000)])
def test_nor_can_they_from_his_own_network_or_everywhere_at_once(own: Client, limit: str, most: int) -> None:
    whom = "127.0.0.1" if limit == "password.address" else ""
    for _ in range(most):
        begin_try(limits=[(limit, whom)], now=clock.now())
    assert give_password(Client()).status_code == 429, "planted: without a browser of his own he would be out"
    assert give_password(own)["Location"] == CODE_PAGE


def test_the_owners_slips_count_in_his_browser_and_cost_strangers_nothing(own: Client, lawyer: Actor) -> None:
    assert guess_codes(own, 6) == [200] * 5 + [429]
    assert count_tries(limit="code.account", whom=str(lawyer.person_id)) == 0
    assert Pause.objects.get().own_browser
    assert comes_in(stranger(7), lawyer)


def test_a_browser_of_another_account_is_a_stranger(own: Client, lawyer: Actor) -> None:
    """Who has an account here gets a word; it opens no tries at the accounts of others."""
    other = Account.objects.create_user(sign_name="EVE-1", name="夏娃", password="x")
    Device.objects.filter(account_id=lawyer.person_id).update(account=other)
    guess_codes(own, 5)
    assert count_tries(limit="code.account", whom=str(lawyer.person_id)) == 5


@pytest.mark.parametrize("word", ["", "guessed", "A" * 43])
def test_a_made_up_word_opens_nothing_and_is_replaced_at_sign_in(lawyer: Actor, word: str) -> None:
    client = Client()
    client.cookies[COOKIE] = word
    guess_codes(client, 5)
    assert count_tries(limit="code.account", whom=str(lawyer.person_id)) == 5
    actions.forget_tries(now=clock.now() + dt.timedelta(days=2))
    sign_in(client)
    assert client.cookies[COOKIE].value not in ("", word)


def test_a_planted_word_is_worthless_once_the_victim_has_signed_in(lawyer: Actor) -> None:
    mallory = Account.objects.create_user(sign_name="MAL-1", name="马", password="x")
    actions.note_device(account=mallory, word="planted-word", name="x", address="203.0.113.1", now=clock.now())
    victim = Client()
    victim.cookies[COOKIE] = "planted-word"
    sign_in(victim)
    attacker = stranger(1)
    attacker.cookies[COOKIE] = "planted-word"
    guess_codes(attacker, 5)
    assert count_tries(limit="code.account", whom=str(lawyer.person_id)) == 5
    word = victim.cookies[COOKIE].value
    assert Device.objects.filter(digest=actions.devices.digest_of(word)).count() == 2, "both stay known in that browser"


@pytest.mark.parametrize("by", ["end one", "end others", "end all"])
def test_a_browser_signed_out_from_elsewhere_is_a_stranger_until_it_signs_in(lawyer: Actor, by: str) -> None:
    here, lost = Client(), Client()
    sign_in(here)
    assert comes_in(lost, lawyer)
    if by == "end one":
        row = next(row for row in here.get("/account/devices/").context["rows"] if not row["current"])
        here.post(f"/account/devices/{row['session'].pk}/end/")
    elif by == "end others":
        lost.post("/account/logout/")
        here.post("/account/devices/end-others/")
    else:
        actions.end_all_sessions(person_id=lawyer.person_id)
    guess_codes(lost, 5)
    assert count_tries(limit="code.account", whom=str(lawyer.person_id)) == 5
    actions.forget_tries(now=clock.now() + dt.timedelta(days=2))
    Notice.objects.all().delete()
    assert comes_in(lost, lawyer)
    assert Notice.objects.filter(title__startswith="新设备登录").exists(), "and the owner hears of it"
    assert Device.objects.filter(account_id=lawyer.person_id, trusted=True).exists()


def test_who_goes_on_guessing_prolongs_one_pause_and_floods_nobody(lawyer: Actor) -> None:
    account, start = Account.objects.get(pk=lawyer.person_id), clock.now()
    for n in range(120):  # one guess every ten seconds, for twenty minutes
        now = start + n * MINUTE / 6
        made = begin_try(limits=[("password.account", str(account.pk))], source=str(n % 3), now=now)
        if made.spent:
            spent = made.spent["password.account"]
            note_pause(account=account, what="password", key="password.account:7", spent=spent, now=now)
    pause = Pause.objects.get()
    assert (pause.sources, ShortMessage.objects.count(), Notice.objects.count()) == (3, 1, 1)
    assert pause.until - pause.since > 10 * MINUTE


def test_an_account_that_pauses_for_hours_is_told_again(lawyer: Actor) -> None:
    account, now = Account.objects.get(pk=lawyer.person_id), clock.now()
    for wait in (5 * MINUTE, 6 * MINUTE, 300 * MINUTE):
        spent: Any = actions.limits.Spent(wait, 1)
        note_pause(account=account, what="password", key="password.account:7", spent=spent, now=now)
    assert ShortMessage.objects.count() == 2
