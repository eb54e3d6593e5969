"""Rows that last: what lies open at an instant, how old it is, and how long cases take, unfinished ones included."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from kpi_core.engine.cells import TOTAL, Cell, Clock
from kpi_core.engine.values import sort_values
from kpi_core.measures import EMPTY, Estimate, Stock, StockAge, StockDays, Survival
from kpi_core.periods import ALL
from kpi_core.survival import Watched, kaplan_meier

STOCK_NOTE = "rebuilt from the last resolution"


@dataclass(frozen=True, kw_only=True, eq=False)
class Spans:
    """Openings and ends of the rows of a table, with the dimensions they can be split by.

    `frame` has `opened`, `ended` and `is_event` (instants, Boolean) beside the dimensions; rows never opened are gone.
    """

    frame: pl.DataFrame
    clock: Clock
    first: date | None

    def of(self, cell: Cell) -> pl.DataFrame:
        """The rows of the cell's group."""
        if cell.dimension == TOTAL:
            return self.frame
        return self.frame.filter(pl.col(cell.dimension).cast(pl.String).eq_missing(pl.lit(cell.group, pl.String)))

    def looked_at(self, cell: Cell) -> datetime | None:
        """When the stock of a cell is counted; None before coverage starts."""
        end = self.clock.end_of(cell.period)
        if end is None or self.first is None or (cell.period.end is not None and cell.period.end <= self.first):
            return None
        return end

    def open_at(self, cell: Cell, end: datetime) -> pl.DataFrame:
        """The rows opened before `end` and not ended before it; an end before the opening counts at the opening."""
        ended = pl.max_horizontal("ended", "opened")
        is_open = pl.col("ended").is_null() | (ended >= end if end != self.clock.as_of else ended > end)
        before = pl.col("opened") <= end if end == self.clock.as_of else pl.col("opened") < end
        return self.of(cell).filter(before & is_open)


def gather(frame: pl.DataFrame, measure: Stock | Survival, dimensions: tuple[str, ...], clock: Clock) -> Spans:
    """The state of a stock or survival measure."""
    if isinstance(measure, Survival):
        columns = {"opened": measure.opened, "ended": measure.ended, "is_event": measure.is_event}
    else:
        columns = {"opened": measure.opened, "ended": measure.closed, "is_event": measure.closed.is_not_null()}
    spans = frame.select(*dimensions, **columns).filter(pl.col("opened").is_not_null())
    first = spans["opened"].min()
    return Spans(frame=spans, clock=clock, first=first.date() if isinstance(first, datetime) else None)


def stock(spans: Spans, measure: Stock, cell: Cell, confidence: float) -> Estimate:
    """Backlog, its age or the days of work in it, at the end of a cell; a stock has no interval."""
    end = spans.looked_at(cell)
    if end is None:
        return EMPTY
    held = spans.open_at(cell, end)
    if isinstance(measure, StockAge):
        ages = held.select(((pl.lit(end) - pl.col("opened")).dt.total_seconds()).cast(pl.Int32)).to_series()
        days = pl.Series("day", [None], pl.Date).new_from_index(0, len(ages))
        return sort_values(ages, days, None, [ALL]).quantile(Cell(period=ALL), measure.at, confidence)
    if isinstance(measure, StockDays):
        since = end - timedelta(days=measure.window)
        closed = spans.of(cell).filter(pl.max_horizontal("ended", "opened").is_between(since, end, closed="right") & pl.col("ended").is_not_null()).height
        value = held.height / (closed / measure.window) if closed else None
        return Estimate(value=value, n=held.height, parts={"k": held.height, "closed": closed})
    return Estimate(value=held.height, n=held.height)


def survive(spans: Spans, measure: Survival, cell: Cell, confidence: float) -> Estimate:
    """Kaplan–Meier quantile over the window of a cell; value None where the curve does not reach it."""
    end = spans.clock.end_of(cell.period)
    if end is None:
        return EMPTY
    start = None if cell.period.start is None else spans.clock.instant(cell.period.start)
    rows = spans.of(cell).filter(pl.col("opened") < end)
    if start is not None:
        rows = rows.filter(pl.col("ended").is_null() | (pl.col("ended") > start))
    entered = pl.lit(0, pl.Int64) if start is None else (pl.lit(start) - pl.col("opened")).dt.total_seconds().clip(lower_bound=0)
    left = pl.min_horizontal(pl.col("ended").fill_null(end), pl.lit(end, pl.Datetime("ms")))
    watched = rows.select(
        entries=entered, exits=(left - pl.col("opened")).dt.total_seconds(),
        events=pl.col("is_event") & pl.col("ended").is_not_null() & (pl.col("ended") <= end),
    ).select(pl.col("entries", "exits", "events").sort_by("exits"))  # fmt: skip
    if watched.is_empty():
        return EMPTY
    seen = Watched(watched["entries"], watched["exits"], watched["events"])
    curve = kaplan_meier(*seen)
    if curve.n == 0:
        return EMPTY
    value, low, high = curve.quantile(measure.at, confidence)
    parts = {"events": float(curve.events)} | ({} if curve.last is None else {"beyond": float(curve.last)})
    return Estimate(value=value, n=curve.n, low=low, high=high, parts=parts, evidence=seen)
