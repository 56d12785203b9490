"""The product's own source files, for tests about the code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "lutong"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def product_files() -> tuple[Path, ...]:
    """Python files of the product, without tests and migrations."""
    return tuple(
        path for path in sorted(PACKAGE.rglob("*.py")) if not {"tests", "migrations", "__pycache__"} & set(path.parts)
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def told(path: Path) -> str:
    """The path as the repository knows it."""
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else path.name


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(module) if isinstance(node, FUNCTIONS))


def mentioned_names(node: ast.AST) -> set[str]:
    """Last names of everything read or called inside: `record`, `objects.create` → `create`, entries of a table."""
    found = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    return found | {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
