"""The additive state: rows, sums and sums of squares of every fact, by local day and group.

Days rather than periods, so that states of split files add up, any period can be read off, and days tell how much
they vary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, column_of
from kpi_core.model.estimates import Sums
from kpi_core.model.periods import Period

Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)


@dataclass(kw_only=True, eq=False)
class DaySums:
    """Sums of the facts of one table by one date. `frames` holds one frame a dimension: day, group, fact sums.

    `days` are the first and last day the table covers by this date.
    """

    facts: Mapping[str, pl.Expr]
    frames: Mapping[str, pl.DataFrame]
    covered: tuple[date, date] | None
    _read: dict[tuple[Period, str], dict[str | None, dict[str, float]]] = field(default_factory=dict)
    _groups: dict[str, list[str | None]] = field(default_factory=dict)

    def sums(self, fact: str, cell: Cell) -> Sums:
        """The sums of a fact in a cell; zeros where it has no rows."""
        row = self._rows(cell).get(cell.group)
        if row is None:
            return Sums(n=0, total=0.0, squares=0.0)
        total = settled(row[f"{fact}:s"])
        squares = settled(row[f"{fact}:q"]) if f"{fact}:q" in row else total
        cubes = settled(row[f"{fact}:c"]) if f"{fact}:c" in row else None
        return Sums(n=int(row[f"{fact}:n"]), total=total, squares=squares, cubes=cubes)

    def _rows(self, cell: Cell) -> dict[str | None, dict[str, float]]:
        key = (cell.period, cell.dimension)
        if key not in self._read:
            frame = in_period(self.frames[cell.dimension], cell.period)
            added = frame.group_by("group").agg(pl.all().exclude("day").sum())
            self._read[key] = {row.pop("group"): row for row in added.iter_rows(named=True)}
        return self._read[key]

    def daily(self, column: str, cell: Cell) -> dict[date | None, float]:
        """A column of the state by day, of a cell; None holds the rows without a day, which only `all` has."""
        frame = in_period(self.frames[cell.dimension], cell.period)
        group = pl.col("group").eq_missing(pl.lit(cell.group, pl.String))
        return dict(frame.filter(group & (pl.col(column) != 0)).select("day", column).iter_rows())

    def groups(self, dimension: str) -> list[str | None]:
        """Every group of a dimension, largest first."""
        if dimension not in self._groups:
            rows = self.frames[dimension].group_by("group").agg(pl.col("rows").sum())
            self._groups[dimension] = rows.sort("rows", "group", descending=[True, False])["group"].to_list()
        return self._groups[dimension]

    def rows(self, cell: Cell) -> int:
        """Rows dated in the cell, whatever they are."""
        row = self._rows(cell).get(cell.group)
        return 0 if row is None else int(row["rows"])


def settled(total: float | None) -> float:
    """A sum without the last digits, which hang on the order that several cores added it in; 0 for nothing."""
    return float(f"{total or 0.0:.14g}")


def in_period(frame: Rows, period: Period) -> Rows:
    """The state's rows of a period; all of them, undated ones included, for `all`."""
    if period.start is None or period.end is None:
        return frame
    return frame.filter(pl.col("day").is_between(period.start, period.end, closed="left"))


def covered_days(period: Period, covered: tuple[date, date] | None) -> list[date]:
    """The days of a period on which the table could have had rows."""
    if covered is None:
        return []
    first = covered[0] if period.start is None else max(period.start, covered[0])
    last = covered[1] if period.end is None else min(period.end - timedelta(days=1), covered[1])
    return [first + timedelta(days=offset) for offset in range(max((last - first).days + 1, 0))]


def partial(
    frame: pl.DataFrame,
    day: pl.Series,
    facts: Mapping[str, pl.Expr],
    dimensions: Sequence[str],
    has_squares: frozenset[str],
    has_cubes: frozenset[str] = frozenset(),
) -> dict[str, pl.DataFrame]:
    """The state of one frame: one frame of sums for the total and one a dimension.

    Args:
        frame: facts of one table.
        day: the local day of each row, null where it has none.
        facts: row-level expressions; null is outside.
        dimensions: columns to split by.
        has_squares: facts whose sum of squares differs from their sum.
        has_cubes: facts whose skewness is wanted.
    """
    # Run as a stream, sums of many facts cost half of what they do all at once.
    held = [pl.col(dimension).alias(column_of(dimension)) for dimension in dimensions]
    values = frame.select(day.alias("day"), *held, *(fact.alias(name) for name, fact in facts.items())).lazy()
    sums = [pl.len().alias("rows")]
    for name in facts:
        value = pl.col(name)
        sums += [value.count().cast(pl.Int64).alias(f"{name}:n"), value.cast(pl.Float64).sum().alias(f"{name}:s")]
        if name in has_squares:
            sums.append((value.cast(pl.Float64) ** 2).sum().alias(f"{name}:q"))
        if name in has_cubes:
            sums.append((value.cast(pl.Float64) ** 3).sum().alias(f"{name}:c"))
    states = {}
    for dimension in dimensions:
        group = pl.col(column_of(dimension)).alias("group")
        state = values.group_by("day", group).agg(sums).collect(engine="streaming")
        states[dimension] = state.with_columns(pl.col("group").cast(pl.String))
    if dimensions:
        whole = states[dimensions[0]].group_by("day").agg(pl.all().exclude("day", "group").sum())
    else:
        whole = values.group_by("day").agg(sums).collect(engine="streaming")
    states[TOTAL] = whole.with_columns(group=pl.lit(None, pl.String))
    return states


def merge(states: Sequence[Mapping[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """One state of many, as if their rows had stood in one frame."""
    return {
        dimension: pl.concat([state[dimension] for state in states], how="diagonal")
        .group_by("day", "group")
        .agg(pl.all().exclude("day", "group").sum())
        for dimension in states[0]
    }
