"""The report as an Excel workbook: real numbers, dates and durations, native charts, ready to print and to filter.

Text from the data is stored as text, never as a formula. The same report gives the same bytes.
"""

from pathlib import Path

from kpi_cli.documents.readout import Readout
from kpi_cli.documents.wording import Wording
from kpi_cli.workbook import definitions, dimension, package, quality, summary, trend
from kpi_cli.workbook.sheets import Book
from kpi_core.model.report import Report


def write(report: Report, target: Path, wording: Wording) -> None:
    """Writes the workbook to a path: summary, trend, a sheet a dimension, definitions, data quality."""
    book = Book(wording)
    readout = Readout(report, wording)
    summary.write(book, readout)
    trend.write(book, readout)
    for name in report.query.by:
        dimension.write(book, readout, name)
    definitions.write(book, readout)
    quality.write(book, readout)
    package.save(book.workbook, target, report.generated_at)
