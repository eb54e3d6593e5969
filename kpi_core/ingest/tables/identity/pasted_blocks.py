"""A block of rows that stands twice in one list, under new running numbers or where rows have none: it counts once.

Two rows that look alike may be two. Several in a row that are, cell by cell and in the same order, those of another place of the list, of
several times among them, were pasted in again.
"""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.tables.identity.copied_rows import CODE
from kpi_core.ingest.tables.identity.same_rows import ANSWERS, hashed, without_rows
from kpi_core.ingest.tables.identity.spelt_numbers import LISTS
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.tables import TABLES

BLOCK = 5
"""Rows of a block from which that is no chance."""
TIMES = 3
"""The different times of day that they have: days alone, or one hour of each, distinguish no row from another."""
DAYS, TURNS = 10, 0.2
"""The different days of a block in no order of time, and how often its days go back and on, as a share of its rows: no two parts of a list have those in common."""
PASTED = 3
"""Times that a row may stand there: what stands oftener is made by a machine, or has so few columns that many are alike."""
MOSTLY = 0.8
"""The share of a block's rows that stand there no oftener."""
MOST = 0.5
"""The share of a list that may be pasted: one that goes round and round was written so."""
LARGE, LOOKED_AT = 100_000, 2_000
"""Rows from which a list is looked through only where some of its rows, so many, have another of their time and say."""
COMPARED = frozenset(
    {
        "customer_id",
        "customer_email",
        "amount",
        "rating",
        "agent",
        "group",
        "resolved_at",
        "first_replied_at",
        "lost_at",
    }
)
"""The columns by which rows are first compared."""
_AT, _PLACE, _WORDS, _FIRST, _RUN, _KEY, _SHEET, _OFTEN = (
    "_at",
    "_place",
    "_words",
    "_first",
    "_run",
    "_key",
    "_sheet",
    "_often",
)


def without_pasted(reads: Sequence[FileRead]) -> tuple[list[FileRead], list[Finding]]:
    """The files without the rows of blocks that stand in them before, and the findings on them."""
    done, findings = list(reads), list[Finding]()
    for place, read in enumerate(reads):
        table = read.mapping.table
        if table not in LISTS or read.used.height < 2 * BLOCK:
            continue
        at = next((name for name in TABLES[table].events if name in read.used.columns), None)
        rows = None if at is None or at in read.months else _pasted(read, at)
        if rows is not None and len(rows):
            done[place] = without_rows(read, rows)
            first = int(rows[0]) if len(read.raw.parts) < 2 else (int(rows[0]) - 1) % SHEET_ROWS + 1
            message = Message("rows-pasted", count=len(rows), file=read.name, row=str(first))
            findings.append(Finding(code=CODE, message=message, kpis=OF.get(table, ANSWERS), is_serious=True))
    return done, findings


def _pasted(read: FileRead, at: str) -> pl.Series | None:
    """The numbers of the rows of a file that are, block by block, rows before them; None where hardly any two are alike."""
    key = TABLES[read.mapping.table].key
    fields = [field for field in read.narrow.fields if field.name == key]
    if any(field.is_composed for field in fields):
        return None
    alike = _alike(read.used.drop(key, strict=False), at)
    if alike is None or len(alike) < 2 * BLOCK:
        return None
    others = [
        place for place in range(min(len(read.headers), read.raw.width)) if place not in {each.place for each in fields}
    ]
    own = (
        [pl.col(key).cast(pl.String).alias(_KEY)]
        if fields and key in read.used.columns
        else [pl.col(ROW).cast(pl.String).alias(_KEY)]
    )
    rows = read.used.select(ROW, pl.col(at).alias(_AT), *own).sort(ROW).with_row_index(_PLACE)
    rows = rows.join(hashed(read, {_WORDS: others}, alike), on=ROW, how="inner")
    sheet = (pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS if len(read.raw.parts) > 1 else pl.lit(0, pl.Int64)
    rows = rows.with_columns(sheet.alias(_SHEET)).sort(_PLACE)
    of_one = (_SHEET, _WORDS)
    marked = rows.with_columns(
        pl.col(_PLACE).first().over(of_one).alias(_FIRST),
        pl.col(_KEY).first().over(of_one).alias("_number"),
        pl.len().over(of_one).alias(_OFTEN),
    )
    later = _of_one_distance(marked.filter(pl.col(_PLACE) != pl.col(_FIRST)), marked)
    later = later.filter(pl.col(_KEY) != pl.col("_number"))
    steps = [pl.col(name).cast(pl.Int64).diff().fill_null(0) == 1 for name in (_PLACE, _FIRST)]
    runs = later.with_columns((~pl.all_horizontal(steps)).cum_sum().alias(_RUN))
    step = pl.col(_AT).diff().dt.total_seconds()
    blocks = runs.group_by(_RUN, maintain_order=True).agg(
        pl.len(), times=pl.col(_AT).dt.time().n_unique(), days=pl.col(_AT).dt.date().n_unique(),
        turns=pl.min_horizontal((step < 0).sum(), (step > 0).sum()), seldom=(pl.col(_OFTEN) <= PASTED).mean(),
    )  # fmt: skip
    in_no_order = (pl.col("days") >= DAYS) & (pl.col("turns") >= TURNS * pl.col("len"))
    blocks = blocks.filter(
        (pl.col("len") >= BLOCK) & (pl.col("seldom") >= MOSTLY) & ((pl.col("times") >= TIMES) | in_no_order)
    )
    pasted = runs.filter(pl.col(_RUN).is_in(blocks[_RUN].implode()))[ROW].sort()
    return pasted if len(pasted) <= MOST * read.used.height else None


def _of_one_distance(later: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Later rows, each with the row that it repeats: the one at the distance that most of them have, where that says the same, else the first."""
    if later.is_empty():
        return later
    distance = (
        (later[_PLACE].cast(pl.Int64) - later[_FIRST].cast(pl.Int64)).alias("by").value_counts(sort=True)[0, "by"]
    )
    partner = rows.select(
        (pl.col(_PLACE).cast(pl.Int64) + distance).cast(rows.schema[_PLACE]).alias(_PLACE),
        pl.col(_PLACE).alias("_partner"), pl.col(_WORDS).alias("_same"), pl.col(_SHEET).alias("_its_sheet"), pl.col(_KEY).alias("_its_number"),
    )  # fmt: skip
    met = later.join(partner, on=_PLACE, how="left", maintain_order="left")
    is_met = ((pl.col("_same") == pl.col(_WORDS)) & (pl.col("_its_sheet") == pl.col(_SHEET))).fill_null(value=False)
    return met.with_columns(
        pl.when(is_met).then("_partner").otherwise(_FIRST).alias(_FIRST),
        pl.when(is_met).then("_its_number").otherwise("_number").alias("_number"),
    ).drop("_partner", "_same", "_its_sheet", "_its_number")


def _alike(used: pl.DataFrame, at: str) -> pl.Series | None:
    """The numbers of the rows that have another of their time and of all that is read of them but their number; None where there are few."""
    names = [name for name in used.columns if name == at or name.startswith("score:") or name in COMPARED]
    if used.height > LARGE:
        some = used.gather_every(used.height // LOOKED_AT)
        near = used.filter(pl.col(at).is_in(some[at].drop_nulls().unique().implode()))
        if near.select(pl.struct(names).is_duplicated().sum()).item() < 2 * BLOCK:
            return None
    return used.filter(pl.col(at).is_not_null() & pl.struct(names).is_duplicated())[ROW]
