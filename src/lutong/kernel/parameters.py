"""法律参数: the numbers of law, dated, each with its article. Rules read them here, never as bare literals."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from lutong.kernel.errors import Invalid
from lutong.kernel.periods import UNIT_NAMES, Period, Unit, reckon


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of law while it is in force.

    `unit` is day, month, year, workday, person or yuan. `unsure`: taken from practice or memory, to be shown as such.
    """

    key: str
    value: Decimal
    unit: str
    law: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    note: str = ""
    unsure: bool = False
    province: str = ""

    @property
    def count(self) -> int:
        """The value as a whole number of its unit."""
        return int(self.value)

    @property
    def text(self) -> str:
        """15 日, 6 个月, 500,000,000 元."""
        if self.unit == "yuan":
            return f"{self.value:,} 元"
        if self.unit == "person":
            return f"{self.count} 名"
        return f"{self.count} {next(name for unit, name in UNIT_NAMES.items() if unit == self.unit)}"

    def in_force(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_parameters(text: str) -> tuple[Parameter, ...]:
    """Read the TOML form of the table."""
    return tuple(Parameter(**(row | {"value": Decimal(str(row["value"]))})) for row in tomllib.loads(text)["parameter"])


@lru_cache(maxsize=1)
def shipped() -> tuple[Parameter, ...]:
    """The table that the package ships, in the order of the file."""
    return read_parameters((files("lutong.kernel") / "data" / "parameters.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _by_key() -> Mapping[tuple[str, str], tuple[Parameter, ...]]:
    rows: dict[tuple[str, str], tuple[Parameter, ...]] = {}
    for row in shipped():
        rows[row.key, row.province] = (*rows.get((row.key, row.province), ()), row)
    return rows


def find_on(*, key: str, on: dt.date, province: str = "") -> Parameter | None:
    """The parameter in force on a day, or None when it is not known for that day (and province)."""
    return next((row for row in _by_key().get((key, province), ()) if row.in_force(on)), None)


def parameter_on(*, key: str, on: dt.date) -> Parameter:
    """The parameter in force on a day.

    Raises Invalid when the law of that day is not in the table, KeyError when no such parameter exists at all.
    """
    if (key, "") not in _by_key():
        raise KeyError(key)
    found = find_on(key=key, on=on)
    if found is None:
        raise Invalid(f"{on.isoformat()} 当时适用的规定未载入，无法自动计算，请人工核定")
    return found


def value_on(*, key: str, on: dt.date) -> Decimal:
    """The number in force on a day, in the unit of its row. Raises as `parameter_on`."""
    return parameter_on(key=key, on=on).value


def period_of(*, key: str, start_on: dt.date, event: str) -> Period:
    """The statutory period named `key` that an event on `start_on` sets running, with the article of its length."""
    found = parameter_on(key=key, on=start_on)
    return reckon(start_on=start_on, length=found.count, unit=_unit(found), law=found.law, event=event)


def _unit(parameter: Parameter) -> Unit:
    for unit in UNIT_NAMES:
        if unit == parameter.unit:
            return unit
    raise KeyError(f"{parameter.key} is not a length of time")
