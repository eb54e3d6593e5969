"""Quantiles: the values of every cell sorted at once, exact at any rank.

Cell and value are packed in one Int64 and sorted; the value at a rank of a cell is then one look-up.
"""

import math
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property
from threading import Lock
from typing import Self

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, column_of, disjoint, period_index
from kpi_core.engine.fact_keys import measure_key
from kpi_core.engine.states.state import Key
from kpi_core.facts import Facts
from kpi_core.model.columns import distinct
from kpi_core.model.estimates import EMPTY, Estimate
from kpi_core.model.measures import Measure, Quantile
from kpi_core.model.periods import Period
from kpi_core.records import dataclass
from kpi_core.stats import intervals

SPAN = 2**33
MIDDLE = 2**32


@dataclass(frozen=True, kw_only=True, eq=False)
class Values:
    """The values of a fact: a row each of `day` (null: undated), `value` (null: outside) and the columns to split by."""

    frame: pl.DataFrame

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The values of all of them."""
        return states[0] if len(states) == 1 else cls(frame=pl.concat([state.frame for state in states]))


@dataclass(frozen=True, kw_only=True, eq=False)
class ValuesPlan:
    """The values of a quantile's fact by day, with the columns to split by."""

    table: str
    dated_by: str
    measure: Quantile
    dimensions: Sequence[str]

    @property
    def key(self) -> Key:
        """The table, the date and the fact."""
        return ("values", self.table, self.dated_by, measure_key(self.measure))

    def partial(self, facts: Facts) -> Values:
        """The values of some rows."""
        columns = [pl.col(dimension).alias(column_of(dimension)) for dimension in self.dimensions]
        value = self.measure.of.alias("value")
        return Values(frame=facts.frame.select(facts.day(self.dated_by).alias("day"), value, *columns))


@dataclass(frozen=True, kw_only=True, eq=False)
class ValuesReader:
    """Reads quantiles off a state, for some periods; each dimension and list of them is sorted once."""

    state: Values
    periods: Sequence[Period]
    _sorted: dict[tuple[str, Period], "SortedValues"] = field(default_factory=dict)
    _sorting: Lock = field(default_factory=Lock)
    """Locked while values are sorted, which may have begun in the background: who asks for them meanwhile waits."""

    def finish(self, measure: Measure, cell: Cell, confidence: float | None) -> Estimate:
        """The quantile of a cell with its interval (None: without)."""
        assert isinstance(measure, Quantile)
        return self.sorted(cell).quantile(cell, measure.at, confidence)

    def sorted(self, cell: Cell) -> "SortedValues":
        """The values sorted in each cell of its dimension and periods.

        Totals are asked for in every period of a trend, groups mostly in two periods only.
        """
        is_total = cell.dimension == TOTAL
        periods = (
            next((each for each in self._lists if cell.period in each), [cell.period]) if is_total else [cell.period]
        )
        key = (cell.dimension, periods[0])
        with self._sorting:
            if key not in self._sorted:
                frame = self.state.frame
                labels = None if is_total else frame[column_of(cell.dimension)]
                self._sorted[key] = sort_values(frame["value"], frame["day"], labels, periods)
            return self._sorted[key]

    @cached_property
    def has_values(self) -> bool:
        """Whether any row has a value, dated or not."""
        return self.state.frame["value"].null_count() < self.state.frame.height

    @cached_property
    def _lists(self) -> list[list[Period]]:
        """The periods, dealt so that none overlaps another of its list."""
        return disjoint(self.periods)


@dataclass(frozen=True, kw_only=True, eq=False)
class SortedValues:
    """The values of a fact, cell by cell of one dimension and list of periods, sorted in each; `places` says where.

    `levels` are the different values in order where they are no whole numbers: what is sorted is then their places.
    """

    values: pl.Series
    places: dict[tuple[Period, str | None], tuple[int, int]]
    levels: pl.Series | None = None

    def count(self, cell: Cell) -> int:
        """Values in the cell."""
        return self.places.get((cell.period, cell.group), (0, 0))[1]

    def at(self, cell: Cell, rank: int) -> float:
        """The value at a 0-based rank of the cell."""
        value = self.values[self.places[cell.period, cell.group][0] + rank]
        return int(value) if self.levels is None else float(self.levels[value])

    def quantile(self, cell: Cell, at: float, confidence: float | None) -> Estimate:
        """Type 7 quantile with the order-statistic interval (None: without); no values, no quantile."""
        n = self.count(cell)
        if n == 0:
            return EMPTY
        place = (n - 1) * at
        below = math.floor(place)
        low = self.at(cell, below)
        value = low + (self.at(cell, min(below + 1, n - 1)) - low) * (place - below)
        if confidence is None:
            return Estimate(value=value, n=n)
        ranks = intervals.quantile_ranks(n, at, confidence)
        lower, upper = (None, None) if ranks is None else (self.at(cell, ranks[0]), self.at(cell, ranks[1]))
        return Estimate(value=value, n=n, low=lower, high=upper)


