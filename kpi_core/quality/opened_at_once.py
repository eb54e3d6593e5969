"""Many rows that came within one minute: taken over from another system or loaded by a program, and no arrivals of their day."""

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import counted
from kpi_core.model.columns import INSTEAD
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.model.tables import TABLES
from kpi_core.quality.coverage.gaps import fed_by

CODE = "opened-at-once"
LOADED = ("tickets", "answers", "reviews", "leads")
"""The tables whose rows come one by one; orders of a sale may not."""
FEWEST, SHARE = 10, 0.02
"""Rows of one minute, and their share of a period's, from which they did not come by themselves."""
ALONE = 5
"""How many times as many they are as in the busiest minute of half of the days: what is loaded each night comes so every day."""
HABIT = 3
"""Days that have such a minute, above which the desk is fed so."""
CLOCKED = 0.5
"""The share of rows with a time of day, below which days alone are known."""


def opened_at_once(engine: Engine, query: Query, kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """What is said of either period of which many rows came within one minute."""
    if query.baseline is None:
        return
    both = (query.period, query.baseline)
    for table in LOADED:
        names = tuple(dict.fromkeys(kpi.name for kpi in kpis if table in fed_by(kpi)))
        inside = _minutes(engine, table, both) if names else None
        if inside is None or not any(_is_full(inside, period) for period in both):
            continue  # whatever is usual on other days
        rows = _minutes(engine, table)
        if rows is None or not _is_clocked(rows):
            continue
        for period in both:
            found = _loaded(rows, period)
            if found is not None:
                day, count, all_ = found
                text = Message("opened-at-once", what=counted(table, count), day=day, all=all_, period=period.name)
                yield Finding(code=CODE, message=text, kpis=names, is_serious=True, consequence=Consequence.NO_VERDICT)


def _minutes(engine: Engine, table: str, periods: Sequence[Period] = ()) -> pl.DataFrame | None:
    """How many rows of a table, or of some periods of it, came in each minute (`day`, `minute`, `n`); None where nothing dates them itself."""
    dated, facts = next(iter(TABLES[table].events), ""), engine.tables.get(table)
    if facts is None or dated not in facts.frame.columns or facts.frame.is_empty():
        return None
    frame = facts.frame
    if any(frame[name].any() for name in frame.columns if name.startswith(f"{INSTEAD}{dated}:")):
        return None
    rows = frame.lazy().select(day=engine.day(table, dated), at=pl.col(dated), one=_row_of(table)).drop_nulls("at")
    if periods:
        own = (pl.col("day").is_between(each.start, each.end, closed="left") for each in periods)
        rows = rows.filter(pl.any_horizontal(own))
    return (
        rows.group_by(minute=pl.col("at").dt.truncate("1m"))
        .agg(pl.col("day").first(), n=pl.col("one").n_unique() if table == "answers" else pl.len())
        .collect()
    )


def _is_clocked(rows: pl.DataFrame) -> bool:
    """Whether more than the days of rows are known."""
    clocked = int(rows.filter(pl.col("minute").dt.time() != pl.time(0, 0))["n"].sum())
    return clocked > CLOCKED * int(rows["n"].sum())


def _is_full(rows: pl.DataFrame, period: Period) -> bool:
    """Whether a minute of a period has so many of its rows that they may have been loaded at once."""
    own = rows.filter(pl.col("day").is_between(period.start, period.end, closed="left"))["n"]
    most = own.max()
    return isinstance(most, int) and most >= max(FEWEST, SHARE * int(own.sum()))


def _row_of(table: str) -> pl.Expr:
    """What counts as one row: of answers a response, which has a row for each of its questions."""
    return pl.col("response_id") if table == "answers" else pl.lit(1)


def _loaded(rows: pl.DataFrame, period: Period) -> tuple[date, int, int] | None:
    """The day of a period's fullest minute with the rows of that and of the period, where they were loaded at once."""
    own = rows.filter(pl.col("day").is_between(period.start, period.end, closed="left"))
    if own.is_empty():
        return None
    all_ = int(own["n"].sum())
    day, count = own.sort("n", "minute", descending=[True, False]).select("day", "n").row(0)
    days = rows.group_by("day").agg(pl.col("n").max())
    usual = days["n"].median()
    least = max(FEWEST, SHARE * all_, ALONE * (usual if isinstance(usual, float) else 0.0))
    if count < least or days.filter(pl.col("n") >= least).height > HABIT:
        return None
    return day, count, all_
