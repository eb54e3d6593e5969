"""The report as tidy CSV, for programs that draw: one row a KPI, period and group, the same columns whatever the report.

`group` is the value of `dimension`, both empty for a total; `period_end` is the first day after the period, both ends empty
for everything. Values are the JSON's; the label is English, as the keys are.
"""

import csv
from collections.abc import Iterator
from typing import Any, TextIO

from kpi_cli.documents.wording import Wording
from kpi_cli.outputs import json
from kpi_cli.outputs.csv import guarded
from kpi_core.model.estimates import HIDDEN, Estimate
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult, Query, Report

COLUMNS = (
    *("kpi", "label", "definition", "subject", "unit", "currency", "better", "grain", "period_start", "period_end", "is_report_period"),
    *("dimension", "group", "value", "n", "numerator", "denominator", "low", "high", "final", "suppressed", "trust"),
)  # fmt: skip


def write(report: Report, target: TextIO, wording: Wording) -> None:
    """Writes header and rows. The wording is not used: machines read one language."""
    english = Wording("en").knowing(result.kpi for result in report.results)
    writer = csv.DictWriter(target, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for result in report.results:
        for row in _rows(result, report.query):
            writer.writerow(
                {name: guarded(value) for name, value in {**row, "label": english.label(result.kpi.name)}.items()}
            )


def _rows(result: KpiResult, query: Query) -> Iterator[dict[str, Any]]:
    """The report's period, its baseline, then what the trend adds, each period once."""
    whole = json.result(result, query)
    dimension, group = next(iter(result.group.items()), ("", None))
    said = {
        "kpi": result.kpi.name, "definition": result.kpi.definition, "subject": result.kpi.subject, "unit": result.kpi.unit.value,
        "currency": result.kpi.currency, "better": result.kpi.better.value, "grain": query.grain.value, "dimension": dimension, "group": group,
    }  # fmt: skip
    trust = 1.0 if result.trust is None else round(result.trust.share, 10)
    now = {name: whole[name] for name in ("value", "n", "numerator", "denominator", "low", "high")}
    yield {
        **said, **_span(result.period), **now, "is_report_period": "true", "trust": trust,
        "final": _truth(whole["final"]), "suppressed": _truth(result.suppressed),
    }  # fmt: skip
    if result.suppressed:
        return
    told = {result.period}
    if result.baseline is not None and query.baseline is not None:
        told.add(query.baseline)
        yield {**said, **_span(query.baseline), **_figures(result, result.baseline), "final": ""}
    for place, (period, estimate) in enumerate(zip(query.trend, result.trend, strict=False)):
        if period not in told:
            is_final = result.final is None or place < result.final
            yield {**said, **_span(period), **_figures(result, estimate), "final": _truth(is_final)}


def _span(period: Period) -> dict[str, str | None]:
    ends = json.span(period)
    return {"period_start": ends["start"], "period_end": ends["end"]}


def _figures(result: KpiResult, estimate: Estimate) -> dict[str, Any]:
    """The numbers of another period."""
    figures = json.figures(estimate, result.kpi.unit)
    is_hidden = estimate == HIDDEN
    return {
        **figures,
        "n": None if is_hidden else figures["n"],
        "is_report_period": "false",
        "suppressed": _truth(is_hidden),
    }


def _truth(value: bool | None) -> str:
    return "" if value is None else str(value).lower()
