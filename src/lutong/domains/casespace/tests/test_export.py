"""The list as a spreadsheet: the lawyer's rows only, nothing that a spreadsheet would run, and a line in his trail."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.test import Client

from lutong.domains.audit.queries import list_own_events
from lutong.domains.cases.tests import world
from lutong.domains.cases.tests.test_api import listed
from lutong.domains.casespace.pages.lists import _harmless
from lutong.domains.identity.tests.browser import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsel(people: None) -> Client:
    return browser(world.lawyer(world.ZHOU))


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_export_holds_the_lawyers_own_cases(counsel: Client) -> None:
    listed(world.ZHOU, 25)
    listed(world.GU, 3)
    answer = counsel.get("/cases/export.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert len(rows_of(answer)) == 1 + 25


def test_the_export_is_narrowed_like_the_list(counsel: Client) -> None:
    listed(world.ZHOU, 20)
    assert {row[4] for row in rows_of(counsel.get("/cases/export.csv", {"stage": "trial"}))[1:]} == {"审理中"}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_no_cell_begins_like_a_formula(sign: str) -> None:
    assert _harmless(f"{sign}HYPERLINK(1)").startswith("'")
    assert _harmless("（2026）京0105民初1号") == "（2026）京0105民初1号"


def test_a_party_named_like_a_formula_arrives_as_text(counsel: Client) -> None:
    world.open_case(title='=HYPERLINK("x") 诉 乙', filing_id=uuid.uuid4())
    (_, row) = rows_of(counsel.get("/cases/export.csv"))
    assert row[2].startswith("'=HYPERLINK")


def test_the_lawyers_trail_notes_the_export(counsel: Client) -> None:
    listed(world.ZHOU, 2)
    counsel.get("/cases/export.csv")
    (event,) = list_own_events(actor=world.lawyer(world.ZHOU))
    assert (event.action, event.facts) == ("cases.export", {"count": 2})


def test_the_court_has_no_such_page(counsel: Client) -> None:
    assert browser(world.staff()).get("/cases/export.csv").status_code == 404
    assert Client().get("/cases/export.csv").status_code == 302
