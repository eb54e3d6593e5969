"""Thousands of opening hours at once, holidays aside: a week of half hours is a table, and a time two look-ups in it.

What this picks is counted again exactly, with the calendars themselves.
"""

from collections.abc import Sequence
from itertools import accumulate

import polars as pl

from kpi_core.analysis.reconcile.candidate_hours import WEEK, Hours, every
from kpi_core.analysis.reconcile.measured import by_the_clock

HALF_HOUR = 1800
MONDAY = 3 * 86_400
"""1970 began on a Thursday: so long after a Monday."""

MOST = 300
SHORT = 10 * 86_400
"""Longer times mostly hold a holiday, which a week knows nothing of."""


def telling(times: pl.DataFrame) -> pl.DataFrame:
    """The times that show most: short ones that differ from the clock first, evenly spaced where there are many."""
    short = times.filter(by_the_clock().is_between(0, SHORT))
    off = (pl.col("written") - by_the_clock()).abs() > pl.col("tolerance")
    some = (short.filter(off), short.filter(~off))
    known = pl.concat(_spread(part, MOST // 2) for part in some)
    return known if known.height >= min(20, times.height) else _spread(times, MOST)


def _spread(times: pl.DataFrame, most: int) -> pl.DataFrame:
    return times.gather_every(-(-times.height // most)) if times.height > most else times


def ranked(times: pl.DataFrame, shifts: Sequence[int]) -> list[tuple[Hours, int]]:
    """Every hours tried with how many of the times they explain, best first; what opens at the same times is tried once.

    `since` and `until` are by the export's clock.
    """
    plain = list(every())
    tables = [_table(hours) for hours in plain]
    total = pl.Series([table[-1] for table in tables], dtype=pl.Int64)
    passed = pl.Series([value for table in tables for value in table[:-1]], dtype=pl.Int64)
    is_open = pl.Series(b for hours in plain for b in hours.open_halves).cast(pl.Int64)
    found, seen = [], set[bytes]()
    for shift in shifts:
        tried = {}
        for place, hours in enumerate(plain):
            moved = Hours(start=hours.start, end=hours.end, days=hours.days, shift=shift)
            if moved.open_halves not in seen:
                seen.add(moved.open_halves)
                tried[place] = moved
        counts = _counts(times, list(tried), shift, (total, passed, is_open))
        found += [(tried[place], count) for place, count in counts]
    return sorted(found, key=lambda one: (-one[1], one[0].assumptions))


def _table(hours: Hours) -> list[int]:
    """Open seconds from Monday 00:00 to the beginning of each half hour, and in the whole week."""
    return [0, *accumulate(HALF_HOUR * each for each in hours.open_halves)]


def _counts(
    times: pl.DataFrame, places: list[int], shift: int, tables: tuple[pl.Series, pl.Series, pl.Series]
) -> list[tuple[int, int]]:
    """How many times each of the hours explain."""
    parts = {
        f"{part} {name}": value
        for name in ("since", "until")
        for part, value in zip(("week", "half", "rest"), _parts(name, shift), strict=True)
    }
    rows = times.lazy().select("written", "tolerance", **parts)
    tried = pl.LazyFrame({"place": pl.Series(places, dtype=pl.Int64)})
    between = _gone("until", tables) - _gone("since", tables)
    hit = (between - pl.col("written")).abs() <= pl.col("tolerance")
    counted = tried.join(rows, how="cross").select("place", hit=hit).group_by("place").agg(pl.col("hit").sum())
    return list(counted.sort("place").collect().iter_rows())


def _parts(name: str, shift: int) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The week, the half hour in it, and the seconds in that, of an instant by the desk's clock."""
    second = pl.col(name).dt.epoch("s") + MONDAY + shift * 3600
    halves = second // HALF_HOUR
    return halves // WEEK, halves % WEEK, second % HALF_HOUR


def _gone(name: str, tables: tuple[pl.Series, pl.Series, pl.Series]) -> pl.Expr:
    """Open seconds since the beginning of time."""
    total, passed, is_open = (pl.lit(table) for table in tables)
    cell = pl.col("place") * WEEK + pl.col(f"half {name}")
    within = passed.gather(cell) + is_open.gather(cell) * pl.col(f"rest {name}")
    return pl.col(f"week {name}") * total.gather(pl.col("place")) + within
