"""Looking up courts, causes, type codes and papers. Reference data is public, so nobody's name is asked.

The tables are small and change only with a release: they are read once per process and kept.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from lutong.domains.courts import models
from lutong.domains.courts.entries import CauseInfo, CourtInfo, DocumentInfo, TypeInfo
from lutong.domains.courts.rules import (
    CaseNumber,
    Ground,
    Warning,
    accept_case_number,
    compose_case_number,
    court_warnings,
    jurisdiction_reasons,
    parse_case_number,
)
from lutong.kernel.errors import NotFound

__all__ = [
    "CaseNumber", "CauseInfo", "CourtInfo", "DocumentInfo", "Ground", "TypeInfo", "Warning", "accept_case_number",
    "cause_tree", "child_causes", "compose_case_number", "court_warnings", "courts_of", "document_code",
    "document_label", "find_court_of_number", "forget_cached", "get_cause", "get_court", "get_court_by_code",
    "jurisdiction_reasons", "list_documents", "list_provinces", "list_types", "parse_case_number", "search_causes",
    "search_courts", "type_code",
]  # fmt: skip

_LARGEST_LIMIT = 20
_WHOLE_DIRECTORY = 3000  # a half-filled table, as in a test, is read anew each time

T = TypeVar("T")
K = TypeVar("K")


class _Shelf:
    """What one process keeps of the tables."""

    def __init__(self) -> None:
        self.courts = _by_id(_read_courts())
        self.court_codes = {court.code: court for court in self.courts.values()}
        self.causes = _by_id(_read_causes())
        self.children: dict[int | None, list[CauseInfo]] = {}
        for cause in self.causes.values():
            self.children.setdefault(cause.parent_id, []).append(cause)
        self.types = {t.code: TypeInfo(t.code, t.label, t.kind, t.active_to) for t in models.CaseTypeCode.objects.all()}
        self.documents = {
            d.code: DocumentInfo(d.code, d.label, d.side, d.producer) for d in models.DocumentCode.objects.all()
        }


_kept: list[_Shelf] = []


def _shelf() -> _Shelf:
    if _kept:
        return _kept[0]
    shelf = _Shelf()
    if len(shelf.courts) >= _WHOLE_DIRECTORY and shelf.causes and shelf.types and shelf.documents:
        _kept.append(shelf)
    return shelf


def forget_cached() -> None:
    """Read the tables anew at the next question; called after loading."""
    _kept.clear()


def get_court(*, court_id: int) -> CourtInfo:
    """One court, also a closed one. Raises NotFound."""
    return _found(_shelf().courts.get(court_id), "没有这个法院，请从法院名录中选择")


def get_court_by_code(*, code: str) -> CourtInfo:
    """The court with this 法院代字, for example 京0105. Raises NotFound."""
    return _found(_shelf().court_codes.get(code.strip()), f"没有代字为“{code.strip()[:10]}”的法院")


def find_court_of_number(*, text: str) -> CourtInfo | None:
    """The court that gave this case number; None for historic numbers and unknown courts."""
    number = parse_case_number(text)
    return _shelf().court_codes.get(number.court_code) if number else None


def search_courts(*, text: str = "", province: str = "", level: int | None = None, limit: int = 20) -> list[CourtInfo]:
    """Courts by name, short name, alias, 代字, 拼音 or first letters, best first, at most 20; closed ones left out.

    `level`: 1 最高, 2 高级, 3 中级, 4 基层. An empty text lists the courts of the province in their official order.
    """
    wanted = _plain(text)
    pool = (
        court
        for court in _shelf().courts.values()
        if court.active_to is None
        and (not province or court.province == province)
        and (level is None or court.level == level)
    )
    return _best(pool, wanted, _court_rank, limit)


def list_provinces() -> list[str]:
    """The provinces that have courts, in their official order."""
    return list(dict.fromkeys(court.province for court in _shelf().courts.values() if court.level == 2))


def courts_of(*, province: str, level: int | None = None) -> list[CourtInfo]:
    """All open courts of a province, higher levels first."""
    chosen = (c for c in _shelf().courts.values() if c.province == province and c.active_to is None)
    return sorted((c for c in chosen if level is None or c.level == level), key=lambda c: (c.level, c.id))


def get_cause(*, cause_id: int) -> CauseInfo:
    """One cause of action. Raises NotFound."""
    return _found(_shelf().causes.get(cause_id), "没有这个案由，请从案由目录中选择")


def search_causes(*, text: str, kind: str = "civil", limit: int = 20) -> list[CauseInfo]:
    """Causes by name or first letters, best first, at most 20. `kind`: civil, administrative, criminal."""
    wanted = _plain(text)
    pool = (cause for cause in _shelf().causes.values() if cause.kind == kind and cause.level > 1)
    return _best(pool, wanted, _cause_rank, limit)


def cause_tree(*, kind: str = "civil") -> list[CauseInfo]:
    """The first levels of a tree; what is below comes from `child_causes`."""
    return [cause for cause in _shelf().children.get(None, []) if cause.kind == kind]


def child_causes(*, parent_id: int) -> list[CauseInfo]:
    """The causes directly below one. Raises NotFound for an unknown parent."""
    get_cause(cause_id=parent_id)
    return list(_shelf().children.get(parent_id, []))


def type_code(*, code: str) -> TypeInfo:
    """What a 类型代字 means. Raises NotFound."""
    return _found(_shelf().types.get(code), f"没有类型代字“{code[:6]}”")


def list_types(*, kind: str = "") -> list[TypeInfo]:
    """The type codes still given, of one kind (civil, enforcement …) or all."""
    return [t for t in _shelf().types.values() if t.active_to is None and (not kind or t.kind == kind)]


def document_code(*, code: str) -> DocumentInfo:
    """A slot of a filing or a paper of the court. Raises NotFound."""
    return _found(_shelf().documents.get(code), "没有这种材料")


def document_label(code: str) -> str:
    """The Chinese name of a slot or paper; the code itself when it is unknown, so that a page never breaks."""
    known = _shelf().documents.get(code)
    return known.label if known else code


def list_documents(*, producer: str = "") -> list[DocumentInfo]:
    """Slots and papers in file order, those of one producer (lawyer, court) or all."""
    return [d for d in _shelf().documents.values() if not producer or d.producer in (producer, "both")]


def _found(thing: T | None, sentence: str) -> T:
    if thing is None:
        raise NotFound(sentence)
    return thing


def _by_id(rows: Iterable[K]) -> dict[int, K]:
    return {row.id: row for row in rows}  # type: ignore[attr-defined]  # courts and causes both have an id


def _read_courts() -> Iterable[CourtInfo]:
    names = [field for field in CourtInfo.__slots__ if field not in ("aliases", "level_label", "kind_label")]
    for row in models.Court.objects.values(*names, "aliases"):
        row["aliases"] = tuple(row["aliases"])
        yield CourtInfo(
            **row,
            level_label=models.Court.Level(row["level"]).label,
            kind_label=models.Court.Kind(row["kind"]).label,
        )


def _read_causes() -> list[CauseInfo]:
    rows = list(models.Cause.objects.values(*(f for f in CauseInfo.__slots__ if f != "has_children")))
    parents = {row["parent_id"] for row in rows}
    return [CauseInfo(**row, has_children=row["id"] in parents) for row in rows]


@lru_cache(maxsize=512)
def _plain(text: str) -> str:
    """What was typed, without spaces, control characters and case, at most 40 characters."""
    return re.sub(r"[\s\x00-\x1f]+", "", text[:80]).lower()[:40]


def _best(pool: Iterable[T], wanted: str, rank: Callable[[T, str], int | None], limit: int) -> list[T]:
    limit = max(1, min(limit, _LARGEST_LIMIT))
    if not wanted:
        return [entry for _, entry in zip(range(limit), pool, strict=False)]
    ranked = ((rank(entry, wanted), place, entry) for place, entry in enumerate(pool))
    hits = sorted((r, place, entry) for r, place, entry in ranked if r is not None)  # place is unique
    return [entry for _, _, entry in hits[:limit]]


def _court_rank(court: CourtInfo, wanted: str) -> int | None:
    """Smaller is better: exact, then beginning, then anywhere, then letters, then the characters in order."""
    names = (court.name, court.short_name, *court.aliases)
    if wanted == court.code.lower() or wanted in names:
        return 0
    length = len(court.short_name)
    if any(name.startswith(wanted) for name in names):
        return 100 + length
    if any(wanted in name for name in names):
        return 200 + length
    if wanted.isascii():
        if court.code.lower().startswith(wanted) or court.initials.startswith(wanted):
            return 300 + length
        if wanted in court.pinyin or (len(wanted) > 1 and wanted in court.initials):
            return 400 + length
        return None
    return 500 + length if any(_in_order(wanted, name) for name in names) else None


def _cause_rank(cause: CauseInfo, wanted: str) -> int | None:
    length = len(cause.name) - cause.level  # of two causes of like length the deeper one is the better answer
    if wanted == cause.name:
        return 0 - cause.level
    if cause.name.startswith(wanted):
        return 100 + length
    if wanted in cause.name:
        return 200 + length
    if wanted.isascii():
        return 300 + length if cause.initials.startswith(wanted) else None
    return 500 + length if len(wanted) > 1 and _in_order(wanted, cause.name) else None


def _in_order(wanted: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in wanted)
