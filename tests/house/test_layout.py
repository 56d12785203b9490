"""Small files, small functions, honest names: what a reader may rely on."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.sources import FUNCTIONS, PACKAGE, REPOSITORY, functions, product_files, told, tree

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager", "managers", "services", "signals"}
TEXT = {".py", ".md", ".html", ".css", ".js", ".toml", ".yml", ".yaml", ".sh", ".mjs", ".json", ".txt", ".cfg", ""}
# Roots under which only this or that developer's machine keeps things; spelled so that this file does not hold them.
MACHINE = re.compile("(?:/" + r"work/|/" + r"root/|\.\./" + "shared|/" + r"home/[a-z]+/)")
NOT_OURS = {"package-lock.json", "uv.lock"}

Rule = Callable[[Path], Iterator[str]]


def long_files(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").count("\n")
    if lines > LONGEST_FILE:
        yield f"{told(path)}: {lines} lines"


def long_functions(path: Path) -> Iterator[str]:
    for node in functions(tree(path)):
        first = node.body[1] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body[0]
        lines = (node.end_lineno or 0) - first.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{told(path)}:{node.lineno} {node.name}: {lines} lines"


def banned_names(path: Path) -> Iterator[str]:
    if BANNED_NAMES & {path.stem, path.parent.name}:
        yield told(path)


def prints(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            yield f"{told(path)}:{node.lineno}"


def silent_modules(path: Path) -> Iterator[str]:
    if path.name not in {"__init__.py", "apps.py"} and ast.get_docstring(tree(path)) is None:
        yield f"{told(path)}: no docstring"


def silent_doors(path: Path) -> Iterator[str]:
    """Public functions of a domain's actions, queries, access and rules say what they mean."""
    if not {"actions", "queries", "access", "rules"} & {path.stem, path.parent.name}:
        return
    for node in tree(path).body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_") and ast.get_docstring(node) is None:
            yield f"{told(path)}:{node.lineno} {node.name}"


def positional_doors(path: Path) -> Iterator[str]:
    """Use cases are called by keyword; `actor` comes first, and `now` last of what must be given."""
    if "domains" not in path.parts or not {"actions", "queries"} & {path.stem, path.parent.name}:
        return
    for node in tree(path).body:
        if not isinstance(node, FUNCTIONS) or node.name.startswith("_"):
            continue
        by_name = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        needed = [a.arg for a in node.args.args] + [a.arg for a, default in by_name if not default]
        is_use_case = "action" in {getattr(decorator, "id", "") for decorator in node.decorator_list}
        if (
            (is_use_case and node.args.args)
            or ("actor" in needed and needed[0] != "actor")
            or ("now" in needed and needed[-1] != "now")
        ):
            yield f"{told(path)}:{node.lineno} {node.name}"


def foreign_transactions(path: Path) -> Iterator[str]:
    """Transactions are opened by kernel/acting; the few others are named here with their reason."""
    allowed = {
        "kernel/acting.py": "the one place",
        "domains/exchange/tasks.py": "the relay acts for no person",
        "domains/identity/actions/enrolling.py": "enrolment precedes any actor",
        "domains/identity/actions/contact.py": "a wrong code is counted although the act is refused",
        "domains/identity/actions/devices.py": "a device is noted as part of sign-in",
        "domains/identity/actions/entering.py": "sign-in precedes any actor",
        "domains/identity/actions/standing.py": "the registry's word comes from no person here",
        "domains/identity/actions/limits.py": "guesses are counted before anybody is known",
        "domains/identity/actions/linking.py": "linking precedes any actor",
        "verification/entrance/actions/codes.py": "holders sign in there; no row of theirs is locked to an actor",
        "verification/entrance/actions/keys.py": "the same, and a wrong answer is counted although it is refused",
        "verification/oidc/actions.py": "consent and logout act for a person of the roll, not for an account",
        "verification/oidc/pages/endpoints.py": "the code must stay locked while the library exchanges it",
        "domains/identity/actions/pausing.py": "a person is told of guesses before anybody is known",
        "domains/identity/actions/sealing.py": "keys are changed by the operator, for no person",
        "kernel/resealing.py": "keys are changed by the operator, as the owner of the tables",
    }
    if str(path.relative_to(PACKAGE) if path.is_relative_to(PACKAGE) else path) in allowed:
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr == "atomic":
            yield f"{told(path)}:{node.lineno}"


def clocks_below_the_faces(path: Path) -> Iterator[str]:
    """`now` is passed in: actions, queries, access, rules and models never ask what time it is."""
    rooms = {"actions", "queries", "models", "rules", "states", "checks"}  # access asks about this very moment
    if "domains" not in path.parts or not rooms & {path.stem, path.parent.name}:
        return
    for node in ast.walk(tree(path)):
        name = node.attr if isinstance(node, ast.Attribute) else ""
        if name in {"now", "today", "utcnow"} and isinstance(getattr(node, "value", None), ast.Name | ast.Attribute):
            owner = ast.unparse(node.value)  # type: ignore[attr-defined]
            if owner.split(".")[-1] in {"datetime", "date", "timezone", "clock"}:
                yield f"{told(path)}:{node.lineno} {owner}.{name}"


def signals_of_django(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if module.startswith("django") and module.endswith((".signals", ".dispatch")):
            yield f"{told(path)}:{node.lineno} {module}"


def floats_of_money(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.AnnAssign | ast.arg):
            name = getattr(getattr(node, "target", node), "id", getattr(node, "arg", ""))
            if str(name).endswith("_fen") and node.annotation is not None and "float" in ast.unparse(node.annotation):
                yield f"{told(path)}:{node.lineno} {name}"


PLANTED: dict[Rule, tuple[str, str]] = {
    long_files: ("long.py", "x = 1\n" * 401),
    long_functions: ("long.py", "def f():\n" + "    x = 1\n" * 41),
    banned_names: ("utils.py", "x = 1\n"),
    prints: ("a.py", "print(1)\n"),
    silent_modules: ("a.py", "x = 1\n"),
    silent_doors: ("actions.py", "def submit(*, actor):\n    return 1\n"),
    positional_doors: ("domains/x/actions.py", 'def submit(*, now, actor):\n    """."""\n'),
    foreign_transactions: (
        "domains/x/pages.py",
        "from django.db import transaction\nwith transaction.atomic():\n  x = 1\n",
    ),
    clocks_below_the_faces: ("domains/x/queries.py", "import datetime as dt\nx = dt.datetime.now()\n"),
    signals_of_django: ("a.py", "from django.db.models.signals import post_save\n"),
    floats_of_money: ("a.py", "amount_fen: float = 1.0\n"),
}


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule: Rule) -> None:
    assert [finding for path in product_files() for finding in rule(path)] == []


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_rule_finds_what_breaks_it(rule: Rule, tmp_path: Path) -> None:
    name, code = PLANTED[rule]
    bad = tmp_path / name
    bad.parent.mkdir(parents=True, exist_ok=True)
    bad.write_text(code, encoding="utf-8")
    assert list(rule(bad))


def machine_paths(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE.search(line):
            yield f"{name}:{number}"


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    return [REPOSITORY / name for name in names.splitlines() if (REPOSITORY / name).is_file()]


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    texts = [path for path in tracked() if path.suffix in TEXT and path.name not in NOT_OURS]
    assert len(texts) > 200
    found = [hit for path in texts for hit in machine_paths(told(path), path.read_text("utf-8", errors="replace"))]
    assert found == []


def test_a_path_of_this_machine_would_be_found() -> None:
    assert list(machine_paths("a.md", "see /" + "work/brief")) == ["a.md:1"]
