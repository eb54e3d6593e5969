"""Rows of orders and costs whose amount is that of all the rows above them, or of those since the last such row: sums, whatever else they say.

A sum may have a number and a date of its own (`70001;2026-01-28;Totalt;172492,90`). One is recognised to the last hundredth, by a word or
by how many rows it adds up; several confirm each other.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.rows.inner_sums import HINT
from kpi_core.ingest.rows.sum_rows import SUM
from kpi_core.ingest.tables.identity.same_rows import TOUCHED, without_rows
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES

CODE = "sum-rows"
LISTS = ("orders", "costs")
AMOUNT = "amount"
FEWEST = 3
"""Rows that a sum adds up at the least."""
PLENTY = 10
"""Rows from which a sum to the hundredth of them all is no chance, though there is only one and nothing calls it so."""
A_FEW = 5
"""Rows from which a word decides about a lone one: a customer may be called `Total`."""
LARGE = 3
"""How many times the largest amount such a sum is at the least."""
SEVERAL, MANY = 2, 4
"""Sums that confirm each other: a few where the last of them ends the list or adds up plenty of rows, many wherever they are."""
MOST = 200
"""Sums that are looked for in a list."""
HUNDREDTHS = 100
NAMED = 3
_WORD = HINT + r"|^(?:alla|alle|all|samtliga|samtlige)\b"


def without_sums(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files without the rows that add up others, and the findings on them."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        if read.mapping.table not in LISTS or AMOUNT not in read.used.columns or read.used.height <= FEWEST:
            continue
        rows = _sums(read)
        if len(rows):
            done[place] = without_rows(read, rows, SUM)
            findings.append(_finding(read, rows))
    return done, findings


def _sums(read: FileRead) -> pl.Series:
    """The numbers of the rows of a file that add up others, from above or from below."""
    key = TABLES[read.mapping.table].key
    rows = read.used.select(name for name in (ROW, AMOUNT, key) if name in read.used.columns)
    rows = rows if rows[ROW].is_sorted() else rows.sort(ROW)
    for way in (rows, rows.reverse()):
        cents = (way[AMOUNT].cast(pl.Float64) * HUNDREDTHS).round().fill_null(0).cast(pl.Int64)
        found = _proven(read, way, cents)
        if found:
            return way[ROW].gather(found).sort()
    return rows[ROW].head(0)


def _proven(read: FileRead, rows: pl.DataFrame, cents: pl.Series) -> list[int]:
    """The places of the sums; none where what looks like one may be chance."""
    before = cents.cum_sum() - cents
    firsts = _hits(cents, before, 0, 0)
    for first in firsts:
        found = [*_chain(cents, before, first)]
        if _is_own(read, rows, found) and (_are_several(cents, found) or _is_no_chance(read, rows, cents, first)):
            return found
    return []


def _hits(cents: pl.Series, before: pl.Series, start: int, gone: int) -> list[int]:
    """The places from a start on, some rows after it, whose amount is the total of all before them without some of it (`gone`)."""
    fits = (cents == before - gone) & (cents > 0)
    return [at for at in fits.arg_true().to_list() if at >= start + FEWEST]


def _chain(cents: pl.Series, before: pl.Series, first: int) -> Iterator[int]:
    """A first sum and those after it, each of its own block, or of all rows that are no sums."""
    at, sums = first, int(cents[first])
    for _ in range(MOST):
        yield at
        own = _hits(cents, before, at + 1, int(before[at]) + int(cents[at]))[:1]
        whole = [each for each in _hits(cents, before, at - FEWEST + 1, sums) if each > at][:1]
        if not (nearest := [*own, *whole]):
            return
        at = min(nearest)
        sums += int(cents[at])


def _are_several(cents: pl.Series, found: Sequence[int]) -> bool:
    """Whether several sums confirm each other, and hardly one is the amount of a row that is none, as where all are small and round."""
    if len(found) < SEVERAL or not (
        found[-1] == len(cents) - 1 or len(found) >= MANY or found[-1] - found[-2] > PLENTY
    ):
        return False
    is_sum = pl.Series([False]).new_from_index(0, len(cents)).scatter(list(found), values=True)
    return int(cents.filter(is_sum).is_in(cents.filter(~is_sum).implode()).sum()) * SEVERAL < len(found)


def _is_own(read: FileRead, rows: pl.DataFrame, found: Sequence[int]) -> bool:
    """Whether no sum has the number of a row that is none, as the total of an order among its lines does."""
    key = TABLES[read.mapping.table].key
    if key not in rows.columns or key not in read.narrow.frame.columns:
        return True
    is_sum = pl.Series([False]).new_from_index(0, rows.height).scatter(list(found), values=True)
    return not rows[key].filter(is_sum).is_in(rows[key].filter(~is_sum).implode()).any()


def _is_no_chance(read: FileRead, rows: pl.DataFrame, cents: pl.Series, at: int) -> bool:
    """Whether a lone sum is called one, or adds up so many rows that it lies far beyond each of them."""
    others = cents.abs().filter(pl.Series(range(len(cents))) != at).max()
    if at >= PLENTY and isinstance(others, int) and cents[at] >= LARGE * others:
        return True
    if at < A_FEW:
        return False
    numbered = read.raw.scan(skip=read.match.skip, row_index=ROW)
    cells = collect(read.raw, numbered.filter(pl.col(ROW) == int(rows[ROW][at])).drop(ROW)).row(0)
    return bool(pl.Series(cells, dtype=pl.String).drop_nulls().str.strip_chars().str.contains(f"(?i){_WORD}").any())


def _finding(read: FileRead, rows: pl.Series) -> Finding:
    """That some rows add up others, by their numbers."""
    where = first_of([str(row) for row in rows.head(NAMED + 1)], NAMED, of=len(rows))
    message = Message("sum-rows", file=read.name, count=len(rows), rows=where)
    return Finding(code=CODE, message=message, kpis=TOUCHED.get(read.mapping.table, ()), is_serious=len(rows) < SEVERAL)
