"""The table of acts and powers tells what is built: each row that says so is asked for in the code, and no other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lutong.kernel.capacity import read_rows
from tests.house.sources import product_files, tree

GATES = {"require_power", "require_agency"}
OTHERWISE = {"read_dossier": "whoever is counsel of record reads: case access and row security decide"}
# Laws whose text was compared word by word (docs/law/README.md); a row that rests on another one is unsure.
COMPARED = (
    "民事诉讼法", "律师法", "民诉法解释", "审判人员执行回避制度规定", "诉讼费用交纳办法", "执行规定",
)  # fmt: skip


def asked_for(paths: Iterator[Path]) -> set[str]:
    """The acts for which some code asks a gate."""
    found = set()
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in GATES:
                given = {word.arg: word.value for word in node.keywords}
                act = given.get("act")
                assert isinstance(act, ast.Constant), f"{path}: the act stands in the call"
                found.add(str(act.value))
    return found


def built(rows: list[dict[str, object]]) -> set[str]:
    return {str(row["key"]) for row in rows if row.get("built", True)} - set(OTHERWISE)


def sure_without_text(rows: list[dict[str, object]]) -> list[str]:
    """Rows that rest on a law that was not compared, and do not say so."""
    return [
        f"{row.get('code') or row.get('key')}: {law}"
        for row in rows
        for law in str(row["law"]).replace("；", "、").split("、")
        if not row.get("unsure") and not law.startswith(COMPARED) and not law.startswith("第")
    ]


def test_what_the_table_calls_built_is_what_the_code_asks_for() -> None:
    assert built(read_rows("act")) == asked_for(iter(product_files()))


@pytest.mark.parametrize("row", [{"key": "settle"}, {"key": "settle", "built": True}])
def test_an_act_called_built_without_code_is_found(row: dict[str, object]) -> None:
    assert built([*read_rows("act"), row]) != asked_for(iter(product_files()))


def test_an_act_asked_for_without_its_row_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "x.py"
    planted.write_text('require_power(actor=a, court_id=1, case_id=c, act="appeal", now=n)\n', encoding="utf-8")
    assert asked_for(iter([planted])) == {"appeal"}
    assert "appeal" not in built(read_rows("act"))


@pytest.mark.parametrize("table", ["ban", "act"])
def test_a_rule_from_a_text_that_was_not_compared_says_so(table: str) -> None:
    assert sure_without_text(read_rows(table)) == []


def test_a_rule_that_claims_more_is_found() -> None:
    planted: list[dict[str, object]] = [{"code": "two_years", "law": "律师法第四十一条；法官法第三十六条第一款"}]
    assert sure_without_text(planted) == ["two_years: 法官法第三十六条第一款"]
