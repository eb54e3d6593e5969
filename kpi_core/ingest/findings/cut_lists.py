"""Lists that end where exports stop, in the order of something else than time, and lists of which each customer's other rows were taken away.

What such a list lacks is spread over all of its time, so that no day shows it.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES, Kind

CAPS = frozenset({500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000, 25_000, 30_000, 50_000, 65_535, 65_536, 100_000})
"""Rows at which exports stop."""
VALUES = 3
"""Different values of a column from which a list is in its order."""
CUSTOMERS, DENSE, NEAR, WIDE = 40, 0.7, 5, 20
"""Customers of a list; the share of its numbers that it has; how near most of them lie, and how many times as many there may be at most."""
FOLLOWED = {"tickets": ("fcr_no_repeat*", "channels_per_case"), "orders": ("repurchase_rate*", "orders_per_customer")}
"""By table the KPIs of who came back."""


def cut_lists(reads: Sequence[FileRead]) -> list[Finding]:
    """The findings on such lists."""
    return [found for read in reads for found in (*_at_a_cap(read), *_without_repeats(read))]


def _at_a_cap(read: FileRead) -> Iterator[Finding]:
    rows = read.narrow.frame.height + sum(read.narrow.left_out.values())
    at = next(iter(TABLES[read.mapping.table].events), "")
    if rows not in CAPS or at not in read.used.columns or _is_sorted(read.used[at]):
        return
    if (header := _sorted_by(read)) is not None:
        table = read.mapping.table
        message = Message("cut-at-a-cap", file=read.name, count=rows, header=header, table=called(table))
        yield Finding(
            code="part-of-export",
            message=message,
            kpis=OF.get(table, ()),
            is_serious=True,
            consequence=Consequence.NO_VERDICT,
        )


def _sorted_by(read: FileRead) -> str | None:
    """The header of a column that a list is in the order of; None where there is none, or its numbers or days are in order."""
    apart = {field.place for field in read.narrow.fields if field.kind is Kind.INSTANT}
    key = next((field.place for field in read.narrow.fields if field.name == TABLES[read.mapping.table].key), None)
    cells = collect(read.raw, read.raw.scan(skip=read.match.skip))
    if key is not None and _is_in_order(cells[f"c{key}"]):
        return None
    for place, header in enumerate(read.headers):
        name = f"c{place}"
        if place not in apart and place != key and name in cells.columns and _is_in_order(cells[name]):
            return header
    return None


def _is_in_order(cells: pl.Series) -> bool:
    """Whether a column of text rises or falls all the way, as numbers or as words, and says several things."""
    filled = cells.drop_nulls()
    if len(filled) < len(cells) / 2 or filled.n_unique() < VALUES:
        return False
    return _is_sorted(filled.str.to_lowercase()) or _is_sorted(
        filled.str.replace(",", ".").cast(pl.Float64, strict=False)
    )


def _is_sorted(column: pl.Series) -> bool:
    return column.null_count() == 0 and (column.is_sorted() or column.is_sorted(descending=True))


def _without_repeats(read: FileRead) -> Iterator[Finding]:
    """The finding on a list with each customer once whose numbers have many gaps."""
    table = read.mapping.table
    kpis, key = FOLLOWED.get(table), TABLES[table].key
    if kpis is None or "customer_id" not in read.used.columns:
        return
    customers = read.used["customer_id"].drop_nulls()
    if (
        len(customers) < CUSTOMERS
        or customers.head(1000).is_duplicated().any()
        or customers.n_unique() < len(customers)
    ):
        return  # mostly so, and quickly found
    field = next((each for each in read.narrow.fields if each.name == key), None)
    if field is None:
        return
    rows = read.raw.scan(skip=read.match.skip, row_index=ROW).select(pl.col(f"c{field.place}").alias("number"))
    numbers = (
        collect(read.raw, rows)["number"]
        .str.extract(r"(\d+)\D*$", 1)
        .cast(pl.Int64, strict=False)
        .drop_nulls()
        .unique()
        .sort()
    )
    if len(numbers) < CUSTOMERS:
        return
    span, usual = int(numbers[-1]) - int(numbers[0]) + 1, numbers.diff().median()
    if len(numbers) < DENSE * span and span <= WIDE * len(numbers) and isinstance(usual, float) and usual <= NEAR:
        message = Message(
            "each-customer-once",
            file=read.name,
            count=len(customers),
            header=field.header,
            missing=span - len(numbers),
            of=span,
            table=called(table),
        )
        yield Finding(
            code="part-of-export", message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE
        )
