"""The report as sheets of a workbook, one module a sheet: typed tables, notes, and charts that point at their tables."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import Sheet
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.sheets import definitions, dimension, quality, summary, trend


def report_sheets(readout: Readout) -> Iterator[Sheet]:
    """Summary, trend, a sheet a dimension, definitions, refused rows, data quality; without those that have nothing to say."""
    yield summary.sheet(readout)
    yield from trend.sheets(readout)
    for name in readout.report.query.by:
        yield from dimension.sheets(readout, name)
    yield definitions.sheet(readout)
    yield from quality.sheets(readout)
