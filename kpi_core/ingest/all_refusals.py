"""Every refused row, for whoever mends the export: a report holds the first thousand, a file may have millions."""

from collections.abc import Iterator

import polars as pl

from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead, sheets_of
from kpi_core.ingest.files.workbooks.sheets import with_sheets
from kpi_core.ingest.rows.refusals import blank_rows, listed, refused_rows, unread_answers
from kpi_core.model.findings import REFUSED_SCHEMA, UNKNOWN_RATING


def all_refused(dataset: Dataset) -> Iterator[pl.DataFrame]:
    """The refused rows of one file and table after the other (see `REFUSED_SCHEMA`), in the order of their rows.

    A row that several cells refuse has a line for each. Rows that lost against another with their key are there, and
    answers and ratings that cannot be read, which refuse nothing else of their row; rows that the format's own rules leave out are not.
    """
    for read in dataset.reads:
        refused = _refused(read, dataset.repeated.filter(file=read.name, table=read.mapping.table)["row"])
        yield with_sheets(refused, sheets_of([read]))


def _refused(read: FileRead, repeated: pl.Series) -> pl.DataFrame:
    scan, table = read.narrow, read.mapping.table
    parts = [pl.DataFrame(schema=REFUSED_SCHEMA)]
    if read.refused_counts:
        parts.append(refused_rows(scan, table, blank_rows(scan), limit=None))
    parts += [
        listed(scan, table, rows.to_frame(ROW), reason, limit=None) for reason, rows in read.refused_whole.items()
    ]
    if not repeated.is_empty():
        parts.append(read.duplicate_rows(repeated))
    if table != "answers":
        parts += [_unknown_ratings(read, column, list(words)) for column, words in read.unread.items()]
    else:
        asked = {question.column: question for question in read.questions}
        parts += [unread_answers(scan, asked[column], list(words), limit=None) for column, words in read.unread.items()]
    return pl.concat(parts).sort("row", maintain_order=True)


def _unknown_ratings(read: FileRead, column: str, words: list[str]) -> pl.DataFrame:
    """The tickets whose rating is not counted, since its word is unknown."""
    cells = next(found for found in read.narrow.fields if found.name == column)
    lines = (
        read.narrow.texts(row_index=ROW)
        .filter(pl.col(cells.text_name).is_in(words))
        .select(
            file=pl.lit(read.name), table=pl.lit("answers"), row=pl.col(ROW).cast(pl.Int64),
            column=pl.lit(cells.header), value=pl.col(cells.text_name), reason=pl.lit(str(UNKNOWN_RATING)),
        )
    )  # fmt: skip
    return collect(read.raw, lines)
