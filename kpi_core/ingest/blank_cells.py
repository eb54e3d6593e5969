"""Blank cells in columns that are only filled where there is something to say."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.field import Field
from kpi_core.plurals import some
from kpi_core.report import Consequence, Finding

COUNTED = "reopens"
JUDGED = {
    "sla_first_reply_met": "sla_first_reply_rate",
    "sla_resolution_met": "sla_resolution_rate_vendor",
    "is_answered": "answer_rate",
}
"""Columns of yes or no with the KPI that is the share of them."""
MOST = 0.5


def without_blanks(used: pl.DataFrame, fields: Sequence[Field], file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The rows of a file with blank counts of reopenings as 0, where no cell says 0; and what is said of blank cells.

    A column of yes or no with one of the two words alone, and blank in most rows, leaves its share without a value: what a
    blank means there nobody knows.
    """
    found: list[Finding] = []
    for field in fields:
        if field.tells_empty or field.name not in used.columns:
            continue
        column = used[field.name]
        blank = column.null_count()
        if not blank or blank == len(column):
            continue
        if field.name == COUNTED and column.min() != 0:
            used = used.with_columns(pl.col(COUNTED).fill_null(0))
            text = f"{file}: {some(blank, 'blank cell')} of `{field.header}` taken as 0, which no cell says"
            found.append(Finding(code="blank-counts", text=text, kpis=("reopen_rate", "reopens_per_ticket", "fcr_*")))
        elif field.name in JUDGED and column.n_unique() == 2 and blank > MOST * len(column):
            word = "yes" if column.drop_nulls()[0] else "no"
            text = (
                f"{file}: `{field.header}` says {word} or nothing, and nothing in {blank:,} of {len(column):,} rows: what a blank means is"
                " not known; a mapping says it with `empty:`"
            )
            kpi = JUDGED[field.name]
            found.append(
                Finding(code="blank-words", text=text, kpis=(kpi,), is_serious=True, consequence=Consequence.NO_VALUE)
            )
    return used, found
