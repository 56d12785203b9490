"""“不是我”: what the thief still can do afterwards (nothing), and how the owner comes back (always)."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from lutong.domains.identity import actions, queries
from lutong.domains.identity.models import Account, ApiToken, Device, NewMobile, ShortMessage
from lutong.domains.identity.tests.browser import grow_old
from lutong.domains.identity.tests.conftest import PASSWORD, ZHOU_LAN
from lutong.domains.identity.tests.test_sign_in import give_password, recovery_codes, sign_in
from lutong.gateways.registry.tests.platform import Platform, lying_platform
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Invalid

NEW_WORD = "another-long-word-9"
EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Edg/130.0"


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with lying_platform() as platform:
        yield platform


@pytest.fixture
def owner(client: Client, lawyer: Actor, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("LUTONG_VERIFICATION_URL", platform.address)
    sign_in(client)
    return client


@pytest.fixture
def thief(owner: Client, lawyer: Actor) -> Client:
    """Knows the password and has recovery codes; he made a passkey and a token from his own browser."""
    other = Client(headers={"user-agent": EDGE})
    give_password(other)
    other.post("/account/2fa/authenticate/", {"code": recovery_codes(lawyer)[0]})
    Authenticator.objects.create(user_id=lawyer.person_id, type=Authenticator.Type.WEBAUTHN, data={"name": "小偷"})
    actions.create_token(actor=lawyer, name="小偷", scopes=["cases:read"], days=365, now=clock.now())
    NewMobile.objects.create(account_id=lawyer.person_id, mobile="13900000000", digest="x", sent_at=clock.now())
    return other


def say_not_me(client: Client) -> Any:
    device = Device.objects.get(answered_at=None)
    return client.post(f"/account/devices/{device.pk}/answer/", {"mine": "0"})


def be_seen(client: Client, platform: Platform, **claims: Any) -> Any:
    away = client.get("/account/verification/go/live/", {"act": "lift_freeze", "next": "/account/password/"})
    return client.get("/account/verification/callback/", platform.return_from(away["Location"], **claims))


def new_password(client: Client, word: str = NEW_WORD) -> Any:
    return client.post("/account/password/", {"oldpassword": PASSWORD, "password1": word, "password2": word})


def test_the_thief_gets_in_by_nothing_that_he_has(owner: Client, thief: Client, lawyer: Actor) -> None:
    say_not_me(owner)
    assert thief.get("/account/").status_code == 302
    for browser in (thief, Client(headers={"user-agent": EDGE})):
        answer = give_password(browser)
        assert answer.status_code == 403 and "密码已停用" in answer.text
        browser.post("/account/2fa/authenticate/", {"code": recovery_codes(lawyer)[0]})
        assert browser.get("/account/").status_code == 302
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    assert not NewMobile.objects.exists()
    assert "密码已停用" in ShortMessage.objects.get(mobile="13800010216").text


def test_the_owner_sets_a_new_password_after_the_platform_saw_him(
    owner: Client, thief: Client, platform: Platform, lawyer: Actor
) -> None:
    asked = owner.get(say_not_me(owner)["Location"])
    assert asked["Location"].startswith("/account/verification/why/lift_freeze/")
    assert "有人否认过一台登录设备" in owner.get(asked["Location"]).text
    assert be_seen(owner, platform, licence_no=ZHOU_LAN)["Location"] == "/account/password/"
    assert "新密码不能与当前密码相同" in new_password(owner, PASSWORD).text
    assert new_password(owner).status_code == 302
    assert "密码已停用" not in owner.get("/account/").text
    assert Account.objects.get(pk=lawyer.person_id).frozen_at is None
    at_home = Client()
    assert give_password(at_home, password=NEW_WORD)["Location"] == "/account/2fa/authenticate/"
    assert give_password(thief).status_code == 200, "the old one is wrong now"


def test_a_thief_who_says_it_of_the_owners_device_only_shuts_himself_out(
    owner: Client, thief: Client, platform: Platform, lawyer: Actor
) -> None:
    Device.objects.update(answered_at=None)
    Device.objects.filter(name__contains="Edge").update(answered_at=clock.now())
    say_not_me(thief)
    assert owner.get("/account/").status_code == 302, "he is out for the moment, and told so by a short message"
    for _ in range(2):
        assert new_password(thief)["Location"].startswith("/account/verification/why/lift_freeze/")
        assert be_seen(thief, platform, licence_no="14401202210282107").status_code == 403
    assert not Account.objects.get(pk=lawyer.person_id).check_password(NEW_WORD)


def test_the_owner_who_went_away_comes_back_through_the_platform(
    owner: Client, thief: Client, platform: Platform, lawyer: Actor
) -> None:
    say_not_me(owner)
    owner.post("/account/logout/")
    assert "找回" in give_password(owner).text
    away = owner.get("/account/verification/go/recover/")
    owner.get("/account/verification/callback/", platform.return_from(away["Location"], licence_no=ZHOU_LAN))
    again = owner.post("/account/verification/password/", {"password1": PASSWORD, "password2": PASSWORD})
    assert "不能与当前密码相同" in again.text
    done = owner.post("/account/verification/password/", {"password1": NEW_WORD, "password2": NEW_WORD})
    assert done.status_code == 302
    account = Account.objects.get(pk=lawyer.person_id)
    assert account.frozen_at is None and account.check_password(NEW_WORD)


def test_the_session_in_which_it_was_said_works_on_and_a_code_confirms_where_the_password_cannot(
    owner: Client, thief: Client, lawyer: Actor
) -> None:
    say_not_me(owner)
    account = Account.objects.get(pk=lawyer.person_id)
    assert owner.get("/").status_code == 200
    assert queries.is_ready(account=account), "a newcomer's way without the live check does not open it"
    refused = owner.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/"})
    assert refused["Location"].startswith("/account/2fa/reauthenticate/")
    grow_old(owner)
    owner.post("/account/tokens/", {"name": "x", "scopes": ["cases:read"], "days": "90"})
    code = recovery_codes(lawyer)[0]
    owner.post("/account/2fa/reauthenticate/", {"code": code, "next": "/account/tokens/"})
    assert ApiToken.objects.filter(name="x").exists()


def test_the_freeze_is_not_lifted_by_setting_the_first_password_anew(owner: Client, thief: Client) -> None:
    say_not_me(owner)
    account = Account.objects.get(sign_name=ZHOU_LAN)
    with pytest.raises(Invalid):
        actions.choose_password(
            account=account, password=PASSWORD, repeated=PASSWORD, recovering=True, now=clock.now()
        )  # fmt: skip
    account.refresh_from_db()
    assert account.frozen_at is not None
