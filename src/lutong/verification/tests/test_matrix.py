"""Who may open which address of this service: every route, every method, every kind of person and program.

`matrix.toml` names the audience of each route and method. A page of holders sends everybody else to sign in, so does a
page of the desk; whoever has that door's session and is not meant finds nothing (404).
"""

import dataclasses
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver

from lutong.verification.livecheck.films import FilmShelf
from lutong.verification.registry.actions import officers
from lutong.verification.tests.people import HOLDERS, OFFICERS, World, build
from tests.support.matrix import Matrix, patterns

TABLE = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
MATRIX = Matrix(
    TABLE, ("/bureau/sign-in/", "/sign-in/"), "v1/", onlookers=("visitor", "lawyer", "bureau"),
    query="?nonce=0123456789",
)  # fmt: skip
BUREAUS = {"bureau", "elsewhere", "ministry"}
PROGRAMS = {"relying", "asker", "reporter"}
AUDIENCES = {
    "public": {"visitor"} | set(HOLDERS) | set(OFFICERS) | PROGRAMS,
    "holders": set(HOLDERS),
    "own": {"lawyer"},
    "desks": set(OFFICERS),
    "bureaus": BUREAUS,
    "decides": BUREAUS - {"ministry"},
    "province": {"bureau", "ministry"},
    "registrar": {"bureau"},
    "ministry": {"ministry"},
    "asker": {"asker"},
    "reporter": {"reporter"},
    "relying": {"relying"},
    "nobody": set[str](),
}
OF_HOLDERS = {"holders", "own"}


def wanted(desk: set[str], readers: set[str], pattern: str, method: str, who: str) -> str:
    """What the table says, where `desk` decides about the check and `readers` see it."""
    rule = TABLE[method].get(pattern)
    if rule is None:
        return "405"
    row: dict[str, Any] = {"for": rule} if isinstance(rule, str) else rule
    audience = {"desk": desk, "readers": readers}.get(row["for"]) or AUDIENCES[row["for"]]
    if who in row.get("refused", []) or (row["for"] == "desk" and who in readers - desk):
        return "403"
    if who in audience:
        return "open"
    if "others" in row:
        return str(row["others"])
    at_the_door = set(HOLDERS) if row["for"] in OF_HOLDERS else set(OFFICERS)
    return "404" if who in at_the_door else "login"


def wrong(world: World, found: list[str]) -> Iterator[str]:
    """Every answer that is not the one of the table, the check lying with the court that its person named."""
    yield from MATRIX.wrong(found, world.clients, world.things, lambda *asked: wanted({"court"}, {"court"}, *asked))


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.LUTONG = dataclasses.replace(settings.LUTONG, home=tmp_path)
    settings.LUTONG_DEMO = False
    monkeypatch.setattr(officers, "TRIES", 100)  # the visitors of this test share one address
    monkeypatch.setattr(officers, "TRIES_OF_ADDRESS", 100)
    monkeypatch.setattr(FilmShelf, "destroy", lambda shelf, check_id: None)  # what a request did is undone
    return build()


def test_every_route_is_listed_and_no_listed_route_is_gone() -> None:
    assert MATRIX.listed() == set(patterns())


def test_everybody_gets_exactly_what_the_matrix_says(world: World) -> None:
    found = list(wrong(world, list(patterns())))
    assert not found, "\n".join(found)


def test_a_check_that_lies_with_the_bureau_is_its_own(world: World) -> None:
    desks = [pattern for pattern in patterns() if pattern.startswith("bureau/live/<")]
    things = world.things | {"check_id": world.at_bureau.pk}
    found = MATRIX.wrong(
        desks, world.clients, things, lambda *asked: wanted({"bureau"}, {"bureau", "ministry"}, *asked)
    )
    assert list(found) == []


def test_a_page_opened_to_everybody_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = "bureau/live/<uuid:check_id>/film"
    held = {str(one.pattern): one for place in get_resolver().url_patterns for one in _within(place)}
    monkeypatch.setattr(held[opened], "callback", lambda request, **parts: HttpResponse("open"))
    others = [who for who in world.clients if who != "court"]
    at_the_desk = [who for who in others if who in OFFICERS]
    assert list(wrong(world, [opened])) == [
        f"GET {opened} by {who}: open, not {'404' if who in at_the_desk else 'login'}" for who in others
    ] + [f"POST {opened} by {who}: open, not 405" for who in MATRIX.onlookers]


def _within(place: Any) -> list[URLPattern]:
    return [place] if isinstance(place, URLPattern) else list(place.url_patterns)
