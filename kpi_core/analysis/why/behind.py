"""What lies behind a report, for those who have room to read it: its headlines over time, and why the first of them moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from kpi_core.analysis.request import Request
from kpi_core.analysis.trend import FEWEST, Trends, trends
from kpi_core.analysis.why.answer import Why
from kpi_core.analysis.why.periods import looked_up, why
from kpi_core.ingest.dataset import Dataset
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Index, Mean, NetShare, Quantile, Share
from kpi_core.model.periods import Grain, Period, period_of
from kpi_core.model.report import KpiResult, Report, Verdict

EXPLAINED = (Share, NetShare, Mean, Index, Quantile)
"""What is made of rows of which each has a value, so that a change of it is made of segments."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What is known beside the figures of one period.

    Attributes:
        trends: the headlines over time; None where the report's period has none like it before.
        why: why the first of them that got worse, or else better, moved; None where none did, or nobody asked for a comparison.
    """

    trends: Trends | None = None
    why: Why | None = None


def widened(request: Request) -> Request:
    """The request with all that `behind` looks at, so that its columns are read."""
    return looked_up(replace(request, by=()), request.by)


def behind(dataset: Dataset, request: Request, report: Report, headlines: Sequence[Kpi]) -> Behind:
    """Looks behind a report that was made of the same files by the same request.

    Args:
        dataset: the files, read with the columns of the `widened` request.
        headlines: the KPIs whose time and reasons are looked at, the most important first.
    """
    last = _last(report, headlines)
    over_time = None
    if last is not None and headlines:
        over_time = trends(dataset, replace(request, kpis=tuple(headlines), grain=last.grain, period=last.name))
    order = [kpi.name for kpi in headlines]
    totals = sorted((one for one in report.totals if one.kpi.name in order), key=lambda one: order.index(one.kpi.name))
    moved, reasons = first_moved(totals), None
    if moved is not None and report.query.baseline is not None:
        asked = next(kpi for kpi in headlines if kpi.name == moved.kpi.name)
        reasons = why(dataset, replace(request, kpis=(asked,), by=(), period=report.query.period.name))
    return Behind(trends=over_time, why=reasons)


def _last(report: Report, headlines: Sequence[Kpi]) -> Period | None:
    """The report's period, or its last whole week where there are too few periods like it before for limits; None where it has no such length."""
    period, names = report.query.period, {kpi.name for kpi in headlines}
    known = (sum(each.value is not None for each in one.trend) for one in report.totals if one.kpi.name in names)
    if period.grain is None or period.end is None or max(known, default=0) >= FEWEST:
        return period if period.grain is not None else None
    week = period_of(period.end - timedelta(days=1), Grain.WEEK)
    return week.before() if week.end is not None and week.end > period.end else week


def first_moved(totals: Iterable[KpiResult]) -> KpiResult | None:
    """The first that is called worse, else better, and is made of rows that segments share."""
    known = [one for one in totals if one.immature is None and isinstance(one.kpi.measure, EXPLAINED)]
    for verdict in (Verdict.WORSE, Verdict.BETTER):
        if found := next((one for one in known if one.verdict is verdict), None):
            return found
    return None
