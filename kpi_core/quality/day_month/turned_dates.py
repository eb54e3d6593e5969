"""Day and month in each other's place: what a date would be had it been written in the other order."""

import polars as pl

LAST = 12
"""The last day that may be a month."""


def turned(date: pl.Expr) -> pl.Expr:
    """The instant with day and month in each other's place; null where the day cannot be a month."""
    months = date.dt.day()
    moved = date.dt.replace(month=pl.when(months <= LAST).then(months), day=date.dt.month())
    return pl.when(months <= LAST).then(moved)


def is_open(date: pl.Expr) -> pl.Expr:
    """Whether turning would make another day of it."""
    return (date.dt.day() <= LAST) & (date.dt.day() != date.dt.month())
