"""任职回避与亲属申报: kept by version, read by nobody else, felt where it must be felt."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from lutong.domains.capacity import actions, queries
from lutong.domains.capacity.rules import Declared, FormerPost, Relative
from lutong.domains.cases.tests import world
from lutong.domains.identity.tests.browser import browser as signed_in
from lutong.kernel.capacity import capacity_objections
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, NotAllowed

pytestmark = pytest.mark.django_db
CHAOYANG = "北京市朝阳区人民法院"


@pytest.fixture(autouse=True)
def _people(monkeypatch: pytest.MonkeyPatch) -> None:
    world.enrol()
    monkeypatch.setattr("lutong.kernel.clock.now", lambda: world.LATER)


def declare(person_id: int = world.GU, version: int = 0, **facts: Any) -> Any:
    return actions.declare(
        actor=world.lawyer(person_id), declared=Declared(**facts), version=version, confirmed=True, now=world.LATER
    )


def codes(court_id: int, person_id: int = world.GU) -> list[str]:
    facts = queries.counsel_facts(lawyer_id=person_id, name="顾衡", court_id=court_id)
    return [o.code for o in capacity_objections(counsel=facts, court_id=court_id, today=beijing_date(world.LATER))]


def test_what_is_declared_stands_against_the_lawyer_at_once() -> None:
    here = world.court_id()
    assert codes(here) == []
    declare(relatives=(Relative("spouse", here, CHAOYANG),))
    assert codes(here) == ["relatives"]
    declare(version=1, posts=(FormerPost("court", here, CHAOYANG, dt.date(2020, 1, 1)),))
    assert codes(here) == ["former_court"]
    assert codes(world.court_id("沪0115")) == []
    declare(version=2, posts=(FormerPost("procuratorate", None, "某某人民检察院", dt.date(2026, 1, 1)),))
    assert codes(world.court_id("沪0115")) == ["two_years"]
    declare(version=3, committee="某某市人大常委会")
    assert codes(here) == ["standing_committee"]


def test_a_relative_in_the_court_above_is_a_warning_only() -> None:
    declare(relatives=(Relative("parent", world.court_id("京"), "北京市高级人民法院"),))
    assert codes(world.court_id()) == ["relatives_district"]
    assert codes(world.court_id("沪0115")) == []


def test_every_version_is_kept_and_two_windows_do_not_overwrite_each_other() -> None:
    declare(committee="某某市人大常委会")
    declare(version=1)
    assert [one.version for one in queries.list_declarations(actor=world.lawyer(world.GU))] == [2, 1]
    with pytest.raises(Conflict, match="另一处更新过"):
        declare(version=1, committee="某某市人大常委会")


def test_only_the_lawyer_himself_declares_and_no_program() -> None:
    with pytest.raises(NotAllowed):
        actions.declare(actor=world.staff(), declared=Declared(), version=0, confirmed=True, now=world.LATER)


def test_the_database_holds_nothing_readable_of_it() -> None:
    declare(relatives=(Relative("spouse", world.court_id(), CHAOYANG),))
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM capacity_declaration WHERE lawyer_id = %s", [world.GU])
        (sealed,) = cursor.fetchone()
    assert b"spouse" not in bytes(sealed)


def form(**changes: str) -> dict[str, str]:
    return {
        "version": "0", "confirmed": "1", "posts.0.body": "court", "posts.0.court": CHAOYANG,
        "posts.0.left_on": "2024-06-30", "relatives.0.relation": "spouse", "relatives.0.court": "", **changes,
    }  # fmt: skip


def test_the_page_keeps_a_declaration_and_says_what_follows() -> None:
    browser = signed_in(world.lawyer(world.GU))
    assert browser.post("/practice/declaration/", form()).status_code == 302
    page = browser.get("/practice/declaration/").content.decode()
    assert "不得代理下列法院" in page
    assert CHAOYANG in page
    assert "第 1 版" in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"posts.0.court": "朝阳法院啊"}, "没有认出法院"),
        ({"posts.0.left_on": "去年"}, "请填写离任日期"),
        ({"posts.0.left_on": "2027-01-01"}, "离任日期晚于今天"),
        ({"posts.0.body": "procuratorate", "posts.0.court": "院"}, "请填写人民检察院全称"),
        ({"relatives.0.court": "没有这个法院"}, "没有认出法院"),
        ({"relatives.0.court": CHAOYANG, "relatives.0.relation": "friend"}, "请选择配偶、父母或者子女"),
        ({"sits": "1"}, "请填写人大常委会的名称"),
        ({"confirmed": ""}, "请确认申报内容"),
    ],
)
def test_a_form_that_does_not_fit_is_told_and_nothing_typed_is_lost(changes: dict[str, str], told: str) -> None:
    fields = form(**changes)
    refused = signed_in(world.lawyer(world.GU)).post("/practice/declaration/", fields)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert told in page
    assert f'value="{fields["posts.0.left_on"]}"' in page


def test_a_colleague_and_the_court_find_no_declaration_of_mine() -> None:
    declare(relatives=(Relative("spouse", world.court_id(), CHAOYANG),))
    colleague = signed_in(world.lawyer(world.ZHOU)).get("/practice/declaration/").content.decode()
    assert CHAOYANG not in colleague
    assert signed_in(world.staff()).get("/practice/declaration/").status_code == 404
