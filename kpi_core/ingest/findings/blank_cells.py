"""Blank cells in columns that are only filled where there is something to say."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

COUNTED = "reopens"
JUDGED = {
    "sla_first_reply_met": "sla_first_reply_rate",
    "sla_resolution_met": "sla_resolution_rate_vendor",
    "is_answered": "answer_rate",
}
"""Columns of yes or no with the KPI that is the share of them."""
MOST = 0.5
ENOUGH = 20
"""Rows from which blanks in most of them are no chance."""


def without_blanks(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with blank numbers of reopenings as 0 where no file of their format says 0, and the findings on blank cells.

    A column of yes or no with one of the two words alone, and blank in most rows, leaves its share without a value: what a
    blank means there nobody knows.
    """
    by_format: dict[tuple[str, str], list[int]] = {}
    for place, read in enumerate(reads):
        by_format.setdefault((read.mapping.table, read.mapping.name), []).append(place)
    done = list(reads)
    findings: list[Finding] = []
    for (table, _), places in by_format.items():
        if table != "tickets":
            continue
        own = [reads[place] for place in places]
        findings += _one_word(own)
        if _blank_is_none(own):
            for place in places:
                done[place], finding = _filled(reads[place])
                findings += finding
    return done, findings


def _cells(reads: Sequence[FileRead], name: str) -> pl.Series:
    """The cells of a column of several files; none of those that lack it, or whose mapping says what a blank is."""
    columns = [read.used[name] for read in reads if _header(read, name) is not None]
    return pl.concat(columns) if columns else pl.Series(name, [])


def _header(read: FileRead, name: str) -> str | None:
    fields = (field for field in read.narrow.fields if field.name == name and not field.distinguishes_empty)
    return next((field.header for field in fields if name in read.used.columns), None)


def _blank_is_none(reads: Sequence[FileRead]) -> bool:
    cells = _cells(reads, COUNTED)
    return 0 < cells.null_count() < len(cells) and cells.min() != 0


def _filled(read: FileRead) -> tuple[FileRead, list[Finding]]:
    header, used = _header(read, COUNTED), read.used
    blank = used[COUNTED].null_count() if header is not None else 0
    if not blank:
        return read, []
    message = Message("blank-counts", file=read.name, count=blank, header=header or "")
    finding = Finding(code="blank-counts", message=message, kpis=("reopen_rate", "reopens_per_ticket", "fcr_*"))
    return replace(read, used=used.with_columns(pl.col(COUNTED).fill_null(0))), [finding]


def _one_word(reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The columns of yes or no that say one of the two alone."""
    for name, kpi in JUDGED.items():
        cells = _cells(reads, name)
        blank = cells.null_count()
        if len(cells) < ENOUGH or not MOST * len(cells) < blank < len(cells) or cells.n_unique() != 2:
            continue
        header = next(header for read in reads if (header := _header(read, name)) is not None)
        is_yes = bool(cells.drop_nulls()[0])
        message = Message("yes-or-blank" if is_yes else "no-or-blank", header=header, blank=blank, rows=len(cells))
        yield Finding(
            code="blank-words", message=message, kpis=(kpi,), is_serious=True, consequence=Consequence.NO_VALUE
        )
