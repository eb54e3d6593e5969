"""Months of which an export has only some tickets: those still open, or changed since a day.

"This month's tickets, and older ones still open" and "updated since" leave of older months what outlasted them: no figure
dated by their opening is of all there was, and nothing of them was done before the day that chose them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from kpi_core.engine.plan import fed_by
from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock, literal
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.quality.coverage.gaps import of_ratings
from kpi_core.quality.coverage.snapshots import OF_CLOSED_ONES, OF_OPEN_ONES
from kpi_core.quality.coverage.ticket_flow import Flow, curve, flow_of, left_at

CUT = "cut-months"
STRAYS = 2
"""Resolutions before the day that chose the tickets which may be mistyped."""
FEW = 20
"""Older tickets, below which nothing is reported of them."""
LATER = 50
"""Tickets opened since that day, and resolved ones of them, that show how long tickets take."""
OUTLASTED = 12.0
"""Tickets of which the last is to be expected before that day, of which there are no more than the strays: by chance less than once in a thousand files."""
THIN = 0.6
"""How many older tickets a day there are at most, of those that came later."""
EDGE = 4
"""The day of a month up to which a first resolution shows that the month chose the tickets."""
RESOLVED_BY_THEN = 8.0
"""Resolutions to be expected on those days, of which none is no chance."""
RESOLVED_TOO = 0.1
"""The share of the older ones that are resolved, from which they were chosen by being changed and not by being open."""


def cut_months(
    flow: Flow | None, tables: Mapping[str, Facts], periods: Sequence[Period], kpis: Sequence[Kpi], clock: Clock
) -> Iterator[Finding]:
    """The finding on months whose tickets were chosen by what became of them later; `periods` are those that are shown."""
    if (found := _cut(flow, clock)) is None:
        return
    since, older = found
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
    if any(about.touches(period) for period in periods):
        yield about
    yield Finding(code=CUT, message=text, kpis=OF_OPEN_ONES, is_serious=True, consequence=Consequence.NO_VALUE)
    if is_of_open:
        resolved = Message("cut-to-open-and-resolved", day=day, count=older.height)
        yield Finding(code=CUT, message=resolved, kpis=(*OF_CLOSED_ONES, *inside), consequence=Consequence.NO_VERDICT)


def whole_since(tickets: Facts | None, clock: Clock) -> dict[str, date]:
    """By table the day before which the files hold only what outlasted it: of tickets, where an archive or a filter took the others."""
    if tickets is None or clock.as_of is None or (found := _cut(flow_of(tickets, clock.as_of), clock)) is None:
        return {}
    return {"tickets": pl.DataFrame({"at": [found[0]]}).select(clock.day("at")).item()}


def _cut(flow: Flow | None, clock: Clock) -> tuple[datetime, pl.DataFrame] | None:
    """The instant that chose the tickets opened before it, and these; None where they are all there."""
    if flow is None or clock.as_of is None or flow.rows.height < FEW + LATER:
        return None
    done = flow.rows.filter(~pl.col("is_open") & pl.col("age").is_not_null())["newest"].sort()
    if len(done) <= STRAYS:
        return None
    chosen: date = pl.DataFrame({"at": [done[STRAYS]]}).select(clock.day("at")).item()
    if int((flow.rows["created"] < clock.instant(chosen)).sum()) < FEW:  # of which a day before it has no more
        return None
    since = _begun(chosen, clock, flow.rows)
    is_later = pl.col("created") >= literal(since)
    older, later = (flow.rows.filter(part) for part in (~is_later, is_later))
    if older.height < FEW or later.height < LATER or later["age"].count() < LATER:
        return None
    ages, left = curve(_to_their_last(later), clock.as_of)
    waited = older.select(age=(literal(since) - pl.col("created")).dt.total_seconds())["age"]
    expected = -left_at(waited, ages, left).clip(lower_bound=1 / (later.height + 1)).log().sum()
    is_cut = expected >= OUTLASTED and _a_day(older) <= THIN * _a_day(later)
    return (since, older) if is_cut else None


def _begun(day: date, clock: Clock, rows: pl.DataFrame) -> datetime:
    """The day that chose the tickets, by that of the first resolution: where that is in the first days of a month, its first.

    But not where as many as are usual on such days would have been resolved by then: what is missing is what was resolved on them.
    """
    if day.day > EDGE or day.day == 1:
        return clock.instant(day)
    chosen = clock.instant(day)
    done = rows.filter((pl.col("created") >= literal(chosen)) & pl.col("age").is_not_null())
    by_weekday = _a_weekday(done, clock)
    ages = done["age"] / timedelta(days=1).total_seconds()
    expected = 0.0
    for place in range(day.day - 1):
        usual = by_weekday.get((day.replace(day=1) + timedelta(days=place)).weekday(), 0.0)
        expected += usual * int((ages < place + 0.5).sum()) / max(len(ages), 1)
    return chosen if expected >= RESOLVED_BY_THEN else clock.instant(day.replace(day=1))


def _a_weekday(done: pl.DataFrame, clock: Clock) -> dict[int, float]:
    """How many of some tickets are resolved on a Monday (0) and on each other weekday, in the mean."""
    days = done.select(at=pl.col("created") + pl.duration(seconds="age")).select(day=clock.day("at"))
    counts = days.group_by("day").len()
    weeks = max((counts["day"].n_unique()) / 7, 1.0)
    by = counts.group_by(weekday=pl.col("day").dt.weekday() - 1).agg(pl.col("len").sum())
    return {int(weekday): count / weeks for weekday, count in by.iter_rows()}


def _to_their_last(rows: pl.DataFrame) -> pl.DataFrame:
    """Tickets with their ages (seconds) at the last that is known of them: one that is closed weeks after it was resolved is no older than chosen."""
    age = (pl.col("newest") - pl.col("created")).dt.total_seconds()
    return rows.with_columns(age=pl.when(pl.col("age").is_not_null()).then(age))


def _a_day(rows: pl.DataFrame) -> float:
    """How many tickets were opened a day, from the first to the last of some."""
    (span,) = rows.select((pl.col("created").max() - pl.col("created").min()).dt.total_seconds()).row(0)
    return float(rows.height / max(span / timedelta(days=1).total_seconds(), 1.0))
