"""Which KPI of a report is asked first why it moved."""

from collections.abc import Iterable

from kpi_core.model.measures import Index, Mean, NetShare, Quantile, Share
from kpi_core.model.report import KpiResult, Verdict

EXPLAINED = (Share, NetShare, Mean, Index, Quantile)
"""What is made of rows of which each has a value, so that a change of it is made of segments."""


def first_moved(totals: Iterable[KpiResult]) -> KpiResult | None:
    """The first that is called worse, else better, and is made of rows that segments share."""
    known = [one for one in totals if one.immature is None and isinstance(one.kpi.measure, EXPLAINED)]
    for verdict in (Verdict.WORSE, Verdict.BETTER):
        if found := next((one for one in known if one.verdict is verdict), None):
            return found
    return None
