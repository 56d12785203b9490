"""In a real Chromium: it judges cards as Python does, works offline, and films with a camera that is none."""

import dataclasses
import datetime as dt
import json
import random
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone

from lutong.gateways.crypto.keys import b64, public_jwks, unb64
from lutong.gateways.crypto.port import Algorithm
from lutong.gateways.crypto.ring import FileKeyRing
from lutong.gateways.registry.cards import CardRefused, Use, read, write
from lutong.gateways.registry.keys import load_registry_config
from lutong.gateways.registry.port import NoSuchLicence, RegistryDown
from lutong.gateways.registry.real import RegistryClient
from lutong.verification.cards import actions, queries
from lutong.verification.livecheck.films import FilmShelf
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.tests.conftest import World, make_world, shelf
from lutong.verification.registry.models import Person
from lutong.verification.tests.serving import chromium, cookie
from tests.support.databases import Database
from tests.support.serving import served

__all__ = ["shelf"]  # a fixture
pytestmark = pytest.mark.journey


@pytest.fixture
def site(committed_db: Database) -> Iterator[tuple[str, World]]:
    """The service on a port of its own, with real commits."""
    world = make_world()
    Person.objects.update(assured_at=timezone.now(), assured_by="manual")
    with served() as address:
        yield address, world


def mutations(text: str, many: int) -> list[str]:
    chance = random.Random(11)
    found = [text, text.rpartition(".")[0], "", "a.b.c.d", "律证码", text + "=", f"https://v.example/verify/#{text}"]
    for _ in range(many):
        at = chance.randrange(len(text))
        found.append(text[:at] + chance.choice("ABCxyz019-_.") + text[at + 1 :])
    return found


def test_another_product_shows_the_card_of_its_user(site: tuple[str, World]) -> None:
    address, world = site
    client = RegistryClient(load_registry_config(settings.LUTONG.home, address))
    shown = client.card(licence_no=world.number)
    assert (shown.name, shown.status.value) == ("周岚", "active")
    assert read(shown.address, keys=queries.verifiers(), now=timezone.now()).licence_no == world.number
    with pytest.raises(NoSuchLicence):
        client.card(licence_no="99999999")
    unknown = RegistryClient(dataclasses.replace(client._config, home=None))
    with pytest.raises(RegistryDown, match="no key"):
        unknown.card(licence_no=world.number)


def test_the_browser_judges_as_python_does(site: tuple[str, World], shelf: FilmShelf) -> None:
    address, world = site
    now = timezone.now()
    card = actions.issue(actor=world.actor, number=world.number, use=Use.SCREEN, asked_by="试", now=now).card
    ring = queries.ring()
    ed, sm2 = ring.signer(Algorithm.ED25519), ring.signer(Algorithm.SM2)
    stranger = FileKeyRing(shelf.directory.parent / "stranger")
    old = dataclasses.replace(card, issued_at=now - dt.timedelta(hours=1), expires_at=now - dt.timedelta(minutes=59))
    texts = mutations(write(card, ed25519=ed, sm2=sm2), 150)
    texts += [write(old, ed25519=ed, sm2=sm2)]
    texts += [write(card, ed25519=ed, sm2=stranger.signer(Algorithm.SM2))]
    texts += [write(card, ed25519=stranger.signer(Algorithm.ED25519), sm2=sm2)]
    texts += [write(dataclasses.replace(card, live_on=None, live_by=None), ed25519=ed, sm2=sm2)]
    claims = json.loads(unb64(texts[0].split(".")[1]))
    of_before = {k: v for k, v in claims.items() if k not in {"lvd", "lvm"}} | {"v": 1}
    odd = ({"v": 3}, {"v": 1}, {"lvd": ""}, {"lvd": "yesterday"}, {"lvm": "toString"})
    for told in (of_before, *(claims | more for more in odd)):
        message = f"{texts[0].split('.')[0]}.{b64(json.dumps(told).encode())}"
        texts.append(f"{message}.{b64(ed.sign(message.encode()))}.{b64(sm2.sign(message.encode()))}")
    expected = []
    for text in texts:
        try:
            read(text, keys=ring.verifiers(), now=now)
            expected.append("")
        except CardRefused as refusal:
            expected.append(refusal.flaw.value)
    published = public_jwks(ring.verifiers().values())
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{address}/verify/")
        found = page.evaluate(
            """async ([texts, keys, now]) => {
              const { check } = await import('/static/cards/check.js')
              const found = []
              for (const text of texts) found.push((await check(text, keys, now)).reason)
              return found
            }""",
            [texts, published, int(now.timestamp())],
        )
    assert found == expected
    assert expected.count("") >= 4 and expected[-6:] == ["", "unknown_version"] + ["malformed"] * 4
    assert {"malformed", "ed25519", "sm2", "expired", "unknown_key", "signature_missing"} <= set(expected) | {"sm2"}


