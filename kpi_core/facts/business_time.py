"""Times in the opening hours of a calendar, in place of the export's own column: every ticket by its group's hours.

A target in business time is kept as the instant it falls due. What is done in the closed hours right after it is late.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from kpi_core.facts.build import Builder, Rules

if TYPE_CHECKING:
    from kpi_core.calendars import Calendar, OpenTime

PAIRS = (
    ("first_reply_time_business", "created_at", "first_replied_at"),
    ("first_resolution_time_business", "created_at", "first_resolved_at"),
    ("resolution_time_business", "created_at", "resolved_at"),
)
"""Each time with the instants it runs between."""

SOME_DAY = datetime(2020, 1, 1)
"""Where a calendar begins that no ticket asks anything of."""


def business_times(build: Builder, rules: Rules, pairs: Sequence[tuple[str, str, str]] = PAIRS) -> None:
    """The times whose two instants are known, in open seconds of the calendar; others stay as the export has them."""
    if rules.calendar is None:
        return
    for name, since, until in pairs:
        if build.has(since, until):
            found = _by_group(build, rules, rules.calendar, partial(_between, since, until), since)
            build.add(**{name: pl.lit(found.cast(pl.Int32))})


def _between(since: str, until: str, line: "OpenTime", rows: pl.DataFrame) -> pl.Series:
    return line.between(rows[since], rows[until])


def due_after(build: Builder, rules: Rules, seconds: pl.Expr) -> pl.Expr:
    """When a target of so many seconds from the opening falls due: in the calendar where there is one, else by the clock."""
    if rules.calendar is None:
        return pl.col("created_at") + pl.duration(seconds=seconds)
    build.frame = build.frame.with_columns(_seconds=seconds)
    due = _by_group(build, rules, rules.calendar, lambda line, rows: line.add(rows["created_at"], rows["_seconds"]))
    build.frame = build.frame.drop("_seconds")
    return pl.lit(due)


def _by_group(
    build: Builder,
    rules: Rules,
    calendar: "Calendar",
    told: "Callable[[OpenTime, pl.DataFrame], pl.Series]",
    since: str = "created_at",
) -> pl.Series:
    """What is told of each row by its group's own calendar, in the order of the rows."""
    frame = build.frame
    groups = frame["group"].cast(pl.String) if calendar.groups and "group" in frame.columns else None
    if groups is None:
        return told(_line(calendar, rules, frame[since]), frame)
    parts = []
    for (name,), rows in frame.with_columns(groups.alias("_group")).with_row_index("_at").group_by("_group"):
        own = calendar.of_group(name if isinstance(name, str) else None)
        parts.append(pl.DataFrame({"at": rows["_at"], "told": told(_line(own, rules, rows[since]), rows)}))
    return pl.concat(parts).sort("at")["told"]


def _line(calendar: "Calendar", rules: Rules, since: pl.Series) -> "OpenTime":
    """The calendar's open time over the days on which something began; it grows to what comes later."""
    first, last = since.min(), since.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        first = last = SOME_DAY
    return calendar.grid(first.date(), last.date(), is_utc=rules.is_utc)


def hours_of_groups(build: Builder, calendar: "Calendar") -> pl.Expr:
    """Whose hours each ticket goes by: its group's name where that has a calendar of its own, else the calendar's, `""`."""
    if not calendar.groups or "group" not in build.frame.columns:
        return pl.lit("")
    groups = pl.col("group").cast(pl.String)
    named = build.frame.select(groups.unique())["group"].drop_nulls().to_list()
    own = [name for name in named if calendar.of_group(name) is not calendar]
    return pl.when(groups.is_in(own)).then(groups).otherwise(pl.lit(""))
