"""Keys by day: how many different ones a period has, how many of them more than once, and rows that have none."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Self

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.fact_keys import measure_key
from kpi_core.engine.states.state import Key
from kpi_core.engine.states.sums import in_period
from kpi_core.facts import Facts
from kpi_core.model.columns import filled, grouped
from kpi_core.model.estimates import EMPTY, Estimate
from kpi_core.model.measures import Distinct, Measure, Repeated, Returned
from kpi_core.model.periods import Period
from kpi_core.model.stocks_and_survival import Kept, Stock, Survival
from kpi_core.records import dataclass
from kpi_core.stats import intervals

STOCKS_AND_CURVES = Stock | Kept | Survival
"""What a row counts for from its own day on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class KeyDays:
    """The rows of each key (null: without one) by day, and by group in all but the total's: key, day, group, rows."""

    frame: pl.DataFrame

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The rows of all of them, added up."""
        if len(states) == 1:
            return states[0]
        whole = pl.concat([state.frame for state in states])
        return cls(frame=whole.group_by(pl.all().exclude("rows")).agg(pl.col("rows").sum()))


@dataclass(frozen=True, kw_only=True, eq=False)
class KeyDaysPlan:
    """Keys by day: of the total, or by group where `dimension` is not `TOTAL`."""

    table: str
    dated_by: str
    measure: Distinct
    dimension: str

    @property
    def key(self) -> Key:
        """The table, the date, the key and the dimension."""
        return ("keys", self.table, self.dated_by, measure_key(self.measure), self.dimension)

    def partial(self, facts: Facts) -> KeyDays:
        """The keys of some rows."""
        dimensions = [] if self.dimension == TOTAL else [self.dimension]
        return partial(facts.frame, facts.day(self.dated_by), self.measure, dimensions)


@dataclass(frozen=True, kw_only=True, eq=False)
class KeysReader:
    """Reads numbers of keys off a state."""

    state: KeyDays

    def finish(self, measure: Measure, cell: Cell, confidence: float) -> Estimate:
        """Different keys of a cell, without an interval; of repeated ones the share, with Wilson's."""
        assert isinstance(measure, Distinct)
        rows = self._rows_of(measure, cell)
        if not isinstance(measure, Repeated):
            count = filled(rows["key"]).n_unique()
            return Estimate(value=count, n=count)
        keys = rows.drop_nulls("key").group_by("key").agg(pl.col("rows").sum())
        if keys.is_empty():
            return EMPTY
        often = int((keys["rows"] > 1).sum())
        low, high = intervals.wilson(often, keys.height, confidence)
        days = window(measure, cell.period)
        parts = Returned(k=often, of=keys.height, window=days if days.start and days.end else None)
        return Estimate(value=often / keys.height, n=keys.height, low=low, high=high, parts=parts)

    @property
    def has_keys(self) -> bool:
        """Whether any row has a key, dated or not."""
        return self.state.frame["key"].null_count() < self.state.frame.height

    def unkeyed(self, measure: Distinct, cell: Cell) -> int:
        """The cell's rows without a key."""
        return int(self._rows_of(measure, cell).filter(pl.col("key").is_null())["rows"].sum())

    def _rows_of(self, measure: Distinct, cell: Cell) -> pl.DataFrame:
        rows = in_period(self.state.frame, window(measure, cell.period))
        return (
            rows if cell.dimension == TOTAL else rows.filter(pl.col("group").eq_missing(pl.lit(cell.group, pl.String)))
        )


def window(measure: Distinct, period: Period) -> Period:
    """The days looked at for a period: its own, or as many as the measure goes back from its end."""
    if not isinstance(measure, Repeated) or period.end is None:
        return period
    return Period(period.end - timedelta(days=measure.window), period.end)


def days_of(measure: Measure, period: Period) -> Period:
    """The days whose rows a measure rests on in a period: all before its end for what lasts, else those of its window."""
    if isinstance(measure, STOCKS_AND_CURVES):
        return period if period.end is None else Period(date.min, period.end)
    return window(measure, period) if isinstance(measure, Distinct) else period


def partial(frame: pl.DataFrame, day: pl.Series, measure: Distinct, dimensions: Sequence[str]) -> KeyDays:
    """The keys of a table by day; `dimensions` are none for the total, else one."""
    groups = [
        (pl.col(name) if frame.schema[name] == pl.Categorical else pl.col(name).cast(pl.String)).alias("group")
        for name in dimensions
    ]
    by = ["key", *(["group"] if groups else []), "day"]
    made: list[pl.Expr | pl.Series] = [measure.key.alias("key"), *groups, day.alias("day")]
    return KeyDays(frame=grouped(frame, by, [pl.len().alias("rows")], made))
