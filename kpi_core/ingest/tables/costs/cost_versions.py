"""Costs that stand in several files or sheets as sums of a month: versions of one list, as after a correction, or lists of the year so far.

A list of such sums has each month and kind once. Where two lists have the same ones, equal amounts are one cost. Of amounts that differ
those of the list that goes on past the others are the newest; where none does, it is unknown which holds, and nothing rests on them.
"""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.tables.costs.cost_totals import month_of
from kpi_core.ingest.tables.identity.same_rows import without_rows
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import COSTS

CODE = "cost-versions"
KPIS = {"acquisition": "cac*", "support": "cost_per_ticket*"}
NOT_COMPARED = ("amount", "spent_at", "month")
NOTES = frozenset(
    {
        *("comment", "comments", "note", "notes", "kommentar", "kommentarer", "anteckning", "anmärkning", "notat", "kommentti", "huomautus"),
        *("updated", "updated at", "last updated", "uppdaterad", "senast uppdaterad", "oppdatert", "opdateret", "päivitetty"),
    }
)  # fmt: skip
"""Headers of what one version may say otherwise of the same cost."""
FILE, UNIT, AT, KEY, AMOUNT, KIND, LAST = "_file", "_unit", "_at", "_key", "_amount", "_kind", "_last"
"""Columns of the costs of a file."""


def one_version(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files with each cost of a month once, and the findings on those that several lists have."""
    done = list(reads)
    places = [place for place, read in enumerate(reads) if has_dates(read)]
    if sum(max(len(reads[place].raw.parts), 1) for place in places) < 2:
        return done, []
    rows = pl.concat([costs_of(reads[place], place) for place in places]).drop_nulls([AT, AMOUNT])
    if rows.is_empty() or rows.select(UNIT, KEY, pl.col(AT).dt.truncate("1mo")).is_duplicated().any():
        return done, []  # No sums of months: postings, of which a month may have several.
    rows = rows.with_columns(pl.col(AT).max().over(UNIT).alias(LAST))
    shared = rows.filter(pl.struct(KEY, AT).is_duplicated())
    if shared.is_empty():
        return done, []
    newest, gone = _settled(shared)
    for (place,), own in gone.group_by(FILE):
        done[int(str(place))] = without_rows(reads[int(str(place))], own[ROW].cast(pl.UInt32))
    return done, [*_counted_once(gone, newest, reads), *_in_doubt(shared, newest, reads)]


def has_dates(read: FileRead) -> bool:
    """Whether a file is of costs with amounts and dates or months."""
    return (
        read.mapping.table == "costs" and "amount" in read.used.columns and {"spent_at", "month"} & {*read.used.columns} != set()
    )  # fmt: skip


def costs_of(read: FileRead, place: int) -> pl.DataFrame:
    """The costs of a file: file, list, row, time, amount, kind, and what they are of in words."""
    read_at = {each.place: each.name for each in read.narrow.fields if not each.is_composed}
    names = {
        at: read_at.get(at, normal(header)) for at, header in enumerate(read.headers) if at < read.raw.width
    }  # fmt: skip
    columns = [(name, at) for at, name in names.items() if name and name not in NOT_COMPARED and name not in NOTES]
    cells = [
        pl.concat_str(pl.lit(f"{name}="), pl.col(f"c{at}").fill_null("").str.strip_chars().str.to_lowercase())
        for name, at in sorted(columns)
    ]
    scan = read.raw.scan(skip=read.match.skip, row_index=ROW).select(
        ROW, pl.concat_str([pl.lit(""), *cells], separator="\x1f").alias(KEY)
    )
    stacked = len(read.raw.parts) > 1
    sheet = (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS if stacked else pl.lit(0, pl.Int64)
    at = pl.coalesce([name for name in ("spent_at", "month") if name in read.used.columns])
    kind = pl.col("kind").cast(pl.String) if "kind" in read.used.columns else pl.lit(None, pl.String)
    used = read.used.select(
        ROW, at.alias(AT), pl.col("amount").cast(pl.Float64).alias(AMOUNT), kind.alias(KIND),
        pl.lit(place, pl.Int64).alias(FILE), (pl.lit(place, pl.Int64) * 4096 + sheet).alias(UNIT),
    )  # fmt: skip
    found = used.join(collect(read.raw, scan), on=ROW, how="left")
    # What a header or the name of a list says of their kind stands in none of the cells.
    return found.with_columns(pl.concat_str(KEY, pl.col(KIND).fill_null(""), separator="\x1f").alias(KEY))


def _settled(shared: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of costs that several lists have whether the amount is one, or taken from the list that goes on longest, and the rows that do not count."""
    pair = [KEY, AT]
    tops = shared.with_columns(pl.col(LAST).max().over(pair).alias("_top"))
    newest = tops.group_by(pair).agg(
        one=pl.col(AMOUNT).n_unique() == 1,
        is_known=pl.col(AMOUNT).filter(pl.col(LAST) == pl.col("_top")).n_unique() == 1,
        kept=pl.col(UNIT).filter(pl.col(LAST) == pl.col("_top")).min(),
        kinds=pl.col(KIND).unique(),
    )
    known = newest.filter(pl.col("one") | pl.col("is_known")).select(*pair, "kept", "one")
    gone = shared.join(known, on=pair).filter(pl.col(UNIT) != pl.col("kept"))
    return newest, gone


def _counted_once(gone: pl.DataFrame, newest: pl.DataFrame, reads: Sequence[FileRead]) -> list[Finding]:
    if gone.is_empty():
        return []
    names = [reads[place].name for place in gone[FILE].unique().sort()]
    message = Message("costs-counted-once", count=gone.height, files=names)
    older = newest.filter(~pl.col("one") & pl.col("is_known"))
    if older.height:
        message = Message("costs-of-longest-list", count=gone.height, files=names, older=older.height)
    kpis = touched(newest.filter(pl.col("one") | pl.col("is_known")))
    return [Finding(code="repeated-keys", message=message, kpis=kpis, is_serious=bool(older.height))]


def _in_doubt(shared: pl.DataFrame, newest: pl.DataFrame, reads: Sequence[FileRead]) -> list[Finding]:
    doubt = newest.filter(~pl.col("one") & ~pl.col("is_known")).sort(AT, KEY)
    if doubt.is_empty():
        return []
    rows = shared.join(doubt.select(KEY, AT), on=[KEY, AT], how="semi")
    names = [reads[place].name for place in rows[FILE].unique().sort()]
    first = doubt.row(0, named=True)
    amounts = rows.filter((pl.col(KEY) == first[KEY]) & (pl.col(AT) == first[AT]))[AMOUNT].unique().sort()
    message = Message(
        "costs-in-doubt", files=names, month=f"{first[AT]:%Y-%m}", amounts=[f"{each:,.10g}" for each in amounts]
    )
    # Fourteen hours on, a month that begins at midnight in any zone has begun in UTC.
    firsts = doubt.select((pl.col(AT) + pl.duration(hours=14)).dt.truncate("1mo").dt.date()).to_series().unique().sort()
    days = tuple(month_of(first) for first in firsts)
    return [Finding(code=CODE, message=message, kpis=touched(doubt), is_serious=True, consequence=Consequence.NO_VALUE, days=days)]  # fmt: skip


def touched(costs: pl.DataFrame) -> tuple[str, ...]:
    """The KPIs of the kinds of some costs; of unknown kinds all."""
    kinds = set(costs["kinds"].explode().to_list())
    return tuple(sorted(KPIS.values() if None in kinds or not kinds else {KPIS[kind] for kind in kinds & set(COSTS)}))
