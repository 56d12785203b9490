"""Who sees which case: the first lock (access), the second (row-level security), and each without the other."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from lutong.domains.cases import access, queries
from lutong.domains.cases.models import Case, CaseAccess, LawyerCase, Party
from lutong.domains.cases.tests import world
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

TABLES = ("cases_case", "cases_party", "cases_representation", "cases_caseaccess", "cases_milestone", "cases_deadline")


@pytest.fixture(autouse=True)
def _people() -> None:
    world.enrol()


@pytest.fixture
def case() -> Case:
    """周岚 for the plaintiff; a mediation, so that there is a deadline, too."""
    return world.open_case(mediation_agreed=True)


def other_court() -> Actor:
    return Actor(9301, Role.JUDGE, "外院法官", world.court_id("京0108"))


SEEING: dict[str, Callable[[], Actor]] = {
    "counsel": lambda: world.lawyer(world.ZHOU),
    "judge": lambda: world.staff(world.JUDGE),
    "recorder": lambda: world.staff(world.RECORDER),
    "clerk": lambda: world.staff(world.CLERK),
    "president": lambda: world.staff(world.PRESIDENT),
    "system": lambda: system(world.court_id()),
}
BLIND: dict[str, Callable[[], Actor]] = {
    "stranger": lambda: world.lawyer(world.GU),
    "colleague of the same firm": lambda: world.lawyer(world.LUO),
    "judge of another court": other_court,
    "system of another court": lambda: system(world.court_id("京0108")),
}


@pytest.mark.parametrize("who", SEEING)
def test_the_case_is_seen_by(who: str, case: Case) -> None:
    ids: dict[str, Any] = {"actor": SEEING[who](), "court_id": case.court_id, "case_id": case.id}
    assert queries.get_case(**ids) == case
    assert [p.name for p in queries.parties_of(**ids)] == ["苏晚晴", "程屿舟"]
    assert queries.timeline_of(**ids)
    assert queries.deadlines_of(**ids)


@pytest.mark.parametrize("who", BLIND)
def test_the_case_does_not_exist_for(who: str, case: Case) -> None:
    ids: dict[str, Any] = {"actor": BLIND[who](), "court_id": case.court_id, "case_id": case.id}
    with pytest.raises(NotFound):
        queries.get_case(**ids)
    with pytest.raises(NotFound):
        queries.get_case(**ids | {"court_id": world.court_id("京0108")})


@pytest.mark.parametrize("who", BLIND)
def test_no_query_of_the_case_answers(who: str, case: Case) -> None:
    ids: dict[str, Any] = {"actor": BLIND[who](), "court_id": case.court_id, "case_id": case.id}
    for query in (queries.parties_of, queries.timeline_of, queries.deadlines_of, queries.counsel_of,
                  queries.representations_of):  # fmt: skip
        try:
            assert list(query(**ids)) == [], query.__name__  # type: ignore[operator]
        except NotFound:
            continue


def test_not_visible_and_not_there_look_the_same(case: Case) -> None:
    sentences = set()
    for case_id in (case.id, uuid.uuid4()):
        with pytest.raises(NotFound) as refused:
            queries.get_case(actor=world.lawyer(world.GU), court_id=case.court_id, case_id=case_id)
        sentences.add(refused.value.message)
    assert len(sentences) == 1


def count(table: str) -> int:
    """Raw SQL as the application role: no domain code stands between."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # names of the list above only
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("table", TABLES)
def test_row_security_alone_shows_counsel_his_case(table: str, case: Case) -> None:
    with reading(world.lawyer(world.ZHOU)):
        assert count(table) > 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("who", BLIND)
def test_row_security_alone_shows_nothing_to(who: str, table: str, case: Case) -> None:
    with reading(BLIND[who]()):
        assert count(table) == 0


