"""What an export leaves out by the filter it was taken with, as its rows tell, and the KPIs that are wrong for it.

A file of the tickets *created* from some day on has no older ones among those resolved in its first months; a file of
resolved tickets has no backlog. Each needs many rows that an unfiltered file could not lack by chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from kpi_core.engine.cells import Clock
from kpi_core.engine.plan import leaves
from kpi_core.engine.states import home
from kpi_core.facts import Facts
from kpi_core.kpi import Kpi
from kpi_core.measures import Kept, Stock
from kpi_core.periods import Period
from kpi_core.report import Consequence, Finding, Query

SAMPLED = 20_000
"""Rows that are looked at: every so many of a larger file."""
ENOUGH = 100
"""Rows from which a file says something of how it was made."""
RESOLVED = 50
"""Resolutions whose ages tell how long tickets take."""
MISSING = 0.05
"""The share of a period's resolutions that may be missing without ruining a comparison."""
STEPS = 60
ABRUPT = 0.5
"""A filter begins with as many tickets a day as there are later; a new desk begins with few."""
EXPECTED = 5.0
"""Open tickets to be expected, of which none is by chance less than once in a hundred files."""
SPAN = timedelta(days=28)
"""How long tickets were created for at least, where the filter is one of days."""
OLD = timedelta(days=7)
BY_RESOLUTION = frozenset({"resolved_at", "first_resolved_at", "closed_at"})
OF_STATES = (
    "backlog*", "net_flow*", "resolution_rate*", "successful_resolution_rate*", "resolved_within*", "resolution_time_km*",
    "resolution_time_business_km*", "sla_resolution_rate_km*",
)  # fmt: skip
"""The KPIs that need both open and resolved tickets."""
OF_RESOLUTIONS = (
    "tickets_resolved",
    "net_flow",
    "resolution_rate",
    "resolution_rate_cohort",
    "successful_resolution_rate",
)
"""Those that a file of open tickets says nothing of; a bound of how long they take it does."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    """Tickets with a date of opening, over time: `created` and `age` (at resolution, null while open), oldest first."""

    rows: pl.DataFrame
    first: datetime
    last: datetime

    def outlasting(self, ages: pl.Series) -> pl.Series:
        """The share of resolutions that take longer than some ages."""
        known = self.rows["age"].drop_nulls().sort()
        return 1 - known.search_sorted(ages, side="right") / len(known)

    @property
    def is_abrupt(self) -> bool:
        """Whether the first week has about as many tickets as any later one."""
        created, week = self.rows["created"], timedelta(days=7)
        begun = int((created < self.first + week).sum())
        return begun >= ABRUPT * self.rows.height * (week / max(self.last - self.first, week))


def filters_of_the_export(tickets: Facts | None, query: Query, kpis: Sequence[Kpi], clock: Clock) -> Iterator[Finding]:
    """What the tickets say of the filter they were exported with.

    Rows that a condition of the reader's own chose say nothing of it but by their dates.
    """
    if tickets is None or tickets.frame.height < ENOUGH:
        return
    flow = _flow(tickets)
    if flow is not None and clock.as_of is not None:
        yield from _created_within(flow, query, kpis, clock)
    if query.where is None:
        yield from _of_one_state(tickets, flow, clock.as_of)
        yield from _of_one_agent(tickets)


def _flow(tickets: Facts) -> Flow | None:
    """The tickets over time; None where too few are dated and resolved."""
    if not {"created_at", "resolved_at", "is_resolved"} <= tickets.available:
        return None
    every = max(tickets.frame.height // SAMPLED, 1)
    sampled = tickets.frame.select("created_at", "resolved_at").gather_every(every).drop_nulls("created_at")
    age = (pl.col("resolved_at") - pl.col("created_at")).dt.total_seconds()
    rows = sampled.select(created="created_at", age=pl.when(age >= 0).then(age)).sort("created")
    first, last = rows["created"].quantile(0.005, "lower"), rows["created"].quantile(0.995, "higher")
    if rows["age"].count() < RESOLVED or not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    return Flow(rows=rows, first=first, last=last)


def _created_within(flow: Flow, query: Query, kpis: Sequence[Kpi], clock: Clock) -> Iterator[Finding]:
    """Periods in which resolutions are missing because their tickets were created before the file begins, or after it ends."""
    if flow.last - flow.first < SPAN or not flow.is_abrupt:
        return
    periods = [period for period in (query.period, query.baseline) if period is not None]
    shares = {period.name: _missing(flow, period, clock) or 0.0 for period in periods}
    short = {name: share for name, share in shares.items() if share >= MISSING}
    if not short:
        return
    names = tuple(dict.fromkeys(kpi.name for kpi in kpis if _rests_on_resolutions(kpi)))
    missing = " and ".join(f"about {share:.0%} of what was resolved in {name}" for name, share in short.items())
    text = (
        f"nearly all tickets were created from {_day(flow.first, clock)} to {_day(flow.last, clock)}, which looks like a filter of the export: "
        f"{missing} is missing, with its times"
    )
    yield Finding(
        code="created-filter", text=text, kpis=names, share=max(short.values()), consequence=Consequence.NO_VERDICT
    )


def _missing(flow: Flow, period: Period, clock: Clock) -> float | None:
    """The share of a period's resolutions that tickets from outside the file would have, if they came as those inside."""
    until = clock.end_of(period)
    if period.start is None or until is None or clock.instant(period.start) >= until:
        return None
    since = clock.instant(period.start)
    at = pl.Series([since + (until - since) * (step + 0.5) / STEPS for step in range(STEPS)], dtype=pl.Datetime("ms"))
    older = flow.outlasting((at - flow.first).dt.total_seconds())
    younger = 1 - flow.outlasting((at - flow.last).dt.total_seconds())
    told = pl.DataFrame({"at": at, "older": older, "younger": younger}).filter(pl.col("at") >= flow.first)
    if told.is_empty():
        return None
    beyond = pl.when(pl.col("at") > flow.last).then("younger").otherwise(0.0)
    return float(told.select((pl.col("older") + beyond).mean()).item())


