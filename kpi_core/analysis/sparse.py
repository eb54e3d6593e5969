"""The period reported unasked: never one that is nearly empty next to its neighbours, as an export taken later ends with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import polars as pl

from kpi_core.analysis.as_known import BEGUN
from kpi_core.analysis.coverage import Coverage, complete_periods
from kpi_core.engine.cells import Clock
from kpi_core.periods import ALL, Grain, Period
from kpi_core.plurals import some
from kpi_core.report import Finding

LEAST = 0.1
"""The share of its neighbours' rows that a period must have."""
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


def usual_period(
    tables: Mapping[str, pl.DataFrame], covered: Mapping[str, Coverage], grain: Grain, clock: Clock
) -> tuple[Period, list[Finding]]:
    """The newest complete period of a table with enough rows in it; what is passed over is said.

    The newest complete one where none has enough, and `all` where none is complete.
    """
    periods = list(complete_periods(covered, grain))
    days = {name: _days(tables[name], name, clock) for name in covered if name in tables}
    passed: list[Sparse] = []
    for period in periods:
        found = {
            name: _sparse(name, period, periods, covered[name], held)
            for name, held in days.items()
            if covered[name].completes(period)
        }
        if None in found.values() or not found:
            return period, [_said(one, period) for one in passed]
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


def _sparse(table: str, period: Period, periods: list[Period], cover: Coverage, days: pl.DataFrame) -> Sparse | None:
    """What a table lacks in a period; None where it has enough, or nothing to compare with."""
    place = periods.index(period)
    beside = [*periods[max(place - NEIGHBOURS, 0) : place], *periods[place + 1 : place + 1 + NEIGHBOURS]]
    rows = _count(days, period)
    usual = _filled(beside, cover, days)
    if not usual and not rows:
        usual = _filled(periods, cover, days)
    if not usual or rows >= LEAST * median(usual):
        return None
    return Sparse(period=period, table=table, rows=rows, usual=median(usual))


def _filled(periods: Sequence[Period], cover: Coverage, days: pl.DataFrame) -> list[int]:
    """How many rows a table has in those of some periods that it completes and has any in."""
    counts = [_count(days, one) for one in periods if cover.completes(one)]
    return [count for count in counts if count]


def _count(days: pl.DataFrame, period: Period) -> int:
    if period.start is None or period.end is None:
        return int(days["len"].sum())
    return int(days.filter(pl.col("day").is_between(period.start, period.end, closed="left"))["len"].sum())


def _said(one: Sparse, period: Period) -> Finding:
    text = (
        f"{one.period.name} has {some(one.rows, 'row')} of {one.table}, where the periods next to it have about {one.usual:,.0f}: "
        f"{period.name} is reported, the newest with as many as usual"
    )
    return Finding(code="sparse-period", text=text)
