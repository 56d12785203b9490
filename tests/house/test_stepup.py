"""Every grave act of kernel/stepup.py asks who sits there, over HTTP, and no route is guarded without being listed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from lutong.domains.identity.tests.browser import browser, grow_old
from lutong.kernel.stepup import GRAVE
from lutong.site import api_access
from tests.house.test_matrix import AUDIENCES, MATRIX, TABLE
from tests.support.matrix import METHODS
from tests.world import World, build


def listed() -> dict[tuple[str, str], str]:
    """(method, pattern) → act, as the matrix names them."""
    rows = ((method, pattern, row) for method in METHODS for pattern, row in TABLE[method].items())
    return {
        (method, pattern): row["fresh"] for method, pattern, row in rows if isinstance(row, dict) and "fresh" in row
    }


def guarded() -> Iterator[tuple[str, str]]:
    """(pattern, act) of every view that carries the guard."""

    def walk(found: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for one in found:
            text = prefix + str(one.pattern)
            if not isinstance(one, URLPattern):
                yield from walk(one.url_patterns, text)
            elif hasattr(one.callback, "fresh_act"):
                yield text, one.callback.fresh_act

    yield from walk(get_resolver().url_patterns, "")


def unguarded(world: World, rows: dict[tuple[str, str], str]) -> Iterator[str]:
    """The listed routes that a session of an hour ago may still use."""
    for method, pattern in rows:
        row = TABLE[method][pattern]
        audience = AUDIENCES[row["for"]] or AUDIENCES["signed"]
        who = row.get("by") or next(name for name in world.people if name in audience)
        client: Client = browser(world.people[who], raises=False)
        grow_old(client)
        answer = client.generic(
            method, MATRIX.address(pattern, world.things), content_type="application/x-www-form-urlencoded"
        )
        asked = answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
        if not asked and "step_up_required" not in answer.content.decode(errors="replace"):
            yield f"{method} {pattern}: {answer.status_code}"


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(api_access, "PERSON", 100_000)
    return build()


def test_every_grave_act_has_a_route_and_the_coming_ones_have_none_yet() -> None:
    assert set(listed().values()) == {act for act, grave in GRAVE.items() if grave.built}


def test_every_guarded_page_is_listed_with_its_act() -> None:
    named = {(pattern, act) for (_, pattern), act in listed().items()}
    assert set(guarded()) <= named


def test_a_session_of_an_hour_ago_is_asked_before_every_grave_act(world: World) -> None:
    found = list(unguarded(world, listed()))
    assert not found, "\n".join(found)


def test_a_grave_route_without_the_guard_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE["POST"], "notices/read/", {"for": "signed", "fresh": "sign_delivery"})
    assert list(unguarded(world, {("POST", "notices/read/"): "sign_delivery"})) == ["POST notices/read/: 302"]
