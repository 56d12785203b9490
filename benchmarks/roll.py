"""The roll of 850,000 lawyers: loading beside bare COPY, looking up beside the same SQL by bare psycopg.

Loading checks, seals and spreads each line over four tables with their indexes and keys; the bare side copies the
very same file, unchecked, into one table without any index, and the finished rows into the same four tables with all
their keys and indexes. It runs in a process of its own, under the settings of the second product.
"""

import csv
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks.measure import Line, at_least, at_most, interleaved, median, note, table
from benchmarks.world import environment, open_world
from lutong.kernel.identifiers import resident_id_check_digit, uscc_check_character
from lutong.site.config import load as load_config
from lutong.site.embedded.connection import VERIFICATION, conninfo, database_settings

TITLE = "roll of lawyers: load, look-up by number, people of a firm"
FULL, QUICK = 850_000, 20_000
FIRM_SIZE = 20
BURST = 400
PROVINCES = ("11", "31", "44", "33", "32", "51", "37", "42", "61", "50")
AIM_LOAD_MINUTES, AIM_LOAD, AIM_LOOK_UP = 10, 0.25, 0.5
TABLES = ("firm", "person", "licence", "licenceevent")


def rows(count: int) -> Iterator[dict[str, str]]:
    """So many fictional lawyers, twenty a firm; all were born long ago."""
    for place in range(count):
        firm, province = place // FIRM_SIZE, PROVINCES[place // FIRM_SIZE % len(PROVINCES)]
        body = f"31{province}0105MD{firm:07d}"
        birth, serial = divmod(place, 1000)
        person = f"110105{1860 + birth // 300:04d}{birth % 300 // 28 + 1:02d}{birth % 28 + 1:02d}{serial:03d}"
        yield {
            "number": f"1{province}01{2000 + place % 25}10{place:06d}", "kind": "full_time", "name": f"律师{place}",
            "sex": "男", "id_number": person + resident_id_check_digit(person), "mobile": f"139{place:08d}",
            "firm_uscc": body + uscc_check_character(body), "firm_name": f"第{firm}律师事务所", "firm_kind": "law_firm",
            "city": "某市", "granted_on": "2015-06-01", "document_no": f"司许〔2015〕{place}号", "period_to": "",
            "supervisor_no": "", "scope": "", "region": "",
        }  # fmt: skip


def run(count: int, rounds: int) -> list[Line]:
    from lutong.kernel import clock
    from lutong.verification.registry import loading, queries
    from lutong.verification.registry.actors import service

    owner = conninfo(load_config(), VERIFICATION.owner)
    with psycopg.connect(**owner, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE registry_firm, registry_person, registry_licence, registry_licenceevent, registry_change, "
            "registry_portrait CASCADE"
        )
    with TemporaryDirectory() as place:
        file = Path(place) / "roll.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, loading.COLUMNS)
            writer.writeheader()
            writer.writerows(rows(count))
        begun = time.perf_counter()
        loading.load_file(actor=service(), path=file, now=clock.now())
        ours = time.perf_counter() - begun
        bare = _bare_load(owner, file)
        same = _same_load(owner, Path(place))
    _work_as_the_application()
    chance = random.Random(20261122)
    sample = [row for row in rows(count) if chance.random() < 2000 / count]
    with psycopg.connect(**conninfo(load_config(), VERIFICATION.app), autocommit=True) as connection:
        found = interleaved(rounds, _look_ups(connection, queries, sample))
    return [
        note("ours", f"{count} in {ours:.1f} s, {count / ours:.0f}/s"),
        note("bare COPY, one table, no index", f"{count} in {bare:.1f} s, {count / bare:.0f}/s"),
        at_most("load: 850,000 at this rate", FULL * ours / count / 60, AIM_LOAD_MINUTES, "min"),
        note("bare COPY, the same four tables", f"{same:.1f} s, {count / same:.0f}/s"),
        at_least("load: share of that rate", same / ours, AIM_LOAD),
        note("load: share of the one table's rate", f"{bare / ours:.3f} ×"),
        *_lines("look-up by number", found["ours"], found["bare"]),
        *_lines("people of a firm", found["ours firm"], found["bare firm"]),
    ]


