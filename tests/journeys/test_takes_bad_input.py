"""Hostile input on every form and every operation of the API: never a fault of ours, never their markup on our page."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from lutong.domains.gatepass import api as gatepass
from lutong.domains.identity.tests.browser import browser
from lutong.site import api_access
from lutong.site.api import api
from tests.house.test_matrix import AUDIENCES, MATRIX, TABLE
from tests.support.hostile import (
    FORM,
    MARK,
    TEXTS,
    Knock,
    example,
    faults,
    form_body,
    forms_of,
    worsened,
    worsened_json,
)
from tests.support.matrix import patterns
from tests.world import World, build

NOTHING = "0198c0de-0000-7000-8000-000000000000"
EVERY = os.environ.get("LUTONG_HOSTILE") == "every"  # at night: all values in all fields
NAMES = (
    "version", "step", "reason", "go", "court_id", "party_id", "case_id", "document_id", "starts_at", "ends_at", "on",
    "date", "title", "name", "note", "id", "q", "kind", "key", "submit_key", "judge_id", "amount", "before", "after",
    "tab", "state", "stage", "month", "page", "limit", "text", "court", "next",
)  # fmt: skip
WHO = ("own", "opposing", "clerk", "judge", "recorder", "president")


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(api_access, "PERSON", 10**9)
    monkeypatch.setattr(api_access, "VISITOR", 10**9)
    monkeypatch.setattr(gatepass, "CODES", 10**9)
    return build()


def address_of(pattern: str, world: World) -> str:
    """As the matrix fills it in; a parameter that nobody has named yet is an id of nothing."""
    parameters = TABLE["parameters"]
    named = {*world.things, *parameters["any"], *parameters.get(pattern, {})}
    known = re.sub(r"<(?:\w+:)?(\w+)>", lambda hit: hit[0] if hit[1] in named else NOTHING, pattern)
    return MATRIX.address(known if pattern not in parameters else pattern, world.things)


def query(text: str) -> str:
    """Every name that the code is likely to ask for, with this text."""
    return form_body((name, text) for name in NAMES).decode()


def audience(pattern: str, method: str) -> list[str]:
    """Who passes the door of a route, of the people of this world."""
    rule = TABLE[method].get(pattern)
    row = {"for": rule} if isinstance(rule, str) else rule or {"for": "nobody"}
    return [who for who in WHO if who in AUDIENCES[row["for"]] and who not in row.get("refused", [])]


@pytest.mark.timeout(900)
def test_every_form_of_every_page_takes_anything(world: World) -> None:
    """Forms as the pages show them, one field spoiled at a time: what a browser under a wrong hand would send."""
    found: list[str] = []
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for who in WHO:
        client = browser(world.people[who], raises=False)
        for pattern in patterns():
            if pattern.startswith("api/") or who not in audience(pattern, "GET"):
                continue
            page = address_of(pattern, world)
            answer = client.get(page)
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            for target, fields in forms_of(page, answer.content.decode()):
                form = (who if not seen else "", target.split("?")[0], tuple(sorted({name for name, _ in fields})))
                if form[1:] in {one[1:] for one in seen} or "logout" in target:
                    continue
                seen.add(form)
                found += faults(client, worsened(target, fields, every=EVERY))
    assert len(seen) >= 15, f"too few forms were found to mean anything: {sorted(one[1] for one in seen)}"
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.timeout(900)
def test_every_address_that_takes_a_post_takes_any_post(world: World) -> None:
    """Also those whose forms this world does not show: names that the code asks for, with values not expected."""
    found: list[str] = []
    tried = 0
    for pattern in patterns():
        who = audience(pattern, "POST")
        if pattern.startswith("api/") or not who or "logout" in pattern:
            continue
        tried += 1
        target = address_of(pattern, world)
        texts = TEXTS if EVERY else TEXTS[tried % 3 :: 3]
        knocks = [
            Knock("POST", target, form_body((name, text) for name in NAMES), FORM, repr(text[:20])) for text in texts
        ]
        found += faults(browser(world.people[who[0]], raises=False), knocks)
    assert tried >= 20
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.timeout(900)
def test_every_operation_of_the_api_takes_any_json(world: World) -> None:
    schema = api.get_openapi_schema()
    components = schema["components"]["schemas"]
    client, found, tried = browser(world["own"], raises=False), [], 0
    for pattern, operations in schema["paths"].items():
        for method in operations.keys() & {"post", "put", "patch", "delete"}:
            tried += 1
            body = operations[method].get("requestBody", {}).get("content", {}).get("application/json", {})
            sound = example(body.get("schema", {}), components)
            target = address_of(_django(pattern), world)
            headers = {"Idempotency-Key": "hostile-key-1", "If-Match": '"1"'}
            found += faults(client, worsened_json(method.upper(), target, sound, headers, every=EVERY))
            found += faults(client, _odd_headers(method.upper(), target, sound))
    assert tried >= 10
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.timeout(900)
def test_every_address_takes_any_question_and_any_id(world: World) -> None:
    """Queries and path parameters: bad UUIDs, huge numbers, other people's things."""
    strangers, own, clerk = (browser(world.people[who], raises=False) for who in ("stranger", "own", "clerk"))
    found: list[str] = []
    for pattern in patterns():
        if "logout" in pattern:
            continue
        target = address_of(pattern, world)
        texts = TEXTS if EVERY else TEXTS[len(pattern) % 4 :: 4]
        asked = [Knock("GET", f"{target}?{query(text)}", b"", FORM, f"asking {text[:20]!r}") for text in texts]
        client = clerk if pattern.startswith("desk") else own
        found += faults(client, asked)
        found += faults(strangers, [Knock("POST", target, form_body([("version", "1")]), FORM, "another's")])
    heads = ("cases", "cases/1", "filing", "service", "fees", "dossier", "desk/cases", "desk/filings", "calendar",
             "api/v1/cases/1", "api/v1/courts", "api/v1/filing/drafts", "account", "notices")  # fmt: skip
    for odd in ("0", "-1", "32768", "99999999999999999999", "%00", "%ED%A0%80", "..", "%2e%2e%2f", "1e5", "x" * 3000):
        paths = [f"/{head}/{odd}{tail}" for head in heads for tail in ("", "/", "/x/")]
        asked = [Knock("GET", one, b"", FORM, "odd id") for one in paths]
        found += faults(own, asked)
    assert not found, "\n".join(dict.fromkeys(found))


