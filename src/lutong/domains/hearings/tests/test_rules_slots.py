"""Rules: free slots, notice, what speaks against a day."""

import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lutong.domains.hearings.rules import (
    ONLINE,
    Busy,
    Engagement,
    Place,
    cautions,
    earliest_day,
    find_clash,
    free_slots,
    working_days,
)
from lutong.kernel.clock import BEIJING
from lutong.kernel.holidays import published

HERE = Place(1, "北京市")
MONDAY = dt.date(2026, 11, 23)


def at(hour: int, minute: int = 0, day: int = 23) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=BEIJING)


def wish(place: Place = HERE) -> Engagement:
    return Engagement(uuid.uuid4(), at(9), at(10), place)


def slots(**more: object) -> list[tuple[str, str | None]]:
    given_ = {
        "days": [MONDAY], "minutes": 120, "wanted": wish(), "judge": [], "rooms": {"a": [], "b": []}, "counsel": [],
        "not_before": at(0), "limit": 10,
    }  # fmt: skip
    found = free_slots(**(given_ | more))  # type: ignore[arg-type]
    return [(s.starts_at.strftime("%H:%M"), s.room) for s in found]


def test_an_empty_day_offers_the_first_time_of_each_sitting() -> None:
    assert slots() == [("09:00", "a"), ("14:00", "a")]


def test_a_taken_room_gives_way_to_the_next_one() -> None:
    assert slots(rooms={"a": [Busy(at(9), at(12))], "b": []})[0] == ("09:00", "b")


def test_the_judge_moves_the_time() -> None:
    assert slots(judge=[Busy(at(9), at(9, 30))])[0] == ("09:30", "a")


def test_an_online_hearing_needs_no_room() -> None:
    assert slots(rooms={}, wanted=wish(ONLINE))[0] == ("09:00", None)


def test_counsel_needs_time_to_come() -> None:
    elsewhere = Engagement(uuid.uuid4(), at(8), at(9), ONLINE)
    assert slots(counsel=[elsewhere])[0] == ("09:30", "a")


def test_a_long_hearing_takes_the_whole_day() -> None:
    assert slots(minutes=300) == [("09:00", "a")]


def test_what_is_past_is_not_offered() -> None:
    assert slots(not_before=at(9, 1))[0] == ("09:30", "a")


spans = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(
    lambda pair: (at(8) + pair[0] * dt.timedelta(minutes=15), at(8) + (pair[0] + pair[1]) * dt.timedelta(minutes=15))
)


@settings(max_examples=60)
@given(st.lists(spans, max_size=4), st.lists(spans, max_size=4), st.lists(spans, max_size=4))
def test_no_offered_time_clashes_with_anything(
    judge: list[tuple[dt.datetime, dt.datetime]],
    room: list[tuple[dt.datetime, dt.datetime]],
    counsel: list[tuple[dt.datetime, dt.datetime]],
) -> None:
    entries = [Engagement(uuid.uuid4(), *span, Place(2, "北京市")) for span in counsel]
    found = free_slots(
        days=[MONDAY], minutes=90, wanted=wish(), judge=[Busy(*s) for s in judge],
        rooms={"a": [Busy(*s) for s in room]}, counsel=entries, not_before=at(0), limit=10,
    )  # fmt: skip
    for slot in found:
        assert not any(a < slot.ends_at and slot.starts_at < b for a, b in [*judge, *room])
        assert not any(find_clash(Engagement(uuid.uuid4(), slot.starts_at, slot.ends_at, HERE), e) for e in entries)


def test_working_days_leave_out_weekends() -> None:
    days = working_days(after=dt.date(2026, 11, 27), count=3, table=published())
    assert [d.isoformat() for d in days] == ["2026-11-27", "2026-11-30", "2026-12-01"]


def test_notice_is_due_three_days_before() -> None:
    assert earliest_day(today=dt.date(2026, 11, 21)) == dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"day": dt.date(2026, 11, 23)}, ["距开庭不足 3 日"]),
        ({"day": dt.date(2026, 12, 5)}, ["休息日"]),
        ({"evidence_due_on": dt.date(2026, 12, 3)}, ["举证期限"]),
        ({"evidence_due_on": dt.date(2026, 12, 3), "kind": "conference"}, []),
        ({"trial_due_on": dt.date(2026, 12, 2)}, ["审限"]),
        ({"moves": 2}, ["延期开庭不超过 2 次"]),
        ({"moves": 1, "procedure": "simple"}, ["延期开庭不超过 1 次"]),
        ({"moves": 1}, []),
        ({"day": dt.date(2026, 11, 25), "counsel_from_elsewhere": True}, ["在途时间"]),
    ],
)
def test_what_speaks_against_a_day_is_said_with_its_article(more: dict[str, object], said: list[str]) -> None:
    case = {
        "day": dt.date(2026, 12, 3), "today": dt.date(2026, 11, 21), "kind": "trial", "procedure": "ordinary",
        "evidence_due_on": None, "trial_due_on": None,
    }  # fmt: skip
    found = cautions(**(case | more))  # type: ignore[arg-type]
    assert len(found) == len(said)
    assert all(word in caution.text for word, caution in zip(said, found, strict=True))
