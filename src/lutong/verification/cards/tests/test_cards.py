"""律证码 in the service: issued to its holder, to signed questions of known parties, and to nobody else."""

import datetime as dt
import json
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from lutong.gateways.crypto.keys import read_jwks
from lutong.gateways.crypto.port import Algorithm
from lutong.gateways.crypto.ring import FileKeyRing
from lutong.gateways.registry.asking import NotAsked, asked_by, sign_question
from lutong.gateways.registry.cards import Use, read
from lutong.gateways.registry.port import LicenceStatus
from lutong.kernel import clock
from lutong.verification.cards import actions, queries
from lutong.verification.cards.models import IssuedCard
from lutong.verification.livecheck.tests.conftest import World, shelf, world
from lutong.verification.registry.models import Licence

__all__ = ["shelf", "world"]  # fixtures
NONCE = {"nonce": "n" * 12}


def published(client: Client) -> dict[str, object]:
    return dict(read_jwks(client.get("/.well-known/lawyer-card-keys.json").json()))


def test_the_holder_gets_a_card_that_the_published_keys_verify(world: World) -> None:
    browser = world.browser()
    page = browser.get("/card/")
    assert "周岚" in page.text
    told = browser.get("/card/now").json()
    card = read(told["address"], keys=published(browser), now=clock.now())  # type: ignore[arg-type]
    assert (card.licence_no, card.name, card.status, card.use) == (
        world.number, "周岚", LicenceStatus.ACTIVE, Use.SCREEN,
    )  # fmt: skip
    assert told["address"].startswith(settings.LUTONG_VERIFICATION_URL + "/verify/#")
    assert IssuedCard.objects.filter(assertion_id=card.assertion_id, asked_by="本人").count() == 1


def test_a_visitor_gets_no_card(db: None) -> None:
    for address in ("/card/", "/card/now", "/card/licence.pdf"):
        assert Client().get(address).status_code == 302, address


def test_a_suspended_lawyers_card_says_so(world: World) -> None:
    Licence.objects.filter(number=world.number).update(status="suspended", status_reason="停止执业三个月")
    browser = world.browser()
    assert "停止执业三个月" in browser.get("/card/").text
    told = browser.get("/card/now").json()
    card = read(told["text"], keys=published(browser), now=clock.now())  # type: ignore[arg-type]
    assert card.status is LicenceStatus.SUSPENDED


def test_the_present_state_is_told_of_a_genuine_card_also_of_an_old_one(world: World) -> None:
    now = clock.now()
    issued = actions.issue(
        actor=world.actor, number=world.number, use=Use.SCREEN, asked_by="本人", now=now - dt.timedelta(hours=3)
    )
    told = Client().post("/verify/now", issued.text, content_type="text/plain")
    assert told.json()["unchanged"] is True
    Licence.objects.filter(number=world.number).update(status="revoked", status_since=dt.date(2026, 11, 22))
    told = Client().post("/verify/now", issued.text, content_type="text/plain")
    assert (told.json()["status"], told.json()["unchanged"]) == ("revoked", False)


@pytest.mark.parametrize("body", [b"", b"a.b.c.d", b"\xff\xfe", b"x" * 9000, "律".encode()])
def test_the_present_state_of_no_card_is_not_told(db: None, body: bytes) -> None:
    answer = Client().post("/verify/now", body, content_type="text/plain")
    assert answer.status_code == 422
    assert answer.json()["problem"]


def test_a_former_key_still_verifies_until_it_is_forgotten(world: World) -> None:
    issued = actions.issue(actor=world.actor, number=world.number, use=Use.PRINT, asked_by="本人", now=clock.now())
    ring = FileKeyRing(settings.LUTONG.home / "secrets" / queries.PURPOSE)
    old = ring.signer(Algorithm.SM2).kid
    ring.rotate(Algorithm.SM2, now=clock.now())
    assert read(issued.text, keys=queries.verifiers(), now=clock.now()).name == "周岚"
    ring.forget(old)
    assert Client().post("/verify/now", issued.text, content_type="text/plain").status_code == 422


def test_the_printed_licence_carries_entry_and_code(world: World) -> None:
    answer = world.browser().get("/card/licence.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded().replace(" ", "")
    for expected in ("电子执业证", "周岚", world.number, "北京衡川律师事务所", "怎样核验", "签发当时"):
        assert expected in text
    assert IssuedCard.objects.get(number=world.number).use == "print"


def test_the_verifying_page_needs_no_account_and_lists_what_it_keeps(db: None) -> None:
    page = Client().get("/verify/")
    assert page.status_code == 200
    assert "Ed25519" in page.text
    worker = Client().get("/verify/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    shelf = json.loads(worker.text.split("const SHELF = ")[1].split("\n")[0])
    for address in shelf:
        assert Client().get(address).status_code == 200, address


def asked(home: Path, number: str, **more: str) -> dict[str, str]:
    return {"Asked-By": sign_question(home=home, path=more.get("path", f"/v1/cards/{number}"), now=clock.now())}


def test_a_known_party_gets_a_card_by_a_signed_question_once(world: World) -> None:
    cache.clear()
    home, path = settings.LUTONG.home, f"/v1/cards/{world.number}"
    headers = asked(home, world.number)
    answer = Client().get(path, NONCE, headers=headers)
    assert answer.status_code == 200
    card = read(answer.json()["data"]["card"], keys=queries.verifiers(), now=clock.now())
    assert card.licence_no == world.number
    assert IssuedCard.objects.get(assertion_id=card.assertion_id).asked_by == "lutong"
    assert Client().get(path, NONCE, headers=headers).status_code == 403  # the same question again


def test_nobody_else_gets_a_card_over_the_wire(world: World) -> None:
    home, path = settings.LUTONG.home, f"/v1/cards/{world.number}"
    good = asked(home, world.number)["Asked-By"]
    other_path = asked(home, world.number, path="/v1/cards/1")["Asked-By"]
    for header in ("", "a.b.c", good[:-4] + "AAAA", other_path, "../../x"):
        answer = Client().get(path, NONCE, headers={"Asked-By": header})
        assert answer.status_code == 403, header
    assert IssuedCard.objects.count() == 0
    assert Client().get("/v1/cards/0000000", NONCE, headers=asked(home, "0000000")).status_code == 404


def test_a_question_is_held_to_its_time(world: World) -> None:
    home, now = settings.LUTONG.home, clock.now()
    text = sign_question(home=home, path="/p", now=now)
    assert asked_by(text, home=home, path="/p", now=now)[0] == "lutong"
    for later in (dt.timedelta(seconds=90), dt.timedelta(seconds=-90)):
        with pytest.raises(NotAsked):
            asked_by(text, home=home, path="/p", now=now + later)


def test_old_entries_are_cleared_away(world: World) -> None:
    now = clock.now()
    actions.issue(
        actor=world.actor, number=world.number, use=Use.SCREEN, asked_by="本人", now=now - dt.timedelta(days=31)
    )
    actions.issue(actor=world.actor, number=world.number, use=Use.SCREEN, asked_by="本人", now=now)
    assert actions.forget_old(now=now) == 1
    assert IssuedCard.objects.count() == 1
