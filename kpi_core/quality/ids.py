"""Ids that a spreadsheet has cut off: it keeps fifteen digits of a number and writes the long ones as `1.03006E+13`.

What was many tickets has one id then. Each of their rows counts, and what names a ticket by its number finds none. A natural id
may end in zeros too, so those are reported only where there are more than chance would give.
"""

from collections.abc import Iterator

import polars as pl

from kpi_core.ingest.cells.numbers import EXPONENT
from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.naming.cut_off import BY_CHANCE, KEPT, LONG, by_chance
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.model.tables import TABLES, Kind
from kpi_core.quality.column_readings import texts
from kpi_core.quality.defects import Defect, listed
from kpi_core.quality.what_if import Examined


def truncated_ids(seen: Examined) -> Iterator[Defect]:
    """Columns of ids that have been cut off, file by file."""
    for read in seen.dataset.reads:
        for field in read.narrow.fields:
            if field.kind is Kind.KEY:
                yield from _truncated(seen, read, field)


def _truncated(seen: Examined, read: FileRead, field: Field) -> Iterator[Defect]:
    found = _cut_off(read, field)
    if found.is_empty():
        return
    counts = dict(found.group_by("id").len("rows").sort("rows", "id", descending=[True, False]).iter_rows())
    shared = sum(rows for rows in counts.values() if rows > 1)
    is_key = field.name == TABLES[read.mapping.table].key
    ids = listed(counts)
    apart = Message("cut-off-apart", count=found.height, header=field.header, ids=ids)
    same = Message("cut-off-keys" if is_key else "cut-off-ids", count=found.height, header=field.header, ids=ids, shared=shared)  # fmt: skip
    cost = seen.counted(read.mapping.table, len(counts) - found.height, Message("if-one-each")) if is_key else None
    yield Defect(
        code="truncated-id",
        message=same if shared else apart,
        count=found.height,
        file=read.name,
        cost=cost,
    )


def _cut_off(read: FileRead, field: Field) -> pl.DataFrame:
    """The ids in rows that were not refused which were cut off (`id`)."""
    text = pl.col(field.text_name)
    lazy = texts(read, field).select(narrow_scan.ROW, id=text)
    doubtful = lazy.filter(pl.col("id").str.contains(EXPONENT) | pl.col("id").str.contains(LONG))
    ids = (
        narrow_scan.collect(read.raw, doubtful)
        .join(read.used.select(narrow_scan.ROW), on=narrow_scan.ROW, how="semi")
        .sort(narrow_scan.ROW)
    )
    powers = ids.filter(pl.col("id").str.contains(EXPONENT))
    return powers if powers.height else _rounded(ids)


def _rounded(ids: pl.DataFrame) -> pl.DataFrame:
    """The long ids that end in zeros from the sixteenth digit on; none where chance may have made them."""
    zeros = pl.col("id").str.slice(KEPT).str.contains("^0+$")
    different = ids.select(pl.col("id").unique())
    rounded = different.filter(zeros).height
    expected = float(
        different.select((10.0 ** (KEPT - pl.col("id").str.len_chars().cast(pl.Float64))).sum()).item() or 0
    )
    return ids.filter(zeros) if rounded and by_chance(rounded, expected) < BY_CHANCE else ids.clear()
