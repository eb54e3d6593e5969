"""Dates of a column as a field: the pattern they are in, whose day and month come first, and the zone they are in."""

from dataclasses import replace

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates import dates
from kpi_core.ingest.cells.dates.date_shapes import EPOCH_MILLISECONDS, EPOCH_SECONDS
from kpi_core.ingest.cells.dates.excel_swaps import turned_by_a_spreadsheet
from kpi_core.ingest.cells.dates.offset_zones import offset_zones
from kpi_core.ingest.fields.day_columns import DUE, to_the_end
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.sample_cells import SampleCells
from kpi_core.ingest.fields.typed_fields import parsed
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.messages.message import Message


def instant(cells: SampleCells, found: Field, seen: pl.Series, spec: ColumnSpec, *, order: dates.Order | None) -> Field:
    """The field of a date, read as the sample `seen` shows it to be written; `order` is what other columns of the file say of day and month.

    Raises:
        ExportError: where nothing says which of two orders its dates are in.
    """
    counted = {"seconds": (EPOCH_SECONDS,), "milliseconds": (EPOCH_MILLISECONDS,)}.get(spec.unit or "", ())
    formats = counted or cells.choices.date_formats or spec.formats
    asked = cells.choices.date_order or cells.mapping.date_order
    own = dates.Order(asked) if asked else None
    try:
        reading = dates.sniff_dates(seen, column=found.header, order=own, formats=formats, is_1904=cells.raw.is_1904)
    except dates.AmbiguousDate as error:
        if order is None or isinstance(error, dates.YearInDoubt):
            raise  # that another column has the day first does not say which part is the year
        reading = dates.sniff_dates(seen, column=found.header, order=order, formats=formats, is_1904=cells.raw.is_1904)
    _check_dots(cells, found.header, reading)
    is_noted = reading.order or reading.is_assumed
    readings = [Message("column-read", header=found.header, how=how) for how in reading.evidence if is_noted]
    notes = (*found.notes, *readings)
    text = pl.col(found.text_name)
    value = dates.parse_dates(text, reading)
    typed = parsed(found, to_the_end(value, text) if found.name == DUE else value)
    turned = turned_by_a_spreadsheet(cells.raw.name, found.header, seen) if cells.raw.kind == "workbook" else []
    return replace(typed, findings=(*typed.findings, *turned), notes=notes, is_utc=reading.zone != "naive", is_day=reading.is_day,
                   is_month=reading.is_month, zones=offset_zones(seen, reading))  # fmt: skip


def _check_dots(cells: SampleCells, header: str, reading: dates.DateReading) -> None:
    """Refuses to read the day first where the user says that the month is: dots alone have the day first.

    Raises:
        ExportError: with the pattern that says it of dots.
    """
    dotted = [pattern for pattern in reading.formats if pattern.startswith("%d.%m.")]
    if cells.choices.date_order != dates.Order.MDY or not dotted:
        return
    hint = f"--date-format '{dotted[0].replace('%d.%m.', '%m.%d.')}' reads the month first"
    raise ExportError(f"column `{header}` has dates with dots, which `mdy` does not say enough of", hint=hint)
