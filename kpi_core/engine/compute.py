"""From facts to estimates: plans which states the KPIs need, gathers each once, and reads cells off them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

import polars as pl

from kpi_core import intervals
from kpi_core.engine import spans as spanned
from kpi_core.engine import sums
from kpi_core.engine.cells import TOTAL, Cell, Clock, disjoint
from kpi_core.engine.plan import leaves
from kpi_core.engine.sums import covered_days
from kpi_core.engine.values import Groups, SortedValues, encode, sort_values
from kpi_core.estimates import EMPTY, Estimate
from kpi_core.facts import Facts
from kpi_core.kpi import Kpi
from kpi_core.measures import (
    Count,
    Difference,
    Distinct,
    Index,
    Mean,
    Measure,
    NetShare,
    Part,
    Quantile,
    Share,
    Stock,
    Survival,
)
from kpi_core.p_values import z_of
from kpi_core.periods import Period

Additive = Count | Mean | Share | NetShare | Index


@dataclass(kw_only=True, eq=False)
class Engine:
    """Estimates of KPIs over facts, gathered lazily: every state is built once, when first read.

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
    _days: dict[tuple[str, str], pl.Series] = field(default_factory=dict)
    _sums: dict[tuple[str, str], sums.DaySums] = field(default_factory=dict)
    _sorted: dict[tuple[str, str, str, str, int], SortedValues] = field(default_factory=dict)
    _groups: dict[tuple[str, str], Groups] = field(default_factory=dict)
    _keys: dict[tuple[str, str, str, str], pl.DataFrame] = field(default_factory=dict)
    _spans: dict[tuple[str, str], spanned.Spans] = field(default_factory=dict)

    @cached_property
    def _lists(self) -> list[list[Period]]:
        """The periods, dealt so that none overlaps another of its list."""
        return disjoint(self.periods)

    def estimate(self, kpi: Kpi, cell: Cell) -> Estimate:
        """The KPI in a cell; EMPTY where it has no rows."""
        parts = list(leaves(kpi))
        if len(parts) == 1:
            return self._leaf(parts[0], cell)
        return self._combined(kpi.measure, parts, cell)

    def value(self, kpi: Kpi, cell: Cell) -> Estimate:
        """The KPI in a cell without an interval where that would cost (quantiles, counts), for trends."""
        if isinstance(kpi.measure, Count):
            held = self.sums(kpi.table, kpi.dated_by)
            count = held.sums(_name(kpi.measure), cell).n
            return Estimate(value=count, n=count) if covered_days(cell.period, held.covered) or count else EMPTY
        if isinstance(kpi.measure, Quantile):
            return self._sorted_values(kpi.table, kpi.dated_by, kpi.measure, cell).quantile(cell, kpi.measure.at, None)
        return self.estimate(kpi, cell)

    def groups(self, kpi: Kpi, dimension: str) -> list[str | None]:
        """The groups of a dimension among the KPI's rows, largest first; none where its table lacks it."""
        part = next(leaves(kpi))
        table, dated_by = _home(part)
        if dimension not in self.split(table):
            return []
        return self.sums(table, dated_by).groups(dimension)

    def rows(self, kpi: Kpi, cell: Cell) -> int:
        """Rows dated in the cell by the KPI's own date; of its own question, where it asks one.

        For an index the respondents who answered any of its questions.
        """
        if isinstance(kpi.measure, Index):
            parts = (
                pl.col(kpi.measure.question).is_in(list(kpi.measure.weights)) & pl.col(kpi.measure.score).is_not_null()
            )
            respondents = Distinct(pl.when(parts).then(pl.col(kpi.measure.respondent)))
            return self._distinct(kpi.table, kpi.dated_by, respondents, cell).n
        held = self.sums(kpi.table, kpi.dated_by)
        return held.sums(_asked(kpi.asks), cell).n if kpi.asks else held.rows(cell)

    def split(self, table: str) -> tuple[str, ...]:
        """The dimensions that a table can be split by."""
        facts = self.tables.get(table)
        return tuple(name for name in self.dimensions if facts is not None and name in facts.frame.columns)

    def _leaf(self, part: Part, cell: Cell) -> Estimate:
        table, dated_by = _home(part)
        if table not in self.tables or (cell.dimension != TOTAL and cell.dimension not in self.split(table)):
            return EMPTY
        measure = part.measure
        match measure:
            case Count():
                return measure.finish(self.sums(table, dated_by).flow(_name(measure), cell), self.confidence)
            case Mean() | Share() | NetShare() | Index():
                return measure.finish(self.sums(table, dated_by).sums(_name(measure), cell), self.confidence)
            case Quantile():
                return self._sorted_values(table, dated_by, measure, cell).quantile(cell, measure.at, self.confidence)
            case Distinct():
                return self._distinct(table, dated_by, measure, cell)
            case Survival():
                return self._survival(table, measure, cell)
            case Stock():
                return spanned.stock(self._span(table, measure), measure, cell, self.confidence)
        raise AssertionError(f"{type(measure).__name__} is not of the closed set")

    def _combined(self, measure: Measure, parts: Sequence[Part], cell: Cell) -> Estimate:
        first, second = (self._leaf(part, cell) for part in parts)
        if first.value is None or second.value is None:
            return EMPTY
        phi = (first.parts.get("dispersion", 1.0), second.parts.get("dispersion", 1.0))
        known = {
            "a": first.value,
            "b": second.value,
            "phi_a": phi[0],
            "phi_b": phi[1],
            "days": first.parts.get("days", 0.0),
        }
        if isinstance(measure, Difference):
            reach = z_of(self.confidence) * (phi[0] * first.value + phi[1] * second.value) ** 0.5
            value = first.value - second.value
            return Estimate(value=value, n=first.n + second.n, low=value - reach, high=value + reach, parts=known)
        if second.value == 0:
            return Estimate(value=None, n=0, parts=known)
        value = first.value / second.value
        if isinstance(parts[1].measure, Distinct):
            low, high = (None if bound is None else bound / second.value for bound in (first.low, first.high))
            return Estimate(value=value, n=first.n, low=low, high=high, parts=known)
        low, high = intervals.flow_ratio(int(first.value), phi[0], int(second.value), phi[1], self.confidence)
        return Estimate(value=value, n=second.n, low=low, high=high, parts=known)

    def day(self, table: str, dated_by: str) -> pl.Series:
        """The local day of each row of a table by one of its dates; null where it has none."""
        key = (table, dated_by)
        if key not in self._days:
            frame = self.tables[table].frame
            if dated_by in frame.columns:
                self._days[key] = frame.select(self.clock.day(dated_by).alias("day"))["day"]
            else:
                self._days[key] = pl.Series("day", [None], pl.Date).new_from_index(0, frame.height)
        return self._days[key]

    def sums(self, table: str, dated_by: str) -> sums.DaySums:
        """The additive state of every KPI that is dated so."""
        key = (table, dated_by)
        if key not in self._sums:
            facts: dict[str, pl.Expr] = {}
            squares = set()
            for leaf in (leaf for kpi in self.kpis for leaf in leaves(kpi)):
                if _home(leaf) == key and isinstance(leaf.measure, Additive):
                    name = _name(leaf.measure)
                    facts[name] = leaf.measure.facts()[0]
                    squares |= {name} if isinstance(leaf.measure, Mean | NetShare | Index) else set()
            for kpi in self.kpis:
                if kpi.asks and (kpi.table, kpi.dated_by) == key:
                    facts[_asked(kpi.asks)] = pl.when(pl.col("question") == kpi.asks).then(pl.lit(1, pl.Int8))
            day = self.day(table, dated_by)
            frames = sums.partial(self.tables[table].frame, day, facts, self.split(table), frozenset(squares))
            self._sums[key] = sums.DaySums(facts=facts, frames=frames, covered=self._covered(table, day))
        return self._sums[key]

    def _covered(self, table: str, day: pl.Series) -> tuple[date, date] | None:
        if table in self.covered:
            return self.covered[table]
        first, last = day.min(), day.max()
        if not isinstance(first, date) or not isinstance(last, date):
            return None
        return first, max(last, self.clock.today or last)

    def _sorted_values(self, table: str, dated_by: str, measure: Quantile, cell: Cell) -> SortedValues:
        lists = self._lists
        place = next(place for place, periods in enumerate(lists) if cell.period in periods)
        key = (table, dated_by, str(measure.of), cell.dimension, place)
        if key not in self._sorted:
            frame = self.tables[table].frame
            values = frame.select(measure.of.alias("value"))["value"]
            groups = None if cell.dimension == TOTAL else self._encoded(table, cell.dimension)
            self._sorted[key] = sort_values(values, self.day(table, dated_by), groups, lists[place])
        return self._sorted[key]

    def _encoded(self, table: str, dimension: str) -> Groups:
        key = (table, dimension)
        if key not in self._groups:
            self._groups[key] = encode(self.tables[table].frame[dimension])
        return self._groups[key]

    def _distinct(self, table: str, dated_by: str, measure: Distinct, cell: Cell) -> Estimate:
        key = (table, dated_by, str(measure.key), cell.dimension)
        if key not in self._keys:
            dims = [] if cell.dimension == TOTAL else [pl.col(cell.dimension).cast(pl.String).alias("group")]
            keys = self.tables[table].frame.select(measure.key.alias("key"), *dims)
            self._keys[key] = keys.with_columns(self.day(table, dated_by).alias("day")).drop_nulls("key").unique()
        held = sums.in_period(self._keys[key], cell.period)
        if cell.dimension != TOTAL:
            held = held.filter(pl.col("group").eq_missing(pl.lit(cell.group, pl.String)))
        count = held["key"].n_unique()
        return Estimate(value=count, n=count)

    def _span(self, table: str, measure: Stock | Survival) -> spanned.Spans:
        key = (table, "|".join(str(fact) for fact in measure.facts()))
        if key not in self._spans:
            self._spans[key] = spanned.gather(self.tables[table].frame, measure, self.split(table), self.clock)
        return self._spans[key]

    def _survival(self, table: str, measure: Survival, cell: Cell) -> Estimate:
        return spanned.survive(self._span(table, measure), measure, cell, self.confidence)


def _asked(question: str) -> str:
    """The fact that counts a question's rows, answered or only offered."""
    return f"asked {question}"


def _home(part: Part) -> tuple[str, str]:
    if part.table is None or part.dated_by is None:
        raise AssertionError("a leaf names its table and date")
    return part.table, part.dated_by


@cache
def _name(measure: Measure) -> str:
    """Facts are known by their structure, so that KPIs that rest on one share it."""
    return str(measure.facts()[0])
