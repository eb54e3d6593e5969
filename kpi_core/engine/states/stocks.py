"""Rows that last: what lies open at an instant and how old it is, who stays and who goes."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal, Self

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, column_of
from kpi_core.engine.fact_keys import measure_key
from kpi_core.engine.states.ages import ages
from kpi_core.engine.states.state import Key
from kpi_core.engine.states.values import sort_values
from kpi_core.facts import Facts, OpenHours
from kpi_core.model.clock import Clock, literal
from kpi_core.model.columns import EARLIER, GONE_AT, LONGEST
from kpi_core.model.estimates import EMPTY, Estimate, Portion
from kpi_core.model.measures import Gone, Kept, Measure, Stock, StockAge, StockDays
from kpi_core.model.periods import ALL
from kpi_core.model.stocks_and_survival import Ages, Workload
from kpi_core.records import dataclass
from kpi_core.stats import intervals


@dataclass(frozen=True, kw_only=True, eq=False)
class Spans:
    """Openings and ends of the rows of a table, with the dimensions they can be split by.

    `frame` has `opened` and `ended` (never before `opened`, null: not ended), and `hours` where the measure has them,
    in addition to the dimensions; rows never opened are gone. Where it has `first`, a row that was there several times has as many: it
    is as old as its `first` opening, and what ends for good is its last (`is_last`).
    """

    frame: pl.DataFrame

    @classmethod
    def merge(cls, states: Sequence[Self]) -> Self:
        """The rows of all of them."""
        return states[0] if len(states) == 1 else cls(frame=pl.concat([state.frame for state in states]))


@dataclass(frozen=True, kw_only=True, eq=False)
class SpansPlan:
    """Openings and ends, with the columns to split by."""

    table: str
    measure: Stock | Kept
    dimensions: Sequence[str]

    @property
    def key(self) -> Key:
        """The table and the facts."""
        return ("spans", self.table, measure_key(self.measure))

    def partial(self, facts: Facts) -> Spans:
        """The spans of some rows."""
        return partial(facts.frame, self.measure, self.dimensions)


@dataclass(frozen=True, kw_only=True, eq=False)
class SpansReader:
    """Reads what is there at an instant off a state.

    Ages go by `open_hours` where a measure has hours and there is a calendar. What a period needs is cut out once and
    kept, so that a further group costs its own rows only.
    """

    state: Spans
    clock: Clock
    open_hours: OpenHours | None = None
    _open: dict[tuple[datetime, bool], pl.DataFrame] = field(default_factory=dict)
    _ended: dict[tuple[datetime, datetime, bool], pl.DataFrame] = field(default_factory=dict)
    _aged: dict[tuple[datetime, bool], pl.DataFrame] = field(default_factory=dict)

    @property
    def frame(self) -> pl.DataFrame:
        """The state's rows."""
        return self.state.frame

    def finish(self, measure: Measure, cell: Cell, confidence: float) -> Estimate:
        """Backlog, its age or days of work; who stayed and who went."""
        if isinstance(measure, Kept):
            return kept(self, measure, cell, confidence)
        assert isinstance(measure, Stock)
        return stock(self, measure, cell, confidence)

    @cached_property
    def first(self) -> date | None:
        """The day of the first opening: before it nothing is known."""
        first = self.frame["opened"].min()
        return first.date() if isinstance(first, datetime) else None

    def looked_at(self, cell: Cell) -> datetime | None:
        """When the stock of a cell is counted; None before coverage starts."""
        end = self.clock.end_of(cell.period)
        if end is None or self.first is None or (cell.period.end is not None and cell.period.end <= self.first):
            return None
        return end

    def began(self, cell: Cell) -> datetime | None:
        """When the period of a cell begins; None for `all`, before coverage starts, and after as_of."""
        start = cell.period.start
        if start is None or self.first is None or start <= self.first or self.clock.is_ahead(cell.period):
            return None
        return self.clock.instant(start)

    def is_now(self, cell: Cell, at: datetime) -> bool:
        """Whether an instant is as_of inside a cell's period: what happened then has happened, the period goes on."""
        end = cell.period.end
        return at == self.clock.as_of and (end is None or at < self.clock.instant(end))

    def open_at(self, cell: Cell, at: datetime, *, is_start: bool = False) -> pl.DataFrame:
        """The group's rows opened before an instant and not ended before it; at a period's end that is now, not after it."""
        return of_group(self._open_rows(at, is_now=not is_start and self.is_now(cell, at)), cell)

    def count_open(self, cell: Cell, at: datetime, *, is_start: bool = False) -> int:
        """How many rows `open_at` selects; of all groups together they are counted without being looked up."""
        if cell.dimension != TOTAL:
            return self.open_at(cell, at, is_start=is_start).height
        is_now = not is_start and self.is_now(cell, at)
        opened, ended = self.frame["opened"], self.frame["ended"]  # which is never before the opening
        begun, left = (opened <= at, ended <= at) if is_now else (opened < at, ended < at)
        return int(begun.sum()) - int(left.sum())

    def aged(self, cell: Cell, at: datetime) -> pl.DataFrame:
        """The group's rows open at the end of its period, with their age then: `_age`, in seconds of their hours."""
        key = (at, self.is_now(cell, at))
        if key not in self._aged:
            open_rows = self._open_rows(at, is_now=key[1]).with_columns(_age=literal(at).cast(pl.Datetime("ms")))
            if "first" in open_rows.columns:
                open_rows = open_rows.with_columns(opened="first")
            self._aged[key] = open_rows.with_columns(ages(open_rows, "_age", self.open_hours))
        return of_group(self._aged[key], cell)

    def _open_rows(self, at: datetime, *, is_now: bool) -> pl.DataFrame:
        """The rows of all groups that `open_at` selects."""
        if (at, is_now) not in self._open:
            ended, opened, then = pl.col("ended"), pl.col("opened"), literal(at)
            begun, left = (opened <= then, ended <= then) if is_now else (opened < then, ended < then)
            self._open[at, is_now] = self.frame.filter(begun & ~left.fill_null(value=False))
        return self._open[at, is_now]

    def ended_within(self, cell: Cell, since: datetime, until: datetime) -> pl.DataFrame:
        """The group's rows that ended between the two; at as_of itself, what ended then has ended."""
        key = (since, until, self.is_now(cell, until))
        if key not in self._ended:
            side: Literal["left", "right"] = "right" if key[2] else "left"
            is_last = [pl.col("is_last")] if "is_last" in self.frame.columns else []
            is_within = pl.col("ended").is_between(literal(since), literal(until), closed=side)
            self._ended[key] = self.frame.filter(is_within, *is_last)
        return of_group(self._ended[key], cell)

    def has_gone(self, cell: Cell, at: datetime) -> pl.Expr:
        """Whether a row has ended by the end of a cell's period, or by as_of inside it."""
        return (pl.col("ended") <= at if self.is_now(cell, at) else pl.col("ended") < at).fill_null(value=False)


