"""Fixing, moving, cancelling and holding hearings on a real database."""

import datetime as dt
import uuid

import pytest

from lutong.domains.audit.models import CourtEvent
from lutong.domains.cases.models import Deadline, LawyerCase, Milestone
from lutong.domains.hearings import actions, events, queries
from lutong.domains.hearings.models import Clash, Hearing, LawyerHearing
from lutong.domains.hearings.tests.world import GU, LUO, NOW, ZHOU, at, case, court, judge, lawyer, recorder, room, wish
from lutong.domains.notices.models import Notice
from lutong.kernel import events as announcements
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def calendar_of(lawyer_id: int) -> list[LawyerHearing]:
    return list(LawyerHearing.objects.filter(lawyer_id=lawyer_id, active=True).order_by("starts_at"))


def test_a_fixed_hearing_stands_in_the_calendars_the_timeline_and_the_deadlines() -> None:
    here = court()
    trial = case(here, ZHOU, GU)
    hearing = actions.schedule(**wish(trial, room(here).id, at(9, 30)))
    for lawyer_id in (ZHOU, GU):
        (entry,) = calendar_of(lawyer_id)
        assert (entry.id, entry.place) == (hearing.id, entry.place) and entry.place.endswith("第十九法庭")
        assert Notice.objects.filter(lawyer_id=lawyer_id, kind="hearing", title__contains="12-03 09:30").count() == 1
        assert LawyerCase.objects.get(lawyer_id=lawyer_id, id=trial.id).next_hearing_at == at(9, 30)
    with as_actor(judge(here)):
        assert Milestone.objects.filter(court_id=here, case_id=trial.id, kind="hearing").count() == 1
        assert Deadline.objects.get(court_id=here, case_id=trial.id, kind="hearing").due_on == dt.date(2026, 12, 3)
        assert CourtEvent.objects.filter(court_id=here, case_id=trial.id, action="hearings.schedule").count() == 1


def test_others_hear_of_a_fixed_hearing_in_the_same_transaction() -> None:
    heard: list[object] = []
    known = announcements._listeners
    here = court()
    try:
        announcements.wire({events.HearingScheduled: [heard.append], events.HearingCancelled: [heard.append]})
        hearing = actions.schedule(**wish(case(here, ZHOU), None, at(9, 30)))
        actions.cancel(
            actor=judge(here), court_id=here, hearing_id=hearing.id, version=1, reason="法官有其他公务", now=NOW
        )
    finally:
        announcements.wire(known)
    assert [type(event) for event in heard] == [events.HearingScheduled, events.HearingCancelled]


def test_a_busy_room_is_named_with_its_slot_and_nothing_of_the_other_case() -> None:
    here = court()
    place = room(here)
    other = case(here, ZHOU, judge_id=7100)
    actions.schedule(**wish(other, place.id, at(9, 30)))
    with pytest.raises(Conflict, match="第十九法庭在 12-03 09:30–11:30 已有庭审") as caught:
        actions.schedule(**wish(case(here, GU), place.id, at(11)))
    assert other.number not in caught.value.message and "苏晚晴" not in caught.value.message


def test_a_judge_cannot_sit_twice_even_online() -> None:
    here = court()
    actions.schedule(**wish(case(here, ZHOU), None, at(9, 30)))
    with pytest.raises(Conflict, match="许知行法官在"):
        actions.schedule(**wish(case(here, GU), None, at(10)))


def test_the_database_refuses_a_double_booking_that_nobody_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from lutong.domains.hearings.actions import limits

    here = court()
    place = room(here)
    actions.schedule(**wish(case(here, ZHOU), place.id, at(9, 30)))
    monkeypatch.setattr(limits, "busy_at", lambda **_: "")
    with pytest.raises(Conflict, match="刚被占用"):
        actions.schedule(**wish(case(here, GU, judge_id=7100), place.id, at(10)))


def test_the_next_hearing_may_begin_when_the_first_ends() -> None:
    here = court()
    place = room(here)
    actions.schedule(**wish(case(here, ZHOU), place.id, at(9, 30)))
    actions.schedule(**wish(case(here, ZHOU), place.id, at(11, 30)))
    assert Clash.objects.filter(lawyer_id=ZHOU).count() == 0


