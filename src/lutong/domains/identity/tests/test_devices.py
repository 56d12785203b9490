"""Devices, the history of sign-ins, mobile and mail: what a person sees and what a thief cannot."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from lutong.domains.audit.queries import list_own_events
from lutong.domains.identity import actions
from lutong.domains.identity.actions import contact
from lutong.domains.identity.models import Account, Device, NewMobile, ShortMessage
from lutong.domains.identity.tests.browser import be_seen, grow_old
from lutong.domains.identity.tests.test_sign_in import give_password, recovery_codes, sign_in
from lutong.domains.notices.models import Notice
from lutong.gateways.sms.port import SmsDown
from lutong.kernel import clock
from lutong.kernel.actor import Actor

WINDOWS_EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Edg/130.0"


class Phone:
    """Takes the place of the carrier's far end: what the person's phone shows, or nothing when it is down."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.is_down = False

    def send(self, *, message_id: object, mobile: str, text: str) -> None:
        if self.is_down:
            raise SmsDown("down")
        self.heard.append((mobile, text))

    @property
    def code(self) -> str:
        return self.heard[-1][1].split("验证码 ")[1][:6]


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    phone = Phone()
    monkeypatch.setattr(contact, "carrier", lambda: phone)
    return phone


@pytest.fixture
def signed(client: Client, lawyer: Actor) -> Client:
    sign_in(client)
    be_seen(client)
    return client


@pytest.fixture
def thief(signed: Client, lawyer: Actor) -> Client:
    """Knows the password and has a recovery code."""
    other = Client(headers={"user-agent": WINDOWS_EDGE})
    give_password(other)
    other.post("/account/2fa/authenticate/", {"code": recovery_codes(lawyer)[0]})
    assert other.get("/account/").status_code == 200
    return other


def test_the_first_device_is_no_news_and_the_second_is(signed: Client, thief: Client, lawyer: Actor) -> None:
    notice = Notice.objects.get(lawyer_id=lawyer.person_id)
    assert notice.title == "新设备登录：Edge · Windows"
    assert notice.link == "/account/devices/"
    page = signed.get("/account/devices/").content.decode()
    assert "新设备登录，是您吗" in page
    assert "Edge · Windows" in page


def test_not_me_ends_the_session_and_leads_to_a_new_password(signed: Client, thief: Client) -> None:
    device = Device.objects.get(answered_at=None)
    done = signed.post(f"/account/devices/{device.pk}/answer/", {"mine": "0"})
    assert done["Location"] == "/account/password/"
    assert thief.get("/account/").status_code == 302
    assert "密码已停用" in signed.get("/account/").text
    again = signed.post(f"/account/devices/{device.pk}/answer/", {"mine": "0"}, follow=True)
    assert "可能已经移除" in again.content.decode()


def test_the_next_sign_in_from_a_known_browser_asks_about_the_stranger(
    signed: Client, thief: Client, lawyer: Actor
) -> None:
    signed.post("/account/logout/")
    give_password(signed)
    signed.post("/account/2fa/authenticate/", {"code": recovery_codes(lawyer)[0]})
    assert "新设备登录，不是您" in signed.get("/account/").content.decode()
    device = Device.objects.get(answered_at=None)
    signed.post(f"/account/devices/{device.pk}/answer/", {"mine": "1"})
    assert "新设备登录，不是您" not in signed.get("/account/").content.decode()
    assert thief.get("/account/").status_code == 200


def test_one_device_is_signed_out_and_another_persons_is_not_found(signed: Client, thief: Client) -> None:
    row = next(row for row in signed.get("/account/devices/").context["rows"] if not row["current"])
    assert signed.post(f"/account/devices/{row['session'].pk}/end/").status_code == 302
    assert thief.get("/account/").status_code == 302
    assert signed.post(f"/account/devices/{row['session'].pk}/end/").status_code == 404


def test_the_history_tells_sign_ins_with_device_and_address(signed: Client) -> None:
    page = signed.get("/account/history/").content.decode()
    assert "登录" in page
    assert "127.0.0.1" in page


