"""One row for each day, week or month, or for each day of every agent or group: means and sums, and no answers, orders or tickets.

Single things come together on some days and not on others. Where so many rows have no number and no time of day, and no two share their day, it is no chance.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.rows.weighted_rows import CODE, KPIS_OF_ROWS
from kpi_core.ingest.tables.identity.same_rows import dated_by
from kpi_core.messages.message import Given, Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES, Kind

EXPECTED = 8.0
"""Pairs of rows of one day that are to be expected, of which none is by chance less than once in two thousand files."""
GRID = 12
"""Rows of a list with one for each day and group, of which so many are no chance (1 in 20 000)."""
OF_A_CASE = frozenset({"customer_id", "customer_email", "ticket_id", "resolved_at", "closed_at", "first_replied_at"})
"""What single things have, and means have not."""
MOST_GROUPS = 30
"""Groups that a list of means may be made for."""
MOST_ROWS = 5_000
"""Rows up to which a list may be one of days."""
WEEK, SPACED = 7, 8
"""The days of a week, and how many rows that are all a week or a month apart are no chance."""


OF_SUMS = ("aov*", "orders_per_customer*", "repurchase_*", "tickets_per_order*")
"""What sums of a customer's orders say nothing of: who buys at all they do say."""
LOOKED_AT = 20_000
"""Rows that mostly show two orders of a customer on one day."""
SORTED = 12.0
"""The logarithm of in how many orders the rows of equal days may stand, from which it is no chance that they are in that of their customers."""