def test_a_clash_in_another_court_needs_a_reason_and_shows_only_court_and_time() -> None:
    beijing, shanghai = court(), court("沪0115")
    first = case(shanghai, ZHOU)
    actions.schedule(**wish(first, None, at(10, 30), 90))
    second = case(beijing, ZHOU, GU)
    with pytest.raises(Conflict) as caught:
        actions.schedule(**wish(second, room(beijing).id, at(9, 30)))
    (note,) = caught.value.facts["clashes"]
    assert (note.lawyer_id, note.kind, note.minutes) == (ZHOU, "overlap", 60)
    assert "浦东" in note.where and "苏晚晴" not in repr(note) and first.number not in repr(note)
    assert Hearing.objects.filter(court_id=beijing).count() == 0

    hearing = actions.schedule(
        **wish(second, Courtroom_of(beijing), at(9, 30), clash_reason="被告在京羁押，仅此时段可提押")
    )
    (clash,) = Clash.objects.filter(lawyer_id=ZHOU)
    assert (clash.one_id, clash.reason[:2], clash.state) == (hearing.id, "被告", "open")
    assert Notice.objects.filter(lawyer_id=ZHOU, kind="clash").count() == 1
    scheduler_there = Notice.objects.get(lawyer_id=7001, kind="clash")
    assert "重叠 60 分钟" in scheduler_there.title
    assert second.number not in scheduler_there.title + scheduler_there.body


def Courtroom_of(court_id: int) -> uuid.UUID:  # noqa: N802  # reads as a noun
    from lutong.domains.hearings.models import Courtroom

    return Courtroom.objects.filter(court_id=court_id).first().id


def test_too_little_time_to_travel_is_a_clash() -> None:
    tianjin, beijing = court("津0116"), court("京0102")
    actions.schedule(**wish(case(tianjin, ZHOU), room(tianjin).id, at(9), 150))
    with pytest.raises(Conflict) as caught:
        actions.schedule(**wish(case(beijing, ZHOU), room(beijing).id, at(12), 90))
    (note,) = caught.value.facts["clashes"]
    assert note.kind == "travel" and "高铁" in note.explanation


def test_an_own_event_shows_to_the_court_as_occupied_only() -> None:
    here = court()
    actions.add_own_event(
        actor=lawyer(), title="仲裁开庭", place="天津仲裁委员会", city="天津市", mode="onsite",
        starts_at=at(8, 30), ends_at=at(9), now=NOW,
    )  # fmt: skip
    with pytest.raises(Conflict) as caught:
        actions.schedule(**wish(case(here, ZHOU), room(here).id, at(9, 30)))
    (note,) = caught.value.facts["clashes"]
    assert note.where == "已占用" and note.kind == "travel"
    assert "天津" not in repr(note) and "仲裁" not in repr(note)


def test_moving_solves_old_clashes_and_counts() -> None:
    here, there = court(), court("沪0115")
    actions.schedule(**wish(case(there, ZHOU), None, at(10)))
    hearing = actions.schedule(**wish(case(here, ZHOU), None, at(9, 30), clash_reason="审限将至"))
    moved = actions.reschedule(
        actor=recorder(here), court_id=here, hearing_id=hearing.id, version=1, kind="trial", mode="online",
        room_id=None, starts_at=at(15), ends_at=at(16), now=NOW,
    )  # fmt: skip
    assert (moved.version, moved.moves, moved.clash_reason) == (2, 1, "")
    assert [c.state for c in Clash.objects.filter(lawyer_id=ZHOU)] == ["solved"]
    assert queries.open_clashes(actor=lawyer()) == []
    assert [e.starts_at for e in calendar_of(ZHOU)] == [at(10), at(15)]


def test_a_stale_revision_moves_nothing() -> None:
    here = court()
    hearing = actions.schedule(**wish(case(here, ZHOU), None, at(9, 30)))
    with pytest.raises(Conflict, match="刚被他人改动"):
        actions.cancel(actor=judge(here), court_id=here, hearing_id=hearing.id, version=7, reason="x", now=NOW)


def test_a_cancelled_hearing_frees_room_judge_and_counsel() -> None:
    here = court()
    place = room(here)
    hearing = actions.schedule(**wish(case(here, ZHOU), place.id, at(9, 30)))
    with pytest.raises(Invalid, match="原因"):
        actions.cancel(actor=judge(here), court_id=here, hearing_id=hearing.id, version=1, reason=" ", now=NOW)
    actions.cancel(actor=judge(here), court_id=here, hearing_id=hearing.id, version=1, reason="原告申请延期", now=NOW)
    assert calendar_of(ZHOU) == []
    actions.schedule(**wish(case(here, ZHOU), place.id, at(9, 30)))
    with pytest.raises(Conflict, match="已取消"):
        actions.cancel(actor=judge(here), court_id=here, hearing_id=hearing.id, version=2, reason="再次", now=NOW)