def test_the_mobile_is_changed_with_a_code_and_the_old_one_hears(signed: Client, lawyer: Actor, phone: Phone) -> None:
    assert (
        "验证码已发出"
        in signed.post("/account/mobile/code/", {"mobile": "139 0001 0299"}, follow=True).content.decode()
    )
    assert phone.heard[0][0] == "13900010299"
    wrong = signed.post("/account/mobile/", {"code": "000000" if phone.code != "000000" else "000001"})
    assert wrong.status_code == 422
    assert "还可以试 4 次" in wrong.content.decode()
    assert signed.post("/account/mobile/", {"code": phone.code})["Location"] == "/account/"
    assert Account.objects.get(pk=lawyer.person_id).mobile == "13900010299"
    assert ShortMessage.objects.get().mobile == "13800010216"
    assert actions.send_waiting(now=clock.now()) == 1
    assert actions.send_waiting(now=clock.now()) == 0
    assert phone.heard[-1][0] == "13800010216"
    assert list_own_events(actor=lawyer)[0].action == "identity.change_mobile"


def test_a_wrong_code_may_be_tried_five_times_and_an_old_one_never(signed: Client, phone: Phone) -> None:
    signed.post("/account/mobile/code/", {"mobile": "13900010299"})
    wrong = "000000" if phone.code != "000000" else "000001"
    answers = [signed.post("/account/mobile/", {"code": wrong}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [409]
    assert signed.post("/account/mobile/", {"code": phone.code}).status_code == 409
    NewMobile.objects.update(tries_left=5, sent_at=clock.now() - dt.timedelta(minutes=11))
    assert signed.post("/account/mobile/", {"code": phone.code}).status_code == 409


def test_a_number_of_somebody_else_looks_like_any_other(signed: Client, lawyer: Actor, phone: Phone) -> None:
    Account.objects.create_user(sign_name="X-1", name="别人", mobile="13700010001", password="x")
    answer = signed.post("/account/mobile/code/", {"mobile": "13700010001"}, follow=True)
    assert "验证码已发出" in answer.content.decode()
    assert phone.heard == []
    assert Account.objects.get(pk=lawyer.person_id).mobile == "13800010216"


@pytest.mark.parametrize("mobile", ["", "12345", "abc", "1" * 300, "１３８０００１０２９９"])
def test_what_is_no_mobile_is_said_so(signed: Client, phone: Phone, mobile: str) -> None:
    answer = signed.post("/account/mobile/code/", {"mobile": mobile})
    assert answer.status_code == 422
    assert "请填 11 位手机号" in answer.content.decode()


def test_a_carrier_that_is_down_changes_nothing(signed: Client, phone: Phone) -> None:
    phone.is_down = True
    answer = signed.post("/account/mobile/code/", {"mobile": "13900010299"})
    assert answer.status_code == 409
    assert "短信没有发出去" in answer.content.decode()


def test_codes_are_not_sent_faster_than_one_a_minute(signed: Client, phone: Phone) -> None:
    assert [signed.post("/account/mobile/code/", {"mobile": "13900010299"}).status_code for _ in range(2)] == [302, 429]


def test_an_old_sign_in_is_asked_before_the_code_counts(signed: Client, phone: Phone) -> None:
    signed.post("/account/mobile/code/", {"mobile": "13900010299"})
    grow_old(signed)
    assert "reauthenticate" in signed.post("/account/mobile/", {"code": phone.code})["Location"]
    assert NewMobile.objects.exists()


def test_the_mail_is_changed_or_refused(signed: Client, lawyer: Actor) -> None:
    assert signed.post("/account/email/change/", {"email": "zhou@example.com"}).status_code == 302
    assert Account.objects.get(pk=lawyer.person_id).email == "zhou@example.com"
    refused = signed.post("/account/email/change/", {"email": "not a mail"})
    assert refused.status_code == 422
    assert "not a mail" in refused.content.decode()


@pytest.mark.parametrize("credential", ["", "[]", "5", "{}", '{"id": 1}', '{"response": {"userHandle": [1]}}', "null"])
@pytest.mark.parametrize("path", ["/account/2fa/passkeys/sign-in/", "/account/2fa/passkeys/confirm/",
                                  "/account/2fa/passkeys/add/"])  # fmt: skip
def test_broken_passkeys_get_an_answer(signed: Client, path: str, credential: str) -> None:
    client: Any = Client() if "sign-in" in path else signed
    client.get(path, headers={"accept": "application/json"})
    assert client.post(path, {"credential": credential, "name": "x"}).status_code in {200, 302}


def test_a_message_waits_while_no_carrier_answers(lawyer: Actor) -> None:
    ShortMessage.objects.create(mobile="13800010216", text="【律通】试", at=clock.now())
    assert actions.send_waiting(now=clock.now()) == 0, "nobody listens there"
    assert ShortMessage.objects.get().tries == 1
