"""What an export leaves out by the filter it was taken with, as its rows show, and the KPIs that are wrong for it.

A file of the tickets *created* from some day on has no older ones among those resolved in its first months; a file of
resolved tickets has no backlog. Each needs many rows that an unfiltered file could not lack by chance; of one calendar
month fewer are enough.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl

from kpi_core.engine.plan import fed_by, leaves
from kpi_core.engine.siblings import siblings
from kpi_core.engine.state_cache import home
from kpi_core.facts import Facts
from kpi_core.ingest.other_sheets import UNREAD
from kpi_core.ingest.tables.history.one_state import CODE as ONE_STATE_SINCE
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.columns import distinct
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.kpis_of_tables import OF_OPEN_AND_RESOLVED
from kpi_core.model.measures import Kept, Stock
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.quality.coverage.cut_months import cut_months
from kpi_core.quality.coverage.gaps import rated_inside
from kpi_core.quality.coverage.one_state_alone import CODE as ONE_STATE_BESIDE
from kpi_core.quality.coverage.one_state_alone import (
    files_of_one_state,
    is_cut_among_resolved,
    is_resolved_alone,
    is_worth_mention,
    may_be_resolved_alone,
)
from kpi_core.quality.coverage.snapshots import frozen_spans, snapshots
from kpi_core.quality.coverage.ticket_flow import Flow, flow_of

CREATED = "created-filter"
ENOUGH = 100
"""Rows from which a file says something of how it was made."""
RESOLVED = 50
"""Resolutions whose ages show how long tickets take."""
OF_A_MONTH = 40
"""The rows that are enough where all tickets were created in one calendar month."""
EDGE = timedelta(days=3)
"""How near to both ends of that month the first and the last of them are."""
FEW = 20
"""The rows that are enough where the first resolution comes late, too, to show that only resolved tickets are there."""
OUTLASTED, STILL_OPEN, THIN = 4.0, 1.5, 0.6
"""What is then expected at least: resolutions before the first, open tickets now; and at most, openings before it to those after."""
MISSING = 0.05
"""The share of a period's resolutions that may be missing without ruining a comparison."""
SOON = timedelta(days=92)
"""How long after the first opening tickets from before it are a part of what is open that counts."""
APART = 0.03
"""How far apart the least and the most that may be missing lie, from which both are named."""
STEPS, NAMED = 60, 3
SPAN = timedelta(days=28)
"""How long tickets were created for at least, where the filter is one of days."""
OLD = timedelta(days=7)
BY_RESOLUTION = frozenset({"resolved_at", "first_resolved_at", "closed_at"})
OF_RESOLUTIONS = (
    "tickets_resolved", "net_flow", "resolution_rate*", "resolved_within*", "successful_resolution_rate", "complaint_resolution_rate",
    "sla_resolution_rate", "sla_resolution_rate_vendor", "reopen_rate", "reopens_per_ticket",
)  # fmt: skip
"""Those that a file of open tickets says nothing of: of what was promised it has the broken ones alone, and of what was closed what came back. A bound of how long
tickets take it does give."""
OPEN_STILL = 3
"""Tickets from the first third of what the files cover that are still open, from which it is no chance that older ones are."""
UNRESOLVED = 8
"""Tickets of which none is resolved, from which that is reported of the file."""
FRESH = timedelta(days=1)


def filters_of_the_export(
    tables: Mapping[str, Facts],
    every: Mapping[str, Facts],
    query: Query,
    kpis: Sequence[Kpi],
    clock: Clock,
    files: Sequence[str],
    followed: Sequence[Period] = (),
) -> Iterator[Finding]:
    """What the tickets of some files say of the filter they were exported with.

    Args:
        tables: the rows that are reported: those that a condition of the reader's own chose say something of the days of the files.
        every: all rows, which also say what became of the tickets that were chosen.
        query: with the periods.
        kpis: those of the report.
        clock: the report's.
        files: the names of the lists of tickets.
        followed: the periods of a trend, each of which is shown.
    """
    tickets, listed = tables.get("tickets"), every.get("tickets")
    if tickets is None or listed is None or clock.as_of is None:
        return
    flow, whole = flow_of(tickets, clock.as_of), flow_of(listed, clock.as_of)
    if flow is not None:
        shown = (period for period in (query.period, query.baseline, *followed) if period is not None)
        periods = list({period.name: period for period in shown}.values())
        yield from _created_within(flow, tables, periods, kpis, clock)
        yield from _without_older(flow, query, clock)
        yield from cut_months(flow, tables, periods, kpis, clock)
        taken = list(frozen_spans(whole, clock, is_even=True)) if whole is not None else []
        taken = taken or list(snapshots(flow, files, clock, periods, rated_inside(tables, kpis)))
        yield from taken or (frozen_spans(whole, clock, is_even=False) if whole is not None else ())
        yield from _older_ones_open(flow, clock, clock.as_of)
    yield from _of_one_state(listed, whole, clock.as_of, kpis)
    if whole is not None and len(files) > 1:
        yield from files_of_one_state(whole, files, kpis, clock)
    if query.where is None and tickets.frame.height >= ENOUGH:
        yield from _of_one_agent(tickets)


