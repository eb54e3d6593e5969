"""Instants of which a file knows the day alone: between two of them are whole days, between one and a time of day is no time."""

import polars as pl

from kpi_core.facts.build import Builder
from kpi_core.model.columns import DAYS, MONTHS

DAY = pl.duration(days=1)
DOUBTFUL = "due at some time of the day on which it was resolved at an unknown one"

RESOLVED_BY = {"resolved_at": ("closed_at",), "first_resolved_at": ("resolved_at", "closed_at")}
"""What may stand in for an instant."""


def is_day(build: Builder, name: str) -> pl.Expr:
    """Whether a row's own file knows only the day of an instant."""
    return pl.col(DAYS + name) if DAYS + name in build.frame.columns else pl.lit(value=False)


def knows_days(build: Builder) -> bool:
    """Whether any file has such instants."""
    return any(name.startswith(DAYS) for name in build.frame.columns)


def mark_resolutions(build: Builder) -> None:
    """Marks what is taken for a resolution as its own column is: to be asked before one stands in for another."""
    if not knows_days(build):
        return
    no_time = pl.lit(value=False)
    last, first = no_time, no_time
    for name in ("closed_at", "resolved_at"):
        if name in build.frame.columns:
            last = pl.when(pl.col(name).is_not_null()).then(is_day(build, name)).otherwise(last)
    if "resolved_at" in build.frame.columns:
        first = is_day(build, "resolved_at")
    if "first_resolved_at" in build.frame.columns:
        first = (
            pl.when(pl.col("first_resolved_at").is_not_null()).then(is_day(build, "first_resolved_at")).otherwise(first)
        )
    build.frame = build.frame.with_columns(last.alias(f"{DAYS}resolved_at"), first.alias(f"{DAYS}first_resolved_at"))


def is_timed(build: Builder, since: str, until: str) -> pl.Expr:
    """Whether both instants of a row are known alike: to the day, or to the time of day."""
    ends = (since, until, *RESOLVED_BY.get(until, ()))
    months = [pl.col(MONTHS + name) for name in ends if MONTHS + name in build.frame.columns]
    return (is_day(build, since) == is_day(build, until)) & ~pl.any_horizontal(pl.lit(value=False), *months)


def is_after(build: Builder, until: str, since: str) -> pl.Expr:
    """Whether something came no earlier than another; on the same day it did, where the day is all that is known of it."""
    whole = (
        pl.when(is_day(build, until)).then(DAY).otherwise(pl.duration(milliseconds=1)) if knows_days(build) else None
    )
    return pl.col(until) >= pl.col(since) if whole is None else pl.col(until) + whole > pl.col(since)


def leave_out_doubtful_due_times(build: Builder, *, is_promised: bool) -> int:
    """Takes the due time off tickets resolved on the day they were due, for it is unknown whether in time; of how many.

    Where it is a target (`is_promised`) counted from a day to a day, whole days are what is counted, and the last of them is in time.
    """
    if not build.has("due_at", "resolved_at") or not knows_days(build):
        return 0
    due, resolved = pl.col("due_at"), pl.col("resolved_at")
    is_doubtful = (
        is_day(build, "resolved_at") & (due >= resolved) & (due < resolved + DAY - pl.duration(milliseconds=1))
    )
    if is_promised:
        is_doubtful &= ~is_day(build, "created_at")
    doubtful = build.frame.select(is_doubtful.fill_null(value=False)).to_series()
    build.frame = build.frame.with_columns(due_at=pl.when(~doubtful).then("due_at"))
    return int(doubtful.sum())
