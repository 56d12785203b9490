"""The face service, and the pages of the person and of the officer."""

import dataclasses
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lutong.gateways.face.stand_in import build
from lutong.gateways.tests.serving import serving
from lutong.kernel import clock
from lutong.verification.livecheck import actions, queries, rules
from lutong.verification.livecheck.actions.holding import methods
from lutong.verification.livecheck.films import FilmShelf
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.rules import Level, Purpose
from lutong.verification.livecheck.states import State
from lutong.verification.livecheck.tests.conftest import FILM, NOW, World


@pytest.fixture
def face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serving(build(tmp_path)) as address:
        monkeypatch.setenv("LUTONG_FACE_URL", address)
        yield address


def compared(world: World) -> Check:
    check = actions.start(actor=world.actor, number=world.number, purpose=Purpose.STEP_UP, now=NOW)
    actions.consent(actor=world.actor, check_id=check.pk, method="face", agreed=True, now=NOW)
    actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW)
    return actions.submit(actor=world.actor, check_id=check.pk, film=FILM, now=NOW)


def test_an_agreeing_face_service_passes_at_once_and_the_film_is_gone(
    world: World, face: str, shelf: FilmShelf
) -> None:
    check = compared(world)
    assert (State(check.state), check.level) == (State.PASSED, Level.LIVE_FACE)
    assert len(check.reference_no) == 32
    assert not list(shelf.ids())
    latest = queries.latest_check(person_id=world.actor.person_id, now=NOW)
    assert latest is not None
    assert latest.level is Level.LIVE_FACE


@pytest.mark.parametrize(
    ("mode", "why"),
    [("contradict", "矛盾"), ("fail", "不一致"), ("down", "没有可信"), ("unsigned", "没有可信"), ("stale", "没有可信")],
)
def test_everything_else_goes_to_a_person(world: World, face: str, shelf: FilmShelf, mode: str, why: str) -> None:
    assert httpx.post(f"{face}/control", json={"mode": mode}).status_code == 200
    check = compared(world)
    check.refresh_from_db()
    assert State(check.state) is State.SUBMITTED
    assert why in check.note
    assert [one.pk for one in queries.list_to_do(actor=world.officer, now=NOW, limit=5)] == [check.pk]
    assert list(shelf.ids()) == [check.pk]
    actions.take(actor=world.officer, check_id=check.pk, now=NOW)
    done = actions.decide(actor=world.officer, check_id=check.pk, passed=True, reason="面部一致，朗读正确", now=NOW)
    assert done.level == Level.LIVE_MANUAL


def test_without_a_service_only_a_person_is_offered(world: World) -> None:
    assert not settings.LUTONG.face_url
    assert [one.value for one in methods()] == ["manual"]


def test_the_person_walks_through_every_page(world: World) -> None:
    browser = world.browser()
    assert "开始核验" in browser.get("/live/").text
    begun = browser.post("/live/start/", {"purpose": "first"}, follow=True)
    where = begun.redirect_chain[-1][0]
    assert all(name in begun.text for name, _ in rules.CONSENT.points)
    refused = browser.post(f"{where}consent/", {"method": "manual"})
    assert refused.status_code == 422
    assert "单独同意" in refused.text
    assert "取挑战语" in browser.post(f"{where}consent/", {"method": "manual", "agreed": "yes"}, follow=True).text
    told = browser.post(f"{where}phrase/", headers={"Accept": "application/json"}).json()
    assert told["seconds"] == 60
    assert told["phrase"] in browser.get(where).text
    empty = browser.post(f"{where}film/")
    assert empty.status_code == 422
    assert "视频格式不认识" in empty.text
    large = browser.post(f"{where}film/", {"film": SimpleUploadedFile("f", FILM + bytes(rules.LARGEST_FILM))})
    assert large.status_code == 422
    assert "超过 4 MB" in large.text
    page = browser.post(f"{where}film/", {"film": SimpleUploadedFile("f", FILM)}, follow=True)
    assert "等待审核" in page.text
    assert "已撤回" in browser.post(f"{where}withdraw/", follow=True).text


