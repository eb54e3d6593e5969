"""Times in the opening hours of a calendar, in place of the export's own column: every ticket by its group's hours.

A target in business time is kept as the instant it falls due. What is done in the closed hours right after it is late.
"""

from collections.abc import Sequence

import polars as pl

from kpi_core.facts.build import Builder, Rules
from kpi_core.facts.clock.whole_days import is_day
from kpi_core.model.columns import LONGEST

PAIRS = (
    ("first_reply_time_business", "created_at", "first_replied_at"),
    ("first_resolution_time_business", "created_at", "first_resolved_at"),
    ("resolution_time_business", "created_at", "resolved_at"),
)
"""Each time with the instants it runs between."""


def business_times(build: Builder, rules: Rules, pairs: Sequence[tuple[str, str, str]] = PAIRS) -> None:
    """The times whose two instants are known, in open seconds of the calendar; others stay as the export has them."""
    if (open_hours := rules.open_hours) is None:
        return
    for name, since, until in pairs:
        if build.has(since, until):
            frame = build.frame
            found = open_hours.between(open_hours.of_groups(frame), frame[since], frame[until])
            opened = pl.lit(found.clip(-LONGEST, LONGEST).cast(pl.Int32))
            build.add(**{name: pl.when(~is_day(build, since) & ~is_day(build, until)).then(opened)})
        elif build.has(name):
            build.instead(name, "the export's business hours", pl.col(name).is_not_null())


def due_after(build: Builder, rules: Rules, seconds: pl.Expr) -> pl.Expr:
    """When a target of so many seconds from the opening falls due: in the calendar where there is one, else by the clock."""
    if (open_hours := rules.open_hours) is None:
        return pl.col("created_at") + pl.duration(seconds=seconds)
    targets = build.frame.with_columns(_seconds=seconds)
    return pl.lit(open_hours.after(open_hours.of_groups(targets), targets["created_at"], targets["_seconds"]))


def hours_of_groups(build: Builder, rules: Rules) -> pl.Expr:
    """Whose hours each ticket goes by, as a fact: its group's name, `""` for the calendar's, null where there is none."""
    if (open_hours := rules.open_hours) is None:
        return pl.lit(None, pl.String)
    own = open_hours.of_groups(build.frame)
    return pl.lit("") if own is None else pl.lit(own)
