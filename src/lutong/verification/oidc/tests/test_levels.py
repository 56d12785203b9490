"""What an application is told of how somebody signed in, and who looked at him last."""

import datetime as dt
from typing import Any

import httpx
import pytest

from lutong.gateways.registry.port import LiveMethod
from lutong.kernel import clock
from lutong.verification.entrance.models import Visit
from lutong.verification.entrance.tests.devices import Device
from lutong.verification.livecheck.models import Check
from lutong.verification.oidc.models import AuthorizationCode
from lutong.verification.oidc.tests.conftest import NUMBER, Browser, Landing, by_passkey
from lutong.verification.oidc.tests.test_protocol import LIVE, asking, claims, exchange
from lutong.verification.registry import actions as registry
from lutong.verification.registry.actors import service
from lutong.verification.registry.models import Licence, Person


def told(platform: str, landing: Landing) -> dict[str, Any]:
    answer = exchange(platform, landing.told["code"])
    assert answer.status_code == 200, answer.text
    return claims(platform, answer)


def test_a_passkey_is_told_as_its_own_level_and_methods(platform: str, browser: Browser, device: Device) -> None:
    consent = by_passkey(browser, device, browser.go(asking()))
    stated = told(platform, browser.decide(consent, "allow"))
    assert stated["acr"] == "urn:lutong:acr:passkey" and stated["amr"] == ["pop", "user", "mfa"]
    assert abs(stated["auth_time"] - clock.now().timestamp()) < 60
    found = httpx.get(f"{platform}/.well-known/openid-configuration", trust_env=False).json()
    assert stated["acr"] in found["acr_values_supported"]


def test_a_code_stays_below_the_passkey(platform: str, browser: Browser, device: Device) -> None:
    stated = told(platform, browser.allowed(asking()))
    assert stated["acr"] == "urn:lutong:acr:code" and stated["amr"] == ["sms"]


def test_a_passkey_is_no_live_check(platform: str, browser: Browser, device: Device) -> None:
    landing = by_passkey(browser, device, browser.go(asking(acr_values=LIVE)))
    assert landing.page is not None and "需要实人核验" in landing.page.text
    visit, now = Visit.objects.get(way="passkey"), clock.now()
    Check.objects.create(
        person_id=visit.person_id, number=NUMBER, visit_id=visit.pk, bureau="11", purpose="step_up", state="passed",
        requested_at=now, ended_at=now, valid_until=now + dt.timedelta(days=1), level="live_face", method="face",
    )  # fmt: skip
    stated = told(platform, browser.decide(browser.go(landing.url), "allow"))
    assert stated["acr"] == LIVE and stated["amr"] == ["pop", "user", "mfa", "face"]


def test_a_fresh_passkey_satisfies_an_application_that_wants_a_new_sign_in(
    platform: str, browser: Browser, device: Device
) -> None:
    browser.decide(by_passkey(browser, device, browser.go(asking())), "allow")
    again = browser.go(asking(prompt="login"))
    landed = by_passkey(browser, device, again)
    assert told(platform, landed)["acr"] == "urn:lutong:acr:passkey"


def test_a_suspended_lawyer_s_passkey_leads_to_the_reason_and_to_no_application(
    platform: str, browser: Browser, device: Device
) -> None:
    Licence.objects.filter(number=NUMBER).update(status="suspended", status_reason="因违规被停止执业")
    landing = by_passkey(browser, device, browser.go(asking()))
    assert landing.page is not None and landing.page.status_code == 403
    assert "因违规被停止执业" in landing.page.text and "怎样恢复" in landing.page.text
    assert not AuthorizationCode.objects.exists() and not Visit.objects.filter(way="passkey").exists()


@pytest.mark.parametrize("method", list(LiveMethod))
def test_the_application_is_told_who_looked_and_the_person_reads_it_first(
    platform: str, browser: Browser, device: Device, method: LiveMethod
) -> None:
    registry.note_live_check(actor=service(), number=NUMBER, method=method, now=clock.now())
    consent = browser.sign_in(browser.go(asking(scope="openid live")))
    assert consent.page is not None
    assert f"（{method.label}）" in consent.page.text and "只告知时间和方式" in consent.page.text
    stated = told(platform, browser.decide(consent, "allow"))
    assert stated["live_method"] == method.value and stated["live_checked_at"]
    found = httpx.get(f"{platform}/.well-known/openid-configuration", trust_env=False).json()
    assert {"live_method", "live_checked_at"} <= set(found["claims_supported"])


def test_of_a_check_whose_way_was_not_kept_only_the_time_is_told(
    platform: str, browser: Browser, device: Device
) -> None:
    Person.objects.update(assured_by="")
    stated = told(platform, browser.allowed(asking(scope="openid live")))
    assert stated["live_checked_at"] and "live_method" not in stated
