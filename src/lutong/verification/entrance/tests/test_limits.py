"""限次: how often one may try, per person, per address and in all; what is said, to whom, and which way stays open."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from lutong.gateways.sms.port import SmsDown
from lutong.kernel import clock
from lutong.kernel.errors import Invalid
from lutong.verification.entrance import actions, queries, tasks
from lutong.verification.entrance.actions import TooMany
from lutong.verification.entrance.models import Notice, PasskeyTry, SignInCode, Visit
from lutong.verification.entrance.rules import (
    CODE_LIFE,
    CODE_TRIES,
    EVERYONE_MINUTE,
    PAUSE,
    PER_ADDRESS_HOUR,
    PER_NUMBER,
    PER_NUMBER_DAY,
    PER_NUMBER_HOUR,
    Window,
    wait_after,
)
from lutong.verification.entrance.tests.conftest import Lawyer, make_lawyer
from lutong.verification.entrance.tests.devices import Device
from lutong.verification.network import network_address
from tests.support.databases import Database

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
NOBODY = "11101201899999999"
ADDRESS = "203.0.113.7"


def ask(number: str, *, at: dt.datetime = NOW, address: str | None = ADDRESS) -> SignInCode:
    return actions.ask_code(number=number, address=address, now=at)


def ask_as_often_as_may_be(number: str, *, begun: dt.datetime = NOW) -> dt.datetime:
    """Use up the hour of a number; answers when one could ask again after the pause."""
    for place in range(PER_NUMBER_HOUR):
        ask(number, at=begun + place * MINUTE)
    return begun + PER_NUMBER_HOUR * MINUTE


def code_of(held: SignInCode) -> str:
    found = re.search(r"验证码 (\d{6})", held.message["text"])
    assert found
    return found[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def enter(held: SignInCode, code: str, *, at: dt.datetime = NOW) -> Visit | None:
    return actions.enter(code_id=held.pk, code=code, address=ADDRESS, agent="", now=at)


# ---- Per person


@pytest.mark.parametrize(
    ("sent", "wait", "window"),
    [
        ([], None, None),
        ([0], 60, Window.PAUSE),
        ([59], 1, Window.PAUSE),
        ([60], None, None),
        ([61, 130, 200, 300], None, None),
        ([61, 130, 200, 300, 3599], 1, Window.HOUR),
        ([61, 130, 200, 300, 3600], None, None),
        ([7200 + 60 * place for place in range(14)], None, None),
        ([7200 + 60 * place for place in range(15)], 86400 - 7200 - 60 * 14, Window.DAY),
    ],
)
def test_the_wait_is_that_of_the_limit_that_lasts_longest(
    sent: list[int], wait: int | None, window: Window | None
) -> None:
    found = wait_after(sent=[NOW - ago * SECOND for ago in sent], limits=PER_NUMBER, now=NOW)
    assert found == (None if wait is None else (wait * SECOND, window))


@pytest.mark.parametrize("known", [True, False])
def test_a_number_gets_one_code_a_minute_five_an_hour_and_fifteen_a_day(lawyer: Lawyer, known: bool) -> None:
    number = lawyer.number if known else NOBODY
    ask(number)
    with pytest.raises(TooMany) as pause:
        ask(number, at=NOW + 20 * SECOND)
    assert pause.value.facts["retry_after"] == 40 and "40 秒" in pause.value.message
    for place in range(1, PER_NUMBER_HOUR):
        ask(number, at=NOW + place * PAUSE)
    with pytest.raises(TooMany) as hour:
        ask(number, at=NOW + 10 * MINUTE)
    assert hour.value.facts["retry_after"] == 50 * 60 and "50 分钟" in hour.value.message
    for begun in (NOW + HOUR + MINUTE, NOW + 3 * HOUR):
        ask_as_often_as_may_be(number, begun=begun)
    assert SignInCode.objects.filter(number=number).count() == PER_NUMBER_DAY
    with pytest.raises(TooMany) as day:
        ask(number, at=NOW + 5 * HOUR)
    assert day.value.facts["retry_after"] == 19 * 3600


def test_unknown_and_known_numbers_and_wrong_codes_get_the_very_same_pages(lawyer: Lawyer) -> None:
    pages = []
    for number in (lawyer.number, NOBODY):
        browser = Client(REMOTE_ADDR=ADDRESS)
        seen = [browser.post("/sign-in/", {"number": number})]
        seen.append(browser.get("/sign-in/code/"))
        seen += [browser.post("/sign-in/code/", {"code": "abcdef"}) for _ in range(CODE_TRIES + 1)]
        seen.append(browser.post("/sign-in/", {"number": number}))
        hide = re.compile(rf'{number}|name="csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"')
        pages.append([(one.status_code, hide.sub("", one.text), re.sub(r"\d+", "n", one.get("Retry-After", "")))
                      for one in seen])  # fmt: skip
    known, unknown = ([(status, re.sub(r"\d+ 秒", "n 秒", text), wait) for status, text, wait in one] for one in pages)
    assert known == unknown
    assert [status for status, _, _ in known] == [302, 200, *[422] * (CODE_TRIES + 1), 429]


def test_five_wrong_tries_use_a_code_up_and_the_right_one_comes_too_late(lawyer: Lawyer) -> None:
    held = ask(lawyer.number)
    for _ in range(CODE_TRIES):
        assert enter(held, wrong(code_of(held))) is None
    assert enter(held, code_of(held)) is None
    held.refresh_from_db()
    assert queries.is_spent(code=held, now=NOW) and not Visit.objects.exists()


def test_a_code_counts_once_and_for_ten_minutes(lawyer: Lawyer) -> None:
    held = ask(lawyer.number)
    assert enter(held, f" {code_of(held)} ", at=NOW + CODE_LIFE - SECOND)
    assert enter(held, code_of(ask(lawyer.number, at=NOW + 2 * MINUTE)), at=NOW + 2 * MINUTE) is None, "another's code"
    later = ask(lawyer.number, at=NOW + 5 * MINUTE)
    assert enter(later, code_of(later), at=NOW + 5 * MINUTE + CODE_LIFE) is None


def test_a_lock_is_told_once_to_its_owner_and_to_nobody_for_a_number_that_nobody_holds(lawyer: Lawyer) -> None:
    for number in (lawyer.number, NOBODY):
        again = ask_as_often_as_may_be(number)
        for more in range(3):
            with pytest.raises(TooMany) as locked:
                ask(number, at=again + more * MINUTE)
            assert "急用时可以改用通行密钥登录" in locked.value.message
    notice = Notice.objects.get()
    assert (notice.person_id, notice.kind) == (lawyer.person.pk, "locked")
    assert notice.message["mobile"] == lawyer.person.mobile
    assert "已暂停到 11月22日 11:00" in notice.message["text"] and "没有人因此登录" in notice.message["text"]
    with pytest.raises(TooMany):
        ask(lawyer.number, at=again + more * MINUTE)
    ask_as_often_as_may_be(lawyer.number, begun=NOW + 2 * HOUR)
    with pytest.raises(TooMany):
        ask(lawyer.number, at=NOW + 2 * HOUR + 6 * MINUTE)
    assert Notice.objects.count() == 2, "a new lock is told anew"


def test_the_pause_of_a_minute_is_no_lock(lawyer: Lawyer) -> None:
    ask(lawyer.number)
    with pytest.raises(TooMany):
        ask(lawyer.number, at=NOW + SECOND)
    assert not Notice.objects.exists()


def test_the_notice_is_tried_until_it_is_delivered(lawyer: Lawyer, monkeypatch: pytest.MonkeyPatch) -> None:
    again = ask_as_often_as_may_be(lawyer.number)
    SignInCode.objects.update(next_at=None)
    with pytest.raises(TooMany):
        ask(lawyer.number, at=again)
    handed: list[str] = []

    class Carrier:
        down = True

        def send(self, *, message_id: object, mobile: str, text: str) -> None:
            if self.down:
                raise SmsDown("away")
            handed.append(f"{mobile} {text}")

    carrier = Carrier()
    monkeypatch.setattr(tasks, "sms", lambda **_: carrier)
    assert tasks.send_messages(now=again) == 0
    notice = Notice.objects.get()
    assert notice.deliveries == 1 and notice.next_at is not None and notice.message
    carrier.down = False
    assert tasks.send_messages(now=notice.next_at) == 1
    notice.refresh_from_db()
    assert notice.sent_at is not None and notice.message == {} and handed[0].startswith(str(lawyer.person.mobile))


def test_while_codes_are_locked_a_passkey_still_opens_and_the_other_way_round(lawyer: Lawyer) -> None:
    device = Device()
    lawyer.key(device)
    now = clock.now()
    ask_as_often_as_may_be(lawyer.number, begun=now - 10 * MINUTE)
    with pytest.raises(TooMany):
        ask(lawyer.number, at=now)
    asking = actions.ask_for_key()
    sent = {"state": asking.state, "answer": device.use(asking.options), "address": None, "agent": ""}
    assert actions.enter_by_key(**sent, now=now)
    SignInCode.objects.all().delete()
    impostor = Device(credential_id=device.credential_id, handle=device.handle)
    for _ in range(PER_NUMBER_HOUR):
        asking = actions.ask_for_key()
        with pytest.raises(Invalid):
            actions.enter_by_key(
                state=asking.state, answer=impostor.use(asking.options), address=None, agent="", now=now
            )
    asking = actions.ask_for_key()
    with pytest.raises(TooMany, match="短信验证码"):
        actions.enter_by_key(state=asking.state, answer=device.use(asking.options), address=None, agent="", now=now)
    assert Notice.objects.filter(kind="locked").count() == 1, "of the two locks one notice tells"
    held = ask(lawyer.number, at=now)
    assert enter(held, code_of(held), at=now)
    asking = actions.ask_for_key()
    late = {"state": asking.state, "answer": device.use(asking.options), "address": None, "agent": ""}
    assert actions.enter_by_key(**late, now=now + HOUR)


# ---- Per address and in all


def test_one_address_asks_sixty_times_an_hour_for_whomever(lawyer: Lawyer) -> None:
    for place in range(PER_ADDRESS_HOUR):
        ask(f"1110120181{place:07d}", at=NOW + place * SECOND)
    with pytest.raises(TooMany) as refused:
        ask(lawyer.number, at=NOW + 2 * MINUTE)
    assert refused.value.facts["retry_after"] == 58 * 60, "until the first of the sixty is an hour old"
    assert ask(lawyer.number, at=NOW + 2 * MINUTE, address="203.0.113.8"), "another address is not concerned"
    assert ask(lawyer.number, at=NOW + HOUR, address=ADDRESS)


def test_wrong_passkeys_count_against_the_address_and_right_ones_do_not(lawyer: Lawyer) -> None:
    device, now = Device(), clock.now()
    lawyer.key(device)

    def answer(text: str = "") -> Any:
        asking = actions.ask_for_key()
        told = text or device.use(asking.options)
        return actions.enter_by_key(state=asking.state, answer=told, address=ADDRESS, agent="", now=now)

    for _ in range(PER_ADDRESS_HOUR // 2):
        answer()
        with pytest.raises(Invalid):
            answer("{}")
    assert answer(), "thirty right ones count for nothing"
    for _ in range(PER_ADDRESS_HOUR // 2):
        with pytest.raises(Invalid):
            answer("{}")
    with pytest.raises(TooMany):
        answer()
    with pytest.raises(TooMany):
        ask(lawyer.number, at=now)
    assert not Notice.objects.filter(kind="locked").exists(), "an address is nobody's account"


def test_everybody_together_is_bounded_by_the_minute(lawyer: Lawyer) -> None:
    SignInCode.objects.bulk_create(
        SignInCode(number=f"{place}", digest="-", made_at=NOW, expires_at=NOW) for place in range(EVERYONE_MINUTE - 1)
    )
    PasskeyTry.objects.create(challenge="-", at=NOW, passed=True)
    with pytest.raises(TooMany) as refused:
        ask(lawyer.number, at=NOW + 59 * SECOND)
    assert refused.value.facts["retry_after"] == 60
    assert ask(lawyer.number, at=NOW + 61 * SECOND)


def test_the_page_says_429_with_the_time_and_what_helps(lawyer: Lawyer) -> None:
    now = clock.now()
    ask_as_often_as_may_be(lawyer.number, begun=now - 10 * MINUTE)
    page = Client().post("/sign-in/", {"number": lawyer.number})
    assert page.status_code == 429 and 2990 <= int(page["Retry-After"]) <= 3000
    assert "50 分钟后再试" in page.text and "改用通行密钥登录" in page.text


def test_two_requests_at_once_send_one_code(committed_db: Database) -> None:
    lawyer = make_lawyer()

    def one(_place: int) -> bool:
        try:
            ask(lawyer.number)
        except TooMany:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(8))) == 1


# ---- Whose address it is


@pytest.mark.parametrize(
    ("remote", "passed", "proxies", "address"),
    [
        ("203.0.113.7", "", 0, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", 0, "203.0.113.7"),  # what a browser writes itself counts for nothing
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", 1, "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.1", 2, "203.0.113.7"),
        ("127.0.0.1", "", 1, "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "", 0, "203.0.113.7"),
        ("127.0.0.1", "nonsense", 1, None),
        ("", "", 0, None),
    ],
)
def test_behind_proxies_the_browser_s_own_address_counts(
    remote: str, passed: str, proxies: int, address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUTONG_PROXIES", str(proxies))
    headers = {"X-Forwarded-For": passed} if passed else {}
    assert network_address(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers)) == address


def test_old_attempts_and_notices_are_cleared_away(lawyer: Lawyer) -> None:
    old = NOW - dt.timedelta(days=31)
    ask(lawyer.number, at=old)
    ask(lawyer.number)
    PasskeyTry.objects.create(challenge="-", at=old)
    Notice.objects.create(person_id=lawyer.person.pk, kind="added", made_at=old, expires_at=old)
    assert actions.forget_old(now=NOW) == 3
    assert SignInCode.objects.count() == 1
