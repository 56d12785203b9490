"""The wizard's step list: which step is done, which needs work, and one line about each."""

from collections.abc import Collection
from dataclasses import dataclass

from lutong.domains.filing.checks import Report
from lutong.domains.filing.content import MEDIATION_WILLS, STEPS, FilingContent, step_of
from lutong.domains.filing.formdata import REMOVED
from lutong.kernel.powers import POWER_LABELS

KEYS = tuple(key for key, _ in STEPS)
NOT_BEGUN = "未开始"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the list. `state`: now, done, error, warn, todo or closed (not part of a correction)."""

    key: str
    label: str
    number: int
    note: str
    state: str
    current: bool


def step_rows(
    *,
    content: FilingContent,
    report: Report,
    reached: str,
    current: str,
    opened: Collection[str] | None,
    warnings: int,
    looked: bool,
) -> tuple[StepRow, ...]:
    """The nine steps. Errors show from where the person has already been; `warnings` are files that need a look.

    `opened` are the fields of a correction notice; None while everything is open.
    """
    furthest = max(KEYS.index(reached) if reached in KEYS else 0, KEYS.index(current))
    furthest += looked and KEYS.index(current) == furthest
    rows = []
    for place, (key, label) in enumerate(STEPS):
        errors = report.errors_by_step[key]
        note, state = _summary(content, key), "done"
        if opened is not None and key != "check" and not any(step_of(path) == key for path in opened):
            state = "closed"
        elif place > furthest or key == "check":
            state = "todo"
            note = note if key != "check" else "全部核对后提交"
        elif errors and place < furthest:
            state, note = "error", f"{errors} 处需改正"
        elif errors:
            state, note = "todo", note if note != NOT_BEGUN else "填写中"
        elif key == "evidence" and warnings:
            state, note = "warn", f"{note} · {warnings} 项待处理"
        rows.append(StepRow(key, label, place + 1, note, state, key == current))
    return tuple(rows)


def neighbours(step: str, opened: Collection[str] | None) -> tuple[str, str]:
    """The steps before and after, '' at the ends; a correction visits only the steps it names, then the check."""
    keys = [key for key in KEYS if opened is None or key == "check" or any(step_of(path) == key for path in opened)]
    if step not in keys:
        return "", keys[0]
    place = keys.index(step)
    return (keys[place - 1] if place else ""), (keys[place + 1] if place + 1 < len(keys) else "")


def _summary(content: FilingContent, key: str) -> str:
    return _SUMMARIES[key](content) or NOT_BEGUN if key in _SUMMARIES else NOT_BEGUN


def _court(content: FilingContent) -> str:
    short = content.court_name.removesuffix("人民法院")
    return " · ".join(word for word in (short, content.cause_name) if word)


def _parties(content: FilingContent) -> str:
    words = (("原告", "plaintiff"), ("被告", "defendant"), ("第三人", "third"))
    return " · ".join(f"{label} {len(content.side(side))}" for label, side in words if content.side(side))


def _agents(content: FilingContent) -> str:
    if not content.agents:
        return ""
    first = content.agents[0]
    more = f" 等 {len(content.agents)} 人" if len(content.agents) > 1 else ""
    return " · ".join(word for word in (f"{first.name}{more}", POWER_LABELS.get(first.powers, "")) if word)


def _facts(content: FilingContent) -> str:
    count = len(content.facts.strip()) + len(content.reasons.strip())
    return f"已填 {count:,} 字" if count else ""


def _evidence(content: FilingContent) -> str:
    slots = [uploads for slot, uploads in content.files.items() if slot != REMOVED]
    count = sum(map(len, slots)) + sum(len(line.upload_ids) for line in content.evidence)
    return f"{count} 个文件" if count else ""


def _address(content: FilingContent) -> str:
    agreed = sum(address.agreed for address in content.service_addresses)
    return f"已确认 {agreed} 份" if agreed else ""


_SUMMARIES = {
    "court": _court,
    "mediation": lambda content: MEDIATION_WILLS.get(content.mediation_will, ""),
    "parties": _parties,
    "agents": _agents,
    "claims": lambda content: f"{len(content.claims)} 项请求" if content.claims else "",
    "facts": _facts,
    "evidence": _evidence,
    "address": _address,
}
