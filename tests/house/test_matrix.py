"""Who may open which address: every route, every method, every kind of person, over HTTP.

`matrix.toml` names the audience of each route and method. Outside it a visitor is sent to sign in (the API: 401)
and everybody else finds nothing (404), or, where `refused` says so, is told that this needs another power (403).
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lutong.domains.identity.tests.browser import browser
from lutong.kernel import stepup
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.site import api_access
from tests.support.matrix import Matrix, patterns
from tests.world import STAFF, World, build

TABLE = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
MATRIX = Matrix(TABLE, ("/account/login/?next=",), "api/", onlookers=("visitor", "own", "recorder"))
LAWYERS = {"own", "opposing", "stranger", "partner", "grassroots"}
COURTS = set(STAFF)
EVERYONE = LAWYERS | COURTS
SEE_THE_CASE = {"judge", "recorder", "presiding", "president"}  # its trial is under way: see cases.access
# Assistants of own: with every permission in the case, with 查看案件 only, let in once and no more, acting for nobody.
ASSISTANTS = {"assistant", "watcher", "revoked", "idle"}
AUDIENCES = {
    "public": EVERYONE | ASSISTANTS | {"visitor"},
    "signed": EVERYONE | ASSISTANTS,
    "bar": LAWYERS | ASSISTANTS,
    "lawyers": LAWYERS,
    "counsel": {"own", "opposing"},
    "own": {"own"},
    "opposing": {"opposing"},
    "staff": COURTS,
    "record": SEE_THE_CASE | {"own", "opposing"},
    "nothing": set[str](),
    "nobody": set[str](),
}
# desk:X is whoever carries the duty X (kernel.duties), in any court; case:X carries it and sees the case of this
# world; here:X carries it in the court of this world.
for duty in Duty:
    carriers = {name for name, role in STAFF.items() if role in duty.roles}
    AUDIENCES[f"desk:{duty}"] = carriers
    AUDIENCES[f"here:{duty}"] = carriers - {"elsewhere"}
    AUDIENCES[f"case:{duty}"] = carriers & SEE_THE_CASE
AUDIENCES["bill"] = AUDIENCES["case:fees"] | {"finance"}
AUDIENCES["urgent"] = AUDIENCES["here:open_urgently"] - SEE_THE_CASE


def wanted(pattern: str, method: str, who: str) -> str:
    rule = TABLE[method].get(pattern)
    if rule is None:
        return "405"
    row = {"for": rule} if isinstance(rule, str) else rule
    needs = row.get("needs", "")
    if who in ASSISTANTS and needs and who != "idle":
        if needs == "any":  # a list: everybody who acts for a lawyer opens it, it holds what he was granted
            return "open"
        if needs == "prepare_filing" and who != "revoked":  # a draft that is not named does not exist
            return "open" if who == "assistant" else "404"
        if who == "assistant":
            return wanted(pattern, method, "own")
        if who == "watcher":
            return wanted(pattern, method, "own") if needs == "read_case" else "403"
    if who in row.get("refused", []):
        return "403"
    if who in AUDIENCES[row["for"]]:
        return "open"
    return "login" if who == "visitor" and row["for"] != "nobody" else row.get("others", "404")


def wrong(world: World, found: list[str]) -> Iterator[str]:
    people: dict[str, Actor | None] = {"visitor": None, **world.people}
    clients = {
        who: browser(actor, raises=False) if actor else Client(raise_request_exception=False)
        for who, actor in people.items()
    }
    yield from MATRIX.wrong(found, clients, world.things, wanted)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(api_access, "PERSON", 100_000)
    monkeypatch.setattr(api_access, "VISITOR", 100_000)
    return build()


def test_every_route_is_listed_and_no_listed_route_is_gone() -> None:
    assert MATRIX.listed() == set(patterns())


@pytest.mark.timeout(1800)
def test_everybody_gets_exactly_what_the_matrix_says(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600  # who has just shown himself stays so on a slow machine, too
    monkeypatch.setattr(stepup, "LASTS", 3600)
    found = list(wrong(world, list(patterns())))
    assert not found, "\n".join(found)


def test_a_page_open_to_the_wrong_person_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "cases/<int:court_id>/<uuid:case_id>/"
    monkeypatch.setitem(TABLE["GET"], page, {"for": "own", "needs": "read_case"})
    assert list(wrong(world, [page])) == [f"GET {page} by opposing: open, not 404"]
