"""Tickets that answers and messages name behind other letters than their own list writes: whether the times fit, and the finding where they do not."""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from kpi_core.ingest.cells.one_spelling import shape
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import CLOCKS
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES

CODE = "spelt-numbers"
OF_NAMED = {
    "answers": ("response_rate_of_resolved", "confirmed_of_resolved", "fcr_confirmed*", "successful_resolution_rate"),
    "messages": ("reply_time*", "first_reply*", "fcr_one_touch*", "automated_first_reply_rate"),
}
"""By table the KPIs that rest on which ticket its rows name."""
LATEST = timedelta(days=60)
"""How long after the opening of a ticket answers and messages about it come, mostly."""
FITTING = 0.9
NOTICED = 0.05
SHOWN = 1


def fits(read: FileRead, lists: Sequence[FileRead], given: pl.DataFrame) -> bool:
    """Whether most rows (`_row`, `_key` of the ticket) came about after their ticket was opened, and not long after."""
    at = next((name for name in TABLES[read.mapping.table].events if name in read.used.columns), None)
    key = TABLES["tickets"].key
    opened = [
        own.used.select(pl.col(key).alias("_key"), "created_at") for own in lists if "created_at" in own.used.columns
    ]
    if at is None or not opened:
        return False
    when = read.used.select(ROW, pl.col(at).alias("_at"))
    both = given.join(when, on=ROW).join(
        pl.concat(opened, how="vertical_relaxed").unique("_key", keep="none"), on="_key"
    )
    after = (both["_at"] - both["created_at"]).drop_nulls()
    share = after.is_between(-CLOCKS, LATEST).mean()
    return isinstance(share, float) and share >= FITTING


def not_found(read: FileRead, field: Field, is_found: pl.Series, given: pl.DataFrame) -> Finding | None:
    """The finding on rows that name their ticket in a form that none has that finds its own; None of few, or of no other form."""
    found = int(is_found.sum())
    lost = given.filter(pl.col("_key").is_null())
    if not found or lost.height <= NOTICED * (found + given.height):
        return None
    cell = pl.col(f"c{field.place}")
    scan = read.raw.scan(skip=read.match.skip, row_index=ROW)
    cells = collect(read.raw, scan.select(ROW, cell.alias("text"), shape(cell).alias("shape")))
    known = read.used.select(ROW).filter(is_found).join(cells, on=ROW)["shape"].unique()
    odd = lost.select(ROW).join(cells, on=ROW, maintain_order="left").filter(~pl.col("shape").is_in(known.implode()))
    if odd.height <= NOTICED * (found + given.height):
        return None
    message = Message(
        "tickets-named-otherwise", count=odd.height, all=found + given.height, file=read.name, header=field.header,
        word=odd["text"][0],
    )  # fmt: skip
    return Finding(
        code=CODE,
        message=message,
        kpis=OF_NAMED.get(read.mapping.table, ()),
        is_serious=True,
        share=odd.height / (found + given.height),
    )
