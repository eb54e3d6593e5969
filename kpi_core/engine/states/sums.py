"""The additive state: rows, sums and sums of squares of every fact, by local day and group.

Days rather than periods, so that states of split files add up, any period can be read off, and days show how much
they vary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Self, TypeVar

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, column_of, disjoint, is_of_months, period_index
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.states.state import Key
from kpi_core.facts import Facts
from kpi_core.model.columns import grouped
from kpi_core.model.estimates import CellSums, Estimate, Sums
from kpi_core.model.measures import Additive, Measure
from kpi_core.model.periods import Period
from kpi_core.records import dataclass

Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True, kw_only=True, eq=False)
class DaySums:
    """Sums of facts of one table by one date: for the total and each dimension a frame.

    A frame has a row a `day` (null: undated) and `group` (null: without one; always in the total's), with the `rows` there
    are, and of each fact by its digest `:n` values, their sum `:s`, of squares `:q` and of cubes `:c` where they are wanted.
    """

    frames: Mapping[str, pl.DataFrame]

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The sums of all of them, added up."""
        if len(states) == 1:
            return states[0]
        frames = {
            dimension: pl.concat([state.frames[dimension] for state in states])
            .group_by("day", "group")
            .agg(pl.all().exclude("day", "group").sum())
            for dimension in states[0].frames
        }
        return cls(frames=frames)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and last day with rows."""
        days = self.frames[TOTAL]["day"]
        first, last = days.min(), days.max()
        return (first, last) if isinstance(first, date) and isinstance(last, date) else None


@dataclass(frozen=True, kw_only=True, eq=False)
class DaySumsPlan:
    """Sums of facts by day and group.

    Args:
        table: whose rows they are of.
        dated_by: the instant that gives a row its day.
        facts: row-level expressions by their digest; null is outside.
        dimensions: columns to split by.
        has_squares: facts whose sum of squares differs from their sum.
        has_cubes: facts whose skewness is wanted.
        of: distinguishes this state from others of the same table and date, where there are several.
    """

    table: str
    dated_by: str
    facts: Mapping[str, pl.Expr]
    dimensions: Sequence[str]
    has_squares: frozenset[str] = frozenset()
    has_cubes: frozenset[str] = frozenset()
    of: Key = ()

    @property
    def key(self) -> Key:
        """The table and the date."""
        return ("sums", self.table, self.dated_by, *self.of)

    def partial(self, facts: Facts) -> DaySums:
        """The sums of some rows."""
        day = facts.day(self.dated_by)
        return partial(facts.frame, day, self.facts, self.dimensions, self.has_squares, self.has_cubes)


@dataclass(frozen=True, kw_only=True, eq=False)
class SumsReader:
    """Reads sums off a state. `covered` are the first and last day that the table covers by the state's date.

    Of `periods`, which will be asked for, those that do not overlap are read at once.
    """

    state: DaySums
    covered: tuple[date, date] | None
    periods: Sequence[Period] = ()
    _read: dict[tuple[Period, str], dict[str | None, dict[str, float]]] = field(default_factory=dict)
    _groups: dict[str, list[str | None]] = field(default_factory=dict)

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """The state's frames."""
        return self.state.frames

    def finish(self, measure: Measure, cell: Cell, confidence: float) -> Estimate:
        """A measure that adds up, of which the state has the facts."""
        assert isinstance(measure, Additive)
        own, *companions = (self.sums(fact, cell) for fact in digests(measure))
        days = count_days(cell.period, self.covered)
        found = CellSums(own=own, companions=tuple(companions), days=days, is_of_months=is_of_months(cell.period))
        return measure.finish(found, confidence)

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
            periods = next((each for each in self._lists if cell.period in each), [cell.period])
            frame = self.frames[cell.dimension]
            placed = frame.hstack([period_index(frame["day"], periods)])
            added = placed.group_by("period", "group").agg(pl.all().exclude("day").sum())
            found: dict[Period, dict[str | None, dict[str, float]]] = {period: {} for period in periods}
            for row in added.iter_rows(named=True):
                place, group = row.pop("period"), row.pop("group")
                if place is not None:
                    found[periods[place]][group] = row
            self._read.update({(period, cell.dimension): rows for period, rows in found.items()})
        return self._read[key]

    @cached_property
    def _lists(self) -> list[list[Period]]:
        """The periods, dealt so that none overlaps another of its list."""
        return disjoint(self.periods)

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
    return [first + timedelta(days=offset) for offset in range(count_days(period, covered))]


def count_days(period: Period, covered: tuple[date, date] | None) -> int:
    """How many days of a period the table covers."""
    if covered is None:
        return 0
    first = covered[0] if period.start is None else max(period.start, covered[0])
    last = covered[1] if period.end is None else min(period.end - timedelta(days=1), covered[1])
    return max((last - first).days + 1, 0)


@cache
def digests(measure: Additive) -> tuple[str, ...]:
    """The keys of a measure's fact and of its companions: their structure, so that measures that rest on one share it."""
    return tuple(map(fact_key, (measure.facts()[0], *measure.companions())))


def partial(
    frame: pl.DataFrame,
    day: pl.Series,
    facts: Mapping[str, pl.Expr],
    dimensions: Sequence[str],
    has_squares: frozenset[str],
    has_cubes: frozenset[str] = frozenset(),
) -> DaySums:
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
    columns = [pl.col(dimension).alias(column_of(dimension)) for dimension in dimensions]
    values = frame.select(day.alias("day"), *columns, *(fact.alias(name) for name, fact in facts.items()))
    added = {name: _added(values[name], name in has_squares, name in has_cubes) for name in facts}
    exact = [pl.col(name).cast(pl.Float64).alias(f"{name}:f") for name in has_squares | has_cubes if name in added]
    sums = [pl.len().alias("rows"), *(each for every in added.values() for each in every)]
    states = {}
    for dimension in dimensions:
        group = pl.col(column_of(dimension)).alias("group")
        state = grouped(values, ["day", group], sums, exact)
        states[dimension] = _finished(state, facts, pl.col("group").cast(pl.String))
    if dimensions:
        whole = states[dimensions[0]].group_by("day").agg(pl.all().exclude("day", "group").sum())
        states[TOTAL] = whole.with_columns(group=pl.lit(None, pl.String))
    else:
        states[TOTAL] = _finished(grouped(values, ["day"], sums, exact), facts, pl.lit(None, pl.String).alias("group"))
    return DaySums(frames=states)


def _added(values: pl.Series, has_squares: bool, has_cubes: bool) -> list[pl.Expr]:
    """What is added up of a fact: whole numbers as such, and nothing but their number where they are all 1."""
    name, value = values.name, pl.col(values.name)
    found = [value.count().alias(f"{name}:n")]
    if has_squares or has_cubes:
        exact = pl.col(f"{name}:f")
        powers = {
            "s": exact,
            **({"q": exact * exact} if has_squares else {}),
            **({"c": exact * exact * exact} if has_cubes else {}),
        }
        return [*found, *(power.sum().alias(f"{name}:{kind}") for kind, power in powers.items())]
    if values.dtype == pl.Int8 and values.min() == values.max() == 1:
        return found
    whole = pl.Int64 if values.dtype in (pl.Int8, pl.Int16, pl.Int32) else pl.Float64
    return [*found, value.cast(whole).sum().alias(f"{name}:s")]


def _finished(state: pl.DataFrame, facts: Iterable[str], group: pl.Expr) -> pl.DataFrame:
    """The sums as numbers of one kind, whatever they were added up as; those of facts that are all 1 are how many there are."""
    columns = [pl.col("day"), group, pl.col("rows")]
    for name in facts:
        of = f"{name}:s" if f"{name}:s" in state.columns else f"{name}:n"
        columns += [pl.col(f"{name}:n").cast(pl.Int64), pl.col(of).cast(pl.Float64).alias(f"{name}:s")]
        columns += [pl.col(more) for more in (f"{name}:q", f"{name}:c") if more in state.columns]
    return state.select(columns)
