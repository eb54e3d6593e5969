"""Customers with their facts: since when, until when, and who has left without a day on which they did."""

from datetime import datetime

import polars as pl

from kpi_core.facts.build import Builder, Facts, Rules
from kpi_core.facts.impossible import precedes
from kpi_core.model.columns import RECORDS, UNREAD
from kpi_core.model.tables import Kind

LEFT_UNDATED = "left on no known day"
LOST_EARLY = "left before they came"
NOT_DATED = "came on no known day"
STILL_THERE = "_still_there"
"""The working column of the customers who have left by their date and are there by what the file says."""


def derive_customers(frame: pl.DataFrame, rules: Rules) -> Facts:
    """Customers with `since`, `lost_at` and `is_lost`; those who left on no known day have no `since`, and are counted.

    Of those who left before they came nothing is known but that they came. Whose leaving lies after `as_of` has not left.

    `gone_at` is `lost_at` where the file has it, and null where nobody's leaving is dated.
    """
    build = Builder(frame if rules.as_of is None or "lost_at" not in frame.columns else _as_of(frame, rules.as_of))
    early = build.frame.select(precedes(build, "lost_at", "acquired_at").alias("early"))["early"]
    _losses(build)
    if early.any():
        build.frame = build.frame.with_columns(
            pl.when(~early).then(name).alias(name) for name in ("lost_at", "is_lost")
        )
    is_undated = _undated(build) | pl.lit(early)
    is_recorded = build.own(RECORDS + "losses")
    if build.has("acquired_at"):
        build.add(since=pl.when(~is_undated & is_recorded).then("acquired_at"))
        if build.has("lost_at"):
            # Of those whose days alone are known, who left on the day they came was a customer for no time at all.
            build.add(
                lost_at=pl.when(pl.col("lost_at").is_not_null()).then(pl.max_horizontal("lost_at", "acquired_at"))
            )
    build.add(gone_at=pl.col("lost_at") if build.has("lost_at") else pl.lit(None, Kind.INSTANT.dtype))
    counts = {}
    if build.has("acquired_at"):
        counts = {
            LEFT_UNDATED: int(build.frame.select(is_undated.sum()).item()) - int(early.sum()),
            LOST_EARLY: int(early.sum()),
            NOT_DATED: build.frame["acquired_at"].null_count(),
        }
    return Facts(frame=build.frame, available=frozenset(build.available), counts={k: v for k, v in counts.items() if v})


def _as_of(frame: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Customers without the leavings that are yet to come, and without the word of the file that they have left."""
    later = pl.col("lost_at") > as_of
    if not frame.select(later.any()).item():
        return frame
    gone = (
        [pl.when(later).then(pl.lit(value=False)).otherwise("is_lost").alias("is_lost")]
        if "is_lost" in frame.columns
        else []
    )
    return frame.with_columns(*gone, pl.when(~later).then("lost_at").alias("lost_at"))


def _losses(build: Builder) -> None:
    """Who is lost: as the file says, else by the day on which they left. Who the file says is not lost has come back."""
    parts = [pl.col("is_lost")] if build.has("is_lost") else []
    if parts and build.has("lost_at"):
        marked = build.frame.select(
            (~pl.col("is_lost") & pl.col("lost_at").is_not_null()).fill_null(value=False).alias(STILL_THERE)
        )
        build.frame = build.frame.with_columns(marked) if marked[STILL_THERE].any() else build.frame
        build.add(lost_at=pl.when(pl.col("is_lost").fill_null(value=True)).then("lost_at"))
    if "lost_at" in build.mapped:
        parts.append(pl.when(pl.col("lost_at").is_not_null()).then(pl.lit(value=True)))
        if not build.frame.select(pl.any_horizontal(parts).any()).item():
            # A column of leavings that holds none says that nobody has left.
            build.available.add("lost_at")
    if build.has("lost_at") or (parts and never_says_no(build, "is_lost")):
        parts.append(where_recorded(build, "losses", not_unread(build, "is_lost")))
    if parts:
        build.add(is_lost=pl.coalesce(parts))


def _undated(build: Builder) -> pl.Expr:
    """Whether a customer has left without a day on which they did."""
    if not build.has("is_lost"):
        return pl.lit(value=False)
    when = pl.col("lost_at").is_null() if build.has("lost_at") else pl.lit(value=True)
    return pl.col("is_lost").fill_null(value=False) & when


def not_unread(build: Builder, name: str) -> pl.Expr:
    """No where nothing says yes; null where the cell says something unreadable."""
    if UNREAD + name not in build.mapped:
        return pl.lit(value=False)
    return pl.when(~pl.col(UNREAD + name).fill_null(value=False)).then(pl.lit(value=False))


def where_recorded(build: Builder, what: str, no: pl.Expr) -> pl.Expr:
    """A no where the row's own file has a column of it, null where that is another's."""
    return pl.when(build.own(RECORDS + what)).then(no)


def never_says_no(build: Builder, name: str) -> bool:
    """Whether a column of truths only ever says yes: a blank in it is then a no."""
    return not build.frame.select((~pl.col(name)).any()).item()
