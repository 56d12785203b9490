"""What 律通 believes of an ID token: the level and the age that it asked for, and nothing less."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lutong.gateways.registry import oidc
from lutong.gateways.registry.account import ClientAccount
from lutong.gateways.registry.oidc import (
    LIVE,
    MAX_AGE,
    Departure,
    VerificationDown,
    VerificationLogin,
    VerificationRefused,
)
from lutong.gateways.registry.tests.platform import Platform, lying_platform, new_key

OLD = MAX_AGE + 120


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with lying_platform() as platform:
        yield platform


@pytest.fixture
def login(platform: Platform) -> VerificationLogin:
    account = ClientAccount(client_id="lutong", client_secret="s")
    return VerificationLogin(issuer=platform.address, account=account, redirect_uri="http://localhost/callback")


def arrive(login: VerificationLogin, platform: Platform, gone: Departure, **claims: Any) -> Any:
    told = platform.return_from(gone.url, licence_no="1", **claims)
    return login.arrive(told=told, kept=gone.kept)


def test_the_level_and_the_age_are_asked_for_in_the_words_of_the_protocol(login: VerificationLogin) -> None:
    asked = parse_qs(urlsplit(login.depart(live=True).url).query)
    assert asked["acr_values"] == [LIVE] and asked["max_age"] == [str(MAX_AGE)]
    assert "acr_values" not in parse_qs(urlsplit(login.depart(live=False).url).query)


def test_whoever_was_seen_just_now_is_believed(login: VerificationLogin, platform: Platform) -> None:
    assert arrive(login, platform, login.depart(live=True)).live


@pytest.mark.parametrize(
    ("planted", "error"),
    [
        ({"acr": "urn:lutong:acr:code"}, "too_weak"),
        ({"acr": None}, "too_weak"),
        ({"auth_time": -OLD}, "too_old"),
        ({"live_checked_at": -OLD}, "too_old"),
        ({"auth_time": OLD}, "too_old"),
        ({"nonce": "another"}, "InvalidClaimError"),
        ({"aud": "another"}, "MissingClaimError"),
        ({"iss": "http://another"}, "InvalidClaimError"),
    ],
)
def test_a_token_that_proves_less_than_was_asked_is_refused(
    login: VerificationLogin, platform: Platform, planted: dict[str, Any], error: str
) -> None:
    now = int(time.time())
    claims = {name: value + now if isinstance(value, int) else value for name, value in planted.items()}
    with pytest.raises(VerificationRefused) as refused:
        arrive(login, platform, login.depart(live=True), **claims)
    assert refused.value.error == error


def test_a_token_without_the_time_of_the_live_check_proves_nothing(
    login: VerificationLogin, platform: Platform
) -> None:
    with pytest.raises(VerificationDown):
        arrive(login, platform, login.depart(live=True), live_checked_at=None)


def test_an_officer_who_took_long_makes_nobody_go_again(login: VerificationLogin, platform: Platform) -> None:
    """The person was seen for this very request, ten minutes ago; the film was looked at only now."""
    gone = login.depart(live=True)
    gone.kept["asked_at"] -= 700
    seen = int(time.time()) - 650
    assert arrive(login, platform, gone, auth_time=seen, live_checked_at=seen).live


def test_a_first_verification_asks_for_no_level(login: VerificationLogin, platform: Platform) -> None:
    long_ago = int(time.time()) - 9999
    verified = arrive(login, platform, login.depart(live=False), acr="urn:lutong:acr:code", auth_time=long_ago)
    assert not verified.live


# ---- The key set


class Moment:
    """A clock that a test turns."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch, platform: Platform) -> Moment:
    """A shelf without keys, under a clock that a test turns."""
    clock = Moment()
    monkeypatch.setattr(oidc, "_shelves", {platform.address: oidc.KeyShelf(clock=clock)})
    return clock


def test_a_new_key_is_taken_while_running_and_the_old_one_counts_no_longer(
    login: VerificationLogin, platform: Platform, moment: Moment
) -> None:
    old, asked = platform.key, platform.key_questions
    for _ in range(5):
        assert login.read_logout(token=platform.logout_token()).subject == "s1"
    assert platform.key_questions == asked + 1
    moment.seconds += oidc.KEYS_PAUSE
    platform.key = new_key()
    assert login.read_logout(token=platform.logout_token()).subject == "s1"
    with pytest.raises(VerificationRefused):
        login.read_logout(token=platform.logout_token(key=old))
    gone = login.depart(live=False)
    assert arrive(login, platform, gone).subject == "s1", "signing in knows the new key, too"


def forged_at_once(login: VerificationLogin, platform: Platform, many: int = 30) -> int:
    """How often the platform is asked for keys while somebody sends tokens under keys of his own."""
    stranger, before = new_key(), platform.key_questions
    for place in range(many):
        with pytest.raises(VerificationRefused):
            login.read_logout(token=platform.logout_token(key=stranger, jti=str(place)))
    return platform.key_questions - before


def test_tokens_under_invented_keys_do_not_make_it_hammer_nor_hold_up_true_ones(
    login: VerificationLogin, platform: Platform, moment: Moment
) -> None:
    login.read_logout(token=platform.logout_token())
    assert forged_at_once(login, platform) == 0, "it asked within the pause"
    moment.seconds += oidc.KEYS_PAUSE
    assert forged_at_once(login, platform) == 1
    assert login.read_logout(token=platform.logout_token()).subject == "s1"


def test_a_client_that_asks_each_time_is_found(
    login: VerificationLogin, platform: Platform, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "KEYS_PAUSE", 0)
    assert forged_at_once(login, platform) == 30


def test_a_key_that_the_platform_took_back_counts_only_for_minutes(
    login: VerificationLogin, platform: Platform, moment: Moment
) -> None:
    stolen = platform.key
    login.read_logout(token=platform.logout_token())
    platform.key = new_key()
    moment.seconds += oidc.KEYS_KEPT
    with pytest.raises(VerificationRefused):
        login.read_logout(token=platform.logout_token(key=stolen))


def test_a_platform_that_is_down_is_asked_once_in_a_while(
    login: VerificationLogin, platform: Platform, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "is_down", True)
    for _ in range(3):
        with pytest.raises(VerificationDown):
            login.read_logout(token=platform.logout_token())
    monkeypatch.setattr(platform, "is_down", False)
    moment.seconds += oidc.KEYS_PAUSE
    assert login.read_logout(token=platform.logout_token()).subject == "s1"