@pytest.mark.parametrize("table", TABLES)
def test_without_an_actor_there_are_no_rows(table: str, case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.person', '', true), set_config('app.court', '', true)")
    assert count(table) == 0


def test_a_forgotten_filter_is_held_by_the_second_lock(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: `visible_to` forgets the actor altogether."""
    ids = {"court_id": case.court_id, "case_id": case.id}
    monkeypatch.setattr(queries, "visible_to", lambda actor, *, court_id: Case.objects.filter(court_id=court_id))
    with pytest.raises(NotFound):
        queries.get_case(actor=world.lawyer(world.GU), **ids)
    assert queries.get_case(actor=world.lawyer(world.ZHOU), **ids) == case


def test_the_first_lock_alone_hides_the_case_too(case: Case) -> None:
    """The control of the other direction: with the policies passed by (as the court's system), access still asks."""
    with reading(system(case.court_id)):
        assert access.visible_to(world.lawyer(world.ZHOU), court_id=case.court_id).count() == 1
        assert access.visible_to(world.lawyer(world.GU), court_id=case.court_id).count() == 0
        assert access.visible_to(other_court(), court_id=case.court_id).count() == 0


def test_access_that_has_ended_is_no_access(case: Case) -> None:
    claim = world.confirm(world.claim(case))
    ids: dict[str, Any] = {"actor": world.lawyer(world.GU), "court_id": case.court_id, "case_id": case.id}
    assert queries.get_case(**ids) == case
    world.actions.end_representation(
        actor=world.staff(), court_id=case.court_id, representation_id=claim.id, reason="当事人解除委托",
        now=world.LATER,
    )  # fmt: skip
    with pytest.raises(NotFound):
        queries.get_case(**ids)
    with reading(world.lawyer(world.GU)):
        assert count("cases_case") == 0
        assert count("cases_party") == 0


@pytest.mark.parametrize("model", [Case, Party, CaseAccess])
def test_counsel_writes_into_no_court(model: Any, case: Case) -> None:
    """A policy that lets him read his case would let him write it, were it not for what the rooms offer: this
    proves that at least a case that is not his cannot be written, nor a row be planted in it."""
    with reading(world.lawyer(world.GU)):
        assert model.objects.filter(court_id=case.court_id).update(court_id=case.court_id) == 0
        if model is CaseAccess:
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                model.objects.create(
                    court_id=case.court_id, case_id=case.id, person_id=world.ZHOU, capacity="counsel:defendant",
                    during=(world.NOW, None),
                )  # fmt: skip


def test_a_lawyers_list_holds_his_rows_only(case: Case) -> None:
    world.open_case(parties=(world.party("plaintiff", "甲"), world.party("defendant", "乙")),
                    counsel=(world.counsel("plaintiff", world.WU),))  # fmt: skip
    mine = queries.list_my_cases(actor=world.lawyer(world.ZHOU), wanted=queries.CaseFilter())
    assert [row.id for row in mine] == [case.id]
    assert LawyerCase.objects.count() == 2  # the control: there is more to see than his own


def test_staff_list_the_cases_of_their_court_only(case: Case) -> None:
    assert [c.id for c in queries.list_court_cases(actor=world.staff(), wanted=queries.CaseFilter())] == [case.id]
    assert queries.list_court_cases(actor=other_court(), wanted=queries.CaseFilter()) == []
    assert queries.list_court_cases(actor=world.lawyer(world.ZHOU), wanted=queries.CaseFilter()) == []


def test_the_desk_search_finds_number_title_and_every_party(case: Case) -> None:
    for text in (case.number, case.number.replace("（", "(").replace("）", ")"), "民间借贷", "程屿舟"):
        found = queries.list_court_cases(actor=world.staff(), wanted=queries.CaseFilter(text=text))
        assert [c.id for c in found] == [case.id], text
    assert queries.list_court_cases(actor=world.staff(), wanted=queries.CaseFilter(text="查无此人")) == []


def test_a_lawyers_search_finds_number_party_cause_and_court(case: Case) -> None:
    for text in (case.number, "程屿舟", "借贷 朝阳", "(2026)京0105"):
        found = queries.list_my_cases(actor=world.lawyer(world.ZHOU), wanted=queries.CaseFilter(text=text))
        assert [c.id for c in found] == [case.id], text
    for text in ("查无此人", "借贷 海淀", "%", "_"):
        assert queries.list_my_cases(actor=world.lawyer(world.ZHOU), wanted=queries.CaseFilter(text=text)) == [], text
