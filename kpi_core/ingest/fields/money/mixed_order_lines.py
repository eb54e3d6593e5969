"""Orders whose lines say different things in one column: none of them alone shows what differs, and groups lack its orders."""

from collections.abc import Mapping as Map

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.report import MARKED
from kpi_core.model.tables import Kind

CODE = "mixed-orders"
OF_ORDERS = (*("revenue*", "aov*", "orders_per_customer*", "repurchase_*", "active_customers*"), "tickets_per_order*")


def mixed_orders(mixed: Map[str, int], orders: int, *, are_summed: bool = False) -> list[Finding]:
    """The findings on orders with lines of several kinds, by the column of the kinds: how many, of how many orders.

    Where the lines `are_summed`, it says how sums of them can be had instead.
    """
    found = []
    for name, count in mixed.items():
        if not count:
            continue
        message = Message("mixed-orders", mixed=count, orders=orders, column=name)
        if are_summed:
            message = Message("mixed-orders-of-sums", mixed=count, orders=orders, column=name)
        consequence = Consequence.NO_VALUE if count > MARKED * orders else Consequence.NO_VERDICT
        found.append(
            Finding(code=CODE, message=message, kpis=OF_ORDERS, is_serious=True, consequence=consequence, by=name)
        )
    return found


def without_mixed(used: pl.DataFrame, raw: RawExport, match: Match, fields: tuple[Field, ...]) -> tuple[pl.DataFrame, list[Finding]]:  # fmt: skip
    """Orders whose lines a rule of their format leaves out, without the words in which these lines differ."""
    headers = [header for rule in match.mapping.leave_out for header in rule.lines_of]
    order = match.index(headers) if headers else None
    words = {
        each.name: each.place
        for each in fields
        if each.kind is Kind.TEXT and each.name in used.columns and each.name != "currency"
    }
    if order is None or not words:
        return used, []
    scan = raw.scan(skip=match.skip, row_index=ROW)
    cells = [pl.col(f"c{place}").str.strip_chars().alias(name) for name, place in words.items()]
    lines = collect(raw, scan.select(ROW, pl.col(f"c{order}").alias("_order"), *cells))
    kinds = [pl.col(name).filter(pl.col(name) != "").n_unique() > 1 for name in words]
    differing = lines.filter(pl.col("_order").is_duplicated()).group_by("_order").agg(pl.col(ROW), *kinds)
    gone = {name: differing.filter(pl.col(name))[ROW].explode() for name in words}
    blank = [pl.when(~pl.col(ROW).is_in(rows.implode())).then(pl.col(name)).alias(name) for name, rows in gone.items()]
    counts = {name: used.filter(pl.col(ROW).is_in(rows.implode())).height for name, rows in gone.items()}
    return used.with_columns(blank), mixed_orders(counts, used.height)
