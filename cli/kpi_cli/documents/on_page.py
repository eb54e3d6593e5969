"""Which results of groups stand on a page that has not all of them."""

from collections.abc import Iterator, Sequence

from kpi_cli.documents.phrases import group_name
from kpi_cli.documents.wording import Wording
from kpi_core.model.report import KpiResult, Report

MOST_GROUPS = 25
"""Groups of a dimension that the first screen shows."""


def of_groups(report: Report, shown: Sequence[KpiResult], wording: Wording) -> Iterator[KpiResult]:
    """Those of the first groups of each dimension, of the KPIs whose totals are `shown`; of all KPIs where none of these is split."""
    kpis = {(one.kpi.name, one.kpi.currency) for one in shown}
    for dimension in report.query.by:
        results = report.grouped(dimension)
        first = [*dict.fromkeys(group_name(one, wording) for one in results)][:MOST_GROUPS]
        is_own = [(one.kpi.name, one.kpi.currency) in kpis for one in results]
        for one, has_total in zip(results, is_own, strict=True):
            if (has_total or not any(is_own)) and group_name(one, wording) in first:
                yield one