def test_a_hearing_is_held_only_after_it_began() -> None:
    here = court()
    hearing = actions.schedule(**wish(case(here, ZHOU), None, at(9, 30)))
    held = {"actor": recorder(here), "court_id": here, "hearing_id": hearing.id, "version": 1}
    with pytest.raises(Conflict, match="还没有到开庭时间"):
        actions.hold(**held, now=at(9))
    assert actions.hold(**held, now=at(12)).state == "held"
    assert LawyerCase.objects.get(lawyer_id=ZHOU, court_id=here).next_hearing_at is None


@pytest.mark.parametrize(
    ("more", "refusal", "sentence"),
    [
        ({"starts_at": NOW - dt.timedelta(days=1)}, Invalid, "晚于现在"),
        ({"starts_at": at(9, 0, 3) + dt.timedelta(days=4000)}, Invalid, "过远"),
        ({"ends_at": at(9)}, Invalid, "时长"),
        ({"ends_at": at(9, 31, 4)}, Invalid, "时长"),
        ({"starts_at": at(20), "ends_at": at(23)}, Invalid, "07:00"),
        ({"mode": "onsite"}, Invalid, "法庭"),
        ({"mode": "hologram"}, Invalid, "方式"),
        ({"kind": "party"}, Invalid, "种类"),
        ({"room_id": uuid.uuid4(), "mode": "onsite"}, Invalid, "法庭"),
        ({"case_id": uuid.uuid4()}, NotFound, "没有这个案件"),
    ],
)
def test_a_bad_wish_is_refused_with_the_field(more: dict, refusal: type[Exception], sentence: str) -> None:
    here = court()
    with pytest.raises(refusal, match=sentence):
        actions.schedule(**(wish(case(here, ZHOU), None, at(9, 30)) | more))


def test_a_case_without_judge_or_not_under_trial_is_not_scheduled() -> None:
    here = court()
    with pytest.raises(Conflict, match="承办法官"):
        actions.schedule(**(wish(case(here, ZHOU, judge_id=None), None, at(9, 30)) | {"actor": recorder(here)}))
    with pytest.raises(Conflict, match="尚未进入审理"):
        actions.schedule(**wish(case(here, ZHOU, stage="fee_due"), None, at(9, 30)))


def test_only_judge_and_recorder_of_the_court_arrange() -> None:
    here, there = court(), court("沪0115")
    order = wish(case(here, ZHOU), None, at(9, 30))
    with pytest.raises(NotAllowed):
        actions.schedule(**(order | {"actor": Actor(1, Role.CLERK, "孟", here)}))
    with pytest.raises(NotFound):
        actions.schedule(**(order | {"actor": judge(there)}))
    with pytest.raises(NotFound):
        actions.schedule(**(order | {"actor": lawyer()}))


def test_counsel_who_joins_gets_the_coming_hearings_and_his_clashes() -> None:
    here, there = court(), court("沪0115")
    hearing = actions.schedule(**wish(case(there, LUO), None, at(10)))
    trial = case(here, ZHOU)
    mine = actions.schedule(**wish(trial, None, at(9, 30)))
    actions.follow_counsel(actor=recorder(here), court_id=here, case_id=trial.id, lawyer_id=LUO, now=NOW)
    assert [e.id for e in calendar_of(LUO)] == [mine.id, hearing.id]
    (clash,) = queries.open_clashes(actor=lawyer(LUO))
    assert clash.text == "重叠 90 分钟"
    assert Notice.objects.filter(lawyer_id=7001, key=f"joined:{mine.id}:{LUO}").count() == 1
    actions.leave_calendar(actor=recorder(here), court_id=here, case_id=trial.id, lawyer_id=LUO, now=NOW)
    assert [e.id for e in calendar_of(LUO)] == [hearing.id]
    assert queries.open_clashes(actor=lawyer(LUO)) == []


