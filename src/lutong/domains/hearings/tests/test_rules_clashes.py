"""Rules: travel, clashes, lanes."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lutong.domains.hearings.rules import (
    NOWHERE,
    ONLINE,
    Engagement,
    Place,
    find_clash,
    lanes_of,
    reach,
    travel_between,
)
from lutong.domains.hearings.rules.travel import distance_km
from lutong.kernel.clock import BEIJING

CHAOYANG = Place(105, "北京市", Decimal("39.92"), Decimal("116.44"))
XICHENG = Place(102, "北京市", Decimal("39.91"), Decimal("116.36"))
BINHAI = Place(216, "天津市", Decimal("39.02"), Decimal("117.70"))
PUDONG = Place(901, "上海市", Decimal("31.22"), Decimal("121.54"))
SANYA = Place(2900, "三亚市", Decimal("18.25"), Decimal("109.51"))
MOHE = Place(700, "漠河市", Decimal("52.97"), Decimal("122.53"))


def at(hour: int, minute: int = 0, day: int = 3) -> dt.datetime:
    return dt.datetime(2026, 12, day, hour, minute, tzinfo=BEIJING)


def engagement(start: dt.datetime, end: dt.datetime, place: Place = CHAOYANG) -> Engagement:
    return Engagement(uuid.uuid4(), start, end, place)


places = st.builds(
    Place,
    court_id=st.one_of(st.none(), st.integers(1, 5)),
    city=st.sampled_from(["", "北京市", "天津市", "三亚市"]),
    latitude=st.one_of(st.none(), st.decimals(18, 53, places=4)),
    longitude=st.one_of(st.none(), st.decimals(74, 135, places=4)),
    online=st.booleans(),
)
instants = st.integers(0, 4 * 24 * 12).map(lambda n: at(0) + n * dt.timedelta(minutes=5))
lengths = st.integers(1, 144).map(lambda n: n * dt.timedelta(minutes=5))
engagements = st.builds(lambda s, d, p: engagement(s, s + d, p), instants, lengths, places)


@pytest.mark.parametrize(
    ("one", "other", "minutes"),
    [
        (CHAOYANG, CHAOYANG, 0),
        (CHAOYANG, XICHENG, 60),
        (CHAOYANG, ONLINE, 15),
        (ONLINE, ONLINE, 15),
        (CHAOYANG, NOWHERE, 0),
    ],
)
def test_travel_follows_the_table(one: Place, other: Place, minutes: int) -> None:
    assert travel_between(one, other).minutes == minutes


def test_a_train_takes_longer_to_the_next_city_than_within_one_and_says_why() -> None:
    travel = travel_between(BINHAI, XICHENG)
    assert 100 <= travel.minutes <= 150
    assert "高铁" in travel.reason and f"{travel.minutes} 分钟" in travel.reason


def test_far_away_people_fly_and_no_journey_exceeds_the_longest() -> None:
    assert "航班" in travel_between(CHAOYANG, SANYA).reason
    assert travel_between(CHAOYANG, PUDONG).minutes < travel_between(MOHE, SANYA).minutes <= 720


@given(places, places)
def test_travel_is_the_same_in_both_directions(one: Place, other: Place) -> None:
    assert travel_between(one, other).minutes == travel_between(other, one).minutes


@given(st.decimals(18, 52, places=3), st.decimals(0, 3, places=3), st.decimals(0, 3, places=3))
def test_a_longer_way_never_takes_less_time(south: Decimal, north: Decimal, more: Decimal) -> None:
    def to(latitude: Decimal) -> Place:
        return Place(None, "B", latitude, Decimal(110))

    here = Place(None, "A", south, Decimal(110))
    near, far = to(south + north), to(south + north + more)
    assert distance_km(here, near) <= distance_km(here, far) + 1e-6
    assert travel_between(here, near).minutes <= travel_between(here, far).minutes


def test_an_overlap_is_told_in_minutes() -> None:
    finding = find_clash(engagement(at(9, 30), at(11, 30)), engagement(at(10, 30), at(12), ONLINE))
    assert finding is not None
    assert (finding.kind, finding.minutes, finding.text) == ("overlap", 60, "重叠 60 分钟")


def test_too_short_a_journey_is_told_with_gap_and_need() -> None:
    finding = find_clash(engagement(at(13), at(14), XICHENG), engagement(at(9), at(11, 30), BINHAI))
    assert finding is not None
    assert finding.kind == "travel" and finding.gap == 90
    assert finding.minutes == finding.needed - 90
    assert finding.explanation.startswith("间隔 90 分钟。")


def test_in_one_building_the_next_hearing_may_begin_at_once() -> None:
    assert find_clash(engagement(at(9), at(10)), engagement(at(10), at(11))) is None


@given(engagements, engagements)
def test_a_clash_does_not_depend_on_the_order(one: Engagement, other: Engagement) -> None:
    assert find_clash(one, other) == find_clash(other, one)


@given(engagements, engagements, st.integers(1, 20))
def test_moving_the_later_one_away_never_makes_a_clash(one: Engagement, other: Engagement, steps: int) -> None:
    if one.starts_at > other.starts_at:
        one, other = other, one
    shift = steps * dt.timedelta(minutes=30)
    moved = Engagement(other.id, other.starts_at + shift, other.ends_at + shift, other.place)
    if find_clash(one, other) is None:
        assert find_clash(one, moved) is None


@given(engagements, engagements)
def test_whatever_clashes_lies_within_the_reach_of_the_search(one: Engagement, other: Engagement) -> None:
    earliest, latest, ends_after = reach(one.starts_at, one.ends_at)
    if find_clash(one, other) is not None:
        assert earliest < other.starts_at < latest and other.ends_at > ends_after


def test_a_search_that_ignored_journeys_would_miss_clashes() -> None:
    """The control of the test above: without the journey in the reach it finds a miss."""
    one, other = engagement(at(13), at(14), XICHENG), engagement(at(9), at(11, 30), BINHAI)
    assert find_clash(one, other) is not None
    assert not other.ends_at > one.starts_at


@given(st.lists(st.tuples(instants, lengths), max_size=12))
def test_entries_at_the_same_time_never_share_a_lane(spans: list[tuple[dt.datetime, dt.timedelta]]) -> None:
    times = [(start, start + length) for start, length in spans]
    lanes = lanes_of(times)
    for i, (a, b) in enumerate(times):
        assert 0 <= lanes[i].index < lanes[i].count
        crowd = [j for j, (c, d) in enumerate(times) if j != i and c < b and a < d]
        if lanes[i].count < 6:
            assert all(lanes[j].index != lanes[i].index and lanes[j].count == lanes[i].count for j in crowd)


def test_four_at_once_get_a_quarter_each() -> None:
    lanes = lanes_of([(at(9), at(12)), (at(9, 30), at(11)), (at(10), at(11)), (at(10, 30), at(12)), (at(14), at(15))])
    assert [(x.index, x.count) for x in lanes] == [(0, 4), (1, 4), (2, 4), (3, 4), (0, 1)]
