"""The real sign-in over HTTP: password, second factor, licence at the door; the registry answers over real HTTP."""

import datetime as dt
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from lutong.domains.audit.queries import list_own_events
from lutong.domains.identity import actions
from lutong.domains.identity.models import Account, Lawyer
from lutong.domains.identity.tests.conftest import PASSWORD, ZHOU_LAN, Bureau, code_of
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotAllowed

LATER = dt.timedelta(minutes=5)


def give_password(client: Client, name: str = ZHOU_LAN, password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": name, "password": password})


def sign_in(client: Client, name: str = ZHOU_LAN) -> Any:
    first = give_password(client, name)
    assert first["Location"] == "/account/2fa/authenticate/"
    return client.post("/account/2fa/authenticate/", {"code": code_of()})


def recovery_codes(lawyer: Actor) -> list[str]:
    held = Authenticator.objects.get(user_id=lawyer.person_id, type=Authenticator.Type.RECOVERY_CODES)
    return list(held.wrap().get_unused_codes())


@pytest.mark.parametrize("name", [ZHOU_LAN, "13800010216", f" {ZHOU_LAN} "])
def test_licence_number_or_mobile_with_both_factors_opens_the_door(client: Client, lawyer: Actor, name: str) -> None:
    assert sign_in(client, name).status_code == 302
    assert client.get("/account/").status_code == 200
    assert [event.action for event in list_own_events(actor=lawyer)] == ["identity.sign_in"]


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: Client, lawyer: Actor) -> None:
    wrong = give_password(client, ZHOU_LAN, "wrong-password-1")
    unknown = give_password(client, "11105199912345678", "wrong-password-1")
    assert wrong.status_code == unknown.status_code == 200
    sentence = "账号或密码不对"
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


def test_the_password_alone_opens_nothing(client: Client, lawyer: Actor) -> None:
    give_password(client)
    assert client.get("/account/").status_code == 302
    assert client.get("/api/v1/courts").status_code == 200
    assert client.get("/account/tokens/").status_code == 302


def test_a_code_works_once(lawyer: Actor) -> None:
    code = code_of()
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client)
    assert first.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    again = second.post("/account/2fa/authenticate/", {"code": code})
    assert again.status_code == 200
    assert "口令不对或已用过" in again.content.decode()


@pytest.mark.parametrize("code", ["000000", "", "abc", "1" * 20])
def test_a_wrong_code_is_refused(client: Client, lawyer: Actor, code: str) -> None:
    give_password(client)
    assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == 200
    assert client.get("/account/").status_code == 302


def test_an_old_code_is_refused(client: Client, lawyer: Actor) -> None:
    give_password(client)
    old = code_of(at=time.time() - 120)
    assert client.post("/account/2fa/authenticate/", {"code": old}).status_code == 200


def test_guessing_passwords_is_stopped(client: Client, lawyer: Actor) -> None:
    answers = [give_password(client, ZHOU_LAN, f"wrong-password-{n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) <= 300
    assert "密码输错的次数太多" in answers[-1].content.decode()
    assert "找回账号" in answers[-1].content.decode()
    assert give_password(client).status_code == 429, "the right password must wait, too"


def test_a_suspended_lawyer_is_told_why_and_what_to_do(client: Client, lawyer: Actor, bureau: Bureau) -> None:
    bureau.decide(ZHOU_LAN, "suspended", "受到停止执业三个月的行政处罚")
    answer = sign_in(client)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "停止执业" in page
    assert "受到停止执业三个月的行政处罚" in page
    assert "申请恢复执业" in page
    assert client.get("/account/").status_code == 302


def test_without_the_registry_one_may_read_but_not_file(client: Client, lawyer: Actor, bureau: Bureau) -> None:
    bureau.misbehave("down")
    assert sign_in(client).status_code == 302
    assert client.get("/account/").status_code == 200
    with pytest.raises(NotAllowed, match="没有应答"):
        actions.require_licence(actor=lawyer, act="file", now=clock.now() + LATER)
    bureau.misbehave("normal")
    assert actions.require_licence(actor=lawyer, act="file", now=clock.now() + LATER).status == "active"


def test_a_licence_suspended_after_sign_in_stops_the_filing(lawyer: Actor, bureau: Bureau) -> None:
    bureau.decide(ZHOU_LAN, "suspended", "受到停止执业处罚")
    with pytest.raises(NotAllowed, match="停止执业"):
        actions.require_licence(actor=lawyer, act="file", now=clock.now() + LATER)
    assert Lawyer.objects.get(lawyer_id=lawyer.person_id).status == "suspended"


def test_staff_cannot_file() -> None:
    with pytest.raises(NotAllowed, match="没有绑定律师执业证"):
        actions.require_licence(actor=Actor(999_999, Role.CLERK, "孟", 1), act="file", now=clock.now())


def test_the_first_sign_in_without_a_second_factor_leads_to_setting_it_up(
    client: Client, bureau: Bureau, settings: Any
) -> None:
    settings.LUTONG_SECOND_FACTOR_GRACE_DAYS = 0
    account = Account.objects.create_user(sign_name="CY-9", name="新人", password=PASSWORD)
    done = give_password(client, "CY-9")
    assert done["Location"] == "/account/2fa/totp/"
    for path in ("/account/", "/", "/account/login/?next=/account/"):
        assert client.get(path, follow=True).redirect_chain[-1][0].startswith("/account/2fa/totp/"), path
    page = client.get("/account/2fa/totp/")
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    refused = client.post("/account/2fa/totp/", {"code": "000000"})
    assert "口令不对" in refused.content.decode()
    assert client.post("/account/2fa/totp/", {"code": code})["Location"] == "/account/2fa/codes/"
    assert client.get("/account/", follow=True).status_code == 403, "neither licence nor post: told so, no loop"
    assert account.name == "新人"


def test_a_disabled_account_stays_out(client: Client, lawyer: Actor) -> None:
    Account.objects.filter(pk=lawyer.person_id).update(is_active=False)
    give_password(client)
    assert client.get("/account/").status_code == 302


def test_a_recovery_code_opens_the_door_once(lawyer: Actor) -> None:
    codes = recovery_codes(lawyer)
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client)
    assert first.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert second.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 200


@pytest.mark.parametrize("name", ["\x00", "a" * 5000, "' OR 1=1 --", "🙂"])
def test_hostile_names_get_an_answer(client: Client, name: str) -> None:
    assert give_password(client, name).status_code in (200, 422)


def test_sign_in_by_the_address_of_another_site_is_not_followed(client: Client, lawyer: Actor) -> None:
    client.post("/account/login/?next=https://evil.example/", {"login": ZHOU_LAN, "password": PASSWORD})
    done = client.post("/account/2fa/authenticate/", {"code": code_of()})
    assert "evil" not in done["Location"]
