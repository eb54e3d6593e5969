"""Ends that customers have ahead of them: a plan, by which nobody has left and nothing has happened."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.periods import Period
from kpi_core.model.tables import Kind
from kpi_core.quality.coverage.covered_days import EDGE, Coverage
from kpi_core.quality.coverage.stray_dates import ENOUGH, FAR_AHEAD, LEAPS, YEARS_AHEAD, events_of, without_strays

CODE = "planned-ends"
TABLE, END, STATE, CHANGED = "customers", "lost_at", "is_lost", "updated_at"
TOUCHED = ("retention_rate", "churn_*", "net_customer_change", "customer_growth")


def without_plans(tables: Mapping[str, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """The tables with the ends of customers that lie ahead of everything else as none, and the finding on them."""
    frame = tables.get(TABLE)
    if frame is None or END not in frame.columns:
        return dict(tables), []
    others, _ = without_strays({name: one.drop(END) if name == TABLE else one for name, one in tables.items()}, ())
    columns = [one[name] for table, one in others.items() for name in events_of(table, one)]
    happened = max((top for column in columns if isinstance(top := column.max(), datetime)), default=None)
    if happened is None or not frame.select((pl.col(END) > happened + EDGE).any()).item():
        return dict(tables), []
    frame = frame.with_columns(pl.when(~_is_never(pl.col(END))).then(END).alias(END))
    last = _last_leaving(columns, frame[END], happened)
    is_ahead = (pl.col(END) > pl.lit(last, Kind.INSTANT.dtype)).fill_null(value=False)
    written = frame[CHANGED].max() if CHANGED in frame.columns else None
    if isinstance(written, datetime):  # what a list says by the day it was last changed is no plan
        is_ahead &= pl.col(END) > written
    if not (count := frame.select(is_ahead.sum()).item()):
        return dict(tables) | {TABLE: frame}, []
    states = [pl.when(is_ahead).then(pl.lit(value=False)).otherwise(STATE).alias(STATE)] * (STATE in frame.columns)
    sound = dict(tables) | {TABLE: frame.with_columns(pl.when(~is_ahead).then(END).alias(END), *states)}
    return sound, [_finding(count, happened)]


def _is_never(end: pl.Expr) -> pl.Expr:
    """Whether an end is a date that stands for none: the last day of a century, or the first of the next."""
    is_last = (end.dt.month() == 12) & (end.dt.day() == 31) & end.dt.year().is_in([2099, 2100])
    is_first = (end.dt.month() == 1) & (end.dt.day() == 1) & (end.dt.year() == 2100)
    return (is_last | is_first).fill_null(value=False)


def undecided(findings: Sequence[Finding], cover: Coverage | None, period: Period) -> list[Finding]:
    """The findings, with no value for what rests on ends ahead where the period goes on beyond all that has happened: they may be leavings."""
    goes_on = (
        cover is not None and period.end is not None and not cover.completes(period) and period.end > cover.last.date()
    )
    decided = [one for one in findings if one.code == CODE]
    if not goes_on or not decided:
        return list(findings)
    doubts = [
        replace(
            one, message=Message("planned-ends-undecided", planned=one.message, period=period.name), is_serious=True, consequence=Consequence.NO_VALUE
        )
        for one in decided
    ]  # fmt: skip
    return [*doubts, *(one for one in findings if one.code != CODE)]


def _last_leaving(columns: Sequence[pl.Series], ends: pl.Series, happened: datetime) -> datetime | None:
    """When the last end may be that is a leaving; None where it is unknown.

    Had time gone on to an end, other things would have happened on the way there: it lies no further after the newest of
    them than the files are usually silent. Where they show few days, the ends do themselves, by a gap unlike all before it.
    """
    days = _days(columns)
    gaps = days.diff().drop_nulls().dt.total_days()
    if len(gaps) >= ENOUGH:
        return happened + max(EDGE, timedelta(days=int(gaps.quantile(0.99, "higher") or 0)))
    every: list[date] = _days([*columns, ends]).to_list()
    widest = FAR_AHEAD / LEAPS
    for place, (day, after) in enumerate(pairwise(every)):
        gap = after - day
        is_unlike = gap > YEARS_AHEAD or (place >= ENOUGH and gap > LEAPS * widest)
        if is_unlike and day >= happened.date():
            return datetime.combine(after, time.min) - timedelta(seconds=1)
        widest = max(widest, gap)
    return None


def _days(columns: Sequence[pl.Series]) -> pl.Series:
    """The different days of some columns of instants, in order."""
    return pl.concat([column.dt.date().unique().drop_nulls() for column in columns]).unique().sort()


def _finding(count: int, happened: datetime) -> Finding:
    return Finding(code=CODE, message=Message("planned-ends", count=count, day=happened.date()), kpis=TOUCHED)