def test_an_application_that_waits_is_gone_back_to(world: World) -> None:
    person = world.browser()
    begun = person.post("/live/start/", {"purpose": "step_up", "next": "/oauth/authorize?client_id=x"}, follow=True)
    where = begun.redirect_chain[-1][0]
    person.post(f"{where}withdraw/")
    assert 'href="/oauth/authorize?client_id=x"' in person.get(where).text
    for foreign in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        stranger = world.browser()
        away = stranger.post("/live/start/", {"next": foreign}, follow=True).redirect_chain[-1][0]
        stranger.post(f"{away}withdraw/")
        assert "evil" not in stranger.get(away).text


def test_the_officer_walks_through_every_page(world: World) -> None:
    person, desk = world.browser(), world.desk()
    where = person.post("/live/start/", follow=True).redirect_chain[-1][0]
    person.post(f"{where}consent/", {"method": "manual", "agreed": "yes"})
    person.post(f"{where}phrase/")
    person.post(f"{where}film/", {"film": SimpleUploadedFile("f", FILM)})
    assert "周岚" in desk.get("/bureau/live/").text
    assert desk.get(f"/bureau{where}film").status_code == 404  # not before it is taken
    page = desk.post(f"/bureau{where}take/", follow=True)
    assert "应当朗读" in page.text
    film = desk.get(f"/bureau{where}film")
    assert film.content == FILM
    assert film["Cache-Control"] == "no-store"
    assert desk.post(f"/bureau{where}decide/", {"reason": "面部一致"}).status_code == 422
    short = desk.post(f"/bureau{where}decide/", {"answer": "fail", "reason": "短"})
    assert short.status_code == 422
    assert "短" in short.text
    done = desk.post(f"/bureau{where}decide/", {"answer": "fail", "reason": "画面过暗，看不清面部"}, follow=True)
    assert "视频已删除" in done.text
    assert desk.get(f"/bureau{where}film").status_code == 404
    assert "画面过暗，看不清面部" in person.get(where).text


def test_others_see_nothing(world: World) -> None:
    where = world.browser().post("/live/start/", follow=True).redirect_chain[-1][0]
    assert Client().get(where).status_code == 302
    other = dataclasses.replace(world, actor=dataclasses.replace(world.actor, person_id=world.actor.person_id + 7))
    assert other.browser().get(where).status_code == 404
    assert world.desk(world.stranger).get(f"/bureau{where}").status_code == 404
    assert Client().get(f"/bureau{where}").status_code == 302
    assert world.browser().get(f"/live/{uuid.uuid4()}/").status_code == 404


def test_the_counter_form_keeps_what_was_typed(world: World) -> None:
    desk = world.desk()
    wrong = desk.post("/bureau/live/counter/", {"number": "99999999", "reason": "核对执业证、身份证和本人"})
    assert wrong.status_code == 404
    assert "99999999" in wrong.text
    assert "核对执业证、身份证和本人" in wrong.text
    right = desk.post(
        "/bureau/live/counter/", {"number": world.number, "reason": "核对执业证、身份证和本人"}, follow=True
    )
    assert "窗口当面核验通过" in right.text
    assert queries.latest_check(person_id=world.actor.person_id, now=clock.now())


@pytest.mark.parametrize("value", ["\ud800", "x" * 5000, "'; --", "<script>"])
def test_hostile_words_are_no_fault(world: World, value: str) -> None:
    raw = value.encode("utf-8", "surrogatepass")
    desk, person = world.desk(), world.browser()
    where = person.post("/live/start/", follow=True).redirect_chain[-1][0]
    for client, address, field in (
        (desk, "/bureau/live/counter/", b"number"),
        (person, f"{where}consent/", b"method"),
        (desk, f"/bureau{where}decide/", b"reason"),
    ):
        body = field + b"=" + b"".join(b"%%%02x" % byte for byte in raw)
        answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, address