@dataclass(frozen=True, kw_only=True, eq=False)
class Groups:
    """A dimension encoded densely: each row's place in `names`, of which the first is None."""

    names: list[str | None]
    codes: pl.Series


def encode(labels: pl.Series) -> Groups:
    """Encodes a dimension. Codes of categories are neither dense nor stable, so they go by a table of this run's."""
    if labels.dtype != pl.Categorical and not isinstance(labels.dtype, pl.Enum):
        labels = labels.cast(pl.String).cast(pl.Categorical)
    words = distinct(labels)
    found = pl.DataFrame({"name": words.cast(pl.String), "code": words.to_physical().cast(pl.Int64)}).sort("name")
    highest = found["code"].max()
    table = [0] * (highest + 1 if isinstance(highest, int) else 1)
    for place, code in enumerate(found["code"].to_list(), start=1):
        table[code] = place
    codes = pl.Series(table, dtype=pl.Int64).gather(labels.to_physical().cast(pl.UInt32)).fill_null(0)
    return Groups(names=[None, *found["name"].to_list()], codes=codes)


def _is_asked(periods: Sequence[Period]) -> pl.Expr:
    """Whether a row has a value and lies from the first of some periods to the last: most rows do not, and need not be looked at."""
    edges = [(period.start, period.end) for period in periods if period.start is not None and period.end is not None]
    if len(edges) < len(periods):
        return pl.col("value").is_not_null()
    first, last = min(start for start, _ in edges), max(end for _, end in edges)
    return pl.col("value").is_not_null() & pl.col("day").is_between(pl.lit(first), pl.lit(last), closed="left")


def sort_values(
    values: pl.Series, days: pl.Series, labels: pl.Series | None, periods: Sequence[Period]
) -> SortedValues:
    """Sorts values by cell: whole numbers within ±2³² as they are, any others by their place among the different ones.

    Args:
        values: null outside.
        days: the local day of each row.
        labels: the dimension, None for the total. Encoded only in the rows asked for, which of groups are mostly few.
        periods: without overlaps.
    """
    columns = [days.alias("day"), values.alias("value"), *([] if labels is None else [labels.alias("group")])]
    rows = pl.DataFrame(columns).filter(_is_asked(periods))
    rows = rows.hstack([period_index(rows["day"], periods)])
    rows = rows.drop_nulls("period") if rows["period"].has_nulls() else rows
    groups = None if labels is None else encode(rows["group"])
    names: list[str | None] = [None] if groups is None else groups.names
    levels, known = None, rows["value"]
    if known.dtype.is_float():
        levels = known.unique().sort()
        rows = rows.with_columns(value=known.rank("dense").cast(pl.Int64) - 1)
    cell = pl.col("period").cast(pl.Int64)
    if groups is not None:
        rows = rows.hstack([groups.codes.alias("code")])
        cell = cell * len(names) + pl.col("code")
    packed = (cell * SPAN + pl.col("value").cast(pl.Int64) + MIDDLE).sort().alias("packed")
    in_order = rows.lazy().select(packed).collect()
    value = ((pl.col("packed") & (SPAN - 1)) - MIDDLE).cast(rows["value"].dtype)
    places = _places(in_order["packed"], periods, names)
    return SortedValues(values=in_order.lazy().select(value).collect().to_series(), places=places, levels=levels)


def _places(
    packed: pl.Series, periods: Sequence[Period], names: Sequence[str | None]
) -> dict[tuple[Period, str | None], tuple[int, int]]:
    """Where each cell that has values begins among packed ones in order, and how many it has."""
    cells = [(period, name) for period in periods for name in names]
    edges = pl.int_range(len(cells) + 1, dtype=pl.Int64, eager=True) * SPAN
    begins = packed.search_sorted(edges).to_list()
    found = zip(cells, begins, begins[1:], strict=False)
    return {cell: (begin, end - begin) for cell, begin, end in found if end > begin}
