"""Codes at gates: who passes, once; what offline gates did is judged again; who came is known where it should be."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import connection

from lutong.domains.cases.models import Milestone
from lutong.domains.gatepass import actions, queries
from lutong.domains.gatepass.actions import LateScan
from lutong.domains.gatepass.models import LawyerScan
from lutong.domains.gatepass.rules import Reason
from lutong.domains.gatepass.tests.world import GU, LUO, NOW, ZHOU, World, build, lawyer, suspend
from lutong.domains.hearings import actions as hearings
from lutong.domains.hearings.tests.world import judge
from lutong.domains.identity.models import Lawyer
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def world(db: None) -> World:
    return build()


def late(world: World, text: str, *, seq: int = 1, at: dt.datetime = NOW, admitted: bool = True) -> LateScan:
    return LateScan(seq=seq, at=at, text=text, admitted=admitted, reason=Reason.OK if admitted else Reason.STALE)


def sync(world: World, *scans: LateScan, door: str = "entrance", now: dt.datetime = NOW + 90 * SECOND) -> list[int]:
    return actions.take_late_scans(actor=world.gate, device=world.devices[door], scans=scans, now=now)


def test_a_fresh_code_passes_once_and_shows_who_comes_for_which_hearing(world: World) -> None:
    text = world.code()
    verdict = world.scan(text)
    assert verdict.admitted
    assert (verdict.person.name, verdict.hearing.room_name) == ("周岚", "第十九法庭")
    assert world.scan(text).reason is Reason.REPLAYED
    assert [scan.outcome for scan in world.scans()] == ["admitted", "refused"]


def test_the_answer_that_was_lost_is_repeated_and_counts_once(world: World) -> None:
    text = world.code()
    assert world.scan(text, seq=7).admitted
    assert world.scan(text, seq=7, now=NOW + 40 * SECOND).admitted
    assert len(world.scans()) == 1
    with pytest.raises(Conflict, match="序号"):
        world.scan(world.code(GU), seq=7)


@pytest.mark.parametrize(
    ("purpose", "door", "after", "reason"),
    [
        ("entrance", "entrance", 30, Reason.STALE), ("entrance", "hall", 0, Reason.OTHER_VENUE),
        ("entrance", "courtroom", 0, Reason.OTHER_VENUE), ("courtroom", "entrance", 0, Reason.OTHER_VENUE),
        ("courtroom", "courtroom", 29, Reason.OK), ("hall", "hall", 5, Reason.OK),
    ],
)  # fmt: skip
def test_a_code_opens_its_own_door_for_thirty_seconds(
    world: World, purpose: str, door: str, after: int, reason: Reason
) -> None:
    assert world.scan(world.code(purpose=purpose), door, now=NOW + after * SECOND).reason is reason


def test_a_code_of_another_court_and_one_signed_elsewhere_are_refused(world: World) -> None:
    text = world.code()
    forged = text[:-20] + ("A" if text[-20] != "A" else "B") + text[-19:]
    assert world.scan(forged).reason is Reason.FORGED
    assert world.scan("https://example.org/").reason is Reason.UNREADABLE
    assert world.scans()[0].name == ""  # whose name a forged code claims is not put on record


def test_a_suspension_ends_the_code_that_is_already_on_the_screen(world: World) -> None:
    text = world.code()
    suspend(ZHOU)
    verdict = world.scan(text)
    assert verdict.reason is Reason.SUSPENDED
    assert "停止执业" in verdict.title
    assert "期满" in verdict.advice
    with pytest.raises(NotAllowed, match="停止执业"):
        world.code()
    people = queries.bundle_for(actor=world.gate, device=world.devices["entrance"], now=NOW).people.values()
    assert [person.name for person in people if person.refusal] == [
        "周岚"
    ]  # an offline gate learns it at its next sync


def test_only_counsel_of_the_hearing_get_its_code_and_only_on_its_day(world: World) -> None:
    with pytest.raises(NotFound):
        world.code(LUO, "courtroom")
    Lawyer.objects.update(checked_at=NOW - dt.timedelta(days=1))
    with pytest.raises(Conflict, match="不在今天"):
        world.code(ZHOU, "courtroom", now=NOW - dt.timedelta(days=1))


def test_no_code_is_issued_for_a_hearing_that_was_called_off(world: World) -> None:
    text = world.code(purpose="courtroom")
    hearings.cancel(
        actor=judge(world.court_id), court_id=world.court_id, hearing_id=world.hearing.id, reason="合议庭成员变动",
        version=world.hearing.version, now=NOW,
    )  # fmt: skip
    assert world.scan(text, "courtroom").reason is Reason.OTHER_VENUE
    with pytest.raises(Conflict, match="已取消"):
        world.code(purpose="courtroom")


def test_an_assistant_and_a_clerk_get_no_code(world: World) -> None:
    for actor in (Actor(5, Role.ASSISTANT, "甲", for_id=ZHOU, for_name="周岚"), world.hall):
        with pytest.raises(NotAllowed, match="律师本人"):
            actions.issue_code(
                actor=actor, court_id=world.court_id, purpose="entrance", place=world.venues["entrance"].id, now=NOW
            )


@pytest.mark.parametrize("purpose", ["ENTRANCE", "", "roof", "x" * 500])
def test_an_unknown_purpose_is_refused(world: World, purpose: str) -> None:
    with pytest.raises(Invalid, match="用途"):
        world.code(purpose=purpose, place=uuid.uuid4())


def test_a_closed_door_gets_no_codes(world: World) -> None:
    actions.change_venue(
        actor=world.hall, court_id=world.court_id, venue_id=world.venues["hall"].id, active=False, now=NOW
    )
    with pytest.raises(NotFound):
        world.code(purpose="hall")


def test_counsel_in_the_room_stands_in_the_timeline_once_and_at_the_hearing(world: World) -> None:
    world.scan(world.code())
    world.scan(world.code(purpose="courtroom", now=NOW + 60 * SECOND), "courtroom", now=NOW + 60 * SECOND)
    world.scan(world.code(purpose="courtroom", now=NOW + 90 * SECOND), "courtroom", now=NOW + 90 * SECOND)
    with reading(world.hall):
        nodes = Milestone.objects.filter(court_id=world.court_id, case_id=world.case.id, kind="gate")
        assert [node.title for node in nodes] == ["周岚律师进入第十九法庭"]
    recorder = Actor(7002, Role.RECORDER, "方蕾", world.court_id)
    came = {
        a.name: a
        for a in queries.arrivals_of(actor=recorder, court_id=world.court_id, hearing_id=world.hearing.id).counsel
    }
    assert came["周岚"].entered_at == NOW
    assert came["周岚"].in_room_at == NOW + 60 * SECOND
    assert came["顾衡"].entered_at is None


def test_counsel_learns_who_is_in_the_courtroom_and_not_who_is_in_the_building(world: World) -> None:
    world.scan(world.code())
    world.scan(world.code(GU))
    world.scan(world.code(purpose="courtroom"), "courtroom", now=NOW + SECOND)
    ids = {"court_id": world.court_id, "hearing_id": world.hearing.id}
    came = queries.arrivals_of(actor=lawyer(GU), **ids)
    assert (came.room_name, came.gated) == ("第十九法庭", True)
    assert [(a.name, a.entered_at, a.in_room_at) for a in came.counsel] == [
        ("周岚", None, NOW + SECOND), ("顾衡", None, None),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        queries.arrivals_of(actor=lawyer(LUO), **ids)
    actions.change_venue(
        actor=world.hall, court_id=world.court_id, venue_id=world.venues["courtroom"].id, active=False, now=NOW
    )
    assert not queries.arrivals_of(actor=lawyer(GU), **ids).gated


def test_arrivals_are_told_from_the_day_on_for_as_long_as_scans_are_kept(world: World) -> None:
    after = {
        days: queries.tells_arrivals(hearing=world.hearing, now=NOW + dt.timedelta(days=days)) for days in range(-2, 40)
    }
    assert [days for days, told in after.items() if told] == list(range(30))


def test_whoever_has_the_hearing_open_hears_that_somebody_came(world: World) -> None:
    heard: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "pg_notify" in sql and "arrival" in params[0]:
            heard.append(params[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        world.scan(world.code())
        assert heard == [], "the building is no courtroom"
        world.scan(world.code(purpose="courtroom"), "courtroom")
    assert {ZHOU, GU, world.hearing.judge_id} <= set(json.loads(heard[0])["person"])


def test_each_lawyer_sees_his_own_passages_and_no_one_elses(world: World) -> None:
    world.scan(world.code())
    world.scan(world.code(GU))
    assert [scan.venue_name for scan in queries.my_scans(actor=lawyer(ZHOU))] == ["南门"]
    assert LawyerScan.objects.filter(lawyer_id=LUO).count() == 0
    with reading(lawyer(LUO)):
        assert world.scans() != []  # as the hall
    with as_actor(lawyer(LUO)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM gatepass_scan WHERE court_id = %s", [world.court_id])
        assert cursor.fetchone() == (0,)


def test_what_a_gate_did_alone_is_taken_in_once_in_its_order(world: World) -> None:
    one, two = world.code(), world.code(GU)
    scans = (late(world, two, seq=12, at=NOW + 5 * SECOND), late(world, one, seq=11, at=NOW + 2 * SECOND))
    assert sync(world, *scans) == [11, 12]
    assert sync(world, *scans) == [11, 12]
    assert [(scan.seq, scan.name, scan.offline, scan.flag) for scan in world.scans()] == [
        (11, "周岚", True, ""), (12, "顾衡", True, ""),
    ]  # fmt: skip


def test_two_gates_without_network_that_let_the_same_code_in_are_found_at_sync(world: World) -> None:
    other, token = actions.add_device(
        actor=world.hall, court_id=world.court_id, venue_id=world.venues["entrance"].id, name="南门备用", now=NOW
    )
    spare = queries.device_of_token(token=token)
    assert spare is not None
    world.devices["spare"] = spare
    text = world.code()
    sync(world, late(world, text))
    sync(world, late(world, text, at=NOW + 9 * SECOND), door="spare")
    assert [(scan.outcome, scan.flag) for scan in world.scans()] == [("admitted", ""), ("admitted", "duplicate")]
    flagged = queries.list_scans(actor=world.hall, court_id=world.court_id, day=NOW.date(), only="flagged")
    assert [scan.device_id for scan in flagged] == [other.id]


def test_a_gate_that_let_in_what_it_should_not_is_flagged(world: World) -> None:
    text = world.code()
    suspend(ZHOU)
    sync(world, late(world, text), late(world, "no code", seq=2), late(world, text, seq=3, at=NOW + 60 * SECOND))
    assert [(scan.flag, scan.reason) for scan in world.scans()] == [
        ("disputed", "suspended"), ("disputed", "unreadable"), ("disputed", "stale"),
    ]  # fmt: skip


def test_refusals_at_a_gate_without_network_are_on_record_and_spoil_no_code(world: World) -> None:
    text = world.code()
    sync(world, late(world, text, admitted=False))
    assert world.scan(text).admitted


def test_the_log_can_only_grow_and_forgets_by_the_parameter(world: World) -> None:
    world.scan(world.code())
    system_ = world.gate
    assert actions.forget_old_scans(actor=system_, court_id=world.court_id, now=NOW) == 0
    assert len(world.scans()) == 1
    old = dt.datetime(2025, 1, 2, 1, tzinfo=dt.UTC)
    sync(world, late(world, "an old one", seq=99, admitted=False), now=old)
    assert len(world.scans()) == 2
    assert (
        actions.forget_old_scans(actor=system_, court_id=world.court_id, now=dt.datetime(2025, 8, 1, tzinfo=dt.UTC))
        == 1
    )
    with pytest.raises(Exception, match="30 days"), reading(system_), connection.cursor() as cursor:
        cursor.execute("SELECT gatepass_forget(%s, now())", [world.court_id])


def test_a_gate_knows_before_midnight_whom_it_must_let_in_tomorrow_morning(world: World) -> None:
    """Offline from the evening before, it judges by this list until it is a day old."""
    device = world.devices["courtroom"]

    def expected(hours: float) -> int:
        now = world.hearing.during.lower - dt.timedelta(hours=hours)
        bundle = queries.bundle_for(actor=world.gate, device=device, now=now)
        assert {holder for h in bundle.hearings.values() for holder in h.counsel} <= set(bundle.people)
        return len(bundle.hearings)

    assert [expected(hours) for hours in (25, 23, 1)] == [0, 1, 1]
    yesterday = world.hearing.during.lower - dt.timedelta(hours=20)
    bundle = queries.bundle_for(actor=world.gate, device=world.devices["entrance"], now=yesterday)
    assert len(bundle.people) == 2, "nobody else: the names and faces of others are none of the gate's business"
