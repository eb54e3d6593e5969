"""Instants of which a file knows the month alone: spread over its days, which shows in intervals, and never against all order.

On one day together they would be a burst, and the rest of the month would look empty.
"""

from collections.abc import Mapping

import polars as pl

from kpi_core.model.columns import MONTHS
from kpi_core.model.tables import TABLES, Kind

MIDDAY = 10 * 60 + 30
"""Minutes after midnight UTC that are the same day from Hawaii to New Zealand."""
BEGINS = {
    "tickets": "created_at",
    "answers": "offered_at",
    "customers": "acquired_at",
    "reviews": "reviewed_at",
    "leads": "created_at",
}
"""What comes first in a row of each table that has several instants."""


def months_of(frame: pl.DataFrame) -> list[str]:
    """The instants of which some rows of a frame know no more than the month."""
    return [name.removeprefix(MONTHS) for name in frame.columns if name.startswith(MONTHS)]


def begins(name: str) -> pl.Expr:
    """The first midnight, UTC, of the month of an instant that is the first of one in any zone."""
    # Fourteen hours on, a month that begins at midnight in any zone has begun in UTC.
    return (pl.col(name) + pl.duration(hours=14)).dt.truncate("1mo")


def is_month(name: str) -> pl.Expr:
    """Whether a row knows no more than the month of an instant."""
    return (pl.col(MONTHS + name) & ((pl.col(name) + pl.duration(hours=14)).dt.day() == 1)).fill_null(value=False)


def spread(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables with what is dated by months spread evenly over the days of each, in the order of the rows' keys; costs have several days each."""
    return {
        name: _spread(frame, name) if months_of(frame) and name != "costs" else frame for name, frame in tables.items()
    }


def _spread(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    key, begin = TABLES[table].key, BEGINS.get(table)
    for name in (column for column in months_of(frame) if column in frame.columns):
        month = begins(name)
        share = (pl.col(key).rank("ordinal").over(month) - 1) / pl.len().over(month)
        day = (share * month.dt.days_in_month()).floor().cast(pl.Int64)
        at = (month + pl.duration(days=day, minutes=MIDDAY)).cast(Kind.INSTANT.dtype)
        frame = frame.with_columns(pl.when(is_month(name)).then(at).otherwise(name).alias(name))
    if begin is None or begin not in frame.columns:
        return frame
    return _in_order(frame, begin, [name for name in TABLES[table].events if name in frame.columns and name != begin])


def _in_order(frame: pl.DataFrame, begin: str, others: list[str]) -> pl.DataFrame:
    """Rows in which nothing comes before its beginning because one of the two was placed in their month by chance."""
    months = set(months_of(frame))
    for name in others:
        is_turned = (pl.col(name) < pl.col(begin)) & (
            pl.col(name).dt.truncate("1mo") == pl.col(begin).dt.truncate("1mo")
        )
        if name in months:
            frame = frame.with_columns(
                pl.when(is_turned & pl.col(MONTHS + name)).then(begin).otherwise(name).alias(name)
            )
        if begin in months:
            frame = frame.with_columns(
                pl.when(is_turned & pl.col(MONTHS + begin)).then(name).otherwise(begin).alias(begin)
            )
    return frame
