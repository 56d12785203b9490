"""What 律通 believes of an ID token: the level and the age that it asked for, and nothing less."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lutong.gateways.registry.account import ClientAccount
from lutong.gateways.registry.oidc import (
    LIVE,
    MAX_AGE,
    Departure,
    VerificationDown,
    VerificationLogin,
    VerificationRefused,
)
from lutong.gateways.registry.tests.platform import Platform, lying_platform

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
