"""The account of refused rows: how many for which reason, and the cells as they were written."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import MASK, ROW, NarrowScan, collect
from kpi_core.ingest.fields.narrow_scan import TORN as TORN_BIT
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import BLANK, FORGOTTEN, MISSING, REFUSED_SCHEMA, TORN, UNREADABLE

SHOWN = 1000
"""Refused rows whose text is kept for listing."""


def refused_counts(narrow: NarrowScan, blank: pl.Series) -> dict[Text, int]:
    """Refused rows by reason, `blank` ones among them; a row is counted under the first of its faults."""
    blank_rows = len(blank)
    counts: dict[Text, int] = {}
    masks = narrow.faulty[MASK]
    torn = (masks & (1 << TORN_BIT)) != 0
    if found := int(torn.sum()):
        counts[TORN] = found
        masks = masks.filter(~torn)
    forgotten = int(_forgotten(narrow, blank).sum())
    if forgotten:
        counts[FORGOTTEN] = forgotten
    if blank_rows > forgotten:
        counts[BLANK] = blank_rows - forgotten
    lacking = 0
    for place, name in enumerate(narrow.required, start=len(narrow.refusing)):
        missing = (masks & (1 << place)) != 0
        if found := int(missing.sum()) - blank_rows:
            counts[Message("no-cell-of", header=_header(narrow, name))] = found
        lacking |= 1 << place
    rest = masks.filter((masks & lacking) == 0)
    for place, field in enumerate(narrow.refusing):
        hit = (rest & (1 << place)) != 0
        if found := int(hit.sum()):
            counts[Message("unreadable-cell-of", header=field.header)] = found
        rest = rest.filter(~hit)
    return counts


def _forgotten(narrow: NarrowScan, rows: pl.Series) -> pl.Series:
    """Which of some empty rows were those of customers who were forgotten."""
    return rows.is_in(pl.Series(narrow.raw.forgotten, dtype=rows.dtype).implode())


def _header(narrow: NarrowScan, name: str) -> str:
    return next((field.header for field in narrow.fields if field.name == name), name)


def blank_rows(narrow: NarrowScan) -> pl.Series:
    """The spreadsheet row numbers of refused rows that hold nothing at all."""
    rows = narrow.faulty.filter((pl.col(MASK) >= (1 << len(narrow.refusing))) & ~_has(TORN_BIT))[ROW]
    if not narrow.required or rows.is_empty():
        return pl.Series(ROW, [], pl.UInt32)
    lazy = narrow.raw.scan(skip=narrow.skip, row_index=ROW)
    cells = pl.all().exclude(ROW).str.strip_chars()
    empty = lazy.filter(pl.all_horizontal(cells.is_null() | (cells == "")))
    blank = collect(narrow.raw, empty.select(ROW))[ROW]
    return blank.filter(blank.is_in(rows.implode()))


def refused_rows(narrow: NarrowScan, table: str, blank: pl.Series, limit: int | None = SHOWN) -> pl.DataFrame:
    """The first refused rows as written (see `REFUSED_SCHEMA`), one line a faulty cell; all of them without a limit."""
    bad = narrow.faulty
    if bad.is_empty():
        return pl.DataFrame(schema=REFUSED_SCHEMA)
    bad = bad if limit is None else bad.head(limit)
    is_blank, torn = bad[ROW].is_in(blank.implode()), bad.filter(_has(TORN_BIT))
    was_forgotten = _forgotten(narrow, bad[ROW])
    found, width = _with_texts(narrow, bad.filter(~is_blank & ~_has(TORN_BIT))), len(narrow.refusing)
    written = pl.col(ROW).cast(pl.Int64).replace_strict(dict(narrow.raw.torn), default=None, return_dtype=pl.String())
    parts = [
        *([_lines(narrow, table, torn, TORN, value=written)] if torn.height else []),
        _lines(narrow, table, bad.filter(is_blank & ~was_forgotten), BLANK),
        _lines(narrow, table, bad.filter(is_blank & was_forgotten), FORGOTTEN),
        *(
            _lines(narrow, table, found.filter(_has(place)), UNREADABLE, field.header, pl.col(f"{place}"))
            for place, field in enumerate(narrow.refusing)
            if f"{place}" in found.columns
        ),
        *(
            _lines(narrow, table, found.filter(_has(place)), MISSING, _header(narrow, name))
            for place, name in enumerate(narrow.required, start=width)
        ),
    ]
    return pl.concat(parts).sort("row", maintain_order=True)


def unread_answers(
    narrow: NarrowScan, question: Question, words: Sequence[str], limit: int | None = SHOWN
) -> pl.DataFrame:
    """The first answers to a question that are in one of the words, which cannot be read (see `REFUSED_SCHEMA`)."""
    if not words:
        return pl.DataFrame(schema=REFUSED_SCHEMA)
    cells = next(found for found in narrow.fields if found.name == question.column)
    rows = narrow.texts(row_index=ROW) if cells.only is None else narrow.texts(row_index=ROW).filter(cells.only)
    bad = rows.filter(pl.col(cells.text_name).is_in(list(words)))
    lines = (bad if limit is None else bad.head(limit)).select(ROW, text=pl.col(cells.text_name))
    return _lines(narrow, "answers", collect(narrow.raw, lines), UNREADABLE, question.header, pl.col("text"))


def listed(narrow: NarrowScan, table: str, rows: pl.DataFrame, reason: Text, limit: int | None = SHOWN) -> pl.DataFrame:
    """The first of some rows as refused for a reason that no single cell has (see `REFUSED_SCHEMA`)."""
    return _lines(narrow, table, rows if limit is None else rows.head(limit), reason)


def _with_texts(narrow: NarrowScan, bad: pl.DataFrame) -> pl.DataFrame:
    """Rows with the text of each field that one of them could not be read for, in a column named after its bit."""
    faulty = {place: field for place, field in enumerate(narrow.refusing) if bad.select(_has(place).any()).item()}
    if not faulty:
        return bad
    looked_up = (
        narrow.texts(row_index=ROW)
        .join(bad.lazy(), on=ROW)
        # Only what is listed is kept: a file may have millions of refused rows.
        .select(ROW, *(pl.when(_has(place)).then(field.text_name).alias(f"{place}") for place, field in faulty.items()))
    )
    return bad.join(collect(narrow.raw, looked_up), on=ROW, how="left", maintain_order="left")


def _has(place: int) -> pl.Expr:
    return (pl.col(MASK) & (1 << place)) != 0


def _lines(
    narrow: NarrowScan, table: str, rows: pl.DataFrame, reason: Text, column: str | None = None, value: pl.Expr | None = None
) -> pl.DataFrame:  # fmt: skip
    return rows.select(
        file=pl.lit(narrow.raw.name, pl.String), table=pl.lit(table, pl.String), row=pl.col(ROW).cast(pl.Int64),
        column=pl.lit(column, pl.String), value=pl.lit(None, pl.String) if value is None else value,
        reason=pl.lit(str(reason), pl.String),
    )  # fmt: skip
