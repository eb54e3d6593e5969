"""Sheets and files of costs that are called a total of the others: what they add up counts once."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.identity.same_rows import without_rows
from kpi_core.ingest.tables.telling_names import CODE, of_sheet, units_of, words_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

KPIS = ("cac*", "cost_per_ticket*")
TOTALS = frozenset(
    {
        *("total", "totals", "totalt", "totalen", "summa", "summor", "sum", "summary", "sammanställning", "sammanfattning", "helår", "helåret", "året"),
        *("ytd", "alla", "all", "samlet", "samlat", "sammendrag", "oversikt", "översikt", "oversigt", "overview", "yhteensä", "yhteenveto", "gesamt"),
        *("ackumulerat", "akkumuleret", "akkumulert", "year"),
    }
)  # fmt: skip
NEAR = 0.005
"""How far a sum may lie from the one it says, in the money it is in."""
_OWN = ("_month", "kind", "currency")


def without_totals(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding], bool]:
    """The files without the rows of totals that others add up to, the findings on these and on totals that differ, and whether a total shows
    that the others are parts of it, of one month and kind in several lists.
    """
    done, findings, are_parts = list(reads), list[Finding](), False
    units = [
        unit for place, read in enumerate(reads)
        if read.mapping.table == "costs" and "amount" in read.used.columns and {"spent_at", "month"} & {*read.used.columns}
        for unit in units_of(read, place)
    ]  # fmt: skip
    totals = [unit for unit in units if words_of(str(unit[2])) & TOTALS]
    if not totals or len(totals) == len(units):
        return done, [], are_parts
    others = [unit for unit in units if unit not in totals]
    parts = pl.concat(
        [_rows(done[place], sheet).with_columns(_list=pl.lit(at)) for at, (place, sheet, _) in enumerate(others)]
    )
    sums = parts.group_by(_OWN).agg(pl.col("amount").sum().alias("_sum"), pl.col("_list").n_unique().alias("_lists"))
    for place, sheet, name in totals:
        rows = _rows(done[place], sheet)
        compared = rows.with_columns(pl.col("amount").sum().over(_OWN).alias("_stated")).join(
            sums, on=_OWN, how="inner", nulls_equal=True
        )
        again = compared.filter((pl.col("_stated") - pl.col("_sum")).abs() <= NEAR)
        other = compared.filter((pl.col("_stated") - pl.col("_sum")).abs() > NEAR)
        are_parts |= bool((again["_lists"] > 1).any())
        if again.height:
            done[place] = without_rows(
                done[place], again[ROW], Message("by-name-of", what=Message("name-total"), name=name)
            )
            message = Message("total-adds-up", count=again.height, list=name)
            findings.append(Finding(code=CODE, message=message, kpis=KPIS))
        if other.height:
            message = Message("total-differs", count=other.height, list=name)
            days = tuple(month_of(each) for each in other["_month"].unique().sort())
            findings.append(Finding(code=CODE, message=message, kpis=KPIS, is_serious=True, consequence=Consequence.NO_VALUE, days=days))  # fmt: skip
    return done, findings, are_parts


def _rows(read: FileRead, sheet: int | None) -> pl.DataFrame:
    """The costs of a list with their month (the first day), kind, currency and amount."""
    at = pl.coalesce([name for name in ("spent_at", "month") if name in read.used.columns])
    words = [
        (pl.col(name).cast(pl.String) if name in read.used.columns else pl.lit(None, pl.String)).alias(name)
        for name in ("kind", "currency")
    ]
    # Fourteen hours on, a month that begins at midnight in any zone has begun in UTC.
    month = (at + pl.duration(hours=14)).dt.truncate("1mo").dt.date().alias("_month")
    return read.used.filter(of_sheet(sheet)).select(ROW, month, *words, pl.col("amount").cast(pl.Float64)).drop_nulls(["_month", "amount"])  # fmt: skip


def month_of(first: date) -> tuple[date, date]:
    """The first and the last day of a month, by its first."""
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