def _day(instant: datetime, clock: Clock) -> str:
    local = pl.DataFrame({"at": [instant]}).select(clock.day("at")).item()
    return f"{local:%Y-%m-%d}"


def _rests_on_resolutions(kpi: Kpi) -> bool:
    """Whether a KPI looks at the tickets resolved in a period, or at those open at its end."""
    return any(
        home(leaf)[0] == "tickets" and (home(leaf)[1] in BY_RESOLUTION or isinstance(leaf.measure, Stock | Kept))
        for leaf in leaves(kpi)
    )


def _of_one_state(tickets: Facts, flow: Flow | None, as_of: datetime | None) -> Iterator[Finding]:
    """Files of resolved tickets only, or of open ones only."""
    if "is_resolved" not in tickets.available or as_of is None:
        return
    states = tickets.frame["is_resolved"].drop_nulls()
    count = f"{tickets.frame.height:,}"
    if len(states) and states.all() and flow is not None and (expected := _expected_open(flow, as_of)) >= EXPECTED:
        text = (
            f"all {count} tickets are resolved, where about {expected:,.0f} would still be open: the export is of resolved tickets only, so "
            "nothing can be said of the backlog, of what share is resolved, or of tickets that are not"
        )
        yield _selected(text, *OF_STATES)
        created = "the newest tickets are missing from an export of resolved ones: their number falls towards its end"
        yield Finding(
            code="selected-export",
            text=created,
            kpis=("tickets_created", "contact_rate*"),
            consequence=Consequence.NO_VERDICT,
        )
    if len(states) and not states.any() and "created_at" in tickets.available:
        middle = tickets.frame["created_at"].quantile(0.5, "lower")
        if isinstance(middle, datetime) and as_of - middle >= OLD:
            text = (
                f"none of {count} tickets is resolved, and half of them for {(as_of - middle).days} days or more: the export is of "
                "open tickets only, so nothing can be said of resolutions"
            )
            yield _selected(text, *OF_RESOLUTIONS)


def _expected_open(flow: Flow, as_of: datetime) -> float:
    """How many of the tickets would be open, if they took as long as the others do."""
    ages = flow.rows.select((pl.lit(as_of, pl.Datetime("ms")) - pl.col("created")).dt.total_seconds()).to_series()
    return float(flow.outlasting(ages).sum())


def _of_one_agent(tickets: Facts) -> Iterator[Finding]:
    """A file of one agent's tickets."""
    if "agent" not in tickets.available:
        return
    agents = tickets.frame["agent"]
    if agents.null_count() * 2 < len(agents) and agents.drop_nulls().n_unique() == 1:
        text = (
            f"all {len(agents) - agents.null_count():,} tickets that name an agent are of one: an export of that agent's alone says nothing of "
            "what an agent has to do"
        )
        yield Finding(
            code="selected-export", text=text, kpis=("tickets_per_agent*",), consequence=Consequence.NO_VERDICT
        )


def _selected(text: str, *kpis: str) -> Finding:
    return Finding(code="selected-export", text=text, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)