def unless_unread(filters: Sequence[Finding], known: Sequence[Finding]) -> list[Finding]:
    """What the rows show of the filter of an export, without that of days where sheets were not read: what is missing may stand there."""
    is_short = any(found.code == UNREAD and found.is_serious for found in known)
    return [found for found in filters if not is_short or found.code != CREATED]


def in_one_sentence(filters: Sequence[Finding], known: Sequence[Finding]) -> list[Finding]:
    """The findings, those on a file of one state in the sentence that says it already of the exports that it is one of.

    Exports in turn show it together, and few rows each are enough; a single file shows it by its own many rows. What follows from either stays.
    """
    said = {file: found.message for found in known if found.code == ONE_STATE_SINCE for file in _files_of(found)}
    return [
        replace(found, message=said.get(str(found.message.values["file"]), found.message))
        if found.code == ONE_STATE_BESIDE
        else found
        for found in filters
    ]


def _files_of(found: Finding) -> tuple[str, ...]:
    files = found.message.values["files"]
    return tuple(str(file) for file in files) if isinstance(files, Sequence) else ()


def _is_long(flow: Flow, clock: Clock) -> bool:
    """Whether tickets were created for long enough, and are enough, to show a filter: in some weeks, or throughout one month."""
    if flow.rows.height >= ENOUGH and flow.resolved >= RESOLVED:
        return flow.last - flow.first >= SPAN
    days = flow.rows.select(clock.day("created").alias("day"))["day"]
    first, last = days[0], days[-1]
    end = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    is_one = (first.year, first.month) == (last.year, last.month)
    return len(days) >= OF_A_MONTH and is_one and first.day <= EDGE.days and end - last <= EDGE


def _created_within(
    flow: Flow, tables: Mapping[str, Facts], periods: Sequence[Period], kpis: Sequence[Kpi], clock: Clock
) -> Iterator[Finding]:
    """Periods in which resolutions are missing because their tickets were created before the file begins, or after it ends."""
    if not _is_long(flow, clock) or not flow.is_abrupt:
        return
    shares = {period: missing for period in periods if (missing := _missing(flow, period, clock)) is not None}
    short = {period: missing for period, missing in shares.items() if missing[0] >= MISSING}
    if not short:
        return
    days = {"first": _day(flow.first, clock), "last": _day(flow.last, clock)}
    names = tuple(
        dict.fromkeys([*(kpi.name for kpi in kpis if _rests_on_resolutions(kpi)), *rated_inside(tables, kpis)])
    )
    text = Message("created-filter", **days, missing=[_between(*short[period], period) for period in _most(short)])
    yield Finding(
        code=CREATED, message=text, kpis=names, share=max(low for low, _ in short.values()), consequence=Consequence.NO_VERDICT,
        days=_days_of(short),
    )  # fmt: skip


def _without_older(flow: Flow, query: Query, clock: Clock) -> Iterator[Finding]:
    """That what is open at the end of a period lacks older tickets, where the file begins all at once soon before it."""
    if not _is_long(flow, clock) or not flow.is_abrupt:
        return
    shown = [period for period in (query.period, query.baseline) if period is not None and period.start is not None]
    ends = {period: until for period in shown if (until := clock.end_of(period)) is not None}
    lacking = {
        period: until
        for period, until in ends.items()
        if flow.first < until <= flow.first + SOON and flow.lacks_older(until)
    }
    missing = [_missing(flow, period, clock) for period in lacking]
    if not lacking or all(one is None or one[1] < MISSING for one in missing):
        return
    count = round(max(map(flow.older_open, lacking.values())))
    text = Message("created-without-older", first=_day(flow.first, clock), last=_day(flow.last, clock), count=count)
    yield Finding(
        code=CREATED, message=text, kpis=("backlog*",), is_serious=True, consequence=Consequence.NO_VERDICT, days=_days_of(lacking)
    )  # fmt: skip


