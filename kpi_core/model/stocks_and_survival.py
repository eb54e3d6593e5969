"""Measures of rows that last: what is there at an instant, who stays, how long it takes.

Their states are openings and ends rather than sums by day. The base of all measures stands here, below them.
"""

from typing import ClassVar

import polars as pl

from kpi_core.model.estimates import Parts
from kpi_core.records import dataclass


@dataclass(frozen=True, eq=False)
class Measure:
    """Base of the closed set. `leaves_out` says whether rows of a period that have no value are left out of it, and reported."""

    leaves_out: ClassVar[bool] = False

    @property
    def together(self) -> str | None:
        """The column whose rows must be in one part where a table is split, for a fact looks across them; None where any split will do."""
        return None

    def facts(self) -> tuple[pl.Expr, ...]:
        """The row-level expressions this measure rests on, those of its parts included."""
        raise AssertionError("a measure of the closed set defines its facts")


@dataclass(frozen=True, eq=False)
class Stock(Measure):
    """Rows opened and not closed at the end of a period (backlog), or at its start."""

    opened: pl.Expr
    closed: pl.Expr
    at_start: bool = False

    def facts(self) -> tuple[pl.Expr, ...]:
        """When each row was opened and closed; a null opening is outside."""
        return (self.opened, self.closed)


@dataclass(frozen=True, kw_only=True)
class Ages(Parts):
    """Of ages in open time how many are 0: of rows for which it has not been open since they were opened."""

    zeros: int


@dataclass(frozen=True, eq=False)
class StockAge(Stock):
    """A quantile of the age of what is open at the end of a period.

    `hours` names the opening hours by which a row's age is counted (`""` the calendar's own); by the clock where it is
    not given.
    """

    at: float = 0.5
    hours: pl.Expr | None = None

    def facts(self) -> tuple[pl.Expr, ...]:
        """Opening and closing, and the hours where they are given."""
        return (*super().facts(), *([] if self.hours is None else [self.hours]))


@dataclass(frozen=True, kw_only=True)
class Workload(Parts):
    """What lies open, and what was closed in the window before."""

    open: int
    closed: int


@dataclass(frozen=True, eq=False)
class StockDays(Stock):
    """Days of work in the stock: it ÷ the mean daily closings of the last `window` days."""

    window: int = 28


@dataclass(frozen=True, eq=False)
class Kept(Measure):
    """Of the rows there at a period's start, the share still there at its end. None are there before `all` begins."""

    opened: pl.Expr
    closed: pl.Expr

    def facts(self) -> tuple[pl.Expr, ...]:
        """When each row came and when it went; a null coming is outside."""
        return (self.opened, self.closed)


@dataclass(frozen=True, eq=False)
class Gone(Kept):
    """Of the rows there at a period's start, the share that went in it: the rest of `Kept`."""


@dataclass(frozen=True, kw_only=True)
class Survived(Parts):
    """What a survival curve rests on, and what the finished cases alone would say.

    Args:
        events: cases that ended under watch with the event.
        finished: the same of those that the naive figure counts.
        unfinished: the other cases.
        late: those that came under watch after their opening.
        naive: the figure of the finished cases alone; None where there is none.
        beyond: what a value that the curve does not reach is more than.
        error: the standard error of a mean.
    """

    events: int
    finished: int
    unfinished: int
    late: int
    naive: float | None = None
    beyond: float | None = None
    error: float | None = None

    @property
    def rows_finished(self) -> int:
        """The finished cases."""
        return self.finished


@dataclass(frozen=True, eq=False)
class Survival(Measure):
    """Base of the Kaplan–Meier measures of the time to an event, with late entry: unfinished cases count while they last.

    `opened`, `ended` and `is_event` are per row: a row is at risk from `opened` to `ended` (now, where null),
    and `is_event` says whether the end was the event or only the end of watching. `hours` names the opening hours by
    which a row's age is counted (`""` the calendar's own); by the clock where it is not given, or null in every row.
    """

    opened: pl.Expr
    ended: pl.Expr
    is_event: pl.Expr
    hours: pl.Expr | None = None

    def facts(self) -> tuple[pl.Expr, ...]:
        """Opening, end and whether the end was the event, and the hours where they are given."""
        return (self.opened, self.ended, self.is_event, *([] if self.hours is None else [self.hours]))


@dataclass(frozen=True, eq=False, kw_only=True)
class SurvivalTime(Survival):
    """The age by which a share of the cases is done: 0.5 is the median."""

    at: float = 0.5


@dataclass(frozen=True, eq=False, kw_only=True)
class SurvivalMean(Survival):
    """The mean age at the event, every case counted for at most `up_to` seconds (restricted mean)."""

    up_to: int


@dataclass(frozen=True, eq=False, kw_only=True)
class SurvivalShare(Survival):
    """The share done within a target. `within` is each row's own, in seconds of its hours; null is outside.

    Ages are counted in targets, not in seconds, so that rows with different ones share a curve: it is read off at 1.
    """

    within: pl.Expr

    def facts(self) -> tuple[pl.Expr, ...]:
        """The facts of all of them, and the target."""
        return (*super().facts(), self.within)
