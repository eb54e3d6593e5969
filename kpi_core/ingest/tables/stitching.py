"""The files of one table as one: rows with one key are one row, and each file knows which of its rows lost."""

from collections.abc import Sequence
from dataclasses import field, replace

import polars as pl

from kpi_core.ingest.fields.day_columns import TIMED
from kpi_core.ingest.file_read import JOINED, FileRead
from kpi_core.ingest.tables.contracts import Contracts, with_contracts_folded
from kpi_core.ingest.tables.duplicates import ID, no_losers, repeated_keys, split_duplicates
from kpi_core.ingest.tables.filling import completed
from kpi_core.ingest.tables.history.ticket_history import with_history
from kpi_core.ingest.tables.identity.same_number import Apart, separated
from kpi_core.ingest.tables.orders.credits import credits_apart
from kpi_core.ingest.tables.orders.order_lines import Lines, with_lines_folded
from kpi_core.ingest.tables.silent_files import marks
from kpi_core.messages.message import Message
from kpi_core.model.columns import DAYS, MONTHS
from kpi_core.model.findings import REPEATED_SCHEMA, Finding, Source
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass

ROW_IS = {"tickets": Message("row-ticket"), "orders": Message("row-order"), "leads": Message("row-lead")}
"""What a row of a table is that has a number of its own."""
NUMBERED = tuple(ROW_IS)
"""Tables whose rows have numbers wherever they come from."""
UPDATED = "updated_at"


@dataclass(frozen=True, kw_only=True, eq=False)
class Stitched:
    """One table of several files, None where there is none of it; the account of each file and the rows that lost.

    `reads` are the files with their rows known by what they are (see `same_number`), `older` the rows that lost and say when they were
    written: what was known before the others were.
    """

    frame: pl.DataFrame | None = None
    reads: tuple[FileRead, ...] = ()
    sources: tuple[Source, ...] = ()
    repeated: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REPEATED_SCHEMA))
    findings: tuple[Finding, ...] = ()
    older: pl.DataFrame | None = None


def stitched(reads: Sequence[FileRead], name: str) -> Stitched:
    """The files of one table as one frame without repeated keys; the rows that lost are refused as duplicate keys."""
    if not reads:
        return Stitched()
    table = TABLES[name]
    days = sorted({each for read in reads for each in (*read.days, *_days_among(read))}) if name in TIMED else []
    months = sorted({each for read in reads for each in read.months})
    files = [
        read.used.with_columns(
            _file=pl.lit(place, pl.UInt16),
            # What an empty cell says of a zero next to it depends on whether the row's own file has the column.
            _dates_replies=pl.lit("first_replied_at" in read.used.columns),
            _dates_resolutions=pl.lit("resolved_at" in read.used.columns),
            **{DAYS + one: pl.lit(one in read.days) for one in days if one not in _days_among(read)},
            **{MONTHS + one: pl.lit(one in read.months) for one in months},
            **marks_of,
        )
        for place, (read, marks_of) in enumerate(zip(reads, marks(reads, name), strict=True))
    ]
    whole = files[0] if len(files) == 1 else pl.concat(files, how="diagonal_relaxed")
    apart = credits_apart(whole, reads) if name == "orders" else whole
    is_apart, whole = apart is not whole, apart
    is_one = len(reads) == 1 and len(reads[0].raw.parts) <= 1
    is_plain = _are_unique(whole[ID], reads) and (is_one or name != "messages")
    known = Apart(frame=whole) if is_plain else separated(whole, reads, table)
    whole = known.frame
    if known.is_changed or is_apart:
        reads = [
            replace(read, used=read.used.with_columns(whole.filter(pl.col("_file") == place)[ID]))
            for place, read in enumerate(reads)
        ]
    lines = _folded(whole, reads, name)
    is_counted = is_plain and lines.frame is whole
    winners, losers = (whole, no_losers(whole)) if is_counted else split_duplicates(lines.frame, table)
    joined = losers.clear()
    if losers.height:
        done = completed(winners, losers, reads, table)
        winners, losers, joined = done.winners, done.losers, done.joined
    winners, of_history = with_history(winners, losers, whole, reads) if name == "tickets" else (winners, [])
    older = losers.filter(pl.col(UPDATED).is_not_null()) if UPDATED in losers.columns else losers.clear()
    sources, repeated = [], []
    for place, read in enumerate(reads):
        lost, folded = _of_file(losers, place), _of_file(joined, place)
        sources.append(
            read.source(duplicates=lost.height, joined={JOINED: folded.height, **lines.folded.get(place, {})})
        )
        repeated.append(_repeated(lost, read, name))
    return Stitched(
        frame=_known_by_source(winners, table.key), older=_known_by_source(older, table.key) if older.height else None, reads=tuple(reads), sources=tuple(sources), repeated=pl.concat(repeated),
        findings=(*_unnumbered(reads, name), *known.findings, *lines.findings, *repeated_keys(winners, losers, table, whole.height), *of_history),
    )  # fmt: skip


def _of_file(rows: pl.DataFrame, place: int) -> pl.DataFrame:
    """Those of some rows that are from one file."""
    return rows.filter(pl.col("_file") == place) if rows.height else rows


def _repeated(lost: pl.DataFrame, read: FileRead, table: str) -> pl.DataFrame:
    """The rows of a file that lost to others of their key."""
    if lost.is_empty():
        return pl.DataFrame(schema=REPEATED_SCHEMA)
    return lost.select(file=pl.lit(read.name), table=pl.lit(table), row=pl.col("_row").sort())


def _folded(whole: pl.DataFrame, reads: Sequence[FileRead], name: str) -> Lines | Contracts:
    """The rows of all files with the lines of each order, and the contracts of each customer, as one row."""
    if name == "customers":
        return with_contracts_folded(whole) if whole[ID].n_unique() < whole.height else Contracts(frame=whole)
    return with_lines_folded(whole, reads) if name == "orders" else Lines(frame=whole)


def _are_unique(ids: pl.Series, reads: Sequence[FileRead]) -> bool:
    """Whether no two rows are known by the same; of one file as it was read that is known."""
    known = reads[0].ids if len(reads) == 1 else None
    if known is not None and known.of.equals(ids):
        return known.are_unique.result()
    return ids.n_unique() == len(ids)


def _days_among(read: FileRead) -> list[str]:
    """The instants of which some cells of a file are days without a time, and others not: its rows are marked."""
    return [column.removeprefix(DAYS) for column in read.used.columns if column.startswith(DAYS)]


def _unnumbered(reads: Sequence[FileRead], name: str) -> list[Finding]:
    """Files without a number for each row: their rows all count, whatever they have in common."""
    table = TABLES[name]
    if name not in NUMBERED:
        return []
    line = f"{table.key}: {{from: [HEADER, HEADER], join: true}}"
    found = []
    for read in reads:
        if table.key in read.narrow.frame.columns:
            continue
        rows, numbers = read.used.height, read.used[table.key].n_unique()
        message = Message("no-number", file=read.name, key=table.key, rows=rows, what=ROW_IS[name], line=line)
        if numbers < rows:
            message = Message("no-number-of-lines", file=read.name, key=table.key, rows=rows, count=numbers, line=line)
        found.append(Finding(code="no-number", message=message))
    return found


def _known_by_source(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """The frame with its key made unique by source, as ticket 1 of two companies is two tickets; `_number` is the bare one."""
    return frame.with_columns(pl.col(key).alias("_number"), pl.col(ID).alias(key)).drop("_row", "_mask", ID)