def _work_as_the_application() -> None:
    """Loading was the owner's; look-ups are asked as the service asks them: its role, its prepared statements."""
    from django.db import connection

    del os.environ["LUTONG_DB_AS"]
    connection.close()
    settings = database_settings(load_config(), VERIFICATION)
    settings["OPTIONS"].pop("pool")  # one thread
    connection.settings_dict.update(settings)


def _bare_load(owner: dict[str, Any], file: Path) -> float:
    with psycopg.connect(**owner) as connection, file.open("rb") as source:
        header = source.readline().decode().strip().split(",")
        connection.execute(f"CREATE TEMP TABLE bare ({', '.join(f'{name} text' for name in header)}) ON COMMIT DROP")
        begun = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy("COPY bare FROM STDIN WITH (FORMAT csv)") as copy:
            while piece := source.read(1 << 20):
                copy.write(piece)
        return time.perf_counter() - begun


def _same_load(owner: dict[str, Any], place: Path) -> float:
    """The rows that our load has made, by COPY into the same tables with all their keys and indexes."""
    with psycopg.connect(**owner) as connection, connection.cursor() as cursor:
        for name in TABLES:
            with (
                (place / name).open("wb") as out,
                cursor.copy(f"COPY registry_{name} TO STDOUT (FORMAT binary)") as copy,
            ):
                for piece in copy:
                    out.write(piece)
        cursor.execute(f"TRUNCATE {', '.join(f'registry_{name}' for name in TABLES)} CASCADE")
        connection.commit()
        begun = time.perf_counter()
        for name in TABLES:
            source = (place / name).open("rb")
            with source, cursor.copy(f"COPY registry_{name} FROM STDIN (FORMAT binary)") as copy:
                while piece := source.read(1 << 20):
                    copy.write(piece)
        cursor.execute(f"ANALYZE {', '.join(f'registry_{name}' for name in TABLES)}")
        connection.commit()
        return time.perf_counter() - begun


def _look_ups(connection: psycopg.Connection[Any], queries: Any, sample: list[dict[str, str]]) -> dict[str, Any]:
    chance = random.Random(7)

    def timed(ask: Callable[[dict[str, str]], Any]) -> Callable[[], float]:
        def burst() -> float:
            times = []
            for _ in range(BURST):
                row = chance.choice(sample)
                begun = time.perf_counter()
                assert ask(row), row
                times.append(time.perf_counter() - begun)
            return median(times) * 1000

        return burst

    def bare(sql: str, **values: Any) -> list[Any]:
        return connection.execute(sql, values, prepare=True).fetchall()

    return {
        "ours": timed(lambda row: queries.get_licence(number=row["number"])),
        "bare": timed(lambda row: bare(queries.BY_NUMBERS, numbers=[row["number"]])),
        "ours firm": timed(lambda row: queries.list_firm_people(uscc=row["firm_uscc"], after="", limit=200)),
        "bare firm": timed(lambda row: bare(queries.BY_FIRM, uscc=row["firm_uscc"], after="", limit=200)),
    }


def _lines(what: str, ours: list[float], bare: list[float]) -> list[Line]:
    return [
        at_most(f"{what}: ours p50", median(ours), 5, "ms"),
        at_least(f"{what}: bare psycopg / ours", median(bare) / median(ours), AIM_LOOK_UP),
    ]


def main() -> None:
    environment()
    quick = os.environ.get("LUTONG_BENCH") == "quick"
    with open_world(full=not quick, rounds=3 if quick else 7) as world:
        os.environ["DJANGO_SETTINGS_MODULE"] = "lutong.verification.settings"
        os.environ["LUTONG_DB_AS"] = "owner"  # loading makes a temporary table
        import django

        django.setup()
        print(table(TITLE, run(FULL if world.full else QUICK, world.rounds)), flush=True)


if __name__ == "__main__":
    main()
