"""两份内容并排: what differs between the page a person is looking at and what the server holds.

Rows are matched by their id, so that a party added in another window never shifts the others.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from lutong.domains.filing.content import STEP_FIELDS

Json = Any  # what JSON can hold
SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or one whole row, that the two contents do not share. `key` names it in the form."""

    key: str
    path: str
    mine: Json
    theirs: Json


def part_of(content: dict[str, Json], *, step: str) -> dict[str, Json]:
    """What one step shows of the content."""
    return {field: content.get(field) for field in STEP_FIELDS[step]}


def digest_of(content: dict[str, Json], *, step: str) -> str:
    """A short name for the state of one step: equal digests, equal content."""
    return hashlib.sha256(orjson.dumps(part_of(content, step=step), option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def differences(mine: Json, theirs: Json, *, path: str = "") -> Iterator[Difference]:
    """Every leaf that differs; a row that only one side has counts as a whole."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in dict.fromkeys([*theirs, *mine]):
            yield from differences(mine.get(key), theirs.get(key), path=_join(path, key))
    elif _are_rows(mine) and _are_rows(theirs):
        ours, others = ({_key(row): row for row in rows} for rows in (mine, theirs))
        for row_id in dict.fromkeys([*others, *ours]):
            yield from differences(ours.get(row_id), others.get(row_id), path=_join(path, f"#{row_id}"))
    elif mine != theirs:
        yield Difference(path, path.replace(SEPARATOR, "."), mine, theirs)


def merged(mine: Json, theirs: Json, *, take_mine: Collection[str], path: str = "") -> Json:
    """The server's content with the chosen differences taken from mine."""
    if path in take_mine:
        return mine
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return {
            key: merged(mine.get(key), theirs.get(key), take_mine=take_mine, path=_join(path, key))
            for key in dict.fromkeys([*theirs, *mine])
        }
    if _are_rows(mine) and _are_rows(theirs):
        ours, others = ({_key(row): row for row in rows} for rows in (mine, theirs))
        rows = (
            merged(ours.get(row_id), others.get(row_id), take_mine=take_mine, path=_join(path, f"#{row_id}"))
            for row_id in dict.fromkeys([*others, *ours])
        )
        return [row for row in rows if row is not None]
    return theirs


def is_open(path: str, *, opened: Collection[str]) -> bool:
    """Whether a correction notice opens this field: it names it, or something that holds it."""
    return any(path == name or path.startswith(f"{name}.") for name in opened)


def with_only(new: Json, *, old: Json, opened: Collection[str], path: str = "") -> Json:
    """The old content in which only the opened fields take their new values (逐项补正).

    Rows are those of the old content, unless the list itself is open.
    """
    if is_open(path, opened=opened):
        return new
    if isinstance(old, dict):
        if not isinstance(new, dict):
            return old
        keys = dict.fromkeys([*old, *(key for key in new if is_open(_dot(path, key), opened=opened))])
        return {
            key: with_only(new[key], old=old.get(key), opened=opened, path=_dot(path, key)) if key in new else old[key]
            for key in keys
        }
    if _are_rows(old) and _are_rows(new):
        replies = {_key(row): row for row in new}
        return [
            with_only(replies[_key(row)], old=row, opened=opened, path=_dot(path, str(place)))
            if _key(row) in replies
            else row
            for place, row in enumerate(old)
        ]
    return old


def _are_rows(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(
        isinstance(row, dict) and _key(row) for row in value
    )  # fmt: skip


def _key(row: dict[str, Json]) -> str:
    """A row's own id; a service address goes by its party."""
    return str(row.get("id") or row.get("party_id") or "")


def _join(path: str, key: str) -> str:
    return f"{path}{SEPARATOR}{key}" if path else key


def _dot(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