def rows_of_days(reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The findings on files that have one row for each day or span."""
    for read in reads:
        if (sums := _of_customers(read)) is not None:
            yield sums
        table, at = read.mapping.table, dated_by(read)
        if table not in KPIS_OF_ROWS or table == "customers" or at is None or at not in (*read.days, *read.months):
            continue
        if read.used.height > MOST_ROWS or TABLES[table].key in read.narrow.frame.columns:
            continue
        if not (OF_A_CASE - {TABLES[table].key}).isdisjoint(read.used.columns):
            continue
        if (message := _message(read, table, at)) is not None:
            kpis = KPIS_OF_ROWS[table]
            yield Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)


def _of_customers(read: FileRead) -> Finding | None:
    """The finding on orders without a number of which no customer has two on one day, or in one month: their sums, or the customers' way."""
    at, columns = dated_by(read), set(read.used.columns)
    if read.mapping.table != "orders" or "customer_id" not in columns or at is None:
        return None
    if TABLES["orders"].key in read.narrow.frame.columns or at not in (*read.days, *read.months):
        return None
    rows = read.used.select(ROW, "customer_id", day=pl.col(at).dt.date()).drop_nulls()
    if rows.height < SPACED or rows.head(LOOKED_AT).select("customer_id", "day").is_duplicated().any():
        return None  # mostly so, and quickly found
    if rows.select("customer_id", "day").is_duplicated().any():
        return None
    counts = rows.group_by("customer_id").len()["len"]
    is_of_months = at in read.months
    chances = rows["day"].n_unique()
    expected = float((counts * (counts - 1) / 2).sum()) / chances if is_of_months else _expected(rows["day"], counts)
    if expected < EXPECTED:
        return None
    about: dict[str, Given] = {"file": read.name, "count": rows.height}
    if is_of_months:
        message, consequence = Message("rows-of-months-and-customers", **about), Consequence.NO_VALUE
    elif _is_by_customer(read, rows):
        message, consequence = Message("rows-of-days-and-customers", **about), Consequence.NO_VALUE
    else:
        message, consequence = Message("perhaps-of-days-and-customers", **about), Consequence.NO_VERDICT
    return Finding(code=CODE, message=message, kpis=OF_SUMS, is_serious=True, consequence=consequence)


def _is_by_customer(read: FileRead, rows: pl.DataFrame) -> bool:
    """Whether the rows of each day stand in the order of their customers, which a list of orders as they came does not."""
    field = next((each for each in read.narrow.fields if each.name == "customer_id"), None)
    if field is None or not (rows["day"].is_sorted() or rows["day"].is_sorted(descending=True)):
        return False
    cells = collect(read.raw, read.raw.scan(skip=read.match.skip, row_index=ROW).select(ROW, name=f"c{field.place}"))
    named = rows.join(cells, on=ROW, how="left", maintain_order="left")
    orders = float(named.group_by("day").len().select((pl.col("len") + 1).cast(pl.Float64).log().sum()).item() or 0)
    if orders < SORTED:
        return False
    same = pl.col("day") == pl.col("day").shift(1)
    steps = [
        pl.col("name").str.to_lowercase(),
        pl.col("name").str.extract(r"(\d+)\D*$", 1).cast(pl.Int64, strict=False),
    ]
    return any(named.filter(same & (each <= each.shift(1))).is_empty() for each in steps)


def _message(read: FileRead, table: str, at: str) -> Message | None:
    """What is said of a file with one row for each day; None where its rows are single things."""
    days = read.used[at].dt.date().drop_nulls()
    if len(days) < SPACED or len(days) < read.used.height:
        return None
    if days.n_unique() == len(days):
        if (apart := _apart(days.sort())) is not None:
            return Message("rows-of-spans", file=read.name, count=len(days), table=called(table), span=apart)
        if at in read.days and _expected(days, pl.Series([len(days)])) >= EXPECTED:
            return Message("rows-of-days", file=read.name, count=len(days), table=called(table))
        return None
    for header, groups in _groups(read):
        cells = groups.with_columns(day=days)
        if groups["group"].null_count() or cells.select("day", "group").is_duplicated().any():
            continue
        if _is_grid(cells):
            return Message("rows-of-spans-by", file=read.name, count=len(days), table=called(table), header=header)
        if at in read.days and _expected(days, groups["group"].value_counts()["count"]) >= EXPECTED:
            return Message("rows-of-days-by", file=read.name, count=len(days), table=called(table), header=header)
    return None


def _is_grid(cells: pl.DataFrame) -> bool:
    """Whether every group has a row for every day or span of a list, each one."""
    days, groups = cells["day"].n_unique(), cells["group"].n_unique()
    return cells.height >= GRID and min(days, groups) >= 2 and cells.height == days * groups


def _groups(read: FileRead) -> Iterator[tuple[str, pl.DataFrame]]:
    """The columns of words that a list may be made for each value of, by header, with the `group` of each row used."""
    counted = {field.place for field in read.narrow.fields if field.kind is not Kind.TEXT}
    asked = {field.place for field in read.narrow.fields if field.name.startswith("score:")}
    places = [place for place, header in enumerate(read.headers) if header and place < read.raw.width]
    cells = collect(read.raw, read.raw.scan(skip=read.match.skip, row_index=ROW)).drop_nulls(ROW)
    rows = read.used.select(ROW).join(cells, on=ROW, how="left", maintain_order="left")
    for place in places:
        if place not in counted | asked and 1 < rows[f"c{place}"].n_unique() <= MOST_GROUPS:
            yield read.headers[place], rows.select(group=pl.col(f"c{place}").str.strip_chars())


def _expected(days: pl.Series, counts: pl.Series) -> float:
    """How many pairs of rows of one group and day chance would give, on the days from the first to the last that are of a weekday with rows."""
    every = pl.DataFrame({"day": pl.date_range(days.min(), days.max(), eager=True)})  # type: ignore[arg-type]
    weekdays = days.dt.weekday().unique()
    open_days = every.filter(pl.col("day").dt.weekday().is_in(weekdays.implode())).height
    return float((counts * (counts - 1) / 2).sum()) / open_days


def _apart(days: pl.Series) -> Message | None:
    """Whether days in order are all a week, or a month, after the one before."""
    steps = days.diff().drop_nulls().dt.total_days()
    if (steps == WEEK).all():
        return Message("span-week")
    first = days[0]
    if isinstance(first, date) and (days.dt.day() == first.day).all() and steps.is_between(28, 31).all():
        return Message("span-month")
    return None
