"""The states that estimates are read off: gathered lazily, each once, when first read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Self

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, disjoint
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.plan import CURRENCY, leaves
from kpi_core.engine.states import keys, risk_sets, sums
from kpi_core.engine.states import stocks as spanned
from kpi_core.engine.states.values import Groups, SortedValues, encode, sort_values
from kpi_core.facts import Facts
from kpi_core.model.clock import Clock
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import (
    Count,
    Distinct,
    Index,
    Kept,
    Mean,
    Measure,
    NetShare,
    Part,
    Quantile,
    Share,
    Stock,
    Sum,
    Survival,
)
from kpi_core.model.periods import Period
from kpi_core.model.service_levels import Judged
from kpi_core.model.tables import TABLES
from kpi_core.threads import pool

Additive = Count | Sum | Mean | Share | NetShare | Index


@dataclass(kw_only=True, eq=False)
class States:
    """What KPIs need of some facts.

    Args:
        tables: facts by table.
        clock: how instants become days.
        dimensions: columns to split by; a table without one of them is not split by it.
        periods: every period that will be asked for.
        confidence: of the intervals.
        kpis: what will be asked for.
        covered: first and last day that each table has events of any kind on.
    """

    tables: Mapping[str, Facts]
    clock: Clock
    dimensions: tuple[str, ...]
    periods: Sequence[Period]
    confidence: float
    kpis: Sequence[Kpi]
    covered: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    _sums: dict[tuple[str, str], sums.DaySums] = field(default_factory=dict)
    _sorted: dict[tuple[str, str, str, str, Period], SortedValues] = field(default_factory=dict)
    _groups: dict[tuple[str, str], Groups] = field(default_factory=dict)
    _keys: dict[tuple[str, str, str, str], keys.KeyDays] = field(default_factory=dict)
    _spans: dict[tuple[str, str], spanned.Spans] = field(default_factory=dict)
    reaches: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    found: dict[tuple[Measure, str, str, Cell], Estimate] = field(default_factory=dict)
    _watches: dict[tuple[str, str], risk_sets.Watches] = field(default_factory=dict)

    def on(self, tables: Mapping[str, Facts]) -> Self:
        """The same asked of other facts."""
        return type(self)(tables=tables, clock=self.clock, dimensions=self.dimensions, periods=self.periods,
                          confidence=self.confidence, kpis=self.kpis, covered=self.covered)  # fmt: skip

    def gather(self) -> None:
        """The sums, sorted values and stocks of the first period, side by side: each by itself leaves cores idle."""
        parts = [leaf for kpi in self.kpis for leaf in leaves(kpi) if home(leaf)[0] in self.tables]
        summed = dict.fromkeys(home(leaf) for leaf in parts if isinstance(leaf.measure, Additive))
        ranked = {
            (*home(leaf), fact_key(leaf.measure.of)): (*home(leaf), leaf.measure)
            for leaf in parts
            if isinstance(leaf.measure, Quantile)
        }
        stocks = {(home(leaf)[0], leaf.measure) for leaf in parts if isinstance(leaf.measure, Stock | Kept)}
        split = {(table, name) for table, _, _ in ranked.values() for name in self.split(table)}
        with pool(2) as workers:
            list(workers.map(lambda key: self.sums(*key), summed))
            list(workers.map(lambda key: self._encoded(*key), split))
            list(workers.map(lambda key: self.sorted_values(*key), self._ranked(ranked.values())))
            list(workers.map(lambda key: self._span(*key), stocks))

    def _ranked(self, parts: Iterable[tuple[str, str, Quantile]]) -> Iterator[tuple[str, str, Quantile, Cell]]:
        """Quantiles with the cells that tell how their values are sorted: all periods, the first two of each dimension."""
        for table, dated_by, measure in parts:
            yield table, dated_by, measure, Cell(period=self.periods[0])
            for dimension in self.split(table):
                for period in self.periods[:2]:
                    yield table, dated_by, measure, Cell(period=period, dimension=dimension)

    @cached_property
    def _lists(self) -> list[list[Period]]:
        """The periods, dealt so that none overlaps another of its list."""
        return disjoint(self.periods)

    def split(self, table: str) -> tuple[str, ...]:
        """The dimensions that a table can be split by."""
        facts = self.tables.get(table)
        return tuple(name for name in self.dimensions if facts is not None and name in facts.frame.columns)

    def day(self, table: str, dated_by: str) -> pl.Series:
        """The local day of each row of a table by one of its dates; null where it has none."""
        return self.tables[table].day(dated_by)

    def rows_by_day(self, table: str, dated_by: str) -> dict[date, int]:
        """How many rows of a table lie on each day by one of its dates, whatever they are."""
        if (table, dated_by) in self._sums:
            found = self._sums[table, dated_by].frames[TOTAL].select("day", "rows").drop_nulls("day")
        else:
            found = self.day(table, dated_by).drop_nulls().value_counts(name="rows")
        return {day: int(rows) for day, rows in found.iter_rows()}

    def sums(self, table: str, dated_by: str) -> sums.DaySums:
        """The additive state of every KPI that is dated so."""
        key = (table, dated_by)
        if key not in self._sums:
            facts, squares = self._facts(table, dated_by)
            times = frozenset(
                name(kpi.measure) for kpi in self.kpis if isinstance(kpi.measure, Mean) and kpi.unit is Unit.SECONDS
            )
            day = self.day(table, dated_by)
            frames = sums.partial(self.tables[table].frame, day, facts, self.split(table), squares, times)
            self._sums[key] = sums.DaySums(facts=facts, frames=frames, covered=self._covered(table, day))
        return self._sums[key]

    def _facts(self, table: str, dated_by: str) -> tuple[dict[str, pl.Expr], frozenset[str]]:
        """What is summed of a table's rows, by name, and what of it also in squares."""
        facts: dict[str, pl.Expr] = {}
        squares = set()
        for measure in (leaf.measure for kpi in self.kpis for leaf in leaves(kpi) if home(leaf) == (table, dated_by)):
            if isinstance(measure, Additive):
                facts[name(measure)] = measure.facts()[0]
            if isinstance(measure, Mean | NetShare | Index):
                squares.add(name(measure))
            if isinstance(measure, Sum) and (coarse := measure.coarse()) is not None:
                facts[fact_key(coarse)] = coarse
            if isinstance(measure, Judged):
                facts[fact_key(measure.awaited())] = measure.awaited()
        for kpi in self.kpis:
            if (kpi.table, kpi.dated_by) == (table, dated_by) and (rows := own_rows(kpi)) is not None:
                facts[fact_key(rows)] = rows
        return facts, frozenset(squares)

    def _covered(self, table: str, day: pl.Series) -> tuple[date, date] | None:
        if table in self.covered:
            return self.covered[table]
        first, last = day.min(), day.max()
        if not isinstance(first, date) or not isinstance(last, date):
            return None
        return first, max(last, self.clock.today or last)

    def sorted_values(self, table: str, dated_by: str, measure: Quantile, cell: Cell) -> SortedValues:
        """The values of a quantile, sorted in each cell of its dimension and periods."""
        # Totals are asked for in every period of a trend, groups mostly in two periods only.
        periods = (
            next(each for each in self._lists if cell.period in each) if cell.dimension == TOTAL else [cell.period]
        )
        key = (table, dated_by, fact_key(measure.of), cell.dimension, periods[0])
        if key not in self._sorted:
            frame = self.tables[table].frame
            values = frame.select(measure.of.alias("value"))["value"]
            groups = None if cell.dimension == TOTAL else self._encoded(table, cell.dimension)
            self._sorted[key] = sort_values(values, self.day(table, dated_by), groups, periods)
        return self._sorted[key]

    def _encoded(self, table: str, dimension: str) -> Groups:
        key = (table, dimension)
        if key not in self._groups:
            self._groups[key] = encode(self.tables[table].frame[dimension])
        return self._groups[key]

    def _key_days(self, table: str, dated_by: str, measure: Distinct, cell: Cell) -> keys.KeyDays:
        key = (table, dated_by, fact_key(measure.key), cell.dimension)
        if key not in self._keys:
            dimensions = [] if cell.dimension == TOTAL else [cell.dimension]
            self._keys[key] = keys.gather(self.tables[table].frame, self.day(table, dated_by), measure, dimensions)
        return self._keys[key]

    def _span(self, table: str, measure: Stock | Kept) -> spanned.Spans:
        key = (table, fact_key(*measure.facts()))
        if key not in self._spans:
            facts = self.tables[table]
            self._spans[key] = spanned.gather(facts.frame, measure, self.split(table), self.clock, facts.open_hours)
        return self._spans[key]

    def _watch(self, table: str, measure: Survival) -> risk_sets.Watches:
        key = (table, fact_key(*measure.facts()))
        if key not in self._watches:
            facts = self.tables[table]
            self._watches[key] = risk_sets.gather(facts.frame, measure, self.split(table), self.clock, facts.open_hours)
        return self._watches[key]


def own_rows(kpi: Kpi) -> pl.Expr | None:
    """1 in the rows a KPI speaks of: its own, of its question, answered or only offered, or in its currency; None for all."""
    if kpi.speaks_of is not None:
        return pl.when(kpi.speaks_of).then(pl.lit(1, pl.Int8))
    if kpi.asks:
        return pl.when(pl.col("question") == kpi.asks).then(pl.lit(1, pl.Int8))
    if kpi.currency and TABLES[kpi.table].column(CURRENCY) is not None:
        return pl.when(pl.col(CURRENCY) == kpi.currency).then(pl.lit(1, pl.Int8))
    return None


def home(part: Part) -> tuple[str, str]:
    """The table and the date of a measure that rests on rows."""
    if part.table is None or part.dated_by is None:
        raise AssertionError("a leaf names its table and date")
    return part.table, part.dated_by


@cache
def name(measure: Measure) -> str:
    """Facts are known by their structure, so that KPIs that rest on one share it."""
    return fact_key(measure.facts()[0])
