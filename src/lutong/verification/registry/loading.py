"""批量载入: a whole roll from one table file, checked line by line and brought in by COPY, all of it or nothing."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.db import connection

from lutong.gateways.registry.port import EventKind, LicenceKind
from lutong.kernel.acting import action
from lutong.kernel.clock import beijing_date
from lutong.kernel.identifiers import check_licence_no, check_mobile, check_resident_id, check_uscc
from lutong.kernel.sealed import seal
from lutong.verification.registry.actions.trail import record
from lutong.verification.registry.actors import BureauActor
from lutong.verification.registry.bodies import FIRMS_OF, PROVINCES, FirmKind, province_of
from lutong.verification.registry.models import blind
from lutong.verification.registry.rules import Fact, standing

COLUMNS = (
    "number", "kind", "name", "sex", "id_number", "mobile", "firm_uscc", "firm_name", "firm_kind", "city", "granted_on",
    "document_no", "period_to", "supervisor_no", "scope", "region",
)  # fmt: skip
MOST_ERRORS = 100
_STAGE = """
CREATE TEMP TABLE coming (
    number text, kind text, name text, sex text, id_number bytea, id_blind text, mobile bytea, firm_uscc text,
    firm_name text, firm_kind text, bureau text, city text, granted_on date, document_no text, period_to date,
    supervisor_no text, scope jsonb, region text, status text, status_reason text, status_since date,
    next_change_on date
) ON COMMIT DROP
"""
_STEPS = (
    """
    INSERT INTO registry_firm (uscc, name, kind, bureau, city, division)
    SELECT DISTINCT ON (firm_uscc) firm_uscc, firm_name, firm_kind, bureau, city, substr(firm_uscc, 3, 6) FROM coming
    ON CONFLICT (uscc) DO NOTHING
    """,
    """
    INSERT INTO registry_person (name, sex, id_number, id_blind, mobile, assured_by)
    SELECT DISTINCT ON (id_blind) name, sex, id_number, id_blind, mobile, '' FROM coming
    ON CONFLICT (id_blind) DO NOTHING
    """,
    """
    INSERT INTO registry_licence (number, person_id, kind, bureau, firm_id, scope, region, granted_on, period_to,
        status, status_reason, status_since, next_change_on)
    SELECT c.number, p.id, c.kind, c.bureau, f.id, c.scope, c.region, c.granted_on, c.period_to,
        c.status, c.status_reason, c.status_since, c.next_change_on
    FROM coming c JOIN registry_person p USING (id_blind) JOIN registry_firm f ON f.uscc = c.firm_uscc
    """,
    """
    UPDATE registry_licence l SET supervisor_id = s.id
    FROM coming c JOIN registry_licence s ON s.number = c.supervisor_no
    WHERE l.number = c.number AND c.supervisor_no <> ''
    """,
    """
    INSERT INTO registry_licenceevent (licence_id, kind, effective_on, until_on, reason, article, document_no, firm_id,
        bureau, source, recorded_at, recorded_by)
    SELECT l.id, 'grant', c.granted_on, c.period_to, '批量载入', '', c.document_no, l.firm_id,
        c.bureau, 'load', %(now)s, '核验平台'
    FROM coming c JOIN registry_licence l USING (number)
    """,
    "ANALYZE registry_firm, registry_person, registry_licence, registry_licenceevent",
)
_CLASHES = {
    "文件中证号重复": "SELECT number FROM coming GROUP BY number HAVING count(*) > 1 LIMIT 20",
    "证号已在名册中": "SELECT number FROM coming JOIN registry_licence USING (number) LIMIT 20",
    "同一人有两个有效的证": """
        SELECT min(number) FROM coming WHERE status = 'active' GROUP BY id_blind HAVING count(*) > 1 LIMIT 20
    """,
    "该人在名册中已有有效的证": """
        SELECT c.number FROM coming c JOIN registry_person p USING (id_blind)
        JOIN registry_licence l ON l.person_id = p.id AND l.status IN ('active', 'suspended')
        WHERE c.status = 'active' LIMIT 20
    """,
    "指导律师不在名册中": """
        SELECT c.number FROM coming c WHERE c.supervisor_no <> ''
        AND NOT EXISTS (SELECT FROM coming s WHERE s.number = c.supervisor_no)
        AND NOT EXISTS (SELECT FROM registry_licence s WHERE s.number = c.supervisor_no) LIMIT 20
    """,
}


class LoadRefused(Exception):
    """Nothing was loaded; the message lists lines and reasons."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came in."""

    licences: int


