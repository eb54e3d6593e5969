"""A file that is not read, in words: why, what its columns may be, and how to go on."""

from kpi_cli.documents import defined
from kpi_cli.documents.blocks import Tone
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.diagnosis import DiagnosedColumn, Diagnosis

SHOWN = 60
"""Columns shown; JSON has all."""


def draw(page: PageBuilder, wording: Wording, diagnosis: Diagnosis) -> None:
    """One file: the reason first, then the columns, then the ways out."""
    page.title(diagnosis.path)
    word, table = wording.word, diagnosis.table
    row = word("may_be_row", row=defined.row(table, wording), table=table) if table else word("nothing_tells")
    above = f", {word('header_in_row', row=diagnosis.header_row)}" if diagnosis.header_row > 1 else ""
    page.pairs(
        (
            (word("not_read"), wording.render(diagnosis.reason)),
            (word("rows"), word("rows_looked_at", count=diagnosis.rows) + above if diagnosis.columns else ""),
            (word("what_they_are"), row if diagnosis.columns else ""),
        )
    )
    if diagnosis.columns:
        heads = (text_column(word("column"), folds=True), text_column(word("may_be")), text_column(word("filled"), is_right=True),
                 text_column(word("holds"), folds=True))  # fmt: skip
        page.table(heads, [_cells(one, wording) for one in diagnosis.columns[:SHOWN]])
        if len(diagnosis.columns) > SHOWN:
            page.say(word("columns_more", count=len(diagnosis.columns) - SHOWN), Tone.QUIET)
    page.pairs(
        [(word("to_go_on") if place == 0 else "", wording.render(way)) for place, way in enumerate(diagnosis.ways)]
    )


def _cells(column: DiagnosedColumn, wording: Wording) -> tuple[str, str, int, str]:
    may_be = column.may_be if column.is_sure or not column.may_be else f"{column.may_be}?"
    return column.header, may_be, column.filled, wording.render(column.holds)
