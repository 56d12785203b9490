"""What every benchmark needs: interleaved rounds, medians, and lines that say measured, aim and whether it is met."""

import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing; `aim` and `met` are None for what only informs."""

    what: str
    measured: str
    aim: str = ""
    met: bool | None = None


def at_least(what: str, value: float, aim: float, unit: str = "×") -> Line:
    """A ratio that should not be smaller than its aim."""
    return Line(what, f"{value:.2f} {unit}", f"≥ {aim:g} {unit}", value >= aim)


def at_most(what: str, value: float, aim: float, unit: str = "") -> Line:
    """A quantity that should not be larger than its aim."""
    return Line(what, f"{value:.4g} {unit}".strip(), f"≤ {aim:g} {unit}".strip(), value <= aim)


def note(what: str, measured: str) -> Line:
    return Line(what, measured)


def interleaved(rounds: int, contenders: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Run every contender once a round, each round in another order, so that a change of load meets all alike."""
    found: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            found[name].append(contenders[name]())
    return found


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def table(title: str, lines: Sequence[Line]) -> str:
    """The lines under a title, with the load of the machine at the end: ratios mean little on a busy one."""
    wide = max([_width(line.what) for line in lines] + [10])
    rows = [f"\n{title}", f"  {'':{wide}}  {'measured':>22}  {'aim':>12}  met?"]
    for line in lines:
        met = "" if line.met is None else ("yes" if line.met else "NO")
        rows.append(f"  {line.what}{' ' * (wide - _width(line.what))}  {line.measured:>22}  {line.aim:>12}  {met}")
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    rows.append(f"  load average {loads} on {os.cpu_count()} cores")
    return "\n".join(rows)


def _width(text: str) -> int:
    return len(text)
