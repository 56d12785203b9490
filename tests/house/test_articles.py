"""docs/articles.md tells the truth: what it calls done exists, in code and in tests."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.house.sources import PACKAGE, REPOSITORY, tree

PAGE = REPOSITORY / "docs" / "articles.md"
STATES = {"done", "part", "later"}


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@cache
def names_of_tests() -> frozenset[str]:
    found = set()
    for folder in (REPOSITORY / "src", REPOSITORY / "tests"):
        for path in folder.rglob("test_*.py"):
            found |= set(re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8")))
    return frozenset(found)


def has(reference: str) -> bool:
    """True if the file below src/lutong defines or re-exports the name."""
    file, _, name = reference.partition("::")
    path = PACKAGE / file
    if not path.is_file():
        return False
    definitions = (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return name in {node.name for node in definitions}


def untruths(text: str) -> Iterator[str]:
    for row in rows(text):
        article, _, domain, state, code, tests = row
        named, tested = re.findall(r"`([^`]+)`", code), re.findall(r"`([^`]+)`", tests)
        if state not in STATES or not domain:
            yield f"{article}: state {state!r}, domain {domain!r}"
        if state == "later" and (named or tested):
            yield f"{article}: later, but names code or tests"
        if (state == "done" and not (named and tested)) or (state == "part" and not named):
            yield f"{article}: {state}, but names nothing"
        yield from (f"{article}: no {name} in the code" for name in named if not has(name))
        yield from (f"{article}: no {name} among the tests" for name in tested if name not in names_of_tests())


def test_the_page_names_only_what_exists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(rows(text)) >= 35, "every sentence has a row"
    assert list(untruths(text)) == []


def test_a_boast_is_found() -> None:
    page = "| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n"
    page += "| 1 | says | cases | done | `domains/cases/actions/counsel.py::fly` | `test_pigs_fly` |\n"
    page += "| 2 | says | cases | done | | |\n"
    assert len(list(untruths(page))) == 3
