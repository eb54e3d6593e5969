"""The period reported unasked: never one that is nearly empty next to its neighbours, as an export taken later ends with."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

import polars as pl

from kpi_core.analysis.as_known import BEGUN
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Finding
from kpi_core.model.periods import ALL, Grain, Period
from kpi_core.quality.coverage.covered_days import Coverage, complete_periods
from kpi_core.records import dataclass

LEAST = 0.1
"""The share of its neighbours' rows that a period must have."""
LISTED = 12
"""Periods passed over that are reported one by one."""
NEIGHBOURS = 3
"""Complete periods on either side that are looked at."""
QUARTER = 900_000
"""A quarter of an hour in milliseconds: midnight is on one in every zone, and there are few of them."""
BEGUN_BY = {**BEGUN, "answers": ("answered_at", "offered_at")}


@dataclass(frozen=True, kw_only=True)
class Sparse:
    """A period of a table with hardly any rows, and what its neighbours have."""

    period: Period
    table: str
    rows: int
    usual: float


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The rows of a table in each period, None in one that it does not complete, and the median of those that have any."""

    table: str
    rows: tuple[int | None, ...]
    usual: float


def usual_period(
    tables: Mapping[str, pl.DataFrame], covered: Mapping[str, Coverage], grain: Grain, clock: Clock
) -> tuple[Period, list[Finding]]:
    """The newest complete period of a table with enough rows in it; what is passed over is reported.

    The newest complete one where none has enough, and `all` where none is complete.
    """
    periods = list(complete_periods(covered, grain))
    counts = {name: _counted(name, _days(tables[name], name, clock), covered[name], periods)
              for name in covered if name in tables}  # fmt: skip
    passed: list[Sparse] = []
    for place, period in enumerate(periods):
        found = {
            name: _sparse(counted, place, period) for name, counted in counts.items() if counted.rows[place] is not None
        }
        if None in found.values() or not found:
            return period, _findings(passed, period)
        passed += [one for one in found.values() if one is not None]
    return (periods[0] if periods else ALL), []


def _days(frame: pl.DataFrame, table: str, clock: Clock) -> pl.DataFrame:
    """How many rows of a table came about on each local day: `day`, `len`."""
    dates = [name for name in BEGUN_BY[table] if name in frame.columns]
    if not dates:
        return pl.DataFrame(schema={"day": pl.Date(), "len": pl.UInt32()})
    quarters = frame.lazy().select(at=pl.coalesce(dates).dt.epoch("ms") // QUARTER).drop_nulls().group_by("at").len()
    instants = quarters.collect().with_columns((pl.col("at") * QUARTER).cast(pl.Datetime("ms")))
    return instants.select("len", day=clock.day("at"))


def _counted(table: str, days: pl.DataFrame, cover: Coverage, periods: Sequence[Period]) -> Counted:
    """The rows of a table in each period, by running sums over its days: there may be thousands of periods."""
    by_day = days.group_by("day").agg(pl.col("len").sum()).sort("day")
    dates: list[date] = by_day["day"].to_list()
    until: list[int] = [0, *by_day["len"].cast(pl.Int64).cum_sum().to_list()]

    def before(day: date | None, otherwise: int) -> int:
        return until[otherwise if day is None else bisect_left(dates, day)]

    rows = tuple(
        before(one.end, len(dates)) - before(one.start, 0) if cover.completes(one) else None for one in periods
    )
    return Counted(table=table, rows=rows, usual=median([each for each in rows if each] or [0]))


def _sparse(counted: Counted, place: int, period: Period) -> Sparse | None:
    """What a table lacks in a period; None where it has enough, or nothing to compare with."""
    neighbours = [*counted.rows[max(place - NEIGHBOURS, 0) : place], *counted.rows[place + 1 : place + 1 + NEIGHBOURS]]
    filled = [each for each in neighbours if each]
    rows = counted.rows[place] or 0
    usual = median(filled) if filled else 0 if rows else counted.usual
    return (
        Sparse(period=period, table=counted.table, rows=rows, usual=usual) if usual and rows < LEAST * usual else None
    )


def _findings(passed: Sequence[Sparse], period: Period) -> list[Finding]:
    """The findings on the periods passed over: of many in one sentence."""
    if len(passed) <= LISTED:
        return [_finding(one, period) for one in passed]
    text = Message(
        "sparse-periods", count=len(passed), first=passed[-1].period.name, last=passed[0].period.name,
        table=called(passed[0].table), period=period.name,
    )  # fmt: skip
    return [Finding(code="sparse-period", message=text)]


def _finding(one: Sparse, period: Period) -> Finding:
    text = Message(
        "sparse-period", sparse=one.period.name, count=one.rows, table=called(one.table), usual=round(one.usual),
        period=period.name,
    )  # fmt: skip
    return Finding(code="sparse-period", message=text)
