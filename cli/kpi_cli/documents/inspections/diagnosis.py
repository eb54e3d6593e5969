"""A file that is not read, in words: why, what its columns may be, and how to go on."""

from kpi_cli.documents.document import Tone
from kpi_cli.documents.page import Page, text_column
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.diagnosis import DiagnosedColumn, Diagnosis
from kpi_core.model.tables import TABLES

SHOWN = 60
"""Columns shown; JSON has all."""


def draw(page: Page, wording: Wording, diagnosis: Diagnosis) -> None:
    """One file: the reason first, then the columns, then the ways out."""
    page.title(diagnosis.path)
    row = f"each row may be {TABLES[diagnosis.table].row} ({diagnosis.table})" if diagnosis.table else "nothing tells"
    above = f", header in row {diagnosis.header_row}" if diagnosis.header_row > 1 else ""
    page.pairs(
        (
            ("Not read", diagnosis.reason),
            ("Rows", f"{wording.number(diagnosis.rows)} looked at{above}" if diagnosis.columns else ""),
            ("What they are", row if diagnosis.columns else ""),
        )
    )
    if diagnosis.columns:
        heads = (text_column("Column", folds=True), text_column("May be"), text_column("Filled", is_right=True),
                 text_column("What it holds", folds=True))  # fmt: skip
        page.table(heads, [_cells(one, wording) for one in diagnosis.columns[:SHOWN]])
        if len(diagnosis.columns) > SHOWN:
            page.say(f"and {len(diagnosis.columns) - SHOWN} more; --format json has all", Tone.QUIET)
    page.pairs([("To go on", way) if place == 0 else ("", way) for place, way in enumerate(diagnosis.ways)])


def _cells(column: DiagnosedColumn, wording: Wording) -> tuple[str, str, str, str]:
    may_be = column.may_be if column.is_sure or not column.may_be else f"{column.may_be}?"
    return column.header, may_be, wording.number(column.filled), column.holds
