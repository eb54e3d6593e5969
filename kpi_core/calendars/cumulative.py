"""F(t), the open seconds from a start to t, as a look-up.

On a grid whose step divides every boundary a cell is open or closed throughout, so that F is a straight piece in it:
F(t) = base + slope × (t − start). Exact, and an order of magnitude faster than searching for the piece.
"""

from datetime import date
from functools import cached_property
from itertools import accumulate
from math import gcd
from typing import Literal

import polars as pl

from kpi_core.calendars.calendar import Calendar
from kpi_core.calendars.hours import DAY, Opening, merged
from kpi_core.calendars.wall_clock import to_utc
from kpi_core.records import dataclass

MOST_CELLS = 8_000_000
"""Openings to the second over many years would take more: then the piece is searched for after all."""

_DAY_1970 = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True)
class Line:
    """Merged openings between `start` and `end`, in seconds since 1970; the days `first` to `last`."""

    first: date
    last: date
    start: int
    end: int
    openings: list[Opening]

    @property
    def days(self) -> int:
        """From the first day to the last."""
        return (self.last - self.first).days

    @cached_property
    def total(self) -> int:
        """Open seconds in all."""
        return sum(end - start for start, end in self.openings)

    def passed(self, second: pl.Expr) -> pl.Expr:
        """Open seconds from the start to `second`; null where that is null."""
        after = second - self.start
        base, slope = self._cells
        cell = after // self._step if self._is_grid else self._search(self._pieces["from"], after, "right")
        return pl.lit(base).gather(cell) + pl.lit(slope).gather(cell) * after

    def when(self, passed: pl.Expr) -> pl.Expr:
        """The first second by which `passed` (above 0) have passed; null where they never do."""
        opened = pl.Series([start for start, _ in self.openings], dtype=pl.Int64)
        before = pl.Series([0, *accumulate(end - start for start, end in self.openings)][:-1], dtype=pl.Int64)
        known = pl.when(passed <= self.total).then(passed)
        piece = self._search(before, known, "left")
        return pl.lit(opened).gather(piece) + known - pl.lit(before).gather(piece)

    @property
    def _edges(self) -> list[int]:
        """Seconds after the start where it begins, opens and closes in turn, and ends."""
        return [0, *(edge - self.start for opening in self.openings for edge in opening), self.end - self.start]

    @cached_property
    def _step(self) -> int:
        return gcd(*self._edges)

    @property
    def _is_grid(self) -> bool:
        return (self.end - self.start) // self._step <= MOST_CELLS

    @cached_property
    def _pieces(self) -> pl.DataFrame:
        """Closed and open pieces in turn: where each begins, its length, and F in it."""
        edge = pl.Series(self._edges, dtype=pl.Int64)
        pieces = pl.DataFrame({"from": edge[:-1], "length": edge.diff()[1:]})
        pieces = pieces.with_columns(slope=pl.int_range(pl.len(), dtype=pl.Int64) % 2)
        gone = (pl.col("slope") * pl.col("length")).cum_sum().shift(1, fill_value=0)
        return pieces.with_columns(base=gone - pl.col("slope") * pl.col("from")).filter(pl.col("length") > 0)

    @cached_property
    def _cells(self) -> tuple[pl.Series, pl.Series]:
        """Base and slope of every cell of the grid, or of every piece."""
        if not self._is_grid:
            return self._pieces["base"], self._pieces["slope"]
        cells = pl.col("length") // self._step
        grid = self._pieces.select(pl.col("base", "slope").repeat_by(cells).explode())
        return grid["base"], grid["slope"]

    @staticmethod
    def _search(begins: pl.Series, value: pl.Expr, side: Literal["left", "right"]) -> pl.Expr:
        """Which piece holds `value`; null where that is null."""
        found = pl.lit(begins).search_sorted(value, side=side).cast(pl.Int64) - 1
        return pl.when(value.is_not_null()).then(found)


def midnight_of(day: date) -> int:
    """Seconds from 1970 to the beginning of `day`."""
    return (day.toordinal() - _DAY_1970) * DAY


def day_of(second: int) -> date:
    """The day that `second` after 1970 lies in."""
    return date.fromordinal(second // DAY + _DAY_1970)


def lay(calendar: Calendar, first: date, last: date, *, is_utc: bool) -> Line:
    """The line of a calendar over whole days, of UTC or of its wall clock; one in no zone is by the clock of UTC."""
    start, end = midnight_of(first), midnight_of(last) + DAY
    # The night of a local day ends on the next, and a local day begins up to a day from UTC's, on either side.
    walls = [
        (midnight + opening, midnight + closing)
        for midnight in range(start - 2 * DAY, end + DAY, DAY)
        for opening, closing in calendar.hours(day_of(midnight))
    ]
    openings = merged(walls)
    if is_utc:
        openings = to_utc(openings, calendar.zone or "UTC", start, end)
    else:
        openings = [(max(opening, start), min(closing, end)) for opening, closing in openings]
    return Line(first=first, last=last, start=start, end=end, openings=[part for part in openings if part[0] < part[1]])
