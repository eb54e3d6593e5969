"""How files of one table reach into each other: the days both have, the keys both have, and what changed between them.

Monthly exports overlap at their edges, and a ticket exported twice is one ticket. Which of its two rows counts
makes a difference, and this says where and how large.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.duplicates import ID, ranked
from kpi_core.messages.message import Message
from kpi_core.model.clock import Clock
from kpi_core.model.tables import TABLES
from kpi_core.quality.column_readings import SCORE
from kpi_core.quality.defects import Cost
from kpi_core.quality.what_if import Examined
from kpi_core.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Two files of one table that have days or keys in common.

    `first` and `last` bound the `days` on which both have rows (None: on no day, or nothing is dated). Of the
    `shared` keys, `changed` have rows that differ in a column which both files have; `columns` says in which.
    """

    table: str
    files: tuple[str, str]
    first: date | None
    last: date | None
    days: int
    shared: int
    changed: int
    columns: Mapping[str, int]
    cost: Cost | None = None


def overlaps(seen: Examined) -> Iterator[Overlap]:
    """Every two files that overlap, in the order they were given."""
    for table in TABLES:
        reads = [read for read in seen.dataset.reads if read.mapping.table == table]
        days = [_days(read, seen.clock) for read in reads] if len(reads) > 1 else []
        for one, other in combinations(range(len(days)), 2):
            common = sorted(days[one] & days[other])
            found = _overlap(seen, reads[one], reads[other], common)
            if common or found.shared:
                yield found


def _days(read: FileRead, clock: Clock) -> set[date]:
    """The days on which rows of a file came about."""
    dated = next(iter(TABLES[read.mapping.table].events), "")
    if dated not in read.used.columns:
        return set()
    return set(read.used.select(clock.day(dated).alias("day"))["day"].drop_nulls().unique())


def _overlap(seen: Examined, one: FileRead, other: FileRead, common: list[date]) -> Overlap:
    names = _compared(one, other)
    both = _latest(one, names).join(_latest(other, names), on=ID, suffix=" other")
    differs = both.select(pl.col(name).ne_missing(pl.col(f"{name} other")).alias(name) for name in names)
    counts = differs.sum().row(0, named=True) if names else {}
    changed = int(differs.select(pl.any_horizontal(pl.all()).sum()).item()) if names else 0
    ordered = sorted(((count, name) for name, count in counts.items() if count), key=lambda pair: (-pair[0], pair[1]))
    return Overlap(
        table=one.mapping.table, files=(one.name, other.name), first=common[0] if common else None,
        last=common[-1] if common else None, days=len(common), shared=both.height, changed=changed,
        columns={name.removeprefix(SCORE): count for count, name in ordered},
        cost=_cost(seen, one, other, both[ID], is_changed=changed > 0),
    )  # fmt: skip


def _compared(one: FileRead, other: FileRead) -> list[str]:
    """The columns that both files have: those of the table, and scores."""
    table = TABLES[one.mapping.table]
    names = [name for name in one.used.columns if name in other.used.columns and name != table.key]
    return [name for name in names if table.column(name) is not None or name.startswith(SCORE)]


def _latest(read: FileRead, names: list[str]) -> pl.DataFrame:
    """One row a key, the last written, with words as text: the words of two files would differ otherwise."""
    words = [name for name in names if isinstance(read.used.schema[name], pl.Categorical | pl.Enum)]
    rows = read.used.select(ID, *names).unique(ID, keep="last", maintain_order=True)
    return rows.with_columns(pl.col(name).cast(pl.String) for name in words)


def _cost(seen: Examined, one: FileRead, other: FileRead, shared: pl.Series, *, is_changed: bool) -> Cost | None:
    """What is resolved if the older row of each shared ticket counted; else what both rows counted would make."""
    table = one.mapping.table
    if shared.is_empty():
        return None
    if table == "tickets" and is_changed:
        older = seen.cost(
            ["tickets_resolved"], Message("if-older-counted"), table, _with_older(seen, one, other, shared)
        )
        if older is not None:
            return older
    return seen.counted(table, len(shared), Message("if-counted-in-both"))


def _with_older(seen: Examined, one: FileRead, other: FileRead, shared: pl.Series) -> pl.DataFrame:
    """The tickets with the older of two rows wherever both files have one."""
    tickets, key = seen.dataset.tables["tickets"], TABLES["tickets"].key
    rows = pl.concat(
        [read.used.filter(pl.col(ID).is_in(shared.implode())) for read in (one, other)], how="diagonal_relaxed"
    )
    older = (
        ranked(rows, TABLES["tickets"], ID)
        .unique(ID, keep="last", maintain_order=True)
        .with_columns(pl.col(ID).alias(key))
    )
    kept = [name for name in older.columns if name in tickets.columns]
    rest = tickets.filter(~pl.col(key).is_in(shared.implode()))
    return pl.concat([rest, older.select(kept)], how="diagonal_relaxed")
