"""Sheets and files that call themselves an old copy of another (`Tickets (gammal)`, `Copy of orders`): pooled with it, each case may count twice.

An old list of an earlier time is an archive, and one that shares most of its numbers with the other counts each once.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import PurePath

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.tables.telling_names import kpis_of
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES
from kpi_core.patterns import regex
from kpi_core.records import dataclass

CODE = "old-copies"
FEWEST, OVERLAP, SHARED = 5, 0.5, 0.5
"""Rows of an old copy, the share of them that lies within the time of the other, and the share of numbers from which they are known to be the same."""
_OLD = regex(
    r"(?i)(?:^|[\s_.\-–(\[])(?:gammal|gamla|gammalt|gammel|gamle|gammelt|eldre|äldre|old|older|outdated|obsolete|backup|back-up|bak|kopia(?: av)?|kopi(?: av)?|copy(?: of)?|"
    r"utkast|kladd|draft|previous|forrige|föregående|inaktuell|utgått|utgår|ej aktuell|ikke aktuell|använd ej|ikke bruk|do not use|superseded|ersatt|erstattet)(?=$|[\s_.\-–)\]\d])|\s*\(\d\)$"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Part:
    """A sheet or file by its name, without what calls it old, and its rows."""

    name: str
    bare: str
    is_old: bool
    rows: pl.DataFrame


def old_copies(reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The findings on sheets and files that call themselves old copies of another."""
    if not any(_OLD.search(name) for read in reads for name in _names(read)):  # mostly so
        return
    parts = {read.mapping.table: list[_Part]() for read in reads}
    for read in reads:
        parts[read.mapping.table] += _parts(read)
    for table, own in parts.items():
        for old, other in permutations(own, 2):
            if old.is_old and not other.is_old and old.bare == other.bare and _may_count_twice(old, other, table):
                message = Message(
                    "old-copy", old=old.name, other=other.name, count=old.rows.height, table=called(table)
                )
                yield Finding(
                    code=CODE, message=message, kpis=kpis_of(table), is_serious=True, consequence=Consequence.NO_VERDICT
                )


def _names(read: FileRead) -> Sequence[str]:
    """The names of the sheets that are read as one, or of the file."""
    return read.raw.parts if len(read.raw.parts) > 1 else (read.raw.sheet or PurePath(read.name).stem,)


def _parts(read: FileRead) -> Iterator[_Part]:
    """The sheets of a file that are read as one, or the file."""
    sheets = read.raw.parts
    if len(sheets) > 1:
        place = (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS
        for number, name in enumerate(sheets):
            yield _part(name, read.used.filter(place == number))
    else:
        yield _part(_names(read)[0], read.used)


def _part(name: str, rows: pl.DataFrame) -> _Part:
    bare = _OLD.sub(" ", name)
    return _Part(
        name=name,
        bare=" ".join(bare.lower().replace("_", " ").strip(" -–_.()[]").split()),
        is_old=_OLD.search(name) is not None,
        rows=rows,
    )


def _may_count_twice(old: _Part, other: _Part, table: str) -> bool:
    """Whether most rows of an old copy lie within the time of the other list, under numbers of their own."""
    at, key = next(iter(TABLES[table].events), ""), TABLES[table].key
    if old.rows.height < FEWEST or not {at, key} <= set(old.rows.columns) & set(other.rows.columns):
        return False
    within = old.rows[at].is_between(other.rows[at].min(), other.rows[at].max()).sum()
    shared = old.rows[key].is_in(other.rows[key].implode()).sum()
    return within >= OVERLAP * old.rows.height and shared < SHARED * old.rows.height
