"""Files of sums: a row that stands for many leads becomes that many, of which as many are converted as it says.

A web statistic knows how many came by each channel and how many of them became customers, and no single one of them.
"""

import re
from collections.abc import Sequence

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.missing import clean
from kpi_core.ingest.narrow import ROW
from kpi_core.ingest.pooling import PART, Pool
from kpi_core.ingest.specs import Counts

NUMBER, CONVERTED, DAY = "number of the lead", "converted to a customer", "day of the sums"
"""The headers of what each lead is given."""
MOST = 50_000_000
"""Leads that are held at the most."""
MANY = "more converted than came"
"""The word in place of a truth where a row says what cannot be of each of its leads."""


def day_above(above: Sequence[Sequence[str]], counts: Counts) -> str | None:
    """The day in the lines above the table that its sums are dated by; None where they are of more than one month."""
    text = "\n".join(" ".join(row).strip() for row in above)
    ends = [
        found[1]
        for pattern in (counts.start, counts.end)
        if pattern and (found := re.search(pattern, text, re.MULTILINE))
    ]
    if not ends or (counts.end is not None and len(ends) < 2):
        return None
    digits = [re.sub(r"\D", "", end) for end in ends]
    return ends[0] if len({each[:6] for each in digits}) == 1 else None


def each_of(
    rows: pl.DataFrame, place: int, converted: int | None, days: Sequence[str | None], pooled: Pool
) -> pl.DataFrame:
    """The rows, each as often as it says, with `_number`, `_converted` and `_day`; numbered anew, since no two are one row.

    Where a row says that more converted than came, whether one of its leads did is not known.

    Raises:
        ExportError: a cell that is no whole number, or leads beyond any file of sums.
    """
    whole = rows.with_columns(
        _whole(rows, place, pooled).alias("_count"),
        (pl.lit(None, pl.Int64) if converted is None else _whole(rows, converted, pooled)).alias("_done"),
        pl.col(PART).replace_strict(dict(enumerate(days)), return_dtype=pl.String).alias("_day"),
    )
    if (total := int(whole["_count"].sum())) > MOST:
        raise ExportError(
            f"its sums stand for {total:,} leads, more than the {MOST:,} that are read", where=pooled.name
        )
    parts = (
        whole.with_columns(_nth=pl.int_ranges(pl.col("_count"))).explode("_nth").filter(pl.col("_nth").is_not_null())
    )
    did = (
        pl.when(pl.col("_done") > pl.col("_count")).then(pl.lit(MANY))
        .when(pl.col("_nth") < pl.col("_done")).then(pl.lit("true"))
        .when(pl.col("_done").is_not_null()).then(pl.lit("false"))
    )  # fmt: skip
    number = pl.concat_str([PART, ROW, pl.col("_nth") + 1], separator="-")
    named = parts.with_columns(number.alias("_number"), did.alias("_converted"))
    return named.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over(PART).alias(ROW))


def _whole(rows: pl.DataFrame, place: int, pooled: Pool) -> pl.Series:
    """The whole numbers of a column, 0 where it is empty."""
    cell = clean(pl.col(f"c{place}"))
    read = rows.select(
        ROW, PART, cell=cell, number=cell.str.replace_all(r"[\s\u00a0\u202f,.]", "").cast(pl.Int64, strict=False)
    )
    wrong = read.filter(pl.col("cell").is_not_null() & (pl.col("number").is_null() | (pl.col("number") < 0)))
    if wrong.height:
        row = wrong.row(0, named=True)
        where = f"{pooled.raws[row[PART]].name}:{row[ROW]}"
        raise ExportError(f"`{row['cell']}` in `{pooled.match.headers[place]}` is not a number of rows", where=where)
    return read["number"].fill_null(0)
