"""利息: simple interest with its formula, and the ceiling of private lending.

Law: 最高人民法院关于审理民间借贷案件适用法律若干问题的规定 (法释〔2020〕17号) 第二十四条、第二十五条.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from importlib.resources import files

from lutong.kernel.errors import Invalid
from lutong.kernel.money import CENT
from lutong.kernel.periods import Step

DAYS_A_YEAR = 365
CEILING_LAW = "民间借贷规定第二十五条"
DAYS_CONVENTION = "首尾两日都计，一年按 365 天"


@dataclass(frozen=True, slots=True)
class Interest:
    """Simple interest in yuan: `exact` unrounded, `amount` rounded once half up to 分."""

    base: Decimal
    yearly_rate: Decimal
    start_on: dt.date
    end_on: dt.date
    days: int
    exact: Decimal
    steps: tuple[Step, ...]

    @property
    def amount(self) -> Decimal:
        return self.exact.quantize(CENT, ROUND_HALF_UP)

    @property
    def formula(self) -> str:
        """300,000.00 × 13.00% ÷ 365 × 428 天."""
        return f"{self.base:,.2f} × {self.yearly_rate}% ÷ {DAYS_A_YEAR} × {self.days} 天"


def simple_interest(*, base: Decimal, yearly_rate: Decimal, start_on: dt.date, end_on: dt.date) -> Interest:
    """Simple interest on `base` yuan at `yearly_rate` percent a year, both days counted, 365 days a year.

    Raises Invalid when the last day lies before the first.
    """
    if end_on < start_on:
        raise Invalid("截至日早于起算日，请改正其中一个日期", fields={"end_on": "早于起算日"})
    days = (end_on - start_on).days + 1
    exact = base * yearly_rate * days / (100 * DAYS_A_YEAR)
    result = Interest(base, yearly_rate, start_on, end_on, days, exact, ())
    steps = (
        Step(f"{start_on.isoformat()} 至 {end_on.isoformat()} 共 {days} 天（{DAYS_CONVENTION}）"),
        Step(f"{result.formula} = {result.amount:,} 元"),
    )
    return Interest(base, yearly_rate, start_on, end_on, days, exact, steps)


@dataclass(frozen=True, slots=True)
class Lpr:
    """一年期贷款市场报价利率 that held on a day, in percent. `assumed`: published after our table ends."""

    rate: Decimal
    published_on: dt.date
    assumed: bool
    note: str


@dataclass(frozen=True, slots=True)
class _LprTable:
    source: str
    last_published_on: dt.date
    rates: tuple[tuple[dt.date, Decimal], ...]


@lru_cache(maxsize=1)
def _table() -> _LprTable:
    raw = tomllib.loads((files("lutong.kernel") / "data" / "lpr.toml").read_text(encoding="utf-8"))
    return _LprTable(
        raw["source"], raw["last_published_on"], tuple((row["on"], Decimal(row["one_year"])) for row in raw["rates"])
    )


def lpr_on(day: dt.date) -> Lpr | None:
    """The one-year LPR in force on a day; None before its first publication on 2019-08-20."""
    table = _table()
    held = [(on, rate) for on, rate in table.rates if on <= day]
    if not held:
        return None
    published_on, rate = held[-1]
    # Publication is monthly on the 20th: within the following month the last value is certain, later it is not.
    assumed = day > table.last_published_on + dt.timedelta(days=29)
    note = f"利率表截至 {table.last_published_on.isoformat()}，之后的月份按最后公布值 {rate}% 计算" if assumed else ""
    return Lpr(rate, published_on, assumed, note)


def lending_ceiling_on(contract_on: dt.date) -> Decimal | None:
    """Four times the one-year LPR of the contract day, in percent a year. Law: 民间借贷规定第二十五条第一款."""
    found = lpr_on(contract_on)
    return None if found is None else found.rate * 4


def ceiling_warning(*, yearly_rate: Decimal, contract_on: dt.date) -> str:
    """The sentence shown when an agreed rate passes the ceiling, else ''. One may still sue for it.

    Law: 民间借贷规定第二十五条.
    """
    found = lpr_on(contract_on)
    if found is None or yearly_rate <= found.rate * 4:
        return ""
    return (
        f"超过合同成立时一年期 LPR 的四倍（{found.rate * 4}%）。可以这样起诉，超过部分法院不予支持。"
        f"{found.note and found.note + '。'}"
    )
