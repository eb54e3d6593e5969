"""Customers who were given a name for each row (`Kund 1`, `Kund 2`, …, or a hash of its own): nobody ever comes back in such a list.

Nobody twice is no proof by itself: a new shop has such customers. But names that are numbered as the rows go in time, or take every number once,
are those of the rows. Of names that are made of letters and digits by chance that is no more than likely, and of others it is noted.
"""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.naming.indistinct_customers import FOLLOWED
from kpi_core.ingest.fields.naming.placeholders import CODE
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES

FEWEST, HASHED = 50, 100
"""Rows with a customer, none of them twice, from which that is looked at; and from which it is reported of hashes."""
AT_ONCE = 20_000
"""Rows that mostly show a customer twice."""
NEARLY_ALL = 0.98
DENSE = 0.98
"""The share of the numbers that names run through from which none is left out."""
_HASH = r"(?i)^(?:[0-9a-f]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9_/+-]{16,}={0,2})$"


def names_of_rows(reads: Sequence[FileRead]) -> list[Finding]:
    """The findings on files whose customers have one row each and are called like rows."""
    found = (_of_file(read) for read in reads if read.mapping.table in FOLLOWED)
    return [finding for finding in found if finding is not None]


def _of_file(read: FileRead) -> Finding | None:
    at = next((name for name in TABLES[read.mapping.table].events if name in read.used.columns), None)
    field = next((each for each in read.narrow.fields if each.name == "customer_id"), None)
    if at is None or field is None or "customer_id" not in read.used.columns:
        return None
    known = read.used["customer_id"].drop_nulls()
    if len(known) < FEWEST or known.head(AT_ONCE).is_duplicated().any() or known.n_unique() < len(known):
        return None  # mostly so, and quickly found
    cells = collect(read.raw, read.raw.scan(skip=read.match.skip, row_index=ROW).select(ROW, name=f"c{field.place}"))
    rows = read.used.select(ROW, at=at, who="customer_id").drop_nulls().join(cells, on=ROW, how="inner").sort("at", ROW)
    names, table = rows["name"].str.strip_chars(), read.mapping.table
    if _are_numbered(names):
        message = Message(
            "names-of-rows", file=read.name, header=field.header, count=len(known), table=called(table), one=names[0], other=names[1]
        )  # fmt: skip
        return _finding(message, table, Consequence.NO_VALUE)
    if len(known) >= HASHED and _are_hashes(names):
        message = Message(
            "hashes-of-rows", file=read.name, header=field.header, count=len(known), table=called(table), example=names[0]
        )  # fmt: skip
        return _finding(message, table, Consequence.NO_VERDICT)
    if len(known) >= HASHED:
        message = Message(
            "each-customer-has-one", file=read.name, header=field.header, count=len(known), table=called(table)
        )
        return Finding(code=CODE, message=message, kpis=FOLLOWED[table])
    return None


def _finding(message: Message, table: str, consequence: Consequence) -> Finding:
    return Finding(code=CODE, message=message, kpis=FOLLOWED[table], is_serious=True, consequence=consequence)


def _are_numbered(names: pl.Series) -> bool:
    """Whether names, in the order of time, are numbered in that order, or with every number from the first to the last."""
    numbers = names.str.extract(r"(\d{1,18})\D*$", 1).cast(pl.Int64, strict=False)
    if len(names) < FEWEST or numbers.null_count():
        return False
    steps = numbers.diff().drop_nulls()
    if max(int((steps > 0).sum()), int((steps < 0).sum())) >= NEARLY_ALL * len(steps):
        return True
    first, last = numbers.min(), numbers.max()
    is_dense = isinstance(first, int) and isinstance(last, int) and len(numbers) >= DENSE * (last - first + 1)
    return is_dense and numbers.n_unique() == len(numbers)


def _are_hashes(names: pl.Series) -> bool:
    """Whether nearly all names are letters and digits without a meaning."""
    is_made = names.str.contains(_HASH) & names.str.contains(r"\d") & names.str.contains(r"(?i)[a-z]")
    return int(is_made.sum()) >= NEARLY_ALL * len(names)