def _most(short: Mapping[Period, tuple[float, float]]) -> list[Period]:
    """The periods that miss most, of the many of a long trend, in their order."""
    most = sorted(short, key=lambda period: -short[period][0])[:NAMED]
    return [period for period in short if period in most]


def _between(low: float, high: float, period: Period) -> Message:
    """What share of the resolutions of a period is missing, in words: between two, where tickets still open leave it unknown."""
    if high - low < APART:
        return Message("share-resolved-in", share=low, period=period.name)
    return Message("share-resolved-between", low=low, high=high, period=period.name)


def _days_of(periods: Iterable[Period]) -> tuple[tuple[date, date], ...]:
    """The first and the last day of some periods."""
    return tuple(
        (period.start, period.end - timedelta(days=1))
        for period in periods
        if period.start is not None and period.end is not None
    )


def _older_ones_open(flow: Flow, clock: Clock, as_of: datetime) -> Iterator[Finding]:
    """Files that begin all at once with tickets of which some are open still: of those before, which nobody sees, some are too."""
    until = flow.first + (as_of - flow.first) / 3
    count = flow.rows.filter(pl.col("is_open") & (pl.col("created") < until)).height
    if flow.is_abrupt and count >= OPEN_STILL:
        text = Message("older-open", first=_day(flow.first, clock), count=count)
        yield Finding(code="older-open", message=text, kpis=("backlog*",))


def _missing(flow: Flow, period: Period, clock: Clock) -> tuple[float, float] | None:
    """The share of a period's resolutions that tickets from outside the file would have, if they came as those inside: at least, and at most.

    At least where none of the tickets that outlast all that was seen is ever resolved, at most where all of them are.
    """
    until = clock.end_of(period)
    if period.start is None or until is None or clock.instant(period.start) >= until:
        return None
    since = clock.instant(period.start)
    at = pl.Series([since + (until - since) * (step + 0.5) / STEPS for step in range(STEPS)], dtype=pl.Datetime("ms"))
    shares = []
    for lasting in (flow.outlasting, flow.still_open):
        older = lasting((at - flow.first).dt.total_seconds())
        younger = 1 - flow.outlasting((at - flow.last).dt.total_seconds())
        followed = pl.DataFrame({"at": at, "older": older, "younger": younger}).filter(pl.col("at") >= flow.first)
        if followed.is_empty():
            return None
        beyond = pl.when(pl.col("at") > flow.last).then("younger").otherwise(0.0)
        shares.append(float(followed.select((pl.col("older") + beyond).mean()).item()))
    return shares[0], min(max(shares), 1.0)


def _day(instant: datetime, clock: Clock) -> str:
    local = pl.DataFrame({"at": [instant]}).select(clock.day("at")).item()
    return f"{local:%Y-%m-%d}"


def _rests_on_resolutions(kpi: Kpi) -> bool:
    """Whether a KPI looks at the tickets resolved in a period, or at those open at its end."""
    return any(
        home(leaf)[0] == "tickets" and (home(leaf)[1] in BY_RESOLUTION or isinstance(leaf.measure, Stock | Kept))
        for leaf in leaves(kpi)
    )


