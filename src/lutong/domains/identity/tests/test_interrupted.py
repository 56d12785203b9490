"""What a browser may send at a wrong moment or in a wrong shape.

A session that ends while a form is being filled: what was typed is put before whoever signs in, never sent alone.
"""

import base64
import re

from django.test import Client

from lutong.domains.identity.tests.test_sign_in import sign_in
from lutong.kernel.actor import Actor

DECLARATION = "/practice/declaration/"
LOGIN_AND_GO_ON = "/account/login/?next=%2Faccount%2Fgo-on%2F"
HERE = "http://testserver"
TYPED = {"court-0": "北京市朝阳区人民法院", "note": "\n第一行\r\n<b>第二行</b>", "both": ["甲", "乙"]}


def hidden(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL)


def test_a_form_sent_after_the_session_ended_waits_behind_the_sign_in(client: Client, lawyer: Actor) -> None:
    sent = client.post(DECLARATION, TYPED, headers={"Referer": f"{HERE}{DECLARATION}?from=filing"})
    assert sent["Location"] == LOGIN_AND_GO_ON
    sign_in(client)
    page = client.get("/account/go-on/").content.decode()
    assert f'action="{DECLARATION}"' in page
    assert f'href="{DECLARATION}?from=filing"' in page
    assert ("court-0", "北京市朝阳区人民法院") in hidden(page)
    assert ("note", "\n第一行\r\n&lt;b&gt;第二行&lt;/b&gt;") in hidden(page)
    assert [value for name, value in hidden(page) if name == "both"] == ["甲", "乙"]


def test_a_form_of_before_another_sign_in_is_put_before_the_person_again(lawyer: Actor) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": HERE})
    client.get("/account/login/")
    typed = {**TYPED, "csrfmiddlewaretoken": "a" * 64}
    assert client.post(DECLARATION, typed)["Location"] == "/account/go-on/"
    stranger = Client(enforce_csrf_checks=True, headers={"Origin": "https://elsewhere.example"})
    assert stranger.post(DECLARATION, typed).status_code == 403
    assert "interrupted" not in stranger.session


def test_passwords_and_immoderate_forms_wait_nowhere(client: Client, lawyer: Actor) -> None:
    for path, form in (
        ("/account/mobile/", {"code": "123456"}),
        (DECLARATION, {"password": "lutong"}),
        (DECLARATION, {"note": "长" * 50_001}),
    ):
        answer = client.post(path, form, headers={"Referer": "https://elsewhere.example/"})
        assert answer["Location"] == "/account/login/?next=%2F"
        assert "interrupted" not in client.session


def test_a_fragment_asked_for_after_the_session_ended_leads_the_whole_page_to_the_sign_in(client: Client) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": f"{HERE}/cases/?state=open"}
    answer = client.get("/cases/", headers=asked)
    assert answer["HX-Redirect"] == "/account/login/?next=%2Fcases%2F%3Fstate%3Dopen"


def test_the_address_of_a_form_opened_by_itself_says_so_in_words(client: Client, lawyer: Actor) -> None:
    sign_in(client)
    answer = client.get("/assistants/review/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "只用来提交表单" in answer.content.decode()
    assert client.get("/account/go-on/")["Location"] == "/"


DEEP = "[" * 5000


def test_brackets_deeper_than_any_form_are_refused_in_words(client: Client, lawyer: Actor) -> None:
    by_anybody = client.post("/account/2fa/passkeys/sign-in/", {"credential": DEEP})
    sign_in(client)
    by_the_owner = client.post("/account/2fa/passkeys/add/", {"name": "办公室电脑", "credential": DEEP})
    for answer in (by_anybody, by_the_owner):
        assert answer.status_code == 422
        assert "层次太深" in answer.content.decode()


def test_a_place_in_a_list_made_of_brackets_is_refused_like_any_other(client: Client, lawyer: Actor) -> None:
    sign_in(client)
    place = base64.urlsafe_b64encode(DEEP.encode()).decode().rstrip("=")
    answer = client.get("/cases/", {"before": place})
    assert answer.status_code == 422
    assert "翻页位置无效" in answer.content.decode()
