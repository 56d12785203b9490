"""The clash check for three counsel, and the search for free times, on a national calendar that grows.

Ours is the product's own search (one statement on a bounded stretch of one index, then the rule); the peer is the
plain check that reads each lawyer's whole calendar and applies the same rule. Sizes are grown in turn; only ratios
are printed. Aims: p50 grows at most 1.5 times from 0.1 M entries to the largest size; free times in at most 5 ms.

`python -m benchmarks.clashes [entries]`, 1,000,000 by default.
"""

import datetime as dt
import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import django
import psycopg

SMALL = 100_000
PER_LAWYER = 40  # density is held: more entries are more lawyers
QUERIES = 200
AIM_GROWTH, AIM_FREE_MS = 1.5, 5.0
START = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
DAYS = 250
CITIES = (("北京市", 39.9, 116.4), ("上海市", 31.2, 121.5), ("广州市", 23.1, 113.3), ("成都市", 30.6, 104.1))
COLUMNS = (
    "lawyer_id, id, court_id, number, case_title, kind, title, place, mode, latitude, longitude, city, starts_at, "
    "ends_at, scheduled_at, active, version, proof_name"
)


def fill(connection: psycopg.Connection[Any], first: int, after: int, chance: random.Random) -> None:
    """Add the calendars of lawyers `first`…`after` by COPY."""
    with connection.cursor() as cursor, cursor.copy(f"COPY hearings_lawyerhearing ({COLUMNS}) FROM STDIN") as copy:
        for lawyer_id in range(first, after):
            for _ in range(PER_LAWYER):
                city, latitude, longitude = chance.choice(CITIES)
                start = START + dt.timedelta(days=chance.randrange(DAYS), minutes=15 * chance.randrange(4, 36))
                copy.write_row((
                    lawyer_id, uuid.uuid4(), chance.randrange(1, 3000), "", "", "trial", "开庭", "", "onsite",
                    latitude, longitude, city, start, start + dt.timedelta(minutes=chance.choice((60, 90, 120))),
                    START, True, 1, "",
                ))  # fmt: skip
    connection.commit()
    connection.execute("ANALYZE hearings_lawyerhearing")
    connection.commit()


def median_ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(QUERIES):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def measure(lawyers: int, chance: random.Random) -> tuple[float, float, float]:
    """Median ms of (our search, reading whole calendars, free times) at this size."""
    from lutong.domains.hearings import rules
    from lutong.domains.hearings.models import LawyerHearing
    from lutong.domains.hearings.queries import clashes, proposals
    from lutong.kernel.acting import reading
    from lutong.kernel.actor import system
    from lutong.kernel.holidays import published

    place = rules.Place(1, "北京市", exact(39.9), exact(116.4))

    def wanted() -> Any:
        start = START + dt.timedelta(days=chance.randrange(DAYS), hours=chance.randrange(1, 8))
        return rules.Engagement(uuid.uuid4(), start, start + dt.timedelta(hours=2), place)

    def some(count: int) -> list[int]:
        return chance.sample(range(1, lawyers), count)

    def ours() -> object:
        return clashes.search(lawyer_ids=some(3), wanted=wanted())

    def plain() -> object:
        asked = wanted()
        everything = LawyerHearing.objects.filter(lawyer_id__in=some(3))
        return [e for e in everything if rules.find_clash(asked, clashes.engagement_of(e))]

    searched = rules.working_days(after=START.date(), count=30, table=published())

    def free() -> object:
        taken = proposals._taken(1, 1, [str(uuid.uuid4())], some(4), searched, uuid.uuid4())
        return rules.free_slots(
            days=searched, minutes=60, wanted=wanted(), judge=taken.judge, rooms=taken.rooms, counsel=taken.counsel,
            not_before=START, limit=10,
        )  # fmt: skip

    with reading(system(1)):
        for warm in (ours, plain, free):
            warm()
        return median_ms(ours), median_ms(plain), median_ms(free)


def exact(value: float) -> Any:
    from decimal import Decimal

    return Decimal(str(value))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.db import connections

    from tests.support.cluster import shared_cluster
    from tests.support.databases import cloned_database, template_database

    largest = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("BENCH_ENTRIES", "1000000"))
    chance = random.Random(20261121)
    with shared_cluster() as cluster, cloned_database(cluster, template_database(cluster)) as database:
        connections["default"].settings_dict["NAME"] = database.name
        with psycopg.connect(**database.conninfo("lutong_owner")) as owner:
            small, large = SMALL // PER_LAWYER, max(largest, SMALL) // PER_LAWYER
            fill(owner, 1, small, chance)
            ours_small, plain_small, free_small = measure(small, chance)
            fill(owner, small, large, chance)
            ours_large, plain_large, free_large = measure(large, chance)
        connections.close_all()
    growth = ours_large / ours_small
    print(f"clash check, {largest:,} entries over {SMALL:,}: p50 x {growth:.2f} (aim <= {AIM_GROWTH})")
    print(f"clash check, whole calendars over ours: x {plain_small / ours_small:.1f}, x {plain_large / ours_large:.1f}")
    print(f"free times, share of the aim of {AIM_FREE_MS:g} ms: {free_large / AIM_FREE_MS:.2f} (aim <= 1), "
          f"growth x {free_large / free_small:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
