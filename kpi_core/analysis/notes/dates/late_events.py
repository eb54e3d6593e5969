"""Figures of what became of rows by now: what often comes late is there of the older period and not yet of the newer one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from kpi_core.analysis.notes.dates.unequal_periods import ALIKE, watched
from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.clock import TICK, Clock
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.records import dataclass
from kpi_core.stats.p_values import z_of

YOUNG = "unequal-follow-up"
LATE = 0.01
"""The share of what became of the older rows that would not be known yet of the newer ones, from which they are not compared."""
FEWEST = 5
"""Events of the older rows, below which there is too little to compare with."""
SURE = 0.99
"""How sure it must be that fewer of the newer orders are paid back, where no day of it is known."""


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """An event that rows of a table wait for: the instants it is counted from and comes at, the fact it makes true, what it is called."""

    table: str
    since: str
    at: str
    fact: str
    what: Message


EVENTS = {
    "successful_resolution_rate": Awaited(table="tickets", since="created_at", at="resolved_at", fact="is_resolved", what=Message("awaited-resolutions")),
    "conversion_rate": Awaited(table="leads", since="created_at", at="converted_at", fact="is_converted", what=Message("awaited-conversions")),
} | {
    name: Awaited(table="reviews", since="reviewed_at", at="replied_at", fact="", what=Message("awaited-answers"))
    for name in ("review_reply_rate", "review_reply_time", "review_reply_time_business")
}  # fmt: skip
OF_ORDERS = ("revenue", "aov")


def late_events(tables: Mapping[str, Facts], query: Query, kpis: Sequence[Kpi], clock: Clock) -> Iterator[Finding]:
    """What is not compared because more of it is still to come of one period than of the other."""
    if query.baseline is None or clock.as_of is None:
        return
    asked = [
        kpi for kpi in kpis
        if kpi.known_as in EVENTS and EVENTS[kpi.known_as].table in tables and _is_final(kpi, query, clock.as_of, clock)
    ]  # fmt: skip
    for event in dict.fromkeys(EVENTS[kpi.known_as] for kpi in asked):
        names = tuple(dict.fromkeys(kpi.name for kpi in asked if EVENTS[kpi.known_as] == event))
        if finding := _finding(tables[event.table].frame, event, query, clock):
            yield Finding(code=YOUNG, message=finding, kpis=names, consequence=Consequence.NO_VERDICT)
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if kpi.known_as in OF_ORDERS))
    if names and "orders" in tables and (finding := _paid_back(tables["orders"].frame, query, clock)):
        yield Finding(code=YOUNG, message=finding, kpis=names, consequence=Consequence.NO_VERDICT)


def _is_final(kpi: Kpi, query: Query, as_of: datetime, clock: Clock) -> bool:
    """Whether a KPI is compared by now at all, by its own time to mature: before it there is nothing to report."""
    ends = [clock.instant(period.end) for period in (query.period, query.baseline) if period and period.end]
    return kpi.matures_after is None or all(as_of + TICK >= end + kpi.matures_after for end in ends)


def _finding(frame: pl.DataFrame, event: Awaited, query: Query, clock: Clock) -> Message | None:
    """Why two periods are not compared; None where they may be."""
    assert query.baseline is not None
    assert clock.as_of is not None
    spans = [span for period in (query.period, query.baseline) if (span := _span(period, clock)) is not None]
    if len(spans) < 2 or event.since not in frame.columns or (event.fact and event.fact not in frame.columns):
        return None
    newer, older = sorted(spans, reverse=True)
    at = pl.col(event.at) if event.at in frame.columns else pl.lit(None, pl.Datetime("ms"))
    came = (pl.col(event.fact) if event.fact else at.is_not_null()).fill_null(value=False)
    own = frame.filter(came & pl.col(event.since).is_between(*older, closed="left"))
    if own.height < FEWEST:
        return None
    days = (at - pl.col(event.since)).dt.total_seconds() / 86_400
    least, most = ((clock.as_of - end).total_seconds() / 86_400 for end in reversed(newer))
    # Rows of the newer period are spread evenly over it, so that it is known of some of them for longer.
    unseen = own.select(
        unseen=((days - max(least, 0.0)) / max(most - max(least, 0.0), 1e-9)).clip(0, 1), dated=at.is_not_null()
    )
    undated = 1 - (unseen["dated"].mean() or 0.0)  # type: ignore[operator]
    names = [period.name for period in (query.period, query.baseline)]
    newest, other = names if spans[0] == newer else reversed(names)
    if undated > 0.5:
        watches = [watched(period, clock.as_of) or 1.0 for period in (query.period, query.baseline)]
        if max(watches) <= ALIKE * min(watches):
            return None
        return Message("less-time-for-them", what=event.what, newest=newest, other=other)
    late = float(unseen["unseen"].sum()) / own.height
    if late < LATE:
        return None
    return Message("more-to-come", late=late, what=event.what, newest=newest, other=other)


def _paid_back(frame: pl.DataFrame, query: Query, clock: Clock) -> Message | None:
    """Why the sums of orders of two periods are not compared: fewer of the newer ones have been paid back, and some still may be."""
    assert query.baseline is not None
    if "value" not in frame.columns or "amount" not in frame.columns or "ordered_at" not in frame.columns:
        return None
    spans = [span for period in (query.period, query.baseline) if (span := _span(period, clock)) is not None]
    if len(spans) < 2:
        return None
    newer = max(spans)
    back = (pl.col("amount") > pl.col("value")).fill_null(value=False)
    orders = frame.filter(pl.col("is_order") & pl.col("amount").is_not_null())
    sides = [
        orders.filter(part).select(back.sum(), n=pl.len()).row(0)
        for part in (pl.col("ordered_at").is_between(*newer, closed="left"), pl.col("ordered_at") < newer[0])
    ]
    (few, n1), (many, n0) = sides
    if min(n1, n0) < FEWEST or many < FEWEST:
        return None
    pooled = (few + many) / (n1 + n0)
    gap, error = many / n0 - few / n1, (pooled * (1 - pooled) * (1 / n1 + 1 / n0)) ** 0.5
    if not error or gap / error < z_of(SURE):
        return None
    newest = next(period.name for period in (query.period, query.baseline) if _span(period, clock) == newer)
    return Message("still-to-be-paid-back", newest=newest, few=few / n1, many=many / n0)


def _span(period: Period, clock: Clock) -> tuple[datetime, datetime] | None:
    """The instants that a period runs from and to; None for everything."""
    if period.start is None or period.end is None:
        return None
    return clock.instant(period.start), clock.instant(period.end)