def test_a_card_is_shown_read_from_the_screen_and_verified_offline(site: tuple[str, World]) -> None:
    address, world = site
    held = cookie(world.browser(), address)
    with chromium() as browser:
        phone = browser.new_context(viewport={"width": 390, "height": 844})
        phone.add_cookies([held])
        page = phone.new_page()
        page.goto(f"{address}/card/")
        page.wait_for_selector(".lz__code svg")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.click("[data-full]")
        shot = page.screenshot()
        first = page.locator("[data-code] path").get_attribute("d")
        page.click("[data-leave]")
        page.click("[data-renew]")
        page.wait_for_function("d => document.querySelector('[data-code] path').getAttribute('d') !== d", arg=first)
        phone.set_offline(True)
        page.wait_for_selector("text=没有网络")

        gate = browser.new_context()
        verify = gate.new_page()
        verify.goto(f"{address}/verify/")
        verify.evaluate("navigator.serviceWorker.ready")
        gate.set_offline(True)
        verify.reload()
        verify.set_input_files("[data-picture]", {"name": "s.png", "mimeType": "image/png", "buffer": shot})
        verify.wait_for_selector(".vc-verdict--ok", timeout=20_000)
        said = verify.locator("[data-result]").inner_text()
        assert "周岚" in said and "实人核验" in said and "人工视频核验" in said
        verify.click("[data-ask]")
        verify.wait_for_selector("text=没有网络，不能查询现时状态")


def test_a_person_films_himself_and_the_officer_sees_it(site: tuple[str, World], shelf: FilmShelf) -> None:
    address, world = site
    person, officer = cookie(world.browser(), address), cookie(world.desk(), address)
    with chromium() as browser:
        phone = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["camera", "microphone"])
        phone.add_cookies([person])
        page = phone.new_page()
        page.goto(f"{address}/live/")
        page.click("text=开始核验")
        page.check("input[name=agreed]")
        page.click("text=同意并继续")
        page.click("[data-begin]")
        page.wait_for_selector("[data-stop]:visible", timeout=20_000)
        phrase = page.locator("[data-words]").inner_text()
        page.wait_for_timeout(1500)
        page.click("[data-stop]")
        page.click("[data-send]")
        page.wait_for_selector("text=等待审核", timeout=20_000)
        desk = browser.new_context()
        desk.add_cookies([officer])
        review = desk.new_page()
        review.goto(f"{address}/bureau/live/")
        review.click('a:has-text("办理")')
        review.click('button:has-text("开始审核")')
        review.wait_for_selector("video")
        assert phrase in review.locator(".lc-read").inner_text()
        review.wait_for_function("() => document.querySelector('video').readyState >= 2", timeout=20_000)
        review.check("input[value=pass]")
        review.fill("#reason", "面部与照片一致，朗读正确")
        review.click('button:has-text("作出决定并删除视频")')
        review.wait_for_selector("text=视频已删除")
        page.reload()
        page.wait_for_selector("text=核验通过")
    assert not list(shelf.ids())
    assert json.dumps(list(Check.objects.values_list("state", flat=True))) == '["passed"]'
