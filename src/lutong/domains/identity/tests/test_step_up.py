"""Step-up by the platform: the gravest acts wait until the person himself was seen, and what was typed goes on.

The platform is a real server whose ID tokens the test plants; the thief has everything that lies with the laptop.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from lutong.domains.audit.queries import list_own_events
from lutong.domains.identity import actions
from lutong.domains.identity.actions import contact
from lutong.domains.identity.models import Account, NewMobile
from lutong.domains.identity.rules import SETTLED, is_settled
from lutong.domains.identity.tests.browser import browser, grow_old
from lutong.domains.identity.tests.conftest import PASSWORD, ZHOU_LAN
from lutong.domains.identity.tests.test_devices import Phone
from lutong.domains.identity.tests.test_sign_in import sign_in
from lutong.gateways.registry.tests.platform import Platform, lying_platform
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role

NEW = "13900010299"
WHY = "/account/verification/why/change_mobile/"
CODE = "/account/mobile/code/"


@pytest.fixture(scope="module")
def far() -> Iterator[Platform]:
    with lying_platform() as platform:
        yield platform


@pytest.fixture
def platform(far: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    far.is_down = False
    monkeypatch.setenv("LUTONG_VERIFICATION_URL", far.address)
    return far


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    phone = Phone()
    monkeypatch.setattr(contact, "carrier", lambda: phone)
    return phone


@pytest.fixture
def signed(client: Client, lawyer: Actor, platform: Platform) -> Client:
    sign_in(client)
    return client


def go(client: Client, *, act: str = "change_mobile", back: str = CODE) -> Any:
    return client.get("/account/verification/go/live/", {"act": act, "next": back})


def come_back(client: Client, platform: Platform, departure: Any, **claims: Any) -> Any:
    told = platform.return_from(departure["Location"], **{"licence_no": ZHOU_LAN, **claims})
    return client.get("/account/verification/callback/", told)


def test_the_mobile_waits_for_the_person_and_the_form_is_carried_out_when_he_is_back(
    signed: Client, platform: Platform, phone: Phone, lawyer: Actor
) -> None:
    asked = signed.post(CODE, {"mobile": NEW})
    assert asked["Location"].startswith(WHY) and not phone.heard, "a sign-in of a moment ago is not enough"
    page = signed.get(asked["Location"])
    for words in ("更换手机号：需要实人核验", "已保留", "第七条第二款", "原号码会收到通知", "窗口"):
        assert words in page.text
    assert f"act=change_mobile&amp;next={quote(CODE, safe='')}" in page.text
    done = come_back(signed, platform, go(signed))
    assert done["Location"] == "/account/mobile/" and phone.heard[0][0] == NEW
    assert signed.post("/account/mobile/", {"code": phone.code})["Location"] == "/account/"
    assert Account.objects.get(pk=lawyer.person_id).mobile == NEW
    seen = next(e for e in list_own_events(actor=lawyer) if e.action == "identity.seen_live")
    assert seen.facts["what"] == "更换手机号"


@pytest.mark.parametrize(
    ("planted", "status", "words"),
    [
        ({"acr": "urn:lutong:acr:code"}, 403, "这次核验不够"),
        ({"auth_time": 1_700_000_000}, 403, "这次核验不够"),
        ({"live_checked_at": 1_700_000_000}, 403, "这次核验不够"),
        ({"licence_no": "14401202210282107"}, 403, "另一个人"),
    ],
)
def test_a_weaker_or_older_proof_or_another_person_changes_nothing_and_the_form_waits(
    signed: Client, platform: Platform, phone: Phone, planted: dict[str, Any], status: int, words: str
) -> None:
    signed.post(CODE, {"mobile": NEW})
    refused = come_back(signed, platform, go(signed), **planted)
    assert refused.status_code == status and words in refused.text and "您填写的内容还在" in refused.text
    assert not phone.heard and not NewMobile.objects.exists()
    assert signed.post(CODE, {"mobile": NEW})["Location"].startswith(WHY)


def test_while_the_platform_is_away_the_act_is_refused_with_reason_and_goes_on_later(
    signed: Client, platform: Platform, phone: Phone
) -> None:
    signed.post(CODE, {"mobile": NEW})
    platform.is_down = True
    away = go(signed)
    assert away.status_code == 503 and away["Retry-After"]
    for words in ("更换手机号没有办理", "您填写的内容还在", "窗口", f"{WHY}?next={quote(CODE, safe='')}"):
        assert words in away.text
    platform.is_down = False
    come_back(signed, platform, go(signed))
    assert phone.heard[0][0] == NEW


def test_password_and_code_of_a_thief_do_not_help_him(signed: Client, platform: Platform, phone: Phone) -> None:
    grow_old(signed)
    signed.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/mobile/"})
    assert signed.post(CODE, {"mobile": NEW})["Location"].startswith(WHY)
    forged = signed.get("/account/verification/callback/", {"code": "x", "state": "y", "iss": platform.address})
    assert "已经失效" in forged.text
    assert not phone.heard


def test_being_seen_for_one_act_carries_out_no_other(signed: Client, platform: Platform, phone: Phone) -> None:
    signed.post(CODE, {"mobile": NEW})
    back = come_back(signed, platform, go(signed, act="drop_last_factor", back="/account/2fa/totp/remove/"))
    assert back["Location"] == "/account/2fa/totp/remove/" and not phone.heard
    assert signed.get(back["Location"]).status_code == 200


def test_five_minutes_later_he_must_be_seen_again(signed: Client, platform: Platform, phone: Phone) -> None:
    come_back(signed, platform, go(signed, back="/account/mobile/"))
    session = signed.session
    session["seen"] = {**session["seen"], "at": session["seen"]["at"] - 301}
    session.save()
    assert signed.post(CODE, {"mobile": NEW})["Location"].startswith(WHY)


def test_the_last_authenticator_is_removed_by_the_person_only(signed: Client, platform: Platform) -> None:
    remove = "/account/2fa/totp/remove/"
    asked = signed.post(remove)
    assert asked["Location"].startswith("/account/verification/why/drop_last_factor/")
    assert "7 天" in signed.get(asked["Location"]).text
    assert come_back(signed, platform, go(signed, act="drop_last_factor", back=remove))["Location"] == remove
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert signed.post(remove).status_code == 302
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_a_factor_that_a_thief_added_today_does_not_count_as_one_that_stays() -> None:
    now, day = clock.now(), dt.timedelta(days=1)
    long_ago = now - 90 * day
    assert not is_settled(kept=[], removed=long_ago, now=now)
    assert not is_settled(kept=[now - day], removed=long_ago, now=now)
    assert is_settled(kept=[now - SETTLED], removed=long_ago, now=now)
    assert is_settled(kept=[long_ago], removed=now, now=now)


def test_a_clerk_is_not_on_the_roll_and_shows_a_factor_instead(platform: Platform, phone: Phone) -> None:
    person = actions.enrol_staff(
        sign_name="CY-1", name="孟书宁", mobile="13800010001", password=PASSWORD, court_id=1, role=Role.CLERK,
        department="立案庭",
    )  # fmt: skip
    clerk = browser(Actor(person, Role.CLERK, "孟书宁", 1))
    assert "不在律师身份核验平台的名册上" in clerk.get(f"{WHY}?next={CODE}").text
    grow_old(clerk)
    asked = clerk.post(CODE, {"mobile": NEW})
    assert "reauthenticate" in asked["Location"]
    assert "不在它的名册上" in clerk.get(asked["Location"]).text
    clerk.post("/account/reauthenticate/", {"password": PASSWORD, "next": CODE})
    assert phone.heard[0][0] == NEW


@pytest.mark.parametrize("act", ["recover", "attend_hearing", "sign_delivery", "prove_oneself", "x"])
def test_only_acts_that_exist_and_need_the_person_have_a_page(signed: Client, act: str) -> None:
    assert signed.get(f"/account/verification/why/{act}/").status_code == 404
    assert go(signed, act=act).status_code == 404
