"""您这一页的内容 / 服务器上的内容: the comparison that a person settles field by field."""

from dataclasses import dataclass
from typing import Any

from lutong.domains.filing.labels import path_label, value_text
from lutong.domains.filing.merging import differences

_FOLLOWERS = {"court_name", "cause_name"}  # they follow the id that is chosen


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One difference: `key` goes back to the server when mine is taken."""

    key: str
    label: str
    mine: str
    theirs: str


def conflict_rows(mine: dict[str, Any], theirs: dict[str, Any]) -> list[ConflictRow]:
    """The differences of one step as a person reads them."""
    rows = []
    for found in differences(mine, theirs):
        if found.path not in _FOLLOWERS:
            words = _named(found.path, mine), _named(found.path, theirs)
            shown = words if all(words) else (value_text(found.path, found.mine), value_text(found.path, found.theirs))
            rows.append(ConflictRow(found.key, path_label(found.path, mine, theirs), *shown))
    return rows


def _named(path: str, part: dict[str, Any]) -> str:
    follower = {"court_id": "court_name", "cause_id": "cause_name"}.get(path)
    return str(part.get(follower) or "（未选择）") if follower else ""
