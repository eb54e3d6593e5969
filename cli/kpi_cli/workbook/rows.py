"""The rows behind a number as a workbook: one sheet to filter, the figure and its account above the rows."""

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from kpi_cli.documents.rows import SAID, account, column_head, figure, heading, remarks, said
from kpi_cli.documents.wording import Wording
from kpi_cli.workbook import looks, package
from kpi_cli.workbook.sheets import Book, Content, Head
from kpi_core.analysis.rows import Drill
from kpi_core.errors import KpiError
from kpi_core.model.kpi import Unit

MOST = 1_000_000
"""The rows a sheet has room for beside what stands above them."""

WIDTHS = {"reason": 32.0, "file": 30.0, "date": 18.0, "id": 16.0}
INSTANT = "yyyy-mm-dd hh:mm"


def write_workbook(found: Drill, rows: pl.DataFrame, target: Path, wording: Wording) -> None:
    """Writes the workbook to a path.

    Raises:
        KpiError: there are more rows than a sheet holds.
    """
    if rows.height > MOST:
        hint = "leave rows out with --only or --limit, or write them as .csv"
        raise KpiError(f"{rows.height:,} rows are more than a sheet holds", hint=hint)
    wording = wording.knowing([found.result.kpi])
    book = Book(wording)
    page = book.page(wording.word("rows"))
    told = [f"{name}: {words}" for name, words in account(found, wording)]
    page.title(heading(found, wording), figure(found, wording), [*remarks(found, wording), *told])
    heads = [Head(text=column_head(name, wording), width=WIDTHS.get(name, 14.0), is_right=name in ("row", "value"))
             for name in rows.columns]  # fmt: skip
    head = page.head(heads)
    styles = [looks.COUNT if name == "row" else looks.Look() for name in rows.columns]
    for row in rows.iter_rows():
        page.fill(
            [_content(value, name, found, wording) for name, value in zip(rows.columns, row, strict=True)], styles
        )
    page.freeze(head)
    page.print_setup(heading(found, wording))
    package.save(book.workbook, target, found.report.generated_at)


def _content(value: Any, name: str, found: Drill, wording: Wording) -> Content:
    """A value in Excel's own terms: durations as fractions of a day, instants by the report's clock."""
    if isinstance(value, bool):
        return wording.word("yes" if value else "no")
    if name in SAID and value is not None:
        return said(name, value, found, wording)
    if isinstance(value, datetime):
        return looks.Number(value=_serial(value), number_format=INSTANT)
    if value is not None and name in found.timed:
        return looks.value(float(value), Unit.SECONDS)
    if isinstance(value, str) or value is None:
        return value
    return looks.Number(value=value, number_format="General")


def _serial(moment: datetime) -> float:
    """The days since Excel's beginning."""
    return (moment.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / looks.DAY
