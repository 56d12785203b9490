"""Every grave act of kernel/stepup.py asks who sits there, over HTTP, and no route is guarded without being listed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from lutong.domains.identity.tests.browser import browser, grow_old
from lutong.kernel.actor import Role
from lutong.kernel.stepup import GRAVE, Grave, Proof
from lutong.site import api_access
from tests.house.test_matrix import AUDIENCES, MATRIX, TABLE
from tests.support.matrix import METHODS
from tests.world import World, build

PROVES_ITSELF = {"recover_account"}  # open to nobody signed in
Rows = dict[tuple[str, str], tuple[str, ...]]


def listed() -> Rows:
    """(method, pattern) → acts, as the matrix names them."""
    rows = ((method, pattern, row) for method in METHODS for pattern, row in TABLE[method].items())
    return {
        (method, pattern): (row["fresh"],) if isinstance(row["fresh"], str) else tuple(row["fresh"])
        for method, pattern, row in rows
        if isinstance(row, dict) and "fresh" in row
    }


def guarded() -> Iterator[tuple[str, str]]:
    """(pattern, act) of every view that carries a guard."""

    def walk(found: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for one in found:
            text = prefix + str(one.pattern)
            if not isinstance(one, URLPattern):
                yield from walk(one.url_patterns, text)
            else:
                yield from ((text, act) for act in getattr(one.callback, "fresh_acts", ()))

    yield from walk(get_resolver().url_patterns, "")


def astray(rows: Rows, guards: Iterable[tuple[str, str]], table: Mapping[str, Grave]) -> Iterator[str]:
    """Where the table, the matrix and the guards of the views do not say the same."""
    named = {(pattern, act) for (_, pattern), acts in rows.items() for act in acts}
    built = {act for act, grave in table.items() if grave.built}
    for act in sorted(built - {act for _, act in named}):
        yield f"{act}: built, but guards no route"
    for pattern, act in sorted(named):
        if act not in built:
            yield f"{pattern}: {act} is {'not built yet' if act in table else 'unknown'}"
    for pattern, act in sorted(set(guards) - named):
        yield f"{pattern}: guarded as {act}, which the matrix does not say"
    for act, grave in table.items():
        if grave.proof is Proof.SEEN and not (grave.follows and grave.instead):
            yield f"{act}: the page cannot say what follows and what to do instead"


def unguarded(world: World, rows: Rows) -> Iterator[str]:
    """The listed routes that a session of an hour ago may still use, or of which the wrong proof is asked."""
    for (method, pattern), acts in rows.items():
        if PROVES_ITSELF & set(acts):
            continue
        row = TABLE[method][pattern]
        audience = AUDIENCES[row["for"]] or AUDIENCES["signed"]
        who = row.get("by") or next(name for name in world.people if name in audience)
        client: Client = browser(world.people[who], raises=False)
        grow_old(client)
        answer = client.generic(
            method, MATRIX.address(pattern, world.things), content_type="application/x-www-form-urlencoded"
        )
        way = f"/verification/why/{acts[0]}/" if needs_seen(world, who, acts) else "/reauthenticate/"
        asked = answer.status_code == 302 and way in answer["Location"]
        if not asked and "step_up_required" not in answer.content.decode(errors="replace"):
            yield f"{method} {pattern}: {answer.status_code}"


def needs_seen(world: World, who: str, acts: tuple[str, ...]) -> bool:
    return GRAVE[acts[0]].proof is Proof.SEEN and world.people[who].role in {Role.LAWYER, Role.ASSISTANT}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(api_access, "PERSON", 100_000)
    return build()


def test_the_table_the_matrix_and_the_guards_say_the_same() -> None:
    found = list(astray(listed(), guarded(), GRAVE))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("rows", "guards", "table", "finding"),
    [
        ({}, [], {"ghost": Grave("幽灵", "无", "无")}, "ghost: built, but guards no route"),
        ({("GET", "x/"): ("ghost",)}, [], {}, "x/: ghost is unknown"),
        ({("GET", "x/"): ("later",)}, [], {"later": Grave("以后", "无", "无", built=False)}, "x/: later is not built"),
        ({}, [("x/", "sign")], {"sign": Grave("签", "无", "无", built=False)}, "x/: guarded as sign"),
        ({}, [], {"seen": Grave("见", "无", "无", Proof.SEEN, built=False)}, "seen: the page cannot say"),
    ],
)
def test_each_planted_disagreement_is_found(
    rows: Rows, guards: list[tuple[str, str]], table: dict[str, Grave], finding: str
) -> None:
    assert any(found.startswith(finding) for found in astray(rows, guards, table))


def test_the_page_of_whoever_lost_everything_asks_for_the_live_check_itself(world: World) -> None:
    words = {"password1": "a-word-of-nobody-9", "password2": "a-word-of-nobody-9"}
    assert "已经失效" in Client().post("/account/verification/password/", words).text


def test_a_session_of_an_hour_ago_is_asked_before_every_grave_act(world: World) -> None:
    found = list(unguarded(world, listed()))
    assert not found, "\n".join(found)


def test_a_grave_route_without_the_guard_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE["POST"], "notices/read/", {"for": "signed", "fresh": "sign_delivery"})
    assert list(unguarded(world, {("POST", "notices/read/"): ("sign_delivery",)})) == ["POST notices/read/: 302"]


def test_a_route_that_asks_for_a_factor_where_the_person_must_be_seen_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLE["POST"], "account/tokens/", {"for": "lawyers", "fresh": "change_mobile"})
    assert list(unguarded(world, {("POST", "account/tokens/"): ("change_mobile",)})) == ["POST account/tokens/: 302"]
