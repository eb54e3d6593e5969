"""Lines of orders that have no number: rows of one buyer and one minute are of one order.

What belongs together is folded then as lines that share a number are (see `order_lines`). Of a list that names nobody, the rows of one minute are
taken for one order where many more minutes have several rows than chance would give. Where the day alone is known nothing is folded: two orders
of a day look like two lines of one, and no figure by order is shown where many rows do.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.orders.order_lines import line_headers
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES

CODE = "order-lines"
KEY, AT, BUYER = TABLES["orders"].key, "ordered_at", "customer_id"
NOTICED, MANY = 0.05, 0.2
"""The share of rows beyond the first of each buyer and minute from which a list has lines; and that of each buyer and day without a column of lines."""
CLOCKS = 30
"""Different times of day up to which a time says no more than the day."""
SEEN = 2_000
"""Rows of a list with numbers that show whether some are of one buyer and instant."""
FEWEST = 5
"""Orders of several rows from which that is no chance."""
BEYOND_CHANCE = 3
"""How many times as many minutes, or days of a buyer, must have several rows as have a next one with rows."""
BY_ORDER = ("aov*", "orders_per_customer*", "repurchase_rate*", "contact_rate_orders*")
"""The KPIs that count orders."""


def with_numbers(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with the lines of each order under one number, and the findings on those in which it is not known which those are."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        if read.mapping.table != "orders" or AT not in read.used.columns or AT in read.months or not read.used.height:
            continue
        if KEY in read.narrow.frame.columns:
            findings += _under_numbers(read)
        elif AT in read.days:
            findings += _of_days(read)
        elif (found := _numbered(read)) is not None:
            done[place] = found
    return done, findings


def _numbered(read: FileRead) -> FileRead | None:
    """The file with one number for the rows of each buyer and instant; None where hardly any have several."""
    used, by = read.used, [AT, BUYER] if BUYER in read.used.columns else [AT]
    groups = used.drop_nulls(AT).group_by(by).len()
    named = (
        groups.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in by)) if BUYER in by else groups.clear()
    )
    nameless = groups.filter(pl.col(BUYER).is_null()) if BUYER in by else groups
    known = pl.col(AT).is_not_null()
    if not _is_beyond_chance(nameless):  # guests of one minute are several
        known, groups = known & pl.all_horizontal(pl.col(name).is_not_null() for name in by) & (BUYER in by), named
    if (groups["len"] > 1).sum() < FEWEST or groups["len"].sum() - groups.height <= NOTICED * used.height:
        return None
    cells = [
        pl.col(AT).dt.epoch("ms").cast(pl.String),
        *(pl.col(name).cast(pl.String).fill_null("") for name in by[1:]),
    ]
    number = pl.concat_str([pl.lit(f"{read.raw.checksum()}:"), *cells], separator="\x1f").hash(seed=9)
    used = used.with_columns(pl.when(known).then(number).otherwise(KEY).alias(KEY))
    return replace(read, used=used.with_columns(pl.col(KEY).alias(ID)), ids=None)


def _under_numbers(read: FileRead) -> list[Finding]:
    """The finding on orders that share their buyer and instant with another, as lines do that were numbered one by one."""
    head = read.used.head(SEEN)
    if AT in read.days or BUYER not in head.columns or head[AT].dt.time().n_unique() <= CLOCKS:
        return []
    whose = head.select(AT, BUYER).drop_nulls()
    if whose.height - whose.n_unique() <= NOTICED * head.height:  # mostly so, and quickly found
        return []
    groups = read.used.select(AT, BUYER, KEY).drop_nulls().group_by(AT, BUYER).agg(pl.col(KEY).n_unique().alias("len"))
    several, more = int((groups["len"] > 1).sum()), int((groups["len"] - 1).sum())
    share = more / read.used[KEY].n_unique()
    if several < FEWEST or share <= NOTICED:
        return []
    message = Message("orders-numbered-apart", file=read.name, share=share)
    consequence = Consequence.NO_VALUE if share > MANY else Consequence.NO_VERDICT
    return [
        Finding(
            code=CODE, message=message, kpis=(*BY_ORDER, "revenue*"), is_serious=True, share=share, consequence=consequence
        )
    ]  # fmt: skip


def _is_beyond_chance(groups: pl.DataFrame) -> bool:
    """Whether many times as many minutes have several rows as are followed by another with rows."""
    if (groups["len"] > 1).sum() < FEWEST:
        return False
    minutes = groups.group_by(at=pl.col(AT).dt.epoch("s") // 60).agg(pl.col("len").sum()).sort("at")
    followed = int((minutes["at"].diff() == 1).sum())
    return int((minutes["len"] > 1).sum()) > BEYOND_CHANCE * max(followed, 1)


def _of_days(read: FileRead) -> list[Finding]:
    """The finding on a list of days in which many rows share their buyer and day; none where there are few."""
    headers = line_headers(read)
    if BUYER not in read.used.columns:
        return []
    whose = read.used.select(BUYER, day=pl.col(AT).dt.date()).drop_nulls()
    days = whose.group_by(BUYER, "day").len()
    several, more = int((days["len"] > 1).sum()), whose.height - days.height
    if several < FEWEST or more <= (NOTICED if headers else MANY) * read.used.height:
        return []
    is_next = (pl.col("day").diff().dt.total_days() == 1) & (pl.col(BUYER) == pl.col(BUYER).shift())
    if several <= BEYOND_CHANCE * days.sort(BUYER, "day").select(is_next.sum()).item():
        return []
    message = Message("order-rows-of-days", file=read.name, count=more, rows=read.used.height)
    if headers:
        message = Message("lines-of-days", file=read.name, count=more, rows=read.used.height, headers=headers)
    return [Finding(code=CODE, message=message, kpis=BY_ORDER, is_serious=True, consequence=Consequence.NO_VALUE)]
