"""The report as tidy rows, for programs that draw: one row a KPI, period and group, the same columns whatever the report.

`group` is the value of `dimension`, both empty for a total; `period_end` is the first day after the period, both ends empty
for everything. Values are the JSON's; the label is English, as the keys are.
"""

from collections.abc import Iterator
from typing import Any

from kpi_cli.documents.document import Rows
from kpi_cli.documents.records import report as records
from kpi_cli.documents.wording import Wording
from kpi_core.model.estimates import HIDDEN, Estimate
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult, Query, Report

COLUMNS = (
    *("kpi", "label", "definition", "subject", "unit", "currency", "better", "grain", "period_start", "period_end", "is_report_period"),
    *("dimension", "group", "value", "n", "numerator", "denominator", "low", "high", "final", "suppressed", "trust"),
)  # fmt: skip


def rows(report: Report) -> Rows:
    """The header and the rows, in English: machines read one language."""
    english = Wording("en").knowing(one.kpi for one in report.results)
    found = (
        {**row, "label": english.label(result.kpi.name)}
        for result in report.results
        for row in _rows(result, report.query)
    )
    return Rows(COLUMNS, ([row.get(name) for name in COLUMNS] for row in found))


def _rows(result: KpiResult, query: Query) -> Iterator[dict[str, Any]]:
    """The report's period, its baseline, then what the trend adds, each period once."""
    whole = records.result(result, query)
    dimension, group = next(iter(result.group.items()), ("", None))
    questions = {
        "kpi": result.kpi.name, "definition": result.kpi.definition, "subject": result.kpi.subject, "unit": result.kpi.unit.value,
        "currency": result.kpi.currency, "better": result.kpi.better.value, "grain": query.grain.value, "dimension": dimension, "group": group,
    }  # fmt: skip
    trust = 1.0 if result.trust is None else round(result.trust.share, 10)
    now = {name: whole[name] for name in ("value", "n", "numerator", "denominator", "low", "high")}
    yield {
        **questions, **_span(result.period), **now, "is_report_period": True, "trust": trust,
        "final": whole["final"], "suppressed": result.suppressed,
    }  # fmt: skip
    if result.suppressed:
        return
    periods = {result.period}
    if result.baseline is not None and query.baseline is not None:
        periods.add(query.baseline)
        yield {**questions, **_span(query.baseline), **_figures(result, result.baseline), "final": None}
    for place, (period, estimate) in enumerate(zip(query.trend, result.trend, strict=False)):
        if period not in periods:
            is_final = result.final is None or place < result.final
            yield {**questions, **_span(period), **_figures(result, estimate), "final": is_final}


def _span(period: Period) -> dict[str, str | None]:
    ends = records.span(period)
    return {"period_start": ends["start"], "period_end": ends["end"]}


def _figures(result: KpiResult, estimate: Estimate) -> dict[str, Any]:
    """The numbers of another period."""
    figures = records.figures(estimate, result.kpi.unit)
    is_hidden = estimate == HIDDEN
    return {
        **figures,
        "n": None if is_hidden else figures["n"],
        "is_report_period": False,
        "suppressed": is_hidden,
    }
