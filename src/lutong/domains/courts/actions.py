"""Loading the reference data. The only writer of these tables."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import models
from pypinyin import Style, lazy_pinyin

from lutong.domains.courts import queries, reference
from lutong.domains.courts.models import CaseTypeCode, Cause, Court, DocumentCode, Edition


def load_reference_data(*, now: dt.datetime) -> dict[str, int]:
    """Bring the tables to the state of the data files; a file already loaded is skipped.

    Rows are matched by id (courts, causes) or code (types, papers) and never deleted: a court that has closed
    keeps its row with a last day. Returns the rows written per file, 0 where nothing had changed.
    """
    loaded = {file: _load(file, now) for file in reference.FILES}
    if any(loaded.values()):
        queries.forget_cached()
    return loaded


def _load(file: str, now: dt.datetime) -> int:
    digest = reference.digest(file)
    if Edition.objects.filter(file=file, digest=digest).exists():
        return 0
    rows = _READERS[file]()
    _upsert(rows)  # one transaction; the mark comes last, so that a broken load is simply done again
    Edition.objects.update_or_create(file=file, defaults={"digest": digest, "rows": len(rows), "loaded_at": now})
    return len(rows)


def _upsert(rows: list[Any]) -> None:
    model: type[models.Model] = type(rows[0])
    key = model._meta.pk.name
    others = [f.attname for f in model._meta.concrete_fields if f.name not in (key, "address", "phone")]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=others, batch_size=2000
    )


def _courts() -> list[Court]:
    rows = reference.table("courts.csv")
    ids = {row["code"]: int(row["id"]) for row in rows}
    return [
        Court(
            id=ids[row["code"]],
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            level=int(row["level"]),
            kind=row["kind"],
            parent_id=ids[row["parent_code"]] if row["parent_code"] else None,
            province=row["province"],
            city=row["city"],
            division_code=row["division_code"],
            latitude=Decimal(row["latitude"]),
            longitude=Decimal(row["longitude"]),
            aliases=row["aliases"].split(";") if row["aliases"] else [],
            pinyin=row["pinyin"],
            initials=row["initials"],
            code_basis=row["basis"],
            active_to=dt.date.fromisoformat(row["active_to"]) if row["active_to"] else None,
            receives_civil_first=int(row["level"]) > 1 and row["kind"] != "military",
        )
        for row in rows
    ]


def _causes(*kinds: str) -> list[Cause]:
    return [
        Cause(
            id=row.id,
            name=row.name,
            kind=row.kind,
            level=row.level,
            parent_id=row.parent_id,
            position=row.position,
            number=row.number,
            path=row.path,
            initials="".join(lazy_pinyin(row.name, style=Style.FIRST_LETTER, errors="ignore")),
            valid_from=row.valid_from,
        )
        for row in reference.causes()
        if row.kind in kinds
    ]


def _types() -> list[CaseTypeCode]:
    return [
        CaseTypeCode(
            code=row["code"],
            label=row["label"],
            kind=row["kind"],
            active_to=dt.date.fromisoformat(row["active_to"]) if row["active_to"] else None,
        )
        for row in reference.table("case_types.csv")
    ]


def _documents() -> list[DocumentCode]:
    return [
        DocumentCode(position=place, **{k: row[k] for k in ("code", "label", "side", "producer")})
        for place, row in enumerate(reference.table("documents.csv"), start=1)
    ]


_READERS: dict[str, Callable[[], list[Any]]] = {
    "courts.csv": _courts,
    "causes_civil.txt": lambda: _causes(reference.CIVIL),
    "causes_other.txt": lambda: _causes(reference.ADMINISTRATIVE, reference.CRIMINAL),
    "case_types.csv": _types,
    "documents.csv": _documents,
}
