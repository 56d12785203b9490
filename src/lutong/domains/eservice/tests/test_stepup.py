"""Signing asks who sits there when the sign-in is old, and goes on where it stopped."""

import pytest
from django.test import Client

from lutong.domains.eservice.tests.conftest import ZHOU, Suit, work
from lutong.domains.identity.models import Account
from lutong.domains.identity.tests.browser import browser, grow_old

PASSWORD = "long-enough-2026"


@pytest.fixture
def old(suit: Suit) -> Client:
    """A browser of the plaintiff's lawyer, signed in an hour ago, with a delivery to sign."""
    work()
    browser(ZHOU)
    account = Account.objects.get(id=ZHOU.person_id)
    account.set_password(PASSWORD)
    account.save()
    client = browser(ZHOU)
    grow_old(client)
    return client


def state(suit: Suit) -> str:
    return suit.deliveries("plaintiff")[0].state


def sign(client: Client, suit: Suit, **headers: str) -> str:
    """Ask to sign; answers the address to which the person is sent."""
    at = f"/service/{suit.court_id}/{suit.deliveries('plaintiff')[0].id}/sign/"
    answer = client.post(at, headers=headers)
    return answer.get("Location", "") or answer["HX-Redirect"]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_delivery_is_signed_once_the_person_has_shown_himself(
    old: Client, suit: Suit, headers: dict[str, str]
) -> None:
    where = sign(old, suit, **headers)
    assert state(suit) == "sent"
    page = old.get(where).content.decode()
    assert "签收送达" in page
    assert "第七条" in page
    next_url = where.split("next=")[1].replace("%2F", "/")
    wrong = old.post("/account/reauthenticate/", {"password": "wrong-one-1", "next": next_url})
    assert "密码不对" in wrong.content.decode()
    assert state(suit) == "sent"
    done = old.post("/account/reauthenticate/", {"password": PASSWORD, "next": next_url})
    assert done["Location"].startswith("/service/")
    assert state(suit) == "signed"


def test_another_confirmation_does_not_carry_out_what_was_given_up(old: Client, suit: Suit) -> None:
    sign(old, suit)
    done = old.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/"})
    assert done["Location"] == "/account/"
    assert state(suit) == "sent"


def test_a_form_that_waited_too_long_is_not_carried_out(old: Client, suit: Suit) -> None:
    where = sign(old, suit)
    session = old.session
    session["account_reauthentication_state"]["state"]["at"] -= 1000
    session.save()
    old.post("/account/reauthenticate/", {"password": PASSWORD, "next": where.split("next=")[1].replace("%2F", "/")})
    assert state(suit) == "sent"


def test_a_script_learns_where_to_go(old: Client, suit: Suit) -> None:
    delivery = suit.deliveries("plaintiff")[0]
    answer = old.post(f"/api/v1/deliveries/{suit.court_id}/{delivery.id}/sign", content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:lutong:step_up_required"
    assert answer.json()["where"].endswith("/account/reauthenticate/")
    assert state(suit) == "sent"
