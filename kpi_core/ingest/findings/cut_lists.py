"""Lists that end where exports stop, in the order of something else than time; lists of the largest; and lists of which each customer's other rows were taken away.

What such a list lacks is spread over all of its time, so that no day shows it. Of a list that stops with the newest first, the backlog lacks what is older.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.rows.weighted_rows import KPIS_OF_ROWS
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import TIME_WORDS, called
from kpi_core.model.findings import ROW_CAPS, Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES, Kind

PART = "part-of-export"
TOPS = frozenset({20, 25, 30, 40, 50, 75, 100, 150, 200, 250, 300, 400, *ROW_CAPS})
"""Rows that a list of the largest has."""
SPANS = {"resolution_time": "resolved_at", "first_reply_time": "first_replied_at"}
"""By time the instant at which it ends: what tickets may be in the order of though no column says it."""
OF_OLD_ONES = ("backlog*",)
"""The KPIs that count the tickets that are older than all others of a list."""
VALUES = 3
"""Different values of a column from which a list is in its order."""
AT_ONCE = 20_000
"""Rows that mostly show a customer twice."""
TWO = 2
"""Different marks from which a list is in their order."""
LOOKED_AT = 50
"""Rows at either end of a list that show which way time goes."""
MEASURED = (Kind.NUMBER, Kind.COST, Kind.DURATION)
CUSTOMERS, DENSE, NEAR, WIDE = 40, 0.7, 5, 20
"""Customers of a list; the share of its numbers that it has; how near most of them lie, and how many times as many there may be at most."""
FOLLOWED = {"tickets": ("fcr_no_repeat*", "channels_per_case"), "orders": ("repurchase_rate*", "orders_per_customer")}
"""By table the KPIs of who came back."""


def cut_lists(reads: Sequence[FileRead]) -> list[Finding]:
    """The findings on such lists."""
    return [
        found
        for read in reads
        for found in (*_at_a_cap(read, reads), *_of_the_largest(read), *_without_repeats(read, reads))
    ]


def _height(read: FileRead) -> int:
    return read.narrow.frame.height + sum(read.narrow.left_out.values())


def _at_a_cap(read: FileRead, reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The finding on a list with as many rows as exports stop at, which is in the order of something else than time, or of tickets with the newest first."""
    rows, table = _height(read), read.mapping.table
    at = next(iter(TABLES[table].events), "")
    if rows not in ROW_CAPS or at not in read.used.columns or any(_goes_on(read, other, at) for other in reads):
        return
    if _is_sorted(read.used[at]) or ((key := _key_cells(read)) is not None and _is_in_order(key)):
        oldest = read.used[at].min()
        if table == "tickets" and isinstance(oldest, datetime) and _is_newest_first(read.used[at]):
            message = Message("cut-newest-first", file=read.name, count=rows, first=oldest.date())
            yield _part(message, OF_OLD_ONES, Consequence.NO_VALUE)
        return
    if (header := _by_marks(read)) is not None:
        message = Message("cut-by-marks", file=read.name, count=rows, header=header, table=called(table))
        yield _part(message, KPIS_OF_ROWS.get(table, ()), Consequence.NO_VALUE)
    elif (header := _sorted_by(read)) is not None:
        message = Message("cut-at-a-cap", file=read.name, count=rows, header=header, table=called(table))
        yield _part(message, OF.get(table, KPIS_OF_ROWS.get(table, ())), Consequence.NO_VERDICT)


def _by_marks(read: FileRead) -> str | None:
    """The header of the marks, of answers or of reviews, that a list is in the order of; None where it is in the order of none."""
    marks = {question.header for question in read.questions}
    marks |= {field.header for field in read.narrow.fields if field.name == "rating"}
    if not marks or read.mapping.table not in ("answers", "reviews"):
        return None
    cells = collect(read.raw, read.raw.scan(skip=read.match.skip))
    for place, header in enumerate(read.headers):
        if header in marks and f"c{place}" in cells.columns and _is_in_order(cells[f"c{place}"], TWO):
            return header
    return None


def _goes_on(read: FileRead, other: FileRead, at: str) -> bool:
    """Whether another file is a later page of a list: with its headers, fewer rows, and those of the same time, or with what is older."""
    if other is read or other.headers != read.headers or other.used.is_empty() or _height(other) >= _height(read):
        return False
    (first, last), (begin, end) = (
        (each.used[at].quantile(share, "nearest") for share in (0.25, 0.75)) for each in (read, other)
    )
    if not (
        isinstance(first, datetime)
        and isinstance(last, datetime)
        and isinstance(begin, datetime)
        and isinstance(end, datetime)
    ):
        return False
    return begin < last and (first < end or _is_sorted(read.used[at]))


def _part(message: Message, kpis: tuple[str, ...], consequence: Consequence) -> Finding:
    return Finding(code=PART, message=message, kpis=kpis, is_serious=True, consequence=consequence)


def _is_newest_first(times: pl.Series) -> bool:
    """Whether all instants at the beginning of a list are after those at its end."""
    first, last = times.drop_nulls().head(LOOKED_AT), times.drop_nulls().tail(LOOKED_AT)
    newest, oldest = first.min(), last.max()
    return isinstance(newest, datetime) and isinstance(oldest, datetime) and newest > oldest


