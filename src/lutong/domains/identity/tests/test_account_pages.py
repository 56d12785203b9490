"""账号与安全: what a person sees and may change about himself."""

import pytest
from django.test import Client

from lutong.domains.audit.queries import list_own_events
from lutong.domains.identity.models import Account, ApiToken
from lutong.domains.identity.tests.browser import be_seen, grow_old
from lutong.domains.identity.tests.conftest import PASSWORD, ZHOU_LAN, Bureau
from lutong.domains.identity.tests.test_sign_in import give_password, recovery_codes, sign_in
from lutong.kernel.actor import Actor


@pytest.fixture
def signed(client: Client, lawyer: Actor) -> Client:
    """Signed in a moment ago."""
    sign_in(client)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_the_page_shows_licence_and_hides_the_middle_of_the_mobile(signed: Client) -> None:
    text = page(signed, "/account/")
    assert "正常执业" in text
    assert "138****0216" in text
    assert "13800010216" not in text
    assert "本机" in text


def test_the_licence_is_checked_at_once_on_demand(signed: Client, bureau: Bureau) -> None:
    bureau.misbehave("down")
    assert "没有应答" in signed.post("/account/licence/", follow=True).content.decode()
    bureau.misbehave("normal")
    bureau.decide(ZHOU_LAN, "suspended", "受到停止执业处罚")
    answer = signed.post("/account/licence/", follow=True)
    assert (answer.status_code, "受到停止执业处罚" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/account/password/", "当前密码"),
        ("/account/2fa/codes/", "备用码"),
        ("/account/2fa/codes/new/", "重新生成备用码"),
        ("/account/2fa/totp/remove/", "更换手机验证器"),
        ("/account/logout/", "退出登录"),
        ("/account/tokens/", "签发新令牌"),
    ],
)
def test_every_account_page_opens_in_chinese(signed: Client, path: str, word: str) -> None:
    be_seen(signed)
    text = page(signed, path)
    assert word in text
    assert "Sign" not in text
    assert "Password" not in text


def test_the_password_is_changed_and_the_trail_knows(signed: Client, lawyer: Actor) -> None:
    new = "another-long-word-9"
    wrong = signed.post("/account/password/", {"oldpassword": "x", "password1": new, "password2": new})
    assert "当前密码不对" in wrong.content.decode()
    short = signed.post("/account/password/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert "10" in short.content.decode()
    done = signed.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done.status_code == 302
    assert Account.objects.get(pk=lawyer.person_id).check_password(new)
    assert list_own_events(actor=lawyer)[0].action == "identity.change_password"
    assert "密码已修改" in page(signed, "/account/")


def test_other_devices_are_signed_out(signed: Client, lawyer: Actor) -> None:
    other = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Edg/130.0"})
    give_password(other)
    other.post("/account/2fa/authenticate/", {"code": recovery_codes(lawyer)[0]})
    assert other.get("/account/").status_code == 200
    assert "Edge · Windows" in page(signed, "/account/")
    assert "已退出其他 1 台设备" in signed.post("/account/devices/end-others/", follow=True).content.decode()
    assert other.get("/account/").status_code == 302
    assert signed.get("/account/").status_code == 200


def test_a_token_is_shown_once_and_can_be_taken_back(signed: Client, lawyer: Actor) -> None:
    form = {"name": "所内案管系统", "scopes": ["cases:read", "calendar:read"], "days": "90"}
    made = signed.post("/account/tokens/", form)
    word = made.context["word"]
    assert word in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert word not in page(signed, "/account/tokens/")
    program = Client(headers={"Authorization": f"Bearer {word}"})
    assert program.get("/account/tokens/").status_code == 302, "a token opens the API only"
    token = ApiToken.objects.get(lawyer_id=lawyer.person_id)
    assert "已撤销" in signed.post(f"/account/tokens/{token.id}/revoke/", follow=True).content.decode()
    assert [e.action for e in list_own_events(actor=lawyer)][:2] == ["identity.revoke_token", "identity.create_token"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "", "scopes": ["cases:read"], "days": "90"}, "请填 1 至 60 字的名称"),
        ({"name": "x", "scopes": [], "days": "90"}, "请至少勾选一项权限"),
        ({"name": "x", "scopes": ["everything"], "days": "90"}, "请至少勾选一项权限"),
        ({"name": "x", "scopes": ["cases:read"], "days": "99999999999999999999"}, "有效期为 1 至 365 天"),
    ],
)
def test_a_wrong_token_form_says_where_and_keeps_what_was_typed(signed: Client, form: dict, sentence: str) -> None:
    answer = signed.post("/account/tokens/", form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ApiToken.objects.count() == 0


def test_another_lawyers_token_does_not_exist(signed: Client, lawyer: Actor) -> None:
    assert signed.post("/account/tokens/0198c0de-0000-7000-8000-000000000000/revoke/").status_code == 404


def test_an_old_sign_in_must_be_confirmed_before_a_token_is_made(signed: Client, lawyer: Actor) -> None:
    grow_old(signed)
    asked = signed.post("/account/tokens/", {"name": "x", "scopes": ["cases:read"], "days": "90"})
    assert asked.status_code == 302
    assert "reauthenticate" in asked["Location"]
    assert ApiToken.objects.count() == 0
    assert "签发接口令牌" in page(signed, asked["Location"])
    done = signed.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/tokens/"})
    assert done.status_code == 200
    assert ApiToken.objects.get(lawyer_id=lawyer.person_id).name == "x", "what was typed is not lost"


def test_the_card_page_opens_and_says_when_the_registry_cannot_sign(signed: Client, bureau: Bureau) -> None:
    text = page(signed, "/account/card/")
    assert "亮证" in text
    assert ZHOU_LAN in text
    policy = signed.get("/account/card/")["Content-Security-Policy"]
    assert "img-src" in policy
    bureau.misbehave("down")
    answer = signed.post("/account/card/now/", content_type="application/json")
    assert answer.status_code == 409
    assert "出示纸质执业证" in answer.json()["title"]
    assert Client().post("/account/card/now/").status_code == 302
