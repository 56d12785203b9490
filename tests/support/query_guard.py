"""No statement of the product touches a row of a court or of a lawyer without naming the owner.

With the owner's column in the condition a statement goes to one shard on Citus and to one index on plain
PostgreSQL. The guard reads every statement that the product's code sends while tests run. It is
conservative: the owner's column must stand in a conjunct as `= x`, `IN (…)`, `= ANY (…)` or in a tuple of these.
"""

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from django.apps import apps
from sqlglot import exp

REPOSITORY = Path(__file__).resolve().parents[2]
PRODUCT, TESTS = str(REPOSITORY / "src" / "lutong"), str(REPOSITORY / "tests")

# (file under src/lutong, function) → why it may look across owners.
ACROSS_OWNERS = {
    ("domains/exchange/actions.py", "take_waiting"): "the relay empties the outboxes of all courts of its node",
    ("domains/delegation/queries/assistants.py", "rosters_due"): "a nightly timer looks for due reviews on its node",
    (
        "domains/delegation/queries/assistants.py",
        "waiting_for_registry",
    ): "a timer asks the registry again, on its node",
}
# Tables of one node whose key only looks like an owner's.
LOCAL = {"identity_lawyer"}


class OwnerMissing(AssertionError):
    """A statement that no shard owns."""


def guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """An execute wrapper of Django."""
    text = sql if isinstance(sql, str) else sql.as_string(None)
    caller = _caller()
    if caller is not None and caller not in ACROSS_OWNERS:
        for table, owner in unowned(text):
            raise OwnerMissing(f"{caller[0]} {caller[1]}: {table} without {owner} in the condition:\n{text[:2000]}")
    return execute(sql, params, many, context)


@cache
def unowned(sql: str) -> tuple[tuple[str, str], ...]:
    """(table, owner's column) for each owned table that the statement reads or changes without its owner."""
    if not re.match(r"\s*(SELECT|UPDATE|DELETE|WITH|INSERT)\b", sql, re.I):
        return ()
    if not any(table in sql for table in owners()):
        return ()
    statement = sqlglot.parse_one(re.sub(r"%s", "$1", sql).replace("%%", "%"), dialect="postgres")
    return tuple(finding for part in statement.find_all(exp.Select, exp.Update, exp.Delete) for finding in _check(part))


@cache
def owners() -> dict[str, str]:
    """Table → the column that says to whom its rows belong, as the models declare it."""
    found = {}
    for model in apps.get_models():
        names = [getattr(f, "column", None) for f in model._meta.pk_fields]
        if (
            model.__module__.startswith("lutong.domains.")
            and model._meta.db_table not in LOCAL
            and names[:1] in (["court_id"], ["lawyer_id"])
        ):
            found[model._meta.db_table] = str(names[0])
    return found


def _check(part: Any) -> Iterator[tuple[str, str]]:
    conjuncts = list(_conjuncts(part))
    for table in _tables(part):
        owner = owners().get(table.name)
        if owner and not any(_names_owner(c, table.alias_or_name, owner) for c in conjuncts):
            yield table.name, owner


def _tables(part: Any) -> Iterator[exp.Table]:
    sources = [part.this] if isinstance(part, exp.Update | exp.Delete) else []
    if from_ := part.args.get("from_"):
        sources.append(from_.this)
    sources += [join.this for join in part.args.get("joins") or []]
    sources += part.args.get("using") or []
    for source in sources:
        if isinstance(source, exp.Table):
            yield source
            sources += [join.this for join in source.args.get("joins") or []]


def _conjuncts(part: Any) -> Iterator[exp.Expression]:
    conditions = [part.args["where"].this] if part.args.get("where") else []
    joins = list(part.args.get("joins") or [])
    for source in _tables(part):
        joins += source.args.get("joins") or []
    conditions += [join.args["on"] for join in joins if join.args.get("on")]
    for condition in conditions:
        yield from _split(condition)


def _split(condition: Any) -> Iterator[exp.Expression]:
    if isinstance(condition, exp.Paren):
        yield from _split(condition.this)
    elif isinstance(condition, exp.And):
        yield from _split(condition.this)
        yield from _split(condition.expression)
    else:
        yield condition


def _names_owner(condition: Any, alias: str, owner: str) -> bool:
    if isinstance(condition, exp.Or):
        return all(
            any(_names_owner(part, alias, owner) for part in _split(side))
            for side in (condition.this, condition.expression)
        )
    if not isinstance(condition, exp.EQ | exp.In):
        return False
    sides = [condition.this, condition.args.get("expression")]
    columns = [column for side in sides for column in ([side] if isinstance(side, exp.Column) else _tuple(side))]
    return any(column.name == owner and column.table in ("", alias) for column in columns)


def _tuple(side: Any) -> list[exp.Column]:
    return [c for c in side.expressions if isinstance(c, exp.Column)] if isinstance(side, exp.Tuple) else []


def _caller() -> tuple[str, str] | None:
    """The nearest function of ours; None when a test itself asks, or a library on its own."""
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(TESTS) or "/tests/" in file:
            return None
        if file.startswith(PRODUCT):
            return file.removeprefix(f"{PRODUCT}/"), frame.f_code.co_name
        frame = frame.f_back  # type: ignore[assignment]
    return None
