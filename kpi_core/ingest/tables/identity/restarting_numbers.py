"""Row numbers of one list that begin anew, as for each month: they go up by one and fall back to where they began."""

from collections.abc import Iterator

import polars as pl

STEADY = 0.9
"""The share of steps from one row to the next that are up by one, or back to the beginning."""
SEVERAL = 3
"""Rows of a run from which one time throughout is that of a list that was taken again."""


def counted_anew(rows: pl.DataFrame, unit: str, number: str, at: str) -> Iterator[int]:
    """The lists whose rows, in their order, are numbered on and on and then from the beginning again.

    A list of the same things taken again has one time throughout for each time that it was taken, so that it is none of these.

    Args:
        rows: those that share a number with others of their list, in order.
        unit: the column of the list.
        number: the column of the number as written.
        at: the column of when each row came about.
    """
    for (name,), own in rows.group_by(unit, maintain_order=True):
        numbers = own[number].cast(pl.Int64, strict=False)
        ways = ((numbers, own[at]), (numbers.reverse(), own[at].reverse()))
        if any((runs := _runs(way)) is not None and _has_times(runs, times) for way, times in ways):
            yield int(name)


def is_counted_anew(cells: pl.Series) -> bool:
    """Whether the numbers of a column, in their order or from its end, go on and on and then begin again."""
    numbers = cells.drop_nulls().cast(pl.Int64, strict=False)
    if numbers.null_count():
        return False
    return any(_runs(way) is not None for way in (numbers, numbers.reverse()))


def _runs(numbers: pl.Series) -> pl.Series | None:
    """For each row in which run of numbers it is; None where they do not go on and fall back."""
    if numbers.null_count() or numbers.is_empty():
        return None
    step = numbers.diff()
    is_back = ((step < 0) & (numbers == numbers.min())).fill_null(value=False)
    steady = (is_back | (step == 1)).drop_nulls().mean()
    is_steady = isinstance(steady, float) and steady >= STEADY
    return is_back.cum_sum() if is_steady and is_back.any() else None


def _has_times(runs: pl.Series, times: pl.Series) -> bool:
    """Whether the rows of every run that is long enough came about at several times."""
    by_run = pl.DataFrame({"run": runs, "at": times}).group_by("run").agg(pl.len(), times=pl.col("at").n_unique())
    long = by_run.filter(pl.col("len") >= SEVERAL)
    return bool(long.height) and bool((long["times"] > 1).all())