def test_own_events_are_revised_and_removed_by_their_owner_only() -> None:
    facts = {"title": "讲课", "place": "", "city": "", "mode": "onsite", "starts_at": at(9), "ends_at": at(10)}
    event = actions.add_own_event(actor=lawyer(), **facts, now=NOW)
    changed = actions.change_own_event(
        actor=lawyer(), event_id=event.id, version=1, **(facts | {"title": "讲座"}), now=NOW
    )
    assert (changed.title, changed.version) == ("讲座", 2)
    with pytest.raises(Conflict, match="别处改动"):
        actions.change_own_event(actor=lawyer(), event_id=event.id, version=1, **facts, now=NOW)
    with pytest.raises(NotFound):
        actions.remove_own_event(actor=lawyer(GU), event_id=event.id, version=2, now=NOW)
    actions.remove_own_event(actor=lawyer(), event_id=event.id, version=2, now=NOW)
    assert calendar_of(ZHOU) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": "  "}, "title"),
        ({"city": "亚特兰蒂斯"}, "city"),
        ({"ends_at": at(8)}, "ends"),
        ({"ends_at": at(22)}, "ends"),
        ({"mode": ""}, "mode"),
        ({"starts_at": at(9) + dt.timedelta(days=9000), "ends_at": at(10) + dt.timedelta(days=9000)}, "day"),
    ],
)
def test_a_bad_own_event_says_which_field(more: dict, field: str) -> None:
    facts = {"title": "讲课", "place": "", "city": "", "mode": "onsite", "starts_at": at(9), "ends_at": at(10)}
    with pytest.raises(Invalid) as caught:
        actions.add_own_event(actor=lawyer(), **(facts | more), now=NOW)
    assert field in caught.value.fields


def test_rooms_are_kept_by_the_recorder_and_named_once() -> None:
    here = court()
    made = actions.add_courtroom(actor=recorder(here), court_id=here, name=" 第一法庭 ", seats=20, now=NOW)
    assert made.name == "第一法庭"
    with pytest.raises(Conflict, match="同名"):
        actions.add_courtroom(actor=recorder(here), court_id=here, name="第一法庭", now=NOW)
    with pytest.raises(NotAllowed):
        actions.add_courtroom(actor=judge(here), court_id=here, name="第二法庭", now=NOW)
    actions.change_courtroom(actor=recorder(here), court_id=here, room_id=made.id, name="第二法庭", now=NOW)
    assert [r.name for r in queries.list_courtrooms(actor=judge(here), court_id=here)] == ["第二法庭"]


def test_proposals_are_free_for_everybody_and_give_notice_in_time() -> None:
    here, there = court(), court("沪0115")
    place = room(here)
    trial = case(here, ZHOU, GU, evidence_due_on=dt.date(2026, 11, 30))
    actions.schedule(**wish(case(there, GU), None, at(9, 0, 1)))
    found = queries.free_slots(actor=judge(here), court_id=here, case_id=trial.id, minutes=120, now=NOW)
    assert len(found) == 10
    assert found[0].starts_at == at(14, 0, 1) and found[0].room_id == place.id
    assert found[0].reason == "双方律师、承办法官、第十九法庭均空闲"
    for slot in found:
        order = wish(trial, slot.room_id, slot.starts_at, 120)
        assert queries.preview_clashes(
            actor=judge(here), court_id=here, case_id=trial.id, mode="onsite",
            starts_at=order["starts_at"], ends_at=order["ends_at"],
        ) == []  # fmt: skip


def test_the_strip_of_the_case_page_places_the_day_on_half_hours() -> None:
    here, there = court(), court("沪0115")
    hearing = actions.schedule(**wish(case(here, ZHOU), room(here).id, at(9, 30)))
    actions.schedule(**wish(case(there, ZHOU), None, at(10, 30), 90, clash_reason="当事人均同意"))
    hours, bars = queries.day_strip(actor=lawyer(), court_id=here, hearing=hearing)
    assert hours[0] == 9 and len(hours) == 8
    assert [(b.tone, b.first, b.last) for b in bars] == [("this", 2, 6), ("bad", 4, 7)]
    assert (bars[1].bad_first, bars[1].bad_last, bars[1].clash) == (4, 6, "重叠 60 分钟")


def test_a_lawyer_sees_only_hearings_of_his_cases() -> None:
    here = court()
    trial = case(here, ZHOU)
    hearing = actions.schedule(**wish(trial, None, at(9, 30)))
    assert queries.next_hearing(actor=lawyer(), court_id=here, case_id=trial.id, now=NOW) == hearing
    assert queries.list_hearings(actor=lawyer(GU), court_id=here, case_id=trial.id) == []
    with pytest.raises(NotFound):
        queries.get_hearing(actor=lawyer(GU), court_id=here, hearing_id=hearing.id)
    with pytest.raises(NotFound):
        queries.get_hearing(actor=judge(court("沪0115")), court_id=here, hearing_id=hearing.id)
