"""The node line: one stop is due, those behind are done, and a settled case has no stops it never came to."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from lutong.domains.casespace.nodes import Node, node_line

DAY = dt.date(2026, 11, 20)
MORNING = dt.datetime(2026, 12, 3, 1, 30, tzinfo=dt.UTC)  # 09:30 in Beijing


def line(stage: str, **facts: Any) -> list[Node]:
    case = {
        "received_on": DAY, "registered_at": dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC), "stage": stage,
        "mediation_due_on": None, "evidence_due_on": None, "decided_on": None, "closed_on": None,
    }  # fmt: skip
    seen: dict[str, Any] = {"paid_on": None, "served_on": None, "hearing_at": None, "heard_on": None, "today": DAY}
    of_case = {key: facts.pop(key) for key in list(facts) if key in case}
    return node_line(case=SimpleNamespace(**(case | of_case)), **(seen | facts))


def due(nodes: list[Node]) -> str:
    return "".join(node.label for node in nodes if node.state == "now")


@pytest.mark.parametrize(
    ("stage", "facts", "wanted"),
    [
        ("mediation", {"mediation_due_on": DAY}, "先行调解"),
        ("fee_due", {}, "缴纳诉讼费"),
        ("fee_due", {"mediation_due_on": DAY}, "缴纳诉讼费"),
        ("trial", {"paid_on": DAY}, "送达应诉"),
        ("trial", {}, "送达应诉"),  # nothing was due, or the fee was waived
        ("trial", {"paid_on": DAY, "served_on": DAY, "evidence_due_on": DAY}, "举证期限"),
        ("trial", {"paid_on": DAY, "served_on": DAY, "hearing_at": MORNING}, "开庭审理"),
        ("trial", {"paid_on": DAY, "served_on": DAY, "heard_on": DAY}, "宣判送达"),
        ("decided", {"decided_on": DAY}, "结案"),
        ("closed", {"decided_on": DAY, "closed_on": DAY}, ""),
    ],
)
def test_exactly_the_next_stop_is_due(stage: str, facts: dict[str, Any], wanted: str) -> None:
    assert due(line(stage, **facts)) == wanted


def test_days_and_hours_are_those_of_beijing() -> None:
    shown = {node.label: node.when for node in line("trial", paid_on=DAY, hearing_at=MORNING)}
    assert shown["登记立案"] == "11-21"
    assert shown["开庭审理"] == "12-03 09:30"


def test_a_case_settled_in_mediation_was_never_billed_nor_heard() -> None:
    nodes = line("closed", mediation_due_on=DAY, closed_on=DAY)
    assert [node.label for node in nodes] == ["立案申请", "登记立案", "先行调解", "结案"]
    assert {node.state for node in nodes} == {"done"}
