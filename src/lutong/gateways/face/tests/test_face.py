"""The face service over real HTTP: only a fresh signed answer to our own question counts, and no film is kept."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from joserfc import jws

from lutong.gateways.face import real
from lutong.gateways.face.keys import load_face_config
from lutong.gateways.face.port import Comparison, FaceDown, Verdict
from lutong.gateways.face.real import REQUEST_HEADER, FaceClient
from lutong.gateways.face.stand_in import build
from lutong.gateways.tests.serving import serving

FILM = b"\x1aE\xdf\xa3" + b"a film nobody may keep" * 100
QUESTION = Comparison(
    licence_no="11101201810234567", name="周岚", phrase="三七 海棠", video=FILM, media_type="video/webm"
)


@dataclass
class Service:
    address: str
    home: Path
    client: FaceClient

    def say(self, mode: str, **more: object) -> None:
        assert httpx.post(f"{self.address}/control", json={"mode": mode, **more}).status_code == 200


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("face")
    with serving(build(home)) as address:
        yield Service(address, home, FaceClient(load_face_config(home, address)))


@pytest.fixture
def service(running: Service) -> Service:
    running.say("pass")
    return running


def test_a_match_and_a_mismatch_are_told_apart(service: Service) -> None:
    answer = service.client.compare(QUESTION)
    assert (answer.verdict, answer.name, answer.licence_no) == (Verdict.MATCH, "周岚", QUESTION.licence_no)
    assert len(answer.reference) == 32
    service.say("fail")
    assert service.client.compare(QUESTION).verdict is Verdict.NO_MATCH


def test_a_contradiction_is_handed_on_for_a_person_to_see(service: Service) -> None:
    service.say("contradict")
    answer = service.client.compare(QUESTION)
    assert answer.verdict is Verdict.MATCH
    assert answer.name != QUESTION.name


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("down", "503"), ("unsigned", "unsigned"), ("wrong_signature", "signature"), ("stale", "stale")],
)
def test_an_answer_that_cannot_be_trusted_is_no_answer(service: Service, mode: str, reason: str) -> None:
    service.say(mode)
    with pytest.raises(FaceDown, match=reason):
        service.client.compare(QUESTION)


def test_a_slow_service_is_given_up(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real, "_SECONDS", 0.5)
    hasty = FaceClient(load_face_config(service.home, service.address))
    service.say("delay", delay_seconds=3)
    started = time.monotonic()
    with pytest.raises(FaceDown, match="Timeout"):
        hasty.compare(QUESTION)
    assert time.monotonic() - started < 2.5


def test_a_dead_line_is_said(service: Service) -> None:
    with pytest.raises(FaceDown, match="Connect"):
        FaceClient(load_face_config(service.home, "http://127.0.0.1:9")).compare(QUESTION)


def test_the_service_takes_no_question_twice_and_none_unsigned(service: Service) -> None:
    caught: list[str] = []
    original = service.client._http

    class Ear(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            caught.append(request.headers[REQUEST_HEADER])
            request.read()
            passed_on = original.build_request("POST", request.url, content=request.content, headers=request.headers)
            answer = original.send(passed_on)
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    client = FaceClient(load_face_config(service.home, service.address))
    client._http = httpx.Client(base_url=service.address, transport=Ear())
    assert client.compare(QUESTION).verdict is Verdict.MATCH
    where = f"{service.address}/v1/comparisons"
    assert httpx.post(where, content=FILM, headers={REQUEST_HEADER: caught[0]}).status_code == 401
    assert httpx.post(where, content=FILM + b"x", headers={REQUEST_HEADER: caught[0]}).status_code == 401
    assert httpx.post(where, content=FILM).status_code == 401
    empty = jws.serialize_compact({"alg": "Ed25519"}, b"{}", client._own, algorithms=["Ed25519"])
    for nonsense in ("", "a.b.c", empty):
        assert httpx.post(where, content=FILM, headers={REQUEST_HEADER: nonsense}).status_code == 401


def test_no_film_is_kept(service: Service) -> None:
    service.client.compare(QUESTION)
    assert not [path for path in service.home.rglob("*") if path.is_file() and b"nobody may keep" in path.read_bytes()]


@pytest.mark.parametrize("path", ["/", "/control"])
def test_every_page_says_that_it_is_a_stand_in(service: Service, path: str) -> None:
    page = httpx.get(service.address + path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "替身" in page.text and "不作任何人脸识别" in page.text


def test_a_foreign_page_or_nonsense_changes_nothing(service: Service) -> None:
    where = f"{service.address}/control"
    assert httpx.post(where, data={"mode": "fail"}, headers={"Origin": "http://evil.example"}).status_code == 403
    for sent in (
        {},
        {"mode": "other"},
        {"mode": "fail", "delay_seconds": "nan"},
        {"mode": "fail", "delay_seconds": []},
    ):
        assert httpx.post(where, json=sent).status_code == 422
    assert httpx.get(where).json()["mode"] == "pass"
