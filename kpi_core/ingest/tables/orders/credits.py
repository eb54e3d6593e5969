"""Credits under the number of their own order: rows of their own, never in its place."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.orders.order_lines import has_lines
from kpi_core.model.columns import CREDITED


def credits_apart(orders: pl.DataFrame, reads: Sequence[FileRead]) -> pl.DataFrame:
    """Orders (`_id`) with each credit as a row of its own that knows its order (`CREDITED`); as they are where there is none.

    A credit has a negative amount and the number of a row that has none. On the day of its order it may be a line of it,
    where the file has columns of lines; what a mapping says of lines holds. A credit that is written twice is one.
    """
    if "amount" not in orders.columns:
        return orders
    is_less = (pl.col("amount") < 0).fill_null(value=False)
    repeated = orders.filter(pl.col(ID).is_duplicated())
    if not repeated.select(is_less.any()).item():
        return orders
    day = pl.col("ordered_at").dt.date() if "ordered_at" in orders.columns else pl.lit(None, pl.Date)
    whole = repeated.filter(~is_less).select(ID, _day=day).group_by(ID).agg(_days=pl.col("_day").unique())
    marked = orders.select(ID, "_file", "amount", day=day).join(whole, on=ID, how="left", maintain_order="left")
    settled = [place for place, read in enumerate(reads) if read.mapping.lines or _is_gathered(read)]
    of_lines = [place for place, read in enumerate(reads) if has_lines(read)]
    is_line = pl.col("_file").is_in(of_lines) & pl.col("_days").list.contains(pl.col("day"), nulls_equal=True)
    is_credit = is_less & pl.col("_days").is_not_null() & ~is_line & ~pl.col("_file").is_in(settled)
    apart = marked.select(pl.when(is_credit).then(ID).alias(CREDITED)).to_series()
    if apart.null_count() == orders.height:
        return orders
    own = pl.struct(ID, "amount", day.alias("_day")).hash(seed=13)
    with_marks = orders.with_columns(apart)
    return with_marks.with_columns(pl.when(pl.col(CREDITED).is_not_null()).then(own).otherwise(ID).alias(ID))


def _is_gathered(read: FileRead) -> bool:
    """Whether the number of an order is made of several columns, so that its rows are lines."""
    key = read.mapping.columns.get("order_id")
    return key is not None and key.join
