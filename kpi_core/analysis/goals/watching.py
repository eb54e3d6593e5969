"""What a list of what to do looks at without a target: the headline KPIs, by the verdict on their change and by their chart.

The two see different things. A chart takes a year of periods and finds what is unusual for the KPI; a verdict takes two periods and
finds what is no chance. Where neither can be had the KPI was not looked at, which is not the same as nothing to do.
"""

from collections.abc import Iterator

from kpi_core.analysis.goals.answer import Targets
from kpi_core.analysis.goals.standings import bad_signal
from kpi_core.analysis.report import Prepared
from kpi_core.analysis.trend import Trend, trend_of
from kpi_core.model.kpi import Better
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult, Report, Verdict
from kpi_core.records import dataclass
from kpi_core.stats.control_charts import Signal

CALLED = frozenset({Verdict.BETTER, Verdict.WORSE, Verdict.NO_CHANGE})
"""The verdicts that say what became of a KPI that should go one way."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a report says of changes: its verdicts, by definition and currency, and what they are against."""

    verdicts: dict[tuple[str, str | None], KpiResult]
    baseline: Period | None

    @staticmethod
    def by(report: Report) -> "Told":
        """Of all rows together."""
        found = {(one.kpi.definition, one.kpi.currency): one for one in report.totals}
        return Told(verdicts=found, baseline=report.query.baseline)

    def of(self, result: KpiResult) -> KpiResult | None:
        """The same figure as the report has it."""
        return self.verdicts.get((result.kpi.definition, result.kpi.currency))

    def was(self, result: KpiResult) -> float | None:
        """The value that a figure is really worse than; None where it is not."""
        told = self.of(result)
        if told is None or told.verdict is not Verdict.WORSE or told.baseline is None:
            return None
        return told.baseline.value

    def is_better(self, result: KpiResult) -> bool:
        """Whether a figure is really better than before."""
        told = self.of(result)
        return told is not None and told.verdict is Verdict.BETTER


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A KPI without a target.

    Attributes:
        trend: what it was over time; None where that is not known.
        was: the value that it is really worse than; None where it is not, or where it is not compared.
        is_judged: whether the verdict or the chart could say anything.
    """

    result: KpiResult
    trend: Trend | None
    was: float | None
    is_judged: bool

    @property
    def has_chart(self) -> bool:
        """Whether it was looked at by its chart."""
        return self.trend is not None and self.trend.chart is not None

    @property
    def signal(self) -> Signal | None:
        """What its chart says against it; None where nothing, or where it has no chart."""
        return bad_signal(self.result.kpi, self.trend) if self.has_chart else None


def watched(prepared: Prepared, found: Targets, told: Told) -> Iterator[Watched]:
    """Those of a report's KPIs that have a value, no target, and a side that is the bad one."""
    aimed = {one.kpi.name for one in found.standings}
    for result in found.report.totals:
        kpi = result.kpi
        if kpi.name in aimed or kpi.better is Better.NEITHER or result.suppressed or result.estimate.value is None:
            continue
        trend = trend_of(prepared, result) if result.trend else None
        verdict = told.of(result)
        is_judged = (trend is not None and trend.chart is not None) or (
            verdict is not None and verdict.verdict in CALLED
        )
        yield Watched(result=result, trend=trend, was=told.was(result), is_judged=is_judged)
