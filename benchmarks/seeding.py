"""Two million cases of fifty thousand lawyers, loaded by COPY with the indexes built afterwards."""

import base64
import datetime as dt
import hashlib
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg

FIRST = 5_000_000  # person ids of the benchmark's lawyers begin here
CASES, LAWYERS = 2_000_000, 50_000
QUICK_CASES, QUICK_LAWYERS = 200_000, 5_000
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
CHUNK = 20_000

COURTS = ("北京市朝阳区人民法院", "上海市浦东新区人民法院", "广州市天河区人民法院", "成都市武侯区人民法院")
CAUSES = ("民间借贷纠纷", "买卖合同纠纷", "劳动争议", "机动车交通事故责任纠纷")
NAMES = ("苏晚晴", "程屿舟", "林见川", "沈知遥", "陆星河", "温以宁")
STAGES = ("trial", "mediation", "fee_due", "decided", "closed")
COLUMNS = (
    "lawyer_id", "id", "court_id", "court_name", "number", "title", "cause_name", "stage", "side", "party_name",
    "judge_name", "amount_fen", "filed_at", "next_hearing_at", "active", "search",
)  # fmt: skip


def token_of(person_id: int) -> str:
    """The API token of a benchmark's lawyer: as long and as shaped as a real one, but known in advance."""
    secret = base64.urlsafe_b64encode(hashlib.sha256(f"bench {person_id}".encode()).digest()).decode().rstrip("=")
    return f"lt_{person_id}_{secret}"


def fill_cases(connection: psycopg.Connection[Any], *, full: bool) -> tuple[int, int]:
    """Bring the table to the wanted size unless it has it; answers (cases, lawyers)."""
    cases, lawyers = (CASES, LAWYERS) if full else (QUICK_CASES, QUICK_LAWYERS)
    have = connection.execute("SELECT count(*) FROM cases_lawyercase WHERE lawyer_id >= %s", [FIRST]).fetchone()
    if have != (cases,):
        begun = time.monotonic()
        _fill_lawyers(connection, lawyers)
        _fill_lists(connection, cases, lawyers)
        print(f"loaded {cases:,} cases of {lawyers:,} lawyers in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    # A token notes its use every ten minutes; in steady state nearly every call only reads.
    connection.execute("UPDATE identity_apitoken SET last_used_at = now() WHERE lawyer_id >= %s", [FIRST])
    connection.execute("VACUUM (ANALYZE) identity_apitoken")
    return cases, lawyers


def _fill_lawyers(connection: psycopg.Connection[Any], lawyers: int) -> None:
    for table, column in (("identity_apitoken", "lawyer_id"), ("identity_lawyer", "lawyer_id"),
                          ("identity_account", "id")):  # fmt: skip
        connection.execute(f"DELETE FROM {table} WHERE {column} >= {FIRST}")
    people = range(FIRST, FIRST + lawyers)
    _copy(connection, "identity_account", ("id", "password", "sign_name", "email", "name", "is_active", "created_at"),
          (f"{n}\t!\tB{n}\t\t律师{n}\tt\t{START}" for n in people))  # fmt: skip
    _copy(connection, "identity_lawyer",
          ("lawyer_id", "licence_no", "name", "firm_name", "firm_uscc", "kind", "province", "status", "status_label",
           "status_reason", "remedy", "checked_at", "assertion_id"),
          (f"{n}\tB{n}\t律师{n}\t北京衡准律师事务所\t\t专职律师\t\tactive\t执业\t\t\t{START}\t"
           for n in people))  # fmt: skip
    _copy(connection, "identity_apitoken",
          ("lawyer_id", "id", "name", "digest", "scopes", "created_at", "last_used_at"),
          (f"{n}\t{_uuid(n)}\t律所系统\t{hashlib.sha256(token_of(n).encode()).hexdigest()}"
           f'\t["cases:read", "filing:read", "filing:write"]\t{START}\t{START}' for n in people))  # fmt: skip
    for table in ("identity_account", "identity_lawyer", "identity_apitoken"):
        connection.execute(f"VACUUM (ANALYZE) {table}")


def _fill_lists(connection: psycopg.Connection[Any], cases: int, lawyers: int) -> None:
    connection.execute("TRUNCATE cases_lawyercase")
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'cases_lawyercase' AND indexname NOT LIKE '%pkey'"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    _copy(connection, "cases_lawyercase", COLUMNS, _rows(cases, lawyers))
    for _, definition in indexes:
        connection.execute(definition)
    connection.execute("VACUUM (ANALYZE) cases_lawyercase")


def _rows(cases: int, lawyers: int) -> Iterator[str]:
    """Rows in the order in which courts would have registered them: lawyers come at random."""
    dice = random.Random(20260101)
    step = dt.timedelta(days=1000) / cases
    for n in range(cases):
        at = START + n * step
        court, cause, party = n % len(COURTS), dice.randrange(len(CAUSES)), NAMES[dice.randrange(len(NAMES))]
        other = NAMES[dice.randrange(len(NAMES))]
        number = f"（{at.year}）京{n % 9999:04d}民初{n}号"
        title = f"{party} 诉 {other} {CAUSES[cause]}"
        yield "\t".join(
            (
                str(FIRST + dice.randrange(lawyers)), _uuid(n), str(court + 1), COURTS[court], number, title,
                CAUSES[cause], STAGES[n % 5], "plaintiff", party, "许知行", str(dice.randrange(100_000, 90_000_000)),
                str(at), str(at + dt.timedelta(days=40)) if n % 3 else "\\N", "t", f"{number} {title} {COURTS[court]}",
            )
        )  # fmt: skip


def _uuid(n: int) -> str:
    return f"01980000-0000-7{n >> 48 & 0xFFF:03x}-8000-{n & 0xFFFFFFFFFFFF:012x}"


def _copy(connection: psycopg.Connection[Any], name: str, columns: tuple[str, ...], lines: Iterator[str]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor().copy(f'COPY "{name}" ({listed}) FROM STDIN') as copy:
        held: list[str] = []
        for line in lines:
            held.append(line)
            if len(held) == CHUNK:
                copy.write("\n".join(held) + "\n")
                held.clear()
        if held:
            copy.write("\n".join(held) + "\n")
