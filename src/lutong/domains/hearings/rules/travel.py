"""在途时间: how many minutes a lawyer needs from one place to another, with the reckoning in words.

民诉法解释第二百二十七条 wants the necessary travel time for those from elsewhere but gives no number: the
numbers here are the platform's own estimate between the cities of two courts, and are shown as such.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

EARTH_KM = 6371.0088
STEP_MINUTES = 5  # estimates are rounded up to this


@dataclass(frozen=True, slots=True)
class Estimate:
    """The platform's numbers. Speeds in km/h, buffers (door to door, waiting, city traffic) in minutes."""

    same_city: int = 60
    online: int = 15
    detour: float = 1.25  # length of the way over the length of the great circle
    rail_speed: float = 200.0
    rail_buffer: int = 75
    air_speed: float = 700.0
    air_buffer: int = 240
    longest: int = 12 * 60


ESTIMATE = Estimate()


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody must be. `court_id` marks a building; without a city only overlaps can be judged."""

    court_id: int | None = None
    city: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    online: bool = False

    @property
    def known(self) -> bool:
        return self.latitude is not None and self.longitude is not None


ONLINE = Place(online=True)
NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Travel:
    """The minutes needed between two places, and why."""

    minutes: int
    reason: str


def travel_between(one: Place, other: Place, estimate: Estimate = ESTIMATE) -> Travel:
    """The time needed between two engagements, the same in both directions, in minutes."""
    if one.online or other.online:
        return Travel(estimate.online, f"其中一场为线上，预留 {estimate.online} 分钟切换")
    if one.court_id is not None and one.court_id == other.court_id:
        return Travel(0, "同一法院，无需在途")
    if not (one.known and other.known):
        return Travel(0, "有一处地点不明，只核对时间是否重叠")
    if one.city and one.city == other.city:
        return Travel(estimate.same_city, f"同在{one.city}，市内约需 {estimate.same_city} 分钟")
    return _between_cities(one, other, estimate)


def _between_cities(one: Place, other: Place, estimate: Estimate) -> Travel:
    way = distance_km(one, other) * estimate.detour
    rail = estimate.rail_buffer + way / estimate.rail_speed * 60
    air = estimate.air_buffer + way / estimate.air_speed * 60
    means, raw = ("高铁加市内", rail) if rail <= air else ("航班加市内", air)
    minutes = max(estimate.same_city, math.ceil(raw / STEP_MINUTES) * STEP_MINUTES)
    minutes = min(minutes, estimate.longest)
    ends = f"{one.city or '起点'}与{other.city or '终点'}"
    return Travel(minutes, f"{ends}相距约 {way:.0f} 公里，{means}约需 {minutes} 分钟")


def distance_km(one: Place, other: Place) -> float:
    """The great circle between two known places, in kilometres."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        raise ValueError("both places must be known")
    phi1, phi2 = math.radians(one.latitude), math.radians(other.latitude)
    half_phi = (phi2 - phi1) / 2
    half_lambda = math.radians(float(other.longitude) - float(one.longitude)) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))
