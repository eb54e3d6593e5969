"""What keeps two periods from being compared, or changed between them apart from the KPIs: each question that is asked of both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.analysis.notes.dates.closed_days import closed_days
from kpi_core.analysis.notes.dates.late_events import late_events
from kpi_core.analysis.privacy.condition_sides import groups_of_one
from kpi_core.calendars import Calendar
from kpi_core.engine.compute import Engine
from kpi_core.ingest.dataset import Dataset
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import Query
from kpi_core.quality.clocks.times_by_rule import times_by_rule
from kpi_core.quality.closed_at_once import closed_at_once
from kpi_core.quality.coverage.covered_days import Coverage
from kpi_core.quality.coverage.filled_unevenly import filled_unevenly
from kpi_core.quality.coverage.gaps import missing_days, missing_days_of_sources, partial_sources
from kpi_core.quality.coverage.joined_groups import joined_groups, joined_within
from kpi_core.quality.opened_at_once import opened_at_once
from kpi_core.records import dataclass


@dataclass(frozen=True, eq=False)
class _LoneGroups:
    """Says whether a group of tickets, by some column, is in effect one agent's; looked at only where it is asked."""

    tables: Mapping[str, pl.DataFrame]

    def __call__(self, column: str, name: str) -> bool:
        return name in groups_of_one(self.tables, column)


def of_both_periods(
    dataset: Dataset,
    tables: Mapping[str, pl.DataFrame],
    engine: Engine,
    query: Query,
    kpis: Sequence[Kpi],
    covered: Mapping[str, Coverage],
    calendar: Calendar | None,
    *,
    is_trend: bool = False,
) -> list[Finding]:
    """The findings on the period and its baseline; `tables` are the rows that count.

    Without a baseline those on what is followed over time (`is_trend`), else nothing. What keeps the last two periods of a trend from being
    compared is said of them by name.
    """
    closed = calendar.is_closed if calendar else None
    if query.baseline is not None:
        return [
            *missing_days(engine, query, covered, closed, dataset.tables if query.where else None),
            *joined_groups(engine, query, kpis, _LoneGroups(tables)),
            *_of_sources_and_ways(dataset, engine, query, kpis, covered, calendar),
        ]
    if not is_trend or not query.trend:
        return []
    found = [
        *joined_within(engine, query, kpis, _LoneGroups(tables)),
        *missing_days(engine, replace(query, period=_whole(query.trend)), covered, closed, dataset.tables if query.where else None),
    ]  # fmt: skip
    if len(query.trend) > 1:
        last = replace(query, period=query.trend[-1], baseline=query.trend[-2])
        found += _named(_of_sources_and_ways(dataset, engine, last, kpis, covered, calendar), last)
    return found


def _named(findings: Sequence[Finding], query: Query) -> list[Finding]:
    """The weighty ones of some findings on two periods, with the names of these, in a report that shows more of them."""
    assert query.baseline is not None
    between = {"first": query.baseline.name, "second": query.period.name}
    return [
        replace(one, message=Message("between-periods", why=one.message, **between))
        for one in findings
        if one.is_weighty
    ]


def _of_sources_and_ways(
    dataset: Dataset,
    engine: Engine,
    query: Query,
    kpis: Sequence[Kpi],
    covered: Mapping[str, Coverage],
    calendar: Calendar | None,
) -> list[Finding]:
    """The findings on files of which one period has no rows, and on ways of working that changed between the two."""
    closed = calendar.is_closed if calendar else None
    return [
        *missing_days_of_sources(dataset.reads, engine, query, covered, closed),
        *partial_sources(dataset.reads, engine, query, dataset.repeated),
        *closed_at_once(engine, query),
        *opened_at_once(engine, query, kpis),
        *times_by_rule(engine, query),
        *filled_unevenly(engine, query, kpis),
        *closed_days(engine, query, kpis, calendar),
        *late_events(engine.tables, query, kpis, engine.clock),
    ]


def _whole(steps: Sequence[Period]) -> Period:
    """The span of all steps of a trend."""
    return Period(steps[0].start, steps[-1].end)
