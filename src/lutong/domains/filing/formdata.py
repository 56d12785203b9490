"""What a posted form of the wizard says: dotted names become the part of the content that one step shows."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lutong.domains.filing.content import STEP_FIELDS
from lutong.kernel.errors import Invalid

MOST_ROWS = 1_000
REMOVED = "removed"  # the slot of files taken out of the filing; they can be put back until it is submitted
_NAME = re.compile(r"[a-z_]+(\.[0-9]{1,4}\.[a-z_]+|\.[a-z_]+)?")
_LISTS = {"parties", "agents", "claims", "evidence", "service_addresses"}
_SEVERAL = {"special_powers"}


def read_form(*, step: str, fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """The patch of one step. What the form does not name is empty: a box not ticked, a list without rows.

    Files are placed by `place.<upload id>`; see `place_files`. Raises Invalid for more rows than any case has.
    """
    patch: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in _LISTS & set(STEP_FIELDS[step])}
    for name, values in fields.items():
        top, _, rest = name.partition(".")
        if top not in STEP_FIELDS[step] or not _NAME.fullmatch(name):
            continue
        if top in rows:
            number, _, key = rest.partition(".")
            if number.isdigit():
                rows[top].setdefault(int(number), {})[key] = values if key in _SEVERAL else values[-1]
        elif rest:
            patch.setdefault(top, {})[rest] = values[-1]
        else:
            patch[top] = values[-1]
    for name, found in rows.items():
        if len(found) > MOST_ROWS:
            raise Invalid(f"一次最多处理 {MOST_ROWS} 行，请减少后再保存")
        patch[name] = [found[number] for number in sorted(found)]
    return {key: patch.get(key, _empty(key)) for key in STEP_FIELDS[step] if key != "files"}


def _empty(key: str) -> Any:
    return [] if key in _LISTS else {} if key == "refund_account" else ""


def placements(fields: Mapping[str, list[str]]) -> dict[str, str]:
    """Upload id → where the form puts it: a slot, `evidence:<row id>`, or `removed`."""
    return {
        name.removeprefix("place."): values[-1][:60]
        for name, values in fields.items()
        if name.startswith("place.") and re.fullmatch(r"place\.[0-9a-f-]{36}", name)
    }


def place_files(
    *, files: Mapping[str, list[str]], evidence: Iterable[dict[str, Any]], where: Mapping[str, str]
) -> tuple[dict[str, list[str]], list[dict[str, Any]]]:
    """Move uploads to their new places; those that `where` does not name stay where they are.

    A file without a place, or whose line of evidence is gone, is 待归类: kept, but in no slot.
    """
    rows = [{**row, "upload_ids": [u for u in row.get("upload_ids", []) if u not in where]} for row in evidence]
    by_id = {row["id"]: row for row in rows}
    slots = {slot: [u for u in uploads if u not in where] for slot, uploads in files.items()}
    for upload, place in where.items():
        row = by_id.get(place.removeprefix("evidence:")) if place.startswith("evidence:") else None
        if row is not None:
            row["upload_ids"].append(upload)
        elif place and not place.startswith("evidence:"):
            slots.setdefault(place, []).append(upload)
    return {slot: uploads for slot, uploads in slots.items() if uploads}, rows
