"""Rows that last: what lies open at an instant, how old it is, and how long cases take, unfinished ones included."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, Clock
from kpi_core.engine.values import sort_values
from kpi_core.estimates import EMPTY, Estimate
from kpi_core.measures import Stock, StockAge, StockDays, Survival
from kpi_core.periods import ALL, Period
from kpi_core.survival import Watched, kaplan_meier


@dataclass(frozen=True, kw_only=True, eq=False)
class Spans:
    """Openings and ends of the rows of a table, with the dimensions they can be split by.

    `frame` has `opened`, `ended` (never before `opened`) and `is_event` beside the dimensions; rows never opened are
    gone. What a period needs is cut out once and kept, so that a further group costs its own rows only.
    """

    frame: pl.DataFrame
    clock: Clock
    _open: dict[datetime, pl.DataFrame] = field(default_factory=dict)
    _watched: dict[Period, pl.DataFrame] = field(default_factory=dict)
    _ended: dict[tuple[datetime, datetime], pl.DataFrame] = field(default_factory=dict)

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

    def open_at(self, cell: Cell, end: datetime) -> pl.DataFrame:
        """The group's rows opened before `end` and not ended before it. At as_of itself, what happened then has happened."""
        if end not in self._open:
            ended, opened = pl.col("ended"), pl.col("opened")
            held = (opened <= end) & (ended > end) if end == self.clock.as_of else (opened < end) & (ended >= end)
            begun = opened <= end if end == self.clock.as_of else opened < end
            self._open[end] = self.frame.filter(held | (begun & ended.is_null()))
        return of_group(self._open[end], cell)

    def ended_within(self, cell: Cell, since: datetime, until: datetime) -> int:
        """How many of the group's rows ended between the two; at as_of itself, what ended then has ended."""
        if (since, until) not in self._ended:
            side: Literal["left", "right"] = "right" if until == self.clock.as_of else "left"
            self._ended[since, until] = self.frame.filter(pl.col("ended").is_between(since, until, closed=side))
        return of_group(self._ended[since, until], cell).height

    def watched(self, cell: Cell) -> pl.DataFrame:
        """The group's rows at risk within the cell's period: entry and exit ages in seconds, and the events."""
        if cell.period not in self._watched:
            self._watched[cell.period] = self._watch(cell.period)
        return of_group(self._watched[cell.period], cell)

    def _watch(self, period: Period) -> pl.DataFrame:
        end = self.clock.end_of(period)
        if end is None:
            return self.frame.clear().with_columns(entries=0, exits=0, events=False)
        rows, entered = self.frame.filter(pl.col("opened") < end), pl.lit(0, pl.Int64)
        if period.start is not None:
            start = self.clock.instant(period.start)
            rows = rows.filter(pl.col("ended").is_null() | (pl.col("ended") > start))
            entered = (pl.lit(start) - pl.col("opened")).dt.total_seconds().clip(lower_bound=0)
        left = pl.min_horizontal(pl.col("ended").fill_null(end), pl.lit(end, pl.Datetime("ms")))
        is_event = pl.col("is_event") & (pl.col("ended") <= end)
        return rows.with_columns(
            entries=entered, exits=(left - pl.col("opened")).dt.total_seconds(), events=is_event.fill_null(value=False)
        )  # fmt: skip


def of_group(frame: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    """The rows of the cell's group."""
    if cell.dimension == TOTAL:
        return frame
    if cell.group is None:
        return frame.filter(pl.col(cell.dimension).is_null())
    is_worded = isinstance(frame.schema[cell.dimension], pl.Categorical | pl.Enum | pl.String)
    label = pl.col(cell.dimension) if is_worded else pl.col(cell.dimension).cast(pl.String)
    return frame.filter(label == cell.group)


def gather(frame: pl.DataFrame, measure: Stock | Survival, dimensions: Sequence[str], clock: Clock) -> Spans:
    """The state of a stock or survival measure. An end before the opening counts at the opening."""
    if isinstance(measure, Survival):
        opened, ended, is_event = measure.opened, measure.ended, measure.is_event
    else:
        opened, ended, is_event = measure.opened, measure.closed, measure.closed.is_not_null()
    spans = frame.select(*dimensions, opened=opened, ended=ended, is_event=is_event).filter(
        pl.col("opened").is_not_null()
    )
    if not isinstance(measure, Survival):
        spans = spans.with_columns(
            ended=pl.when(pl.col("ended").is_not_null()).then(pl.max_horizontal("ended", "opened"))
        )
    return Spans(frame=spans, clock=clock)


def stock(spans: Spans, measure: Stock, cell: Cell, confidence: float) -> Estimate:
    """Backlog, its age or the days of work in it, at the end of a cell; a stock has no interval."""
    end = spans.looked_at(cell)
    if end is None:
        return EMPTY
    held = spans.open_at(cell, end)
    if isinstance(measure, StockAge):
        ages = held.select((pl.lit(end) - pl.col("opened")).dt.total_seconds().cast(pl.Int32)).to_series()
        days = pl.Series("day", [None], pl.Date).new_from_index(0, len(ages))
        return sort_values(ages, days, None, [ALL]).quantile(Cell(period=ALL), measure.at, confidence)
    if isinstance(measure, StockDays):
        closed = spans.ended_within(cell, end - timedelta(days=measure.window), end)
        value = held.height / (closed / measure.window) if closed else None
        return Estimate(value=value, n=held.height, parts={"k": held.height, "closed": closed})
    return Estimate(value=held.height, n=held.height)


def survive(spans: Spans, measure: Survival, cell: Cell, confidence: float) -> Estimate:
    """Kaplan–Meier quantile over the window of a cell; value None where the curve does not reach it."""
    watched = spans.watched(cell)
    seen = Watched(watched["entries"], watched["exits"], watched["events"])
    if watched.is_empty() or (curve := kaplan_meier(*seen)).n == 0:
        return EMPTY
    value, low, high = curve.quantile(measure.at, confidence)
    parts = {"events": float(curve.events)} | ({} if curve.last is None else {"beyond": float(curve.last)})
    return Estimate(value=value, n=curve.n, low=low, high=high, parts=parts, evidence=seen)
