"""Answers without a number in several files: an export taken again holds those of the one before it.

A row that is in two files as a whole, its time to the minute or closer, is one answer, where the files overlap: more than half of what
both hold of the time that they share. Within one file rows that look alike are answers of their own.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest import refusals
from kpi_core.ingest.export import AGAIN, FileRead
from kpi_core.ingest.header_rows import normal
from kpi_core.ingest.narrow import ROW, collect
from kpi_core.ingest.pooling import ORDER, PART, WHOLE, without_repeats
from kpi_core.plurals import some
from kpi_core.report import Finding

AT = "answered_at"


def once(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files of surveys with each answer in one of them, and what must be said of it."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, read in enumerate(reads):
        if AT in read.used.columns and AT not in read.days and "response_id" not in read.narrow.frame.columns:
            groups.setdefault(tuple(map(normal, read.headers)), []).append(place)
    done, findings = list(reads), list[Finding]()
    for places in groups.values():
        for place, rows in _repeated([reads[place] for place in places]).items():
            read = reads[places[place]]
            done[places[place]] = _without(read, rows)
            text = f"{some(rows.len(), 'row')} of {read.name} stand in another file too, whole and at the same time: each is one answer and counts once"
            findings.append(Finding(code="repeated-keys", text=text))
    return done, findings


def _repeated(reads: Sequence[FileRead]) -> dict[int, pl.Series]:
    """By the place of a file the numbers of its rows that an earlier one holds."""
    times = [read.used.select(pl.lit(place, pl.UInt16).alias(PART), AT).unique() for place, read in enumerate(reads)]
    shared = pl.concat(times).drop_nulls(AT).filter(pl.col(AT).is_duplicated())
    if shared.is_empty():
        return {}
    rows = pl.concat([_rows(reads[place], place) for place in sorted(shared[PART].unique())]).sort(
        ORDER, maintain_order=True
    )
    _, gone = without_repeats(rows.drop_nulls(ORDER))
    return {place: own[ROW] for (place,), own in gone.group_by(PART, maintain_order=True)}


def _rows(read: FileRead, place: int) -> pl.DataFrame:
    """The rows used of a file, each with its time and a hash of all that it says."""
    cells = [pl.col(f"c{at}").fill_null("").str.strip_chars() for at in range(len(read.headers))]
    said = read.raw.scan(skip=read.match.skip, row_index=ROW).select(
        pl.col(ROW).cast(pl.UInt32), pl.concat_str(cells, separator="\x1f").hash(seed=5).alias(WHOLE)
    )
    used = read.used.select(ROW, pl.col(AT).alias(ORDER), pl.lit(place, pl.UInt16).alias(PART))
    return used.join(collect(read.raw, said), on=ROW, how="left", maintain_order="left")


def _without(read: FileRead, rows: pl.Series) -> FileRead:
    """The file without some of its rows, which are refused."""
    is_gone = pl.col(ROW).is_in(rows.implode())
    listed = refusals.listed(read.narrow, read.mapping.table, read.used.filter(is_gone), AGAIN)
    return replace(
        read, used=read.used.filter(~is_gone), refused=pl.concat([read.refused, listed]),
        refused_counts={**read.refused_counts, AGAIN: rows.len()}, refused_whole={**read.refused_whole, AGAIN: rows},
    )  # fmt: skip
