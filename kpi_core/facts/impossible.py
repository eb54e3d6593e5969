"""What cannot have happened in the order that a row says: such a row is in no time and in no share that rests on one.

A column that knows days alone says nothing of the order within a day.
"""

import polars as pl

from kpi_core.facts.build import Builder

DAY = pl.duration(days=1)
HOUR, CLOCKS, ENOUGH = 3600, 2, 3
"""Seconds between the times of day that midnight may have in UTC, how many those are, and the days it takes to be sure."""
DUE_EARLY = "due before it was opened"


def precedes(build: Builder, later: str, earlier: str) -> pl.Expr:
    """Whether what should come later came before the other; no where either is not known."""
    if not build.has(later, earlier):
        return pl.lit(value=False)
    before = pl.col(later) < pl.col(earlier)
    if not build.frame.select(before.any()).item():
        return pl.lit(value=False)
    if _knows_days_alone(build.frame[later]):
        before = pl.col(later) + DAY <= pl.col(earlier)
    return before.fill_null(value=False)


def _knows_days_alone(instants: pl.Series) -> bool:
    """Whether every instant is of one full hour, or of two that follow each other as midnight does in UTC over a year."""
    known = instants.drop_nulls()
    times = known.dt.time().unique().sort()
    seconds = [time.hour * 3600 + time.minute * 60 + time.second for time in times.head(3).to_list()]
    is_one = len(seconds) == 1 or (len(seconds) == CLOCKS and seconds[1] - seconds[0] == HOUR)
    return is_one and not any(each % HOUR for each in seconds) and known.dt.date().n_unique() >= ENOUGH


def leave_out_early_due_times(build: Builder) -> int:
    """Takes the due time off tickets that were due before they were opened; of how many."""
    early = build.frame.select(precedes(build, "due_at", "created_at").alias("early"))["early"]
    count = int(early.sum())
    if count:
        build.frame = build.frame.with_columns(due_at=pl.when(~early).then("due_at"))
    return count
