"""A date column that is written both ways, reported with a row of each.

Such a file cannot be read: its dates up to the 12th may be either. A sample shows it where it is mixed throughout; a
file put together from two shows it only to a reader who has met a date that does not fit.
"""

import polars as pl

from kpi_core.ingest.cells.dates.date_order import BothOrders, shows_order
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.narrow_scan import MASK, ROW, NarrowScan, collect
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match
from kpi_core.model.columns import UNREAD
from kpi_core.model.tables import Kind


def check_orders(scan: NarrowScan) -> None:
    """Refuses a file with a date column in which unreadable cells are written the other way round.

    Looks at the file again only where a date could not be read.

    Raises:
        BothOrders: with a row of each order.
    """
    unread = {
        field.name: bool(((scan.frame[MASK] & (1 << place)) != 0).any()) for place, field in enumerate(scan.refusing)
    }
    for field in scan.fields:
        if field.kind is Kind.INSTANT and (unread.get(field.name) or UNREAD + field.name in scan.frame.columns):
            _check(scan, field)


def with_rows(error: BothOrders, raw: RawExport, match: Match) -> BothOrders:
    """The error with the rows in which its examples stand, where they can be found again."""
    place = match.index([error.column])
    if place is None:
        return error
    cells = raw.scan(skip=match.skip, row_index=ROW).select(ROW, text=pl.col(f"c{place}").str.strip_chars())
    examples = (error.day_first, error.month_first)
    found = collect(raw, cells.filter(pl.col("text").is_in(examples)))
    rows = [found.filter(pl.col("text") == example)[ROW].min() for example in examples]
    if not all(isinstance(row, int) for row in rows):
        return error
    located = BothOrders(error.column, *examples, (int(str(rows[0])), int(str(rows[1]))))
    located.where = error.where or raw.name
    return located


def _check(scan: NarrowScan, field: Field) -> None:
    day_first, month_first = shows_order(pl.col("text"))
    parsed = scan.texts(row_index=ROW).select(ROW, text=field.text_name).with_columns(day=day_first, month=month_first)
    shown = collect(
        scan.raw, parsed.filter(pl.col("day") | pl.col("month")).group_by("day").agg(pl.all().sort_by(ROW).first())
    )
    if shown.height > 1:
        first, second = shown.sort("day", descending=True).select("text", ROW).rows()
        error = BothOrders(field.header, first[0], second[0], (first[1], second[1]))
        error.where = scan.raw.name
        raise error