def _of_the_largest(read: FileRead) -> Iterator[Finding]:
    """The finding on a round number of rows from the largest down, or the smallest up: a top 100."""
    rows, table = _height(read), read.mapping.table
    at = next(iter(TABLES[table].events), "")
    if rows not in TOPS or at not in read.used.columns or read.used.height < rows or _is_sorted(read.used[at]):
        return
    kpis = OF.get(table, KPIS_OF_ROWS.get(table, ()))
    if rows not in ROW_CAPS and (header := _by_marks(read)) is not None:
        message = Message("list-of-the-largest", file=read.name, count=rows, header=header, table=called(table))
        yield _part(message, kpis, Consequence.NO_VERDICT)
        return
    for field in read.narrow.fields:
        if field.kind in MEASURED and field.name in read.used.columns and _falls(read.used[field.name]):
            message = Message(
                "list-of-the-largest", file=read.name, count=rows, header=field.header, table=called(table)
            )
            yield _part(message, kpis, Consequence.NO_VERDICT)
            return
    for name, end in SPANS.items() if table == "tickets" else ():
        if end in read.used.columns and _falls((read.used[end] - read.used[at]).dt.total_seconds()):
            message = Message("list-of-the-slowest", file=read.name, count=rows, what=TIME_WORDS[name])
            yield _part(message, kpis, Consequence.NO_VERDICT)
            return


def _falls(column: pl.Series) -> bool:
    """Whether a column goes down, or up, all the way, and has several values."""
    return column.n_unique() >= VALUES and _is_sorted(column)


def _key_cells(read: FileRead) -> pl.Series | None:
    """The cells of the column of numbers; None where there is none."""
    key = next((field.place for field in read.narrow.fields if field.name == TABLES[read.mapping.table].key), None)
    if key is None:
        return None
    return collect(read.raw, read.raw.scan(skip=read.match.skip).select(f"c{key}"))[f"c{key}"]


def _sorted_by(read: FileRead) -> str | None:
    """The header of a column that a list is in the order of; None where there is none."""
    times = {field.place: field for field in read.narrow.fields if field.kind is Kind.INSTANT}
    key = next((field.place for field in read.narrow.fields if field.name == TABLES[read.mapping.table].key), None)
    at = next(iter(TABLES[read.mapping.table].events), "")
    for field in times.values():
        if field.name != at and field.name in read.used.columns and _is_in_time_order(read.used[field.name]):
            return field.header
    cells = collect(read.raw, read.raw.scan(skip=read.match.skip))
    for place, header in enumerate(read.headers):
        name = f"c{place}"
        if place not in times and place != key and name in cells.columns and _is_in_order(cells[name]):
            return header
    return None


def _is_in_time_order(times: pl.Series) -> bool:
    """Whether the instants that are there rise or fall all the way, and those that are not are together at one end."""
    known = times.drop_nulls()
    if len(known) < len(times) / 2 or not _is_sorted(known):
        return False
    is_blank = times.is_null()
    return int(is_blank.cast(pl.Int8).diff().drop_nulls().abs().sum()) <= 1


def _is_in_order(cells: pl.Series, values: int = VALUES) -> bool:
    """Whether a column of text rises or falls all the way, as numbers or as words, and says several things."""
    filled = cells.drop_nulls()
    if len(filled) < len(cells) / 2 or filled.n_unique() < values:
        return False
    return _is_sorted(filled.str.to_lowercase()) or _is_sorted(
        filled.str.replace(",", ".").cast(pl.Float64, strict=False)
    )


def _is_sorted(column: pl.Series) -> bool:
    return column.null_count() == 0 and (column.is_sorted() or column.is_sorted(descending=True))


def _without_repeats(read: FileRead, reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The finding on a list with each customer once whose numbers have many gaps, which no other file of its kind fills.

    Of a list of what was changed since some time, numbers from before that time have gaps by themselves.
    """
    table = read.mapping.table
    kpis, key = FOLLOWED.get(table), TABLES[table].key
    if kpis is None or "customer_id" not in read.used.columns:
        return
    customers = read.used["customer_id"].drop_nulls()
    if (
        len(customers) < CUSTOMERS
        or customers.head(AT_ONCE).is_duplicated().any()
        or customers.n_unique() < len(customers)
    ):
        return  # mostly so, and quickly found
    field = next((each for each in read.narrow.fields if each.name == key), None)
    if field is None:
        return
    numbers = _numbers(read, field.place, since=_first_change(read)).sort()
    if len(numbers) < CUSTOMERS:
        return
    span, usual = int(numbers[-1]) - int(numbers[0]) + 1, numbers.diff().median()
    if len(numbers) >= DENSE * span or span > WIDE * len(numbers) or not isinstance(usual, float) or usual > NEAR:
        return
    missing = span - len(numbers)
    others = [_numbers(other, field.place) for other in reads if other is not read and other.headers == read.headers]
    if others:
        inside = pl.concat(others).unique()
        inside = inside.filter(inside.is_between(numbers[0], numbers[-1]) & ~inside.is_in(numbers.implode()))
        if len(inside) > missing / 2:
            return
    message = Message(
        "each-customer-once", file=read.name, count=len(customers), header=field.header, missing=missing, of=span, table=called(table),
    )  # fmt: skip
    yield Finding(code=PART, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)


def _first_change(read: FileRead) -> datetime | None:
    """The first time of change in a file; None where none is known."""
    first = read.used["updated_at"].min() if "updated_at" in read.used.columns else None
    return first if isinstance(first, datetime) else None


def _numbers(read: FileRead, place: int, since: datetime | None = None) -> pl.Series:
    """The different numbers in the column of keys, as they end; of rows that are used and came about at an instant or later, where one is given."""
    scan = read.raw.scan(skip=read.match.skip, row_index=ROW)
    cells = collect(read.raw, scan.select(ROW, number=pl.col(f"c{place}").str.extract(r"(\d+)\D*$", 1)))
    at = next(iter(TABLES[read.mapping.table].events), "")
    if since is not None and at in read.used.columns:
        cells = cells.join(read.used.filter(pl.col(at) >= since).select(ROW), on=ROW, how="semi")
    return cells["number"].cast(pl.Int64, strict=False).drop_nulls().unique()
