"""Which column holds the time of day of which date, where a file writes the two apart."""

import polars as pl

from kpi_core.ingest.cells.dates.times_of_day import are_times, marked
from kpi_core.ingest.drafting.date_columns import DateColumns
from kpi_core.ingest.drafting.evidence import SeenColumn, SeenFile
from kpi_core.ingest.headers.vocabulary import speaks_of, stem

_MOSTLY = 0.9
_LATER = ("close", "resolve", "reply", "duration", "handle", "update", "wait", "due")


def paired(file: SeenFile, dates: DateColumns) -> dict[int, SeenColumn]:
    """The columns of clocks by the place of the date that each belongs to.

    A date has the clock whose header says the same next to `time`; a bare `Time` goes with the first date of an opening.
    The end of a case has one only where its opening has: `Resolution time` next to whole instants is a duration.
    """
    clocks = [column for column in file.columns if _is_clock(column)]
    if not clocks:
        return {}
    days = [
        column for column in file.columns if column.place in dates.found and not dates.found[column.place].has_clock
    ]
    found: dict[int, SeenColumn] = {}
    for day in sorted(days, key=lambda column: (_is_later(column), column.place)):
        free = [clock for clock in clocks if clock not in found.values() and _fits(day, clock, dates)]
        same = [clock for clock in free if stem(clock.header) == stem(day.header)]
        bare = [] if _is_later(day) else [clock for clock in free if not stem(clock.header)]
        chosen = next(iter((*same, *bare)), None)
        if chosen is not None and (not _is_later(day) or found):
            found[day.place] = chosen
    return found


def _is_later(column: SeenColumn) -> bool:
    return speaks_of(column.header, *_LATER)


def _is_clock(column: SeenColumn) -> bool:
    """Whether the column is called a time and holds times of day."""
    is_named = column.filled > 0 and speaks_of(column.header, "time", "clock")
    return is_named and are_times(column.cells, _MOSTLY)


def _fits(day: SeenColumn, clock: SeenColumn, dates: DateColumns) -> bool:
    """Whether the clock is there where its day is, and the two make instants."""
    both = int((day.cells.is_not_null() & clock.cells.is_not_null()).sum())
    return both >= _MOSTLY * day.filled and dates.read(with_clock(day, clock), day.header) is not None


def with_clock(day: SeenColumn, clock: SeenColumn) -> pl.Series:
    """The cells of a day joined with those of its time of day; null where one of the two is."""
    times = clock.cells.alias("clock").to_frame().select(marked(pl.col("clock")))["clock"]
    return day.cells + " " + times
