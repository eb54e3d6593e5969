"""The states that estimates are read off: each gathered once, when first asked for, or put together elsewhere and given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import field
from datetime import date
from functools import lru_cache
from typing import Self, TypeVar, cast

import polars as pl

from kpi_core.engine.bounds import is_of_marks
from kpi_core.engine.cells import TOTAL, Cell
from kpi_core.engine.fact_keys import fact_key
from kpi_core.engine.plan import CURRENCY, leaves, respondents
from kpi_core.engine.states.keys import KeyDaysPlan, KeysReader
from kpi_core.engine.states.marks import MarksPlan
from kpi_core.engine.states.risk_sets import WatchesPlan, WatchesReader
from kpi_core.engine.states.state import Key, Plan, Reader, State
from kpi_core.engine.states.stocks import SpansPlan, SpansReader
from kpi_core.engine.states.sums import DaySumsPlan, SumsReader, digests
from kpi_core.engine.states.values import ValuesPlan, ValuesReader
from kpi_core.facts import Facts
from kpi_core.model.clock import Clock
from kpi_core.model.estimates import Estimate
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import Additive, Distinct, Index, Kept, Mean, Measure, Part, Quantile, Stock, Survival
from kpi_core.model.periods import Period
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

S = TypeVar("S", bound=State)
R = TypeVar("R", bound=Reader)


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
        whole_since: by table the day before which a file holds only some of its rows, which show nothing of how its days vary.
        states: those gathered so far, by what they are known by.
        is_whole: whether `states` hold all there is, and none may be gathered from `tables`, which then need no rows.
    """

    tables: Mapping[str, Facts]
    clock: Clock
    dimensions: tuple[str, ...]
    periods: Sequence[Period]
    confidence: float
    kpis: Sequence[Kpi]
    covered: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    whole_since: Mapping[str, date] = field(default_factory=dict)
    states: dict[Key, State] = field(default_factory=dict)
    is_whole: bool = False
    reaches: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    found: dict[tuple[Measure, str, str, Cell], Estimate] = field(default_factory=dict)
    _begun: dict[Key, "Future[State]"] = field(default_factory=dict)
    _plans: dict[tuple[str, str], DaySumsPlan] = field(default_factory=dict)
    _readers: dict[Key, Reader] = field(default_factory=dict)

    def on(self, tables: Mapping[str, Facts]) -> Self:
        """The same asked of other facts."""
        return type(self)(tables=tables, clock=self.clock, dimensions=self.dimensions, periods=self.periods,
                          confidence=self.confidence, kpis=self.kpis, covered=self.covered, whole_since=self.whole_since)  # fmt: skip

    def read_off(self, states: Mapping[Key, State]) -> Self:
        """The same read off states that were gathered elsewhere and put together: the rows of `tables` are not looked at."""
        emptied = {name: facts.without_rows() for name, facts in self.tables.items()}
        return type(self)(tables=emptied, clock=self.clock, dimensions=self.dimensions, periods=self.periods, kpis=self.kpis,
                          confidence=self.confidence, covered=self.covered, whole_since=self.whole_since, states=dict(states), is_whole=True)  # fmt: skip

    def state(self, plan: Plan[S]) -> S:
        """The state that a plan gathers.

        Raises:
            LookupError: the states are declared complete, and lack it.
        """
        if plan.key not in self.states:
            if self.is_whole:
                raise LookupError(f"no state of {' '.join(plan.key)} was gathered")
            begun = self._begun.get(plan.key)
            self.states[plan.key] = plan.partial(self.tables[plan.table]) if begun is None else begun.result()
        return cast("S", self.states[plan.key])

    def begin(self, workers: Executor) -> None:
        """Begins to gather what the estimates rest on, and to sort values, in the background: who asks for one meanwhile waits for it.

        Whatever else `workers` do that asks for states comes after, so that none of them waits for what is not begun.
        """
        plans = sorted(
            self.plans(), key=lambda plan: isinstance(plan, KeyDaysPlan)
        )  # of few KPIs, and long in the making
        for plan in plans:
            if plan.key not in self.states:
                self._begun[plan.key] = workers.submit(plan.partial, self.tables[plan.table])
        for plan, cell in self._ranked([plan for plan in plans if isinstance(plan, ValuesPlan)]):
            workers.submit(self._sort, plan, cell)

    def _sort(self, plan: ValuesPlan, cell: Cell) -> None:
        self._values(plan).sorted(cell)

    def _ranked(self, plans: Iterable[ValuesPlan]) -> Iterator[tuple[ValuesPlan, Cell]]:
        """Values with the cells that decide how they are sorted: all periods, the first two of each dimension."""
        for plan in plans:
            yield plan, Cell(period=self.periods[0])
            for dimension in plan.dimensions:
                for period in self.periods[:2]:
                    yield plan, Cell(period=period, dimension=dimension)

    def plans(self) -> list[Plan[State]]:
        """What the estimates of the KPIs need of the tables there are, each once."""
        found: dict[Key, Plan[State]] = {}
        for kpi in self.kpis:
            for part in leaves(kpi):
                if home(part)[0] in self.tables:
                    found |= {plan.key: plan for plan in self._plans_of(kpi, part)}
        return list(found.values())

    def _plans_of(self, kpi: Kpi, part: Part) -> Iterator[Plan[State]]:
        """The states that one part of a KPI rests on; the rows by day, which show what is covered and left out, go with all."""
        table, dated_by = home(part)
        measure, split = part.measure, self.split(table)
        yield self._sums_plan(table, dated_by)
        if is_of_marks(kpi):
            yield MarksPlan(table=table)
        if isinstance(measure, Index):
            yield from self._keys_plans(table, dated_by, respondents(measure))
        if own_rows(kpi) is not None:
            yield self._sums_plan(kpi.table, kpi.dated_by)
        match measure:
            case Quantile():
                yield ValuesPlan(table=table, dated_by=dated_by, measure=measure, dimensions=split)
            case Distinct():
                yield from self._keys_plans(table, dated_by, measure)
            case Stock() | Kept():
                yield SpansPlan(table=table, measure=measure, dimensions=split)
            case Survival():
                yield WatchesPlan(table=table, measure=measure, dimensions=split)

    def _keys_plans(self, table: str, dated_by: str, measure: Distinct) -> Iterator[KeyDaysPlan]:
        for dimension in (TOTAL, *self.split(table)):
            yield KeyDaysPlan(table=table, dated_by=dated_by, measure=measure, dimension=dimension)

    def split(self, table: str) -> tuple[str, ...]:
        """The dimensions that a table can be split by."""
        facts = self.tables.get(table)
        return tuple(name for name in self.dimensions if facts is not None and name in facts.frame.columns)

    def day(self, table: str, dated_by: str) -> pl.Series:
        """The local day of each row of a table by one of its dates; null where it has none."""
        return self.tables[table].day(dated_by)

    def rows_by_day(self, table: str, dated_by: str) -> dict[date, int]:
        """How many rows of a table lie on each day by one of its dates, whatever they are."""
        plan = self._sums_plan(table, dated_by)
        if plan.key not in self.states:  # nothing but the rows is asked for
            plan = DaySumsPlan(table=table, dated_by=dated_by, facts={}, dimensions=(), of=("rows",))
        frame = self.state(plan).frames[TOTAL]
        days = zip(frame["day"].to_list(), frame["rows"].to_list(), strict=True)
        return {day: int(rows) for day, rows in days if day is not None}

    def sums(self, table: str, dated_by: str) -> SumsReader:
        """The sums of every KPI that is dated so."""
        plan = self._sums_plan(table, dated_by)
        if plan.key not in self._readers:
            state = self.state(plan)
            self._readers[plan.key] = SumsReader(
                state=state, covered=self._covered(table, state.days), periods=self.periods
            )
        return cast("SumsReader", self._readers[plan.key])

    def _sums_plan(self, table: str, dated_by: str) -> DaySumsPlan:
        """What is summed of a table's rows: the facts of all KPIs that are dated so, and of their own rows."""
        if (table, dated_by) in self._plans:
            return self._plans[table, dated_by]
        facts: dict[str, pl.Expr] = {}
        squares, times = set(), set()
        for kpi in self.kpis:
            for measure in (leaf.measure for leaf in leaves(kpi) if home(leaf) == (table, dated_by)):
                if isinstance(measure, Additive):
                    names = digests(measure)
                    facts |= zip(names, (measure.facts()[0], *measure.companions()), strict=True)
                    squares |= {names[0]} if measure.has_squares else set()
            if isinstance(kpi.measure, Mean) and kpi.unit is Unit.SECONDS:
                times.add(digests(kpi.measure)[0])
            if (kpi.table, kpi.dated_by) == (table, dated_by) and (rows := own_rows(kpi)) is not None:
                facts[fact_key(rows)] = rows
        self._plans[table, dated_by] = DaySumsPlan(
            table=table, dated_by=dated_by, facts=facts, dimensions=self.split(table), has_squares=frozenset(squares),
            has_cubes=frozenset(times),
        )  # fmt: skip
        return self._plans[table, dated_by]

    def _covered(self, table: str, days: tuple[date, date] | None) -> tuple[date, date] | None:
        if table in self.covered or days is None:
            return self.covered.get(table)
        return days[0], max(days[1], self.clock.today or days[1])

    def values(self, table: str, dated_by: str, measure: Quantile) -> ValuesReader:
        """The values of a quantile."""
        return self._values(ValuesPlan(table=table, dated_by=dated_by, measure=measure, dimensions=self.split(table)))

    def _values(self, plan: ValuesPlan) -> ValuesReader:
        if plan.key not in self._readers:  # one, whoever asks first, for it is sorted in it
            self._readers.setdefault(plan.key, ValuesReader(state=self.state(plan), periods=self.periods))
        return cast("ValuesReader", self._readers[plan.key])

    def keys(self, table: str, dated_by: str, measure: Distinct, dimension: str) -> KeysReader:
        """The keys of a measure by day, and by group of a dimension."""
        plan = KeyDaysPlan(table=table, dated_by=dated_by, measure=measure, dimension=dimension)
        return KeysReader(state=self.state(plan))

    def spans(self, table: str, measure: Stock | Kept) -> SpansReader:
        """The openings and ends of a stock."""
        plan = SpansPlan(table=table, measure=measure, dimensions=self.split(table))
        if plan.key not in self._readers:
            hours = self.tables[table].open_hours
            self._readers[plan.key] = SpansReader(state=self.state(plan), clock=self.clock, open_hours=hours)
        return cast("SpansReader", self._readers[plan.key])

    def watches(self, table: str, measure: Survival) -> WatchesReader:
        """The rows under watch of a survival measure."""
        plan = WatchesPlan(table=table, measure=measure, dimensions=self.split(table))
        if plan.key not in self._readers:
            hours = self.tables[table].open_hours
            self._readers[plan.key] = WatchesReader(state=self.state(plan), clock=self.clock, open_hours=hours)
        return cast("WatchesReader", self._readers[plan.key])


@lru_cache(maxsize=1024)
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
