"""The node line of a case, from what has really happened."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from lutong.kernel.clock import BEIJING, beijing_date


class CaseFacts(Protocol):
    """What the node line asks of a case."""

    received_on: dt.date
    registered_at: dt.datetime
    stage: str
    mediation_due_on: dt.date | None
    evidence_due_on: dt.date | None
    decided_on: dt.date | None
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Node:
    """One stop: label, when (as shown), and state done, now or todo."""

    label: str
    when: str
    state: str


def node_line(
    *,
    case: CaseFacts,
    paid_on: dt.date | None,
    served_on: dt.date | None,
    hearing_at: dt.datetime | None,
    heard_on: dt.date | None,
    today: dt.date,
) -> list[Node]:
    """The stops of a first-instance civil case; exactly one is `now` until the case is closed."""
    steps: list[tuple[str, str, bool]] = [
        ("立案申请", f"{case.received_on:%m-%d}", True),
        ("登记立案", _day(beijing_date(case.registered_at)), True),
    ]
    if case.mediation_due_on:
        over = case.stage != "mediation"
        steps.append(("先行调解", "已结束" if over else f"{case.mediation_due_on:%m-%d} 届满", over))
    trying, decided = case.stage in {"trial", "decided"}, case.decided_on is not None
    if case.stage != "closed" or paid_on:
        steps.append(("缴纳诉讼费", _day(paid_on, trying), bool(paid_on) or trying))
    steps.append(("送达应诉", _day(served_on, decided), bool(served_on) or decided))
    if case.evidence_due_on:
        past = case.evidence_due_on < today
        steps.append(("举证期限", f"{case.evidence_due_on:%m-%d} 届满", past or decided))
    sits = f"{hearing_at.astimezone(BEIJING):%m-%d %H:%M}" if hearing_at else _day(heard_on, decided)
    steps.append(("开庭审理", sits, bool(heard_on) or decided))
    steps.append(("宣判送达", _day(case.decided_on), bool(case.decided_on)))
    steps.append(("结案", _day(case.closed_on), bool(case.closed_on)))
    return list(_placed(steps, closed=case.closed_on is not None))


def _placed(steps: Iterable[tuple[str, str, bool]], *, closed: bool) -> Iterable[Node]:
    found = False
    for label, when, done in steps:
        if done:
            yield Node(label, when, "done")
        elif closed:
            continue  # a settled case never came to these stops
        elif not found:
            found = True
            yield Node(label, when, "now")
        else:
            yield Node(label, when, "todo")


def _day(day: dt.date | None, passed: bool = False) -> str:
    """The day of a stop; a stop that the case has passed without one shows a dash."""
    return f"{day:%m-%d}" if day else "—" if passed else "待定"
