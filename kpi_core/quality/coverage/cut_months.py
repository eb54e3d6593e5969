"""Months of which an export has only some tickets: those still open, or changed since a day.

"This month's tickets, and older ones still open" and "updated since" leave of older months what outlasted them: no figure
dated by their opening is of all there was, and nothing of them was done before the day that chose them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Query
from kpi_core.quality.coverage.gaps import fed_by, of_ratings
from kpi_core.quality.coverage.snapshots import OF_CLOSED_ONES, OF_OPEN_ONES
from kpi_core.quality.coverage.ticket_flow import Flow, curve, left_at

CUT = "cut-months"
STRAYS = 2
"""Resolutions before the day that chose the tickets which may be mistyped."""
FEW = 20
"""Older tickets, below which nothing is said of them."""
LATER = 50
"""Tickets opened since that day, and resolved ones of them, that tell how long tickets take."""
OUTLASTED = 12.0
"""Tickets of which the last is to be expected before that day, of which there are no more than the strays: by chance less than once in a thousand files."""
THIN = 0.6
"""How many older tickets a day there are at most, of those that came later."""
EDGE = 4
"""The day of a month up to which a first resolution tells that the month chose the tickets."""
RESOLVED_TOO = 0.1
"""The share of the older ones that are resolved, from which they were chosen by being changed and not by being open."""


def cut_months(
    flow: Flow | None, tables: Mapping[str, Facts], query: Query, kpis: Sequence[Kpi], clock: Clock
) -> Iterator[Finding]:
    """What is said of months whose tickets were chosen by what became of them later."""
    if flow is None or clock.as_of is None:
        return
    done = flow.rows.filter(~pl.col("is_open") & pl.col("age").is_not_null())["newest"].sort()
    if len(done) <= STRAYS:
        return
    since = _begun(done[STRAYS], clock)
    older, later = (flow.rows.filter(part) for part in (pl.col("created") < since, pl.col("created") >= since))
    if older.height < FEW or later.height < LATER or later["age"].count() < LATER:
        return
    ages, left = curve(_to_their_last(later), clock.as_of)
    waited = older.select(age=(pl.lit(since, pl.Datetime("ms")) - pl.col("created")).dt.total_seconds())["age"]
    expected = -left_at(waited, ages, left).clip(lower_bound=1 / (later.height + 1)).log().sum()
    if expected < OUTLASTED or _a_day(older) > THIN * _a_day(later):
        return
    first, day = (pl.DataFrame({"at": [at]}).select(clock.day("at")).item() for at in (older["created"].min(), since))
    days = ((first, day - timedelta(days=1)),)
    are_open = older["is_open"].mean()
    is_of_open = isinstance(are_open, float) and are_open > 1 - RESOLVED_TOO
    text = Message("cut-to-open" if is_of_open else "cut-to-changed", day=day, count=older.height)
    inside = of_ratings(tables, kpis)
    of_tickets = tuple(kpi.name for kpi in kpis if "tickets" in fed_by(kpi))
    about = Finding(
        code=CUT, message=text, kpis=tuple(dict.fromkeys((*of_tickets, *inside))), is_serious=True,
        consequence=Consequence.NO_VALUE, days=days,
    )  # fmt: skip
    if any(about.touches(period) for period in (query.period, query.baseline) if period is not None):
        yield about
    yield Finding(code=CUT, message=text, kpis=OF_OPEN_ONES, is_serious=True, consequence=Consequence.NO_VALUE)
    if is_of_open:
        resolved = Message("cut-to-open-and-resolved", day=day, count=older.height)
        yield Finding(code=CUT, message=resolved, kpis=(*OF_CLOSED_ONES, *inside), consequence=Consequence.NO_VERDICT)


def _begun(first: datetime, clock: Clock) -> datetime:
    """The day that chose the tickets, by the first resolution: where that is in the first days of a month, its first."""
    day: date = pl.DataFrame({"at": [first]}).select(clock.day("at")).item()
    return clock.instant(day.replace(day=1) if day.day <= EDGE else day)


def _to_their_last(rows: pl.DataFrame) -> pl.DataFrame:
    """Tickets with their ages (seconds) at the last that is known of them: one that is closed weeks after it was resolved is no older than chosen."""
    age = (pl.col("newest") - pl.col("created")).dt.total_seconds()
    return rows.with_columns(age=pl.when(pl.col("age").is_not_null()).then(age))


def _a_day(rows: pl.DataFrame) -> float:
    """How many tickets were opened a day, from the first to the last of some."""
    (span,) = rows.select((pl.col("created").max() - pl.col("created").min()).dt.total_seconds()).row(0)
    return float(rows.height / max(span / timedelta(days=1).total_seconds(), 1.0))
