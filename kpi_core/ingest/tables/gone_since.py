"""Rows that a later file has as cancelled, deleted or a test, and an earlier one as any other: they are gone.

A row that a column marks as none is read no further. What another file says of it is older then, and would count in its place.
"""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from kpi_core.ingest.fields import narrow_scan
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.identity.same_rows import without_rows
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES

CODE = "gone-since"
GONE = Message("gone-since")
OF_TABLES = ("orders", "tickets", "customers", "leads")


def without_gone(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files without the rows that a later one leaves out by what it says of them, and the findings on that."""
    done, findings = list(reads), list[Finding]()
    for table in OF_TABLES:
        key = TABLES[table].key
        places = [
            place
            for place, read in enumerate(reads)
            if read.mapping.table == table and key in read.used.columns and read.used.height
        ]
        for place in places if len(places) > 1 else ():
            if not reads[place].narrow.left_out or (gone := _left_out(reads[place], key)).is_empty():
                continue
            for other in places:
                if other == place or _salt(reads[other], key) != _salt(reads[place], key):
                    continue
                rows = done[other].used.filter(pl.col(key).is_in(gone.implode()))[ROW]
                findings += _settled(done, place, other, rows, table)
    return done, findings


def _left_out(read: FileRead, key: str) -> pl.Series:
    """The keys of the rows that a file leaves out by a rule, of which it has no other row."""
    field = next((each for each in read.narrow.fields if each.name == key and not each.is_composed), None)
    if field is None:
        return pl.Series(key, [], pl.UInt64)
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW)
    value = pl.col(field.value_name)
    look = narrow_scan.steps(rows, read.narrow.cleaned, [field]).select(
        ROW, pl.when(value.is_not_null()).then(value.hash(seed=7)).alias(key)
    )
    found = narrow_scan.collect(read.raw, look).drop_nulls()
    known = pl.concat([read.narrow.frame[ROW], read.narrow.faulty[ROW]])
    left = found.filter(~pl.col(ROW).is_in(known.implode()))[key].unique()
    return left.filter(~left.is_in(read.used[key].implode()))


def _salt(read: FileRead, key: str) -> int:
    """What makes the key of a row of its number, one for all of a source."""
    row = read.used.row(0, named=True)
    return int(row[key] ^ row[ID])


def _settled(done: list[FileRead], place: int, other: int, rows: pl.Series, table: str) -> list[Finding]:
    """Takes such rows out of the other file where the first is the later one, and says what it did or nobody can."""
    if rows.is_empty():
        return []
    later, earlier = (_reach(done[at], table) for at in (place, other))
    if later is not None and earlier is not None and later < earlier:
        return []
    names = done[other].name, done[place].name
    if later is not None and earlier is not None and later > earlier:
        done[other] = without_rows(done[other], rows, GONE)
        message = Message("rows-gone-since", count=rows.len(), earlier=names[0], later=names[1])
        return [Finding(code=CODE, message=message, kpis=OF[table])]
    message = Message("rows-gone-in-doubt", count=rows.len(), one=names[0], other=names[1])
    return [Finding(code=CODE, message=message, kpis=OF[table], is_serious=True, consequence=Consequence.NO_VALUE)]


def _reach(read: FileRead, table: str) -> datetime | None:
    """The newest event that dates a row of a file."""
    at = next((name for name in TABLES[table].events if name in read.used.columns), None)
    newest = None if at is None else read.used[at].max()
    return newest if isinstance(newest, datetime) else None
