"""Files of sums: a row that stands for many leads becomes that many, of which as many are converted as it says.

A web statistic knows how many came by each channel and how many of them became customers, and no single one of them.
"""

import re
from collections.abc import Sequence

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.missing import clean
from kpi_core.ingest.cells.numbers import PLAIN, AmbiguousNumber, NumberReading, parse_number, sniff_decimal
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.formats.specs import Counts
from kpi_core.ingest.tables.reshaping.pooling import PART, Pool
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

NUMBER, CONVERTED, DAY = "number of the lead", "converted to a customer", "day of the sums"
"""The headers of what each lead is given."""
MOST = 50_000_000
"""Leads that are kept at the most."""
MANY = "more converted than came"
"""The word in place of a truth where a row says what cannot be of each of its leads."""
PARTS = "part of a conversion"
"""The word in place of a truth in a file whose conversions are shared out over several rows."""


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
    rows: pl.DataFrame,
    place: int,
    converted: int | None,
    days: Sequence[str | None],
    pooled: Pool,
    decimal: str | None = None,
) -> pl.DataFrame:
    """The rows, each as often as it says, with `_number`, `_converted` and `_day`; numbered anew, since no two are one row.

    Where a row says that more converted than came, whether one of its leads did is not known. Where some row has a part of a
    conversion, as attribution to several channels gives, that is known of no lead.

    Args:
        decimal: the mark before decimals, where somebody knows.

    Raises:
        ExportError: a cell that is no whole number of leads, or no number, or leads beyond any file of sums.
    """
    count, mark = _leads(rows, place, pooled, decimal)
    done = None if converted is None else _conversions(rows, converted, pooled, mark)
    has_parts = done is not None and bool((done != done.floor()).any())
    whole = rows.with_columns(
        count.alias("_count"),
        (pl.lit(None, pl.Float64) if done is None else done).alias("_done"),
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
        pl.when(pl.lit(has_parts)).then(pl.lit(PARTS))
        .when(pl.col("_done") > pl.col("_count")).then(pl.lit(MANY))
        .when(pl.col("_nth") < pl.col("_done")).then(pl.lit("true"))
        .when(pl.col("_done").is_not_null()).then(pl.lit("false"))
    )  # fmt: skip
    number = pl.concat_str([PART, ROW, pl.col("_nth") + 1], separator="-")
    named = parts.with_columns(number.alias("_number"), did.alias("_converted"))
    return named.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over(PART).alias(ROW))


def parts_findings(each: pl.DataFrame, header: str, name: Message | str) -> tuple[Finding, ...]:
    """The finding on leads whose conversions are counted in parts."""
    if not (each["_converted"] == PARTS).any():
        return ()
    message = Message("parts-of-conversions", file=name, header=header)
    kpis = ("conversion_rate*",)
    return (
        Finding(
            code="parts-of-conversions", message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE
        ),
    )


def _leads(rows: pl.DataFrame, place: int, pooled: Pool, decimal: str | None) -> tuple[pl.Series, str | None]:
    """How many leads each row stands for, 0 where it is empty, and the decimal mark that these prove.

    Leads are whole, so that a mark that may be of thousands is.
    """
    cells = rows.select(clean(pl.col(f"c{place}"))).to_series()
    reading = _reading(cells, decimal, "." if _has(cells, ",") else ",")
    read = _read(rows, cells, reading, place, pooled)
    _refuse(read != read.floor(), rows, cells, place, pooled)
    return read.cast(pl.Int64), decimal or (None if reading.is_plain else reading.decimal)


def _conversions(rows: pl.DataFrame, place: int, pooled: Pool, decimal: str | None) -> pl.Series:
    """How many of the leads of each row converted, 0 where it is empty.

    A mark is of decimals where nothing decides: thousands of conversions have thousands of leads, which would be written alike.
    """
    cells = rows.select(clean(pl.col(f"c{place}"))).to_series()
    reading = _reading(cells, decimal, "," if _has(cells, ",") else ".")
    return _read(rows, cells, reading, place, pooled)


def _reading(cells: pl.Series, decimal: str | None, otherwise: str) -> NumberReading:
    """How cells are written, with `otherwise` as the mark of decimals where nothing decides; plain where they are no numbers."""
    try:
        return sniff_decimal(cells, column="", decimal=decimal)
    except AmbiguousNumber:
        return sniff_decimal(cells, column="", decimal=otherwise)
    except ExportError:
        return PLAIN


def _has(cells: pl.Series, mark: str) -> bool:
    return bool(cells.str.contains(mark, literal=True).any())


def _read(rows: pl.DataFrame, cells: pl.Series, reading: NumberReading, place: int, pooled: Pool) -> pl.Series:
    read = cells.to_frame("cell").select(parse_number(pl.col("cell"), reading)).to_series()
    _refuse(cells.is_not_null() & (read.is_null() | (read < 0)), rows, cells, place, pooled)
    return read.fill_null(0)


def _refuse(wrong: pl.Series, rows: pl.DataFrame, cells: pl.Series, place: int, pooled: Pool) -> None:
    """Refuses the first cell that is wrong."""
    if (at := wrong.fill_null(value=False).arg_max()) is None or not wrong[at]:
        return
    where = f"{pooled.raws[rows[PART][at]].name}:{rows[ROW][at]}"
    raise ExportError(f"`{cells[at]}` in `{pooled.match.headers[place]}` is not a number of rows", where=where)
