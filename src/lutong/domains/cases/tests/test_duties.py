"""Staff see the cases that are their work, and no others; 紧急查阅 opens one, for a while, before everybody's eyes."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lutong.domains.audit.models import CourtEvent
from lutong.domains.cases import actions, queries
from lutong.domains.cases.models import Case, Representation, UrgentAccess
from lutong.domains.cases.tests import world
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
REASON = "承办人住院，当事人申请的保全期限今天届满"


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    world.enrol()


def sees(person_id: int, case: Case) -> bool:
    return queries.holds(actor=world.staff(person_id), court_id=case.court_id, case_id=case.id)


def put(case: Case, **fields: Any) -> Case:
    with as_actor(system(case.court_id)):
        Case.objects.filter(court_id=case.court_id, id=case.id).update(**fields)
    return case


EVERYBODY = sorted(world.STAFF)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, {world.JUDGE, world.RECORDER, world.CLERK, world.PRESIDENT, world.PRESIDING}),
        ({"stage": "trial"}, {world.JUDGE, world.RECORDER, world.PRESIDENT, world.PRESIDING}),
        ({"stage": "trial", "division": "刑事审判庭"}, {world.JUDGE, world.RECORDER, world.PRESIDENT}),
        ({"stage": "mediation", "mediator_id": world.MEDIATOR},
         {world.JUDGE, world.RECORDER, world.CLERK, world.PRESIDENT, world.PRESIDING, world.MEDIATOR}),
        ({"stage": "trial", "mediator_id": world.MEDIATOR},
         {world.JUDGE, world.RECORDER, world.PRESIDENT, world.PRESIDING}),
        ({"stage": "closed"}, {world.JUDGE, world.RECORDER, world.PRESIDENT, world.PRESIDING, world.ARCHIVIST}),
        ({"stage": "trial", "panel": [{"person_id": world.JUDGE_3, "name": "闻笛", "role": "审判员"}]},
         {world.JUDGE, world.JUDGE_3, world.RECORDER, world.PRESIDENT, world.PRESIDING}),
    ],
)  # fmt: skip
def test_a_case_is_seen_by_those_whose_work_it_is(changes: dict[str, Any], wanted: set[int]) -> None:
    case = put(world.open_case(), **changes)
    assert {person for person in EVERYBODY if sees(person, case)} == wanted
    listed = {
        person for person in EVERYBODY
        if queries.list_court_cases(actor=world.staff(person), wanted=queries.CaseFilter())
    }  # fmt: skip
    assert listed == wanted


def open_urgently(person_id: int, case: Case, **changes: Any) -> UrgentAccess:
    facts = {"kind": "deadline", "reason": REASON, "now": clock.now() - dt.timedelta(minutes=1)} | changes
    return actions.open_urgently(actor=world.staff(person_id), court_id=case.court_id, case_id=case.id, **facts)


def test_an_unassigned_judge_opens_a_case_with_a_reason_and_everybody_concerned_learns_it() -> None:
    case = world.open_case()
    assert not sees(world.JUDGE_2, case)
    found = queries.find_elsewhere(actor=world.staff(world.JUDGE_2), number=case.number)
    assert found is not None and "苏晚晴" not in repr(found)
    opened = open_urgently(world.JUDGE_2, case)
    assert sees(world.JUDGE_2, case)
    assert opened.during.upper - opened.during.lower == dt.timedelta(hours=2)
    told = set(Notice.objects.filter(key=f"urgent:{opened.id}").values_list("lawyer_id", flat=True))
    assert told == {world.ZHOU}
    reviewers = set(Notice.objects.filter(key=f"urgent-review:{opened.id}").values_list("lawyer_id", flat=True))
    assert reviewers == {world.PRESIDENT, world.AUDITOR}
    (line,) = queries.readers_of(actor=world.lawyer(world.ZHOU), court_id=case.court_id, case_id=case.id)
    assert (line.person_name, line.reason) == ("柏然", REASON)
    assert queries.readers_of(actor=world.lawyer(world.WU), court_id=case.court_id, case_id=case.id) == []
    with as_actor(system(case.court_id)):
        assert CourtEvent.objects.filter(court_id=case.court_id, action="cases.open_urgently").count() == 1


def test_reading_is_not_handling() -> None:
    case = world.open_case()
    open_urgently(world.JUDGE_2, case)
    with pytest.raises(NotAllowed, match="只能查看"):
        actions.set_plan(
            actor=world.staff(world.JUDGE_2), court_id=case.court_id, case_id=case.id, version=1,
            procedure="simple", panel=[{"person_id": world.JUDGE_2}], evidence_due_on=None, now=clock.now(),
        )  # fmt: skip


def test_it_closes_by_itself() -> None:
    case = world.open_case()
    opened = open_urgently(world.JUDGE_2, case)
    now = clock.now()
    with as_actor(system(case.court_id)):
        UrgentAccess.objects.filter(court_id=case.court_id, id=opened.id).update(
            during=DateTimeTZRange(now - dt.timedelta(hours=2), now - dt.timedelta(seconds=1))
        )
    assert not sees(world.JUDGE_2, case)


def test_a_post_changed_since_does_not_carry_what_another_post_opened() -> None:
    case = put(world.open_case(), stage="trial")
    open_urgently(world.JUDGE_2, case)
    as_clerk = Actor(world.JUDGE_2, world.staff(world.CLERK).role, "柏然", case.court_id)
    assert not queries.holds(actor=as_clerk, court_id=case.court_id, case_id=case.id)


@pytest.mark.parametrize("who", [world.FINANCE, world.ARCHIVIST, world.MEDIATOR, world.HOTLINE, world.HALL,
                                 world.AUDITOR])  # fmt: skip
def test_who_handles_no_cases_opens_none(who: int) -> None:
    case = world.open_case()
    with pytest.raises(NotFound):
        open_urgently(who, case)
    assert queries.find_elsewhere(actor=world.staff(who), number=case.number) is None


@pytest.mark.parametrize(("changes", "field"), [({"kind": "curious"}, "kind"), ({"reason": "太短 "}, "reason"),
                                                ({"reason": "    　　　         "}, "reason")])  # fmt: skip
def test_without_a_reason_nothing_opens(changes: dict[str, str], field: str) -> None:
    case = world.open_case()
    with pytest.raises(Invalid) as refused:
        open_urgently(world.JUDGE_2, case, **changes)
    assert field in refused.value.fields
    assert not sees(world.JUDGE_2, case)


def test_who_sees_the_case_anyway_needs_no_urgency() -> None:
    with pytest.raises(Conflict):
        open_urgently(world.JUDGE, world.open_case())


def test_a_foreign_court_learns_nothing() -> None:
    case = world.open_case()
    stranger = world.staff(world.JUDGE_2, "沪0115")
    assert queries.find_elsewhere(actor=stranger, number=case.number) is None
    with pytest.raises(NotFound):
        actions.open_urgently(
            actor=stranger, court_id=case.court_id, case_id=case.id, kind="deadline", reason=REASON, now=clock.now()
        )


def review(person_id: int, opened: UrgentAccess, step: str = "confirm", finding: str = "") -> UrgentAccess:
    return actions.review_urgent(
        actor=world.staff(person_id), court_id=opened.court_id, access_id=opened.id, step=step, finding=finding,
        now=clock.now(),
    )  # fmt: skip


def test_president_and_auditor_review_and_the_judge_does_not() -> None:
    opened = open_urgently(world.JUDGE_2, world.open_case())
    with pytest.raises(NotFound):
        review(world.JUDGE, opened)
    with pytest.raises(Invalid):
        review(world.AUDITOR, opened, "question")
    assert review(world.AUDITOR, opened, "question", "没有说明为什么不能等到明天").state == "questioned"
    assert review(world.PRESIDENT, opened, "confirm", "已核实").state == "proper"


def test_the_database_lets_nobody_review_himself() -> None:
    opened = open_urgently(world.JUDGE_2, world.open_case())
    with as_actor(system(opened.court_id)), pytest.raises(IntegrityError, match="not_own_review"), transaction.atomic():
        UrgentAccess.objects.filter(court_id=opened.court_id, id=opened.id).update(reviewer_id=world.JUDGE_2)


def test_the_auditor_sees_that_a_case_was_opened_and_nothing_of_the_case() -> None:
    case = world.open_case()
    open_urgently(world.JUDGE_2, case)
    auditor = world.staff(world.AUDITOR)
    assert [row.number for row in queries.list_urgent(actor=auditor)] == [case.number]
    with reading(auditor):
        assert Case.objects.filter(court_id=case.court_id).count() == 0, "the second lock keeps cases from him"
    with pytest.raises(NotFound):
        queries.get_case(actor=auditor, court_id=case.court_id, case_id=case.id)


def look_up(who: int, **changes: str) -> Any:
    asked = {"number": "", "licence_no": "1" * 17, "reason": "周律师来电询问"} | changes
    return actions.look_up_status(actor=world.staff(who), now=clock.now(), **asked)


def test_the_hotline_tells_the_stage_to_counsel_of_record_and_writes_down_who_asked() -> None:
    case = world.open_case()
    licence = "11101201912345678"
    with as_actor(system(case.court_id)):
        Representation.objects.filter(court_id=case.court_id, case_id=case.id).update(licence_no=licence)
    found = look_up(world.HOTLINE, number=case.number, licence_no=licence)
    assert found.stage == "待交费" and "苏晚晴" not in repr(found)
    assert look_up(world.HOTLINE, number=case.number) is None, "another licence learns nothing"
    with as_actor(system(case.court_id)):
        events = CourtEvent.objects.filter(court_id=case.court_id, action="cases.look_up").order_by("at", "id")
        assert [event.facts["found"] for event in events] == [True, False]
        assert events[0].facts["reason"] == "周律师来电询问"
    with pytest.raises(Invalid):
        look_up(world.HOTLINE, number=case.number, reason="")
    with pytest.raises(NotFound):
        look_up(world.JUDGE, number=case.number)


def test_a_mediator_is_appointed_keeps_his_notes_to_himself_and_leaves_with_the_mediation() -> None:
    case = world.open_case(mediation_agreed=True)
    facts = {"court_id": case.court_id, "case_id": case.id}
    version = queries.get_case(actor=world.staff(), **facts).version
    actions.appoint_mediator(actor=world.staff(), version=version, mediator_id=world.MEDIATOR, now=clock.now(), **facts)
    mediator = world.staff(world.MEDIATOR)
    actions.write_note(actor=mediator, text="原告可以让步利息", now=clock.now(), **facts)
    assert [note.content["text"] for note in queries.notes_of(actor=mediator, **facts)] == ["原告可以让步利息"]
    assert queries.notes_of(actor=world.staff(), **facts) == []
    put(case, stage="fee_due")
    assert queries.notes_of(actor=mediator, **facts) == []
    with pytest.raises(NotFound):
        actions.write_note(actor=mediator, text="还有", now=clock.now(), **facts)
