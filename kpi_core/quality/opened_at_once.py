"""Many rows that came within one minute: taken over from another system or loaded by a program, and no arrivals of their day.

Of customers whose days alone are known it is one day that has many times as many as any other.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import fed_by
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import counted
from kpi_core.model.columns import INSTEAD
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.model.tables import TABLES

CODE = "opened-at-once"
LOADED = ("tickets", "answers", "reviews", "leads", "orders", "customers")
"""The tables whose rows come one by one."""
FEWEST, SHARE = 10, 0.02
"""Rows of one minute, and their share of a period's, from which they did not come by themselves."""
ALONE = 5
"""How many times as many they are as in the busiest minute of half of the days: what is loaded each night comes so every day."""
HABIT = 3
"""Days that have such a minute, above which the desk is fed so."""
AROUND, LONELY = timedelta(minutes=30), 0.2
"""How long before and after the minute of a load hardly any other order comes, and how many at most: those of a sale come minute by minute."""
OF_DAYS, DAYS_SHARE, DAYS_ALONE = 20, 0.25, 10
"""Customers of one day, their share of a period's, and how many times as many they are as on any other day."""
CLOCKED = 0.5
"""The share of rows with a time of day, below which days alone are known."""


def opened_at_once(engine: Engine, query: Query, kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """The finding on either period of which many rows came within one minute."""
    if query.baseline is None:
        return
    both = (query.period, query.baseline)
    for table in LOADED:
        names = tuple(dict.fromkeys(kpi.name for kpi in kpis if table in fed_by(kpi)))
        inside = _minutes(engine, table, both) if names else None
        if inside is None or not any(_is_full(inside, period) for period in both):
            continue  # whatever is usual on other days
        rows = _minutes(engine, table)
        if rows is None:
            continue
        is_clocked = _is_clocked(rows)
        for period in both:
            found = _loaded(rows, period, table) if is_clocked else _loaded_in_a_day(rows, period, table)
            if found is None:
                continue
            day, count, all_ = found
            what, name = counted(table, count), period.name
            text = Message("opened-at-once", what=what, day=day, all=all_, period=name)
            text = text if is_clocked else Message("won-at-once", what=what, day=day, all=all_, period=name)
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


def _loaded(rows: pl.DataFrame, period: Period, table: str) -> tuple[date, int, int] | None:
    """The day of a period's fullest minute with the rows of that and of the period, where they were loaded at once."""
    own = rows.filter(pl.col("day").is_between(period.start, period.end, closed="left"))
    if own.is_empty():
        return None
    all_ = int(own["n"].sum())
    day, count, minute = own.sort("n", "minute", descending=[True, False]).select("day", "n", "minute").row(0)
    days = rows.group_by("day").agg(pl.col("n").max())
    usual = days["n"].median()
    least = max(FEWEST, SHARE * all_, ALONE * (usual if isinstance(usual, float) else 0.0))
    so_many = days.filter(pl.col("n") >= least).height
    if count < least or so_many > HABIT:
        return None
    if table == "orders" and (so_many > 1 or not _is_lonely(rows, minute, count)):
        return None
    return day, count, all_


def _is_lonely(rows: pl.DataFrame, minute: datetime, count: int) -> bool:
    """Whether hardly anything came around a minute."""
    near = rows.filter(pl.col("minute").is_between(minute - AROUND, minute + AROUND), pl.col("minute") != minute)
    return int(near["n"].sum()) <= LONELY * count


def _loaded_in_a_day(rows: pl.DataFrame, period: Period, table: str) -> tuple[date, int, int] | None:
    """The day of a period with many times as many customers as any other, with its rows and those of the period."""
    own = rows.filter(pl.col("day").is_between(period.start, period.end, closed="left"))
    if table != "customers" or own.is_empty():
        return None
    days = rows.group_by("day").agg(pl.col("n").sum()).sort("n", "day", descending=[True, False])
    all_ = int(own["n"].sum())
    day, count = days.select("day", "n").row(0)
    second = int(days["n"][1]) if days.height > 1 else 0
    is_load = count >= max(OF_DAYS, DAYS_SHARE * all_) and 0 < DAYS_ALONE * second <= count
    return (day, count, all_) if is_load and period.start <= day < period.end else None