def load_file(*, actor: BureauActor, path: Path, now: dt.datetime) -> Loaded:
    """Load a CSV file (UTF-8, with the header of `COLUMNS`). Raises LoadRefused with the first hundred faults.

    Grants only: what happened to a licence since is reported by its bureau. Relying parties are told nothing of a load;
    they ask about whom they know.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise LoadRefused(f"缺少列 missing columns: {', '.join(sorted(missing))}")
        return load(actor=actor, rows=reader, now=now)


@action
def load(*, actor: BureauActor, rows: Iterable[dict[str, str]], now: dt.datetime) -> Loaded:
    """Load rows with the fields of `COLUMNS`, in one transaction, as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("COPY coming FROM STDIN") as copy:
            for row in _checked(rows, beijing_date(now)):
                copy.write_row(row)
        _refuse_clashes(cursor)
        for statement in _STEPS:
            cursor.execute(statement, {"now": now} if "%(now)s" in statement else None)
        cursor.execute("SELECT count(*) FROM coming")
        count = int(cursor.fetchone()[0])
    record(actor=actor, act="load", subject="", now=now, licences=count)
    return Loaded(count)


def _refuse_clashes(cursor: Any) -> None:
    cursor.execute("CREATE INDEX ON coming (number)")
    cursor.execute("ANALYZE coming")
    for sentence, sql in _CLASHES.items():
        cursor.execute(sql)
        if found := [number for (number,) in cursor.fetchall()]:
            raise LoadRefused(f"{sentence}：{'、'.join(found)}")


def _checked(rows: Iterable[dict[str, str]], today: dt.date) -> Iterator[tuple[Any, ...]]:
    """Each row as the stage takes it; faults are gathered, and refused together."""
    faults: list[str] = []
    firms: dict[str, str | None] = {}
    for line, row in enumerate(rows, 2):
        try:
            yield _row(row, today, firms)
        except ValueError as fault:
            faults.append(f"第 {line} 行 {row.get('number', '')}：{fault}")
            if len(faults) == MOST_ERRORS:
                break
    if faults:
        raise LoadRefused("\n".join(faults))


def _row(row: dict[str, str], today: dt.date, firms: dict[str, str | None]) -> tuple[Any, ...]:
    if any(value is None or "\0" in value or len(value) > 300 for value in row.values()):
        raise ValueError("列数不符，或者内容过长、含有控制字符")
    kind, firm_kind = LicenceKind(row["kind"]), FirmKind(row["firm_kind"])
    granted_on = dt.date.fromisoformat(row["granted_on"])
    period_to = dt.date.fromisoformat(row["period_to"]) if row["period_to"] else None
    bureau = province_of(row["number"], kind)
    uscc = row["firm_uscc"]
    if uscc not in firms:
        firms[uscc] = check_uscc(uscc)
    _objections(row, kind, firm_kind, bureau, firms[uscc], today)
    if granted_on > today:
        raise ValueError("准予之日晚于今天")
    held = standing([Fact(EventKind.GRANT, granted_on, period_to)], on=today)
    if held is None:
        raise ValueError("准予之日无效")
    return (
        row["number"], kind.value, row["name"], row["sex"], _sealed(row["id_number"], "id_number"),
        blind(row["id_number"]), _sealed(row["mobile"], "mobile"), uscc, row["firm_name"], firm_kind.value, bureau,
        row["city"], granted_on, row["document_no"], period_to, row["supervisor_no"],
        orjson.dumps([word for word in row["scope"].split("、") if word]).decode(), row["region"], held.status.value,
        held.reason, held.since, held.next_change_on,
    )  # fmt: skip


def _objections(
    row: dict[str, str], kind: LicenceKind, firm_kind: FirmKind, bureau: str, wrong_uscc: str | None, today: dt.date
) -> None:
    """Raise with the first thing that is wrong."""
    if bureau not in PROVINCES:
        raise ValueError("号码中的行政区划代码无效")
    if firm_kind not in FIRMS_OF[kind]:
        raise ValueError(f"{kind.label}不能在{firm_kind.label}执业")
    if not (2 <= len(row["name"]) <= 60 and row["sex"] in ("男", "女") and 4 <= len(row["document_no"]) <= 60):
        raise ValueError("姓名、性别或者文书号不符")
    if (kind is LicenceKind.TRAINEE) != bool(row["period_to"] and row["supervisor_no"]):
        raise ValueError("实习人员应当有实习期满之日和指导律师，其他人员没有")
    if (kind is LicenceKind.GRASSROOTS) != bool(row["scope"] and row["region"]):
        raise ValueError("基层法律服务工作者应当有业务范围和执业区域，其他人员没有")
    wrong = wrong_uscc or check_resident_id(row["id_number"], today=today) or check_mobile(row["mobile"])
    if kind.is_lawyer:
        wrong = wrong or check_licence_no(row["number"], today=today)
    if wrong:
        raise ValueError(wrong)


def _sealed(value: str, column: str) -> bytes:
    return seal(orjson.dumps(value), bound_to=f"registry_person.{column}")
