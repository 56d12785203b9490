"""Adding, removing and putting back rows of a step, on the posted form, before it is saved."""

import json
import secrets
from typing import Any

from lutong.kernel.errors import Invalid

# What a new row of each list starts with.
NEW_ROWS: dict[str, dict[str, Any]] = {
    "parties": {"kind": "natural"},
    "agents": {"kind": "lawyer"},
    "claims": {"kind": "other"},
    "evidence": {},
}
_NAMES = {"parties": "当事人", "agents": "代理人", "claims": "请求", "evidence": "证据"}
_LONGEST_UNDO = 200_000


def change_rows(patch: dict[str, Any], go: str, undo: str) -> tuple[dict[str, Any], dict[str, str] | None, str]:
    """Apply `add:parties:defendant`, `remove:claims:<id>` or `undo`.

    Answers the patch, what the undo line says (None if nothing was removed) and the id of the row to focus.
    """
    verb, _, rest = go.partition(":")
    name, _, what = rest.partition(":")
    if verb == "undo":
        return _put_back(patch, undo)
    if name not in NEW_ROWS or name not in patch:
        return patch, None, ""
    rows = list(patch[name])
    if verb == "add":
        row = {"id": secrets.token_hex(4), **NEW_ROWS[name]} | ({"side": what} if name == "parties" and what else {})
        return {**patch, name: [*rows, row]}, None, row["id"]
    if verb == "remove":
        for place, row in enumerate(rows):
            if row.get("id") == what:
                rest_of = rows[:place] + rows[place + 1 :]
                label = f"第 {place + 1} 项{_NAMES[name]}{'“' + row['name'] + '”' if row.get('name') else ''}"
                kept = json.dumps({"list": name, "place": place, "row": row}, ensure_ascii=False)
                return {**patch, name: rest_of}, {"what": label, "row": kept}, ""
    return patch, None, ""


def _put_back(patch: dict[str, Any], undo: str) -> tuple[dict[str, Any], None, str]:
    try:
        kept = json.loads(undo[:_LONGEST_UNDO])
        name, place, row = kept["list"], int(kept["place"]), dict(kept["row"])
    except (ValueError, KeyError, TypeError):
        raise Invalid("撤销信息不完整，无法恢复") from None
    if name not in NEW_ROWS or name not in patch:
        return patch, None, ""
    rows = list(patch[name])
    rows.insert(max(0, min(place, len(rows))), row)
    return {**patch, name: rows}, None, str(row.get("id", ""))