def _django(pattern: str) -> str:
    """/api/v1/cases/{court_id} as the matrix writes it: api/v1/cases/<court_id>."""
    return pattern.removeprefix("/").replace("{", "<").replace("}", ">")


def _odd_headers(method: str, target: str, sound: Any) -> Iterator[Knock]:
    for headers in ({}, {"Idempotency-Key": "x"}, {"Idempotency-Key": MARK * 3, "If-Match": "x"},
                    {"Idempotency-Key": "ok-key-12345", "If-Match": "9" * 19}):  # fmt: skip
        yield from list(worsened_json(method, target, sound, headers, every=False))[:1]


# ---- The control: planted faults that the sweep must find.


def falls_over(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return HttpResponse(str(int(request.POST["n"])))
    return HttpResponse("<form method=post><input name=n value=1><input name=m value=2></form>")


def echoes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<p>{request.POST.get('m', '')}</p>")


urlpatterns = [path("falls/", falls_over), path("echoes/", echoes)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_the_sweep_finds_a_view_that_falls_over_and_one_that_echoes_markup() -> None:
    client = Client(raise_request_exception=False)
    ((target, fields),) = forms_of("/falls/", client.get("/falls/").content.decode())
    found = list(faults(client, worsened(target, fields, every=True)))
    assert any(fault.startswith("500") and "n=" in fault for fault in found)
    found = list(faults(client, worsened("/echoes/", fields, every=True)))
    assert any(fault.startswith("unescaped") for fault in found)
