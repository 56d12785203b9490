"""The command of the turnstile: the same verdicts from files alone, each code once, nothing lost at sync."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from lutong.domains.gatepass import rules
from lutong.domains.gatepass.tests import vectors
from lutong.domains.gatepass.tests.test_faces import keep_face
from lutong.domains.gatepass.tests.world import LUO, ZHOU, World, build, enrol
from lutong.domains.identity.models import LicencePhoto
from lutong.kernel import clock
from lutong.site import turnstile


@pytest.fixture
def memory(tmp_path: Path) -> turnstile.Memory:
    return turnstile.Memory(tmp_path / "state.sqlite3")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(rules.plain(vectors.ENTRANCE, vectors.KEYS)), encoding="utf-8")
    return path


def said(bundle: Path, memory: turnstile.Memory, *lines: str, now: float = vectors.NOW) -> list[Any]:
    found = turnstile.verify(lines, bundle_path=bundle, memory=memory, clock=lambda: now)
    return [line["reason"] for line in found]


def test_the_command_gives_the_verdict_of_every_vector(tmp_path: Path) -> None:
    for place, vector in enumerate(vectors.VECTORS):
        memory = turnstile.Memory(tmp_path / f"{place}.sqlite3")
        for code in vector.used:
            memory.use(vectors.code(code_id=code))
        bundle = tmp_path / f"{place}.json"
        bundle.write_text(json.dumps(rules.plain(vector.bundle, vectors.KEYS)), encoding="utf-8")
        expected = [] if not vector.text.strip() else [vector.reason.value]  # an empty line is no scan
        assert said(bundle, memory, vector.text, now=vector.now) == expected, vector.name


def test_a_code_is_used_once_also_across_a_restart(tmp_path: Path, bundle: Path, memory: turnstile.Memory) -> None:
    assert said(bundle, memory, vectors.text(), vectors.text()) == ["ok", "replayed"]
    memory.close()
    again = turnstile.Memory(tmp_path / "state.sqlite3")
    assert said(bundle, again, vectors.text()) == ["replayed"]
    assert [scan["admitted"] for scan in again.waiting()] == [True, False, False]
    assert len({scan["seq"] for scan in again.waiting()}) == 3


def test_a_clock_that_is_set_back_makes_no_stale_code_fresh(bundle: Path, memory: turnstile.Memory) -> None:
    stale = vectors.text()
    assert said(bundle, memory, "something", now=vectors.NOW + 300) == ["unreadable"]
    assert said(bundle, memory, stale, now=vectors.NOW) == ["stale"]


def test_after_a_day_without_sync_nobody_is_let_in(bundle: Path, memory: turnstile.Memory) -> None:
    late = vectors.ENTRANCE.issued + rules.FRESH_FOR + 1
    assert said(bundle, memory, vectors.text(issued=late - 2), now=late) == ["sync_old"]


def test_without_a_bundle_or_with_a_broken_one_the_command_says_what_to_do(
    tmp_path: Path, memory: turnstile.Memory
) -> None:
    with pytest.raises(turnstile.GateTrouble, match="同步"):
        said(tmp_path / "none.json", memory, "x")
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": 1}', encoding="utf-8")
    with pytest.raises(turnstile.GateTrouble, match="同步"):
        said(broken, memory, "x")


def test_what_was_handed_over_is_forgotten_and_numbers_go_on(bundle: Path, memory: turnstile.Memory) -> None:
    said(bundle, memory, "one", "two")
    first = [scan["seq"] for scan in memory.waiting()]
    memory.handed_over(first, vectors.NOW)
    assert memory.count() == 0
    said(bundle, memory, "three")
    assert memory.waiting()[0]["seq"] > first[-1]


def test_a_server_that_is_away_costs_nothing(bundle: Path, memory: turnstile.Memory) -> None:
    said(bundle, memory, vectors.text())
    with pytest.raises(turnstile.GateTrouble, match="记录仍在本机"):
        turnstile.sync(server="http://127.0.0.1:1", token="x", bundle_path=bundle, memory=memory)
    assert memory.count() == 1
    assert bundle.exists()


class Wire(httpx.BaseTransport):
    """The way to our server, with what went over it: the path, and the bytes of both bodies and all headers."""

    def __init__(self) -> None:
        self.went: list[tuple[str, int]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {"Authorization": request.headers["Authorization"]}
        said = Client().post(request.url.path, request.content, content_type="application/json", headers=headers)
        response = httpx.Response(said.status_code, headers=dict(said.items()), content=said.content)
        size = len(request.content) + len(said.content)
        size += sum(len(k) + len(v) + 4 for k, v in [*request.headers.raw, *response.headers.raw])
        self.went.append((request.url.path, size))
        return response


@pytest.fixture
def world(db: None) -> World:
    made = build()
    enrol(ZHOU, clock.now())
    made.code(now=clock.now())  # 周岚 has shown a code, so every gate of the court expects her
    return made


def test_a_second_sync_brings_the_date_only_and_a_new_photo_once(
    tmp_path: Path, memory: turnstile.Memory, world: World
) -> None:
    wire, path = Wire(), tmp_path / "bundle.json"

    def sync() -> list[str]:
        wire.went.clear()
        turnstile.sync(
            server="http://localhost", token=world.tokens["entrance"], bundle_path=path, memory=memory, wire=wire
        )
        return [path for path, _ in wire.went]

    first, strangers = keep_face(ZHOU, "face"), keep_face(LUO, "other")
    assert sync() == ["/gate/sync", "/gate/photos"]
    issued = turnstile.load_bundle(path).issued
    assert sync() == ["/gate/sync"]
    assert wire.went[0][1] < 1000
    assert turnstile.load_bundle(path).issued >= issued
    LicencePhoto.objects.filter(lawyer_id=ZHOU).delete()
    second = keep_face(ZHOU, "other")  # a new photo in the roll
    assert [sync(), sync()] == [["/gate/sync", "/gate/photos"], ["/gate/sync"]]
    assert [bool(memory.photo(digest)) for digest in (first, second)] == [False, True]
    assert strangers == second  # of the very same picture one copy is enough
    code = world.code(now=clock.now())
    (line,) = turnstile.verify([code], bundle_path=path, memory=memory)
    assert (line["reason"], line["person"]["photo"][:15]) == ("ok", "data:image/png;")
