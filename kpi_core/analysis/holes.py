"""Days that should have had rows and have none: a holiday, or a part of the export that is missing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from kpi_core.analysis.defects import Cost
from kpi_core.analysis.examined import Examined
from kpi_core.tables import TABLES

STEADY = 0.8
"""A weekday is expected to have rows when it has some in four weeks of five."""

BY_CHANCE = 0.05
"""How likely a stretch of empty days may be in a file of that length and still be called a hole."""

FRIDAY = 4


@dataclass(frozen=True, kw_only=True)
class Hole:
    """Days in a row that should have had rows of a table and have none; `last` included.

    `usual` is how many rows their weekdays have in the middle of all weeks, together.
    """

    table: str
    first: date
    last: date
    days: int
    usual: float
    cost: Cost | None = None


def holes(seen: Examined, table: str) -> Iterator[Hole]:
    """Weekdays without a row between the first and the last, where chance alone would hardly leave them empty."""
    frame, dated = seen.dataset.tables[table], next(iter(TABLES[table].events), "")
    if dated not in frame.columns:
        return
    found = frame.select(day=seen.clock.day(dated)).drop_nulls().group_by("day").len("rows")
    first, last = found["day"].min(), found["day"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)}).join(found, on="day", how="left")
    rows = pl.col("rows").fill_null(0)
    usual = days.sort("day").with_columns(weekday=pl.col("day").dt.weekday()).with_columns(
        usual=rows.median().over("weekday"), steady=(rows > 0).mean().over("weekday") >= STEADY
    )  # fmt: skip
    empty = usual.filter(pl.col("steady") & (rows == 0)).select("day", "usual")
    for run in _runs(list(empty.iter_rows())):
        lost = sum(rows for _, rows in run)
        # Poisson: the chance of no rows where so many are usual, at any of the places the stretch could begin.
        if days.height * math.exp(-lost) < BY_CHANCE:
            cost = seen.counted(table, round(lost), "with as many as are usual")
            yield Hole(table=table, first=run[0][0], last=run[-1][0], days=len(run), usual=lost, cost=cost)


def _runs(days: list[tuple[date, float]]) -> Iterator[list[tuple[date, float]]]:
    """Days gathered into stretches; a weekend between two of them does not part them."""
    run: list[tuple[date, float]] = []
    for day in days:
        if run and day[0] - run[-1][0] > timedelta(days=3 if run[-1][0].weekday() == FRIDAY else 1):
            yield run
            run = []
        run.append(day)
    if run:
        yield run
