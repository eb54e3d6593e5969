"""The report as sheets of a workbook, one module a sheet, in the order of its story."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpi_cli.documents.blocks import Sheet
from kpi_cli.documents.sheets import (
    definitions,
    dimension,
    kpis,
    notes,
    other_questions,
    quality,
    rows_behind,
    summary,
    trend,
)

if TYPE_CHECKING:
    from kpi_cli.documents.report import ReportDocument


def report_sheets(document: "ReportDocument") -> Iterator[Sheet]:
    """Summary, every KPI, trend, why, dimensions, drivers, teams, voices, targets, data quality, definitions, notes, rows behind; without those that have nothing to say."""
    readout = document.readout
    yield summary.sheet(document)
    yield kpis.sheet(readout)
    yield from trend.sheets(document)
    yield from other_questions.why(document)
    for name in readout.report.query.by:
        yield from dimension.sheets(document, name)
    yield from other_questions.drivers(document)
    yield from other_questions.agents(document)
    yield from other_questions.voices(document)
    yield from other_questions.targets(document)
    yield quality.sheet(readout)
    yield definitions.sheet(readout)
    yield from notes.sheets(readout)
    yield from rows_behind.sheets(document)