def _of_one_state(tickets: Facts, flow: Flow | None, as_of: datetime | None, kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """Files of resolved tickets only, or of open ones only."""
    if "is_resolved" not in tickets.available or as_of is None:
        return
    states = tickets.frame["is_resolved"].drop_nulls()
    if states.is_empty():
        return
    if states.all() and flow is not None:
        yield from _of_resolved_ones(tickets, flow, as_of, kpis)
    if not states.any() and "created_at" in tickets.available:
        yield from _of_open_ones(tickets, as_of, kpis)


def _of_resolved_ones(tickets: Facts, flow: Flow, as_of: datetime, kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """A file in which all is resolved, though tickets take so long that some would not be."""
    count, opened = tickets.frame.height, (*_by_opening(kpis), "fcr_no_repeat*")
    if _lacks_open_ones(flow, as_of):
        text = Message("export-of-resolved", count=count, expected=round(_expected_open(flow, as_of)))
    elif is_cut_among_resolved(flow, count):
        text = Message("export-of-resolved-cut", count=count)
    elif may_be_resolved_alone(flow, as_of):
        doubt = Message("export-of-resolved-maybe", count=count)
        yield Finding(
            code="selected-export", message=doubt, kpis=(*OF_OPEN_AND_RESOLVED, *opened), is_serious=True, consequence=Consequence.NO_VERDICT
        )  # fmt: skip
        return
    else:
        if is_worth_mention(flow, as_of):
            mention = Message("export-of-resolved-perhaps", count=count)
            yield Finding(code="selected-export", message=mention, kpis=(*OF_OPEN_AND_RESOLVED, *opened))
        return
    yield _selected(text, *OF_OPEN_AND_RESOLVED)
    yield Finding(
        code="selected-export", message=Message("export-of-resolved-created"), kpis=opened, is_serious=True, consequence=Consequence.NO_VERDICT
    )  # fmt: skip


def _by_opening(kpis: Sequence[Kpi]) -> tuple[str, ...]:
    """The KPIs of the tickets opened in a period."""
    names = (kpi.name for kpi in kpis if any(home(leaf) == ("tickets", "created_at") for leaf in leaves(kpi)))
    return tuple(dict.fromkeys(names))


def _lacks_open_ones(flow: Flow, as_of: datetime) -> bool:
    """Whether so many tickets would be open that none is by no chance, or those from before the first resolution show it."""
    if is_resolved_alone(flow, as_of):
        return True
    return flow.rows.height >= FEW and _expected_open(flow, as_of) >= STILL_OPEN and _begins_with_old_ones(flow)


def _begins_with_old_ones(flow: Flow) -> bool:
    """Whether the tickets created before the first resolution are too few, and waited for it too long, to be all there were."""
    created = flow.rows["created"]
    first = flow.rows.select((pl.col("created") + pl.duration(seconds="age")).min()).item()
    before = created.filter(created < first)
    oldest, newest = created[0], created[-1]
    if before.is_empty() or not oldest < first < newest:
        return False
    ages = pl.select(pl.lit(first, pl.Datetime("ms")) - before).to_series().dt.total_seconds()
    density = len(before) / (first - oldest).total_seconds()
    later = (len(created) - len(before)) / (newest - first).total_seconds()
    return float(flow.hazard(ages).sum()) >= OUTLASTED and density <= THIN * later


def _of_open_ones(tickets: Facts, as_of: datetime, kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """A file in which nothing is resolved though it is no longer fresh."""
    created = tickets.frame["created_at"].drop_nulls()
    middle, first = created.quantile(0.5, "lower"), created.min()
    if len(created) < UNRESOLVED or not isinstance(middle, datetime) or not isinstance(first, datetime):
        return
    if as_of - middle < FRESH or as_of - first < OLD:
        return
    text = Message("export-of-open", count=tickets.frame.height, span=_span(as_of - middle))
    yield _selected(text, *OF_RESOLUTIONS)
    # What a user counts of headers of their own may be just that: nobody resolves anything in a list of calls.
    counted = (kpi for kpi in kpis if kpi.known_as or siblings(kpi))
    names = tuple(dict.fromkeys(kpi.name for kpi in counted if fed_by(kpi) == {"tickets"}))
    yield Finding(
        code="selected-export", message=Message("export-of-open-compared"), kpis=names, consequence=Consequence.NO_VERDICT
    )  # fmt: skip


def _span(span: timedelta) -> Message:
    return Message("a-day") if span < 2 * FRESH else Message("so-many-days", days=span.days)


def _expected_open(flow: Flow, as_of: datetime) -> float:
    """How many of the tickets would be open, if they took as long as the others do."""
    ages = flow.rows.select((pl.lit(as_of, pl.Datetime("ms")) - pl.col("created")).dt.total_seconds()).to_series()
    return float(flow.outlasting(ages).sum())


def _of_one_agent(tickets: Facts) -> Iterator[Finding]:
    """A file of one agent's tickets."""
    if "agent" not in tickets.available:
        return
    agents = tickets.frame["agent"]
    if agents.null_count() * 2 < len(agents) and len(distinct(agents)) == 1:
        text = Message("export-of-one-agent", count=len(agents) - agents.null_count())
        yield Finding(
            code="selected-export", message=text, kpis=("tickets_per_agent*",), consequence=Consequence.NO_VERDICT
        )


def _selected(text: Message, *kpis: str) -> Finding:
    return Finding(code="selected-export", message=text, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)