def of_group(frame: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    """The rows of the cell's group."""
    if cell.dimension == TOTAL:
        return frame
    name = column_of(cell.dimension)
    if cell.group is None:
        return frame.filter(pl.col(name).is_null())
    is_worded = isinstance(frame.schema[name], pl.Categorical | pl.Enum | pl.String)
    label = pl.col(name) if is_worded else pl.col(name).cast(pl.String)
    return frame.filter(label == cell.group)


def partial(frame: pl.DataFrame, measure: Stock | Kept, dimensions: Sequence[str]) -> Spans:
    """The state of some rows. An end before the opening counts at that."""
    hours = measure.hours if isinstance(measure, StockAge) else None
    own_hours = {} if hours is None else {"hours": hours}
    columns = [pl.col(name).alias(column_of(name)) for name in dimensions]
    known = [name for name in (*EARLIER, GONE_AT) if isinstance(measure, Stock) and name in frame.columns]
    spans = frame.select(*columns, *known, opened=measure.opened, ended=measure.closed, **own_hours).drop_nulls(
        "opened"
    )
    ended = pl.when(pl.col("ended").is_not_null()).then(pl.max_horizontal("ended", "opened"))
    return Spans(frame=_as_exported(spans.with_columns(ended=ended), known))


def _as_exported(spans: pl.DataFrame, known: Sequence[str]) -> pl.DataFrame:
    """The spans as exports of their time have them, by the columns that say so: cut where a row was not there for a while, ended where it is missing since."""
    if not known:
        return spans
    spans = spans.with_columns(first="opened", is_last=pl.col("ended").is_not_null())
    if GONE_AT in known:
        gone = pl.when(pl.col(GONE_AT).is_not_null()).then(pl.max_horizontal(GONE_AT, "opened"))
        spans = spans.with_columns(ended=pl.coalesce("ended", gone))
    if set(EARLIER) <= set(known):
        since, until = (pl.col(name).fill_null(pl.lit([], pl.List(pl.Datetime("ms")))) for name in EARLIER)
        parts = spans.with_columns(opened=pl.concat_list("opened", until), ended=pl.concat_list(since, "ended"))
        spans = parts.with_row_index("_span").explode("opened", "ended")
        spans = spans.with_columns(is_last=pl.col("is_last") & pl.col("_span").is_last_distinct()).drop("_span")
    return spans.drop(known)


def stock(spans: SpansReader, measure: Stock, cell: Cell, confidence: float) -> Estimate:
    """Backlog, its age or the days of work in it, at the end of a cell; a stock has no interval."""
    end = spans.began(cell) if measure.at_start else spans.looked_at(cell)
    if end is None:
        return EMPTY
    if isinstance(measure, StockAge):
        return _age(spans.aged(cell, end)["_age"], measure, confidence)
    count = spans.count_open(cell, end, is_start=measure.at_start)
    if isinstance(measure, StockDays):
        closed = spans.ended_within(cell, end - timedelta(days=measure.window), end).height
        value = count / (closed / measure.window) if closed else None
        return Estimate(value=value, n=count, parts=Workload(open=count, closed=closed))
    return Estimate(value=count, n=count)


def _age(found: pl.Series, measure: StockAge, confidence: float) -> Estimate:
    """The quantile of some ages; in open time with how many are `zeros`: not open since they were opened."""
    days = pl.Series("day", [None], pl.Date).new_from_index(0, len(found))
    low, high = found.min(), found.max()
    if isinstance(low, int) and isinstance(high, int) and not -LONGEST <= low <= high <= LONGEST:
        found = found.clip(-LONGEST, LONGEST)
    age = sort_values(found.cast(pl.Int32), days, None, [ALL]).quantile(Cell(period=ALL), measure.at, confidence)
    return age if measure.hours is None else replace(age, parts=Ages(zeros=int((found == 0).sum())))


def kept(spans: SpansReader, measure: Kept, cell: Cell, confidence: float) -> Estimate:
    """The share of what was there at a cell's start that is there at its end, or went; nobody there: no value."""
    start, end = spans.began(cell), spans.looked_at(cell)
    if start is None or end is None or (there := spans.open_at(cell, start, is_start=True)).is_empty():
        return EMPTY
    gone = there.filter(spans.has_gone(cell, end)).height
    k = gone if isinstance(measure, Gone) else there.height - gone
    low, high = intervals.wilson(k, there.height, confidence)
    return Estimate(value=k / there.height, n=there.height, low=low, high=high, parts=Portion(k=k, of=there.height))
