"""What the service did in the weeks in which sales moved: which of its KPIs left their limits, and when. Association in time, no more."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from kpi_core.analysis.report import prepare
from kpi_core.analysis.request import Request
from kpi_core.analysis.trend import STEPS, Trend, followed
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.kpi import Better, Kpi
from kpi_core.model.periods import Grain, Period
from kpi_core.model.report import Query
from kpi_core.records import dataclass
from kpi_core.stats.control_charts import Rule

OF_SALES = ("leads", "orders", "customers")
"""Tables whose figures are what service may lead to."""


@dataclass(frozen=True, kw_only=True)
class ServiceSignal:
    """A KPI of the service outside of its usual ups and downs, in weeks that sales are looked at.

    Attributes:
        first, last: the weeks; one where they are the same.
        value, low, high: the value of the farthest of them (of a run the last), and its limits (inside unit), None where it has none on that side.
        rule: outside of the limits, or a run too long for chance.
    """

    kpi: Kpi
    first: Period
    last: Period
    rule: Rule
    value: float
    low: float | None
    high: float | None
    is_above: bool

    @property
    def is_better(self) -> bool | None:
        """Whether that is good; None where neither way is."""
        return None if self.kpi.better is Better.NEITHER else self.is_above is (self.kpi.better is Better.HIGHER)


@dataclass(frozen=True, kw_only=True)
class Service:
    """What was looked at of the service, week by week.

    Attributes:
        first, last: the days of both periods, the first and the last.
        looked_at: the KPIs with enough weeks for limits.
        signals: theirs that fall in those days, in time.
        expected_false: how many of the charts would have a signal at any time by chance alone.
    """

    first: date
    last: date
    looked_at: tuple[Kpi, ...]
    signals: tuple[ServiceSignal, ...]
    expected_false: float


def is_of_sales(kpi: Kpi) -> bool:
    """Whether a KPI is what service may lead to: conversion, revenue, customers won and kept."""
    return kpi.subject == "business" and kpi.table in OF_SALES


def service(dataset: Dataset, request: Request, query: Query, kpis: Sequence[Kpi]) -> Service | None:
    """What the service did from the beginning of the baseline to the end of the period; None where its days are not known.

    Args:
        dataset: the files, read.
        request: as it was asked; its period and grain give way to weeks.
        query: the two periods.
        kpis: those of the service.
    """
    period, baseline = query.period, query.baseline
    if baseline is None or None in (period.start, period.end, baseline.start, baseline.end):
        return None
    assert period.start and period.end and baseline.start and baseline.end  # noqa: PT018
    first, end = min(period.start, baseline.start), max(period.end, baseline.end)
    asked = replace(
        request,
        kpis=tuple(kpis),
        by=(),
        compare="none",
        grain=Grain.WEEK,
        steps=STEPS[Grain.WEEK],
        period=period.name,
        targets={},
    )
    found = followed(prepare(dataset, asked))
    charted = [one for one in found.trends if one.chart is not None]
    signals = [signal for one in charted for signal in _signals(one, first, end)]
    return Service(
        first=first, last=date.fromordinal(end.toordinal() - 1), looked_at=tuple(one.kpi for one in charted),
        signals=tuple(sorted(signals, key=lambda one: (str(one.first.start), one.kpi.name))), expected_false=found.expected_false,
    )  # fmt: skip


def _signals(trend: Trend, first: date, end: date) -> Iterator[ServiceSignal]:
    """Weeks outside of the limits, those that follow on one another as one; where there are none a run too long that begins in these days."""
    chart = trend.chart
    assert chart is not None
    above = [value > centre for value, centre in zip(chart.values, chart.centres, strict=True)]
    beyond = sorted(
        one.first for one in trend.signals if one.rule is Rule.BEYOND and _is_in(trend, one.first, first, end)
    )
    runs: list[list[int]] = []
    for place in beyond:
        if runs and runs[-1][-1] == place - 1 and above[place - 1] is above[place]:
            runs[-1].append(place)
        else:
            runs.append([place])
    for run in runs:
        farthest = max(run, key=lambda place: abs(chart.values[place] - chart.centres[place]))
        yield _signal(trend, Rule.BEYOND, run[0], run[-1], farthest)
    for one in trend.signals:
        if one.rule is not Rule.BEYOND and not beyond and _is_in(trend, one.first, first, end):
            yield _signal(trend, one.rule, one.first, one.last, one.last)


def _is_in(trend: Trend, place: int, first: date, end: date) -> bool:
    """Whether a week has days among some."""
    start, until = trend.periods[place].start, trend.periods[place].end
    return start is not None and until is not None and start < end and until > first


def _signal(trend: Trend, rule: Rule, first: int, last: int, place: int) -> ServiceSignal:
    chart = trend.chart
    assert chart is not None
    return ServiceSignal(
        kpi=trend.kpi, first=trend.periods[first], last=trend.periods[last], rule=rule, value=chart.values[place],
        low=chart.lows[place], high=chart.highs[place], is_above=chart.values[place] > chart.centres[place],
    )  # fmt: skip
