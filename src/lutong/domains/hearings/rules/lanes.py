"""并列显示: beside which others an entry of a day is drawn, when several run at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WIDTHS = (1, 2, 3, 4, 6)  # how many lanes the stylesheet can draw: divisors of its twelve columns


@dataclass(frozen=True, slots=True)
class Lane:
    """The place of an entry: lane `index` (from 0) of `count`; `count` is one of WIDTHS."""

    index: int
    count: int


def lanes_of(spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> list[Lane]:
    """A lane for each span, in the given order; spans that overlap never share one (up to six at once)."""
    order = sorted(range(len(spans)), key=lambda place: (spans[place][0], spans[place][1]))
    found: dict[int, Lane] = {}
    cluster: list[int] = []
    free_from: list[dt.datetime] = []
    taken: dict[int, int] = {}
    for place in order:
        start, end = spans[place]
        if cluster and start >= max(free_from):
            _close(cluster, taken, len(free_from), found)
            cluster, free_from = [], []
        lane = next((i for i, free in enumerate(free_from) if free <= start), len(free_from))
        if lane == len(free_from):
            free_from.append(end)
        free_from[lane] = end
        taken[place] = lane
        cluster.append(place)
    _close(cluster, taken, len(free_from), found)
    return [found[place] for place in range(len(spans))]


def _close(cluster: list[int], taken: dict[int, int], width: int, found: dict[int, Lane]) -> None:
    drawn = next((w for w in WIDTHS if w >= width), WIDTHS[-1])
    for place in cluster:
        found[place] = Lane(min(taken[place], drawn - 1), drawn)
