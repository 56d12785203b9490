"""The dated data files of this package as plain rows. Pure Python: no Django, no database."""

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

CIVIL, ADMINISTRATIVE, CRIMINAL = "civil", "administrative", "criminal"
CIVIL_SINCE = dt.date(2026, 1, 1)  # 法〔2025〕227号, third amendment of the regulation
OTHER_SINCE = dt.date(2021, 1, 1)  # 法〔2020〕44号, administrative causes

FILES = ("courts.csv", "causes_civil.txt", "causes_other.txt", "case_types.csv", "documents.csv")


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One line of the tree of causes; `number` is the regulation's own number of a third level."""

    id: int
    name: str
    kind: str
    level: int
    parent_id: int | None
    position: int
    number: int | None
    path: str
    valid_from: dt.date


def text(name: str) -> str:
    return (files("lutong.domains.courts") / "data" / name).read_text(encoding="utf-8")


def digest(name: str) -> str:
    return hashlib.sha256(text(name).encode()).hexdigest()


def table(name: str) -> list[dict[str, str]]:
    """A CSV file without its comment lines."""
    return list(csv.DictReader(line for line in text(name).splitlines() if not line.startswith("#")))


@lru_cache
def type_codes() -> frozenset[str]:
    """Every 类型代字 that a case number may carry, also those no longer given."""
    return frozenset(row["code"] for row in table("case_types.csv"))


def causes() -> list[CauseRow]:
    """The civil tree of four levels, then the short trees of administrative and private-prosecution cases."""
    return [*_civil(), *_other()]


def _lines(name: str) -> Iterator[str]:
    return (line for line in text(name).splitlines() if line and not line.startswith("#"))


def _path(*names: str) -> str:
    """The way down, without saying a name twice where the regulation repeats it (人格权纠纷 > 人格权纠纷)."""
    kept = [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]
    return " > ".join(kept)


def _civil() -> Iterator[CauseRow]:
    """Ids: 1–12, 101–159, 1001–1514 and 1001xx–1514xx follow the regulation's own order and never change."""
    first = second = 0
    number = 0
    names = ["", ""]
    for position, line in enumerate(_lines("causes_civil.txt"), start=1):
        if line.startswith("== "):
            first, names[0] = first + 1, line[3:]
            yield CauseRow(first, names[0], CIVIL, 1, None, position, None, names[0], CIVIL_SINCE)
        elif line.startswith("= "):
            second, names[1] = second + 1, line[2:]
            path = _path(*names)
            yield CauseRow(100 + second, names[1], CIVIL, 2, first, position, None, path, CIVIL_SINCE)
        else:
            number += 1
            name, _, below = line.partition("：")
            third = 1000 + number
            yield CauseRow(third, name, CIVIL, 3, 100 + second, position, number, _path(*names, name), CIVIL_SINCE)
            for place, child in enumerate(below.split("｜") if below else (), start=1):
                path = _path(*names, name, child)
                yield CauseRow(third * 100 + place, child, CIVIL, 4, third, place, None, path, CIVIL_SINCE)


def _other() -> Iterator[CauseRow]:
    """Ids: administrative 20100–29999, private prosecution 30100–39999; two levels."""
    kind, base, first, place, above = "", 0, 0, 0, ""
    for line in _lines("causes_other.txt"):
        if line.startswith("@ "):
            kind, first = line[2:], 0
            base = {ADMINISTRATIVE: 20_000, CRIMINAL: 30_000}[kind]
        elif line.startswith("== "):
            first, place, above = first + 1, 0, line[3:]
            yield CauseRow(base + first * 100, above, kind, 1, None, first, None, above, OTHER_SINCE)
        else:
            place += 1
            parent = base + first * 100
            yield CauseRow(parent + place, line, kind, 2, parent, place, None, _path(above, line), OTHER_SINCE)
