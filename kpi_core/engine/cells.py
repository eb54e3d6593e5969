"""Where a row counts: its period, its group. The address of every state and estimate."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from kpi_core.model.periods import Period
from kpi_core.records import dataclass

TOTAL = ""
"""The dimension of results that are not split."""

EPOCH = date(1970, 1, 1)


def column_of(dimension: str) -> str:
    """The column of a state that holds a dimension: whatever a header is called, no other working column is called so."""
    return f"by {dimension}"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One period of one group. `dimension` is `TOTAL` for everything, `group` None for rows without a value."""

    period: Period
    dimension: str = TOTAL
    group: str | None = None


def period_index(days: pl.Series, periods: Sequence[Period]) -> pl.Series:
    """For each day the index of its period (Int16), null outside all. The periods must not overlap.

    `all` holds every row, those without a day included.
    """
    if len(periods) == 1 and periods[0].is_all:
        return pl.Series("period", [0], pl.Int16).new_from_index(0, len(days))
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return pl.Series("period", [None], pl.Int16).new_from_index(0, len(days))
    table: list[int | None] = [None] * ((last - first).days + 1)
    for place, period in enumerate(periods):
        if period.start is None or period.end is None:
            continue
        start, end = max(period.start, first), min(period.end, last + timedelta(days=1))
        for offset in range((start - first).days, (end - first).days):
            table[offset] = place
    offsets = days.cast(pl.Int32) - (first - EPOCH).days
    return pl.Series("period", table, pl.Int16)[offsets.cast(pl.UInt32)]


def is_of_months(period: Period) -> bool:
    """Whether the period is made of whole months, as `all` is."""
    return all(edge is None or edge.day == 1 for edge in (period.start, period.end))


def disjoint(periods: Sequence[Period]) -> list[list[Period]]:
    """The periods dealt into as few lists without overlaps as first come, first served gives."""
    lists: list[list[Period]] = []
    for period in dict.fromkeys(periods):
        home = next((periods for periods in lists if not any(_overlap(period, other) for other in periods)), None)
        if home is None:
            lists.append([period])
        else:
            home.append(period)
    return lists


def _overlap(one: Period, other: Period) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return True
    return one.start < other.end and other.start < one.end
