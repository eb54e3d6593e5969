"""The durations an export has columns for, each with the two instants it lies between, and how finely it is written."""

from collections.abc import Iterator
from datetime import time

import polars as pl

from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.records import dataclass

ENDS = {
    "first_reply_time": ("first_replied_at",),
    "first_resolution_time": ("first_resolved_at", "resolved_at"),
    "resolution_time": ("resolved_at", "closed_at"),
}
"""What ends a duration that begins at created_at: the first of these that a file has."""

BUSINESS = "_business"
STEPS = (3600, 360, 60, 36, 6)
"""Seconds a column may be rounded to: hours, their tenths, minutes, hundredths of an hour, tenths of a minute."""

LEAST_SEEN = 3
"""Fewer cells do not show what they are rounded to."""

TIMES = {
    "read": pl.UInt16(), "row": pl.UInt32(), "column": pl.String(), "is_business": pl.Boolean(),
    "since": pl.Datetime("ms"), "until": pl.Datetime("ms"), "written": pl.Int64(), "tolerance": pl.Int64(),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One column of one file against the clock: how many of its cells are what.

    `compared` cells have both instants and are `negative`, `equal` (within `tolerance` seconds), `zero`, `shorter` or
    `longer` than the time by the clock, the first that holds. `undated` cells say something without both instants, and
    `undated_zeros` of them are zeros. `step` is what the column is rounded to, in seconds.
    """

    file: str
    column: str
    header: str
    end: str
    is_business: bool
    step: int
    tolerance: int
    compared: int
    equal: int
    shorter: int
    longer: int
    zero: int
    negative: int
    undated: int
    undated_zeros: int


def measured(dataset: Dataset) -> tuple[pl.DataFrame, tuple[Agreement, ...]]:
    """Every time written with its instants (`TIMES`; the end is null where nothing ended it), and the columns' agreement.

    A row that lost against another with its key is not looked at. A column whose instants are days without a clock is
    left out, for it gives no time of day.
    """
    frames, accounts = [pl.DataFrame(schema=TIMES)], []
    for place, read in enumerate(dataset.reads):
        if read.mapping.table != "tickets" or "created_at" not in read.used.columns:
            continue
        rows = kept_rows(dataset, read)
        for column, end in _columns(read):
            times = _times(rows, column, end)
            if times.is_empty() or _is_daily(times):
                continue
            step, tolerance = rounding(times)
            times = times.with_columns(tolerance=pl.lit(tolerance, pl.Int64))
            accounts.append(_agreement(read, times, column, end, step))
            frames.append(times.with_columns(read=pl.lit(place, pl.UInt16)).select(*TIMES))
    return pl.concat(frames), tuple(accounts)


def kept_rows(dataset: Dataset, read: FileRead) -> pl.DataFrame:
    """The rows of a file without those that lost against another with their key."""
    lost = dataset.repeated.filter(file=read.name, table=read.mapping.table)["row"]
    return read.used if lost.is_empty() else read.used.filter(~pl.col(ROW).is_in(lost.implode()))


def _columns(read: FileRead) -> Iterator[tuple[str, str]]:
    """The duration columns of a file with what ends them."""
    have = read.used.columns
    for name, ends in ENDS.items():
        end = next((one for one in ends if one in have), None)
        if end is not None and (end == ends[0] or name == "resolution_time" or "reopens" in have):
            yield from ((column, end) for column in (name, name + BUSINESS) if column in have)


def _times(rows: pl.DataFrame, column: str, end: str) -> pl.DataFrame:
    """What is written, from creation to its end; where a ticket opened again its last resolution is not the first."""
    if column.startswith("first_resolution") and end == "resolved_at":
        rows = rows.filter(pl.col("reopens") == 0)
    return rows.select(
        row=pl.col(ROW).cast(pl.UInt32), column=pl.lit(column), is_business=pl.lit(column.endswith(BUSINESS)),
        since=pl.col("created_at").cast(pl.Datetime("ms")), until=pl.col(end).cast(pl.Datetime("ms")),
        written=pl.col(column).cast(pl.Int64),
    ).filter(pl.col("written").is_not_null() & pl.col("since").is_not_null())  # fmt: skip


def _is_daily(times: pl.DataFrame) -> bool:
    """Whether its instants are days: every one is at midnight."""
    until = times["until"].drop_nulls()
    every = pl.concat([times["since"].rename("at"), until.rename("at")])
    return until.len() >= LEAST_SEEN and bool((every.dt.time() == time(0)).all())


def rounding(times: pl.DataFrame) -> tuple[int, int]:
    """What `written` is rounded to, and how far it may lie from the time between the instants; both in seconds.

    Whole minutes may be cut, rounded or raised, so they lie less than a minute off; instants without seconds add as much each.
    """
    written = times["written"].filter(times["written"] != 0)
    seen = written.len() >= LEAST_SEEN
    step = next((one for one in STEPS if seen and (written % one == 0).all()), 1)
    cut = sum(59 for name in ("since", "until") if _is_by_the_minute(times[name].drop_nulls()))
    return step, max(step - 1 + cut, 1)


def _is_by_the_minute(instants: pl.Series) -> bool:
    return instants.len() >= LEAST_SEEN and bool((instants.dt.second() == 0).all())


def _agreement(read: FileRead, times: pl.DataFrame, column: str, end: str, step: int) -> Agreement:
    header = next((found.header for found in read.narrow.fields if found.name == column), column)
    dated = times.filter(pl.col("until").is_not_null())
    undated = times.filter(pl.col("until").is_null())
    kinds = dict(dated.select(kind=_kind()).group_by("kind").len().iter_rows())
    return Agreement(
        file=read.name, column=column, header=header, end=end, is_business=column.endswith(BUSINESS), step=step,
        tolerance=int(times["tolerance"][0]), compared=dated.height,
        **{kind: kinds.get(kind, 0) for kind in ("equal", "shorter", "longer", "zero", "negative")},
        undated=undated.height, undated_zeros=undated.filter(written=0).height,
    )  # fmt: skip


def by_the_clock() -> pl.Expr:
    """Seconds from the first instant to the second."""
    return (pl.col("until") - pl.col("since")).dt.total_seconds()


def _kind() -> pl.Expr:
    off = pl.col("written") - by_the_clock()
    return (
        pl.when(pl.col("written") < 0).then(pl.lit("negative"))
        .when(off.abs() <= pl.col("tolerance")).then(pl.lit("equal"))
        .when(pl.col("written") == 0).then(pl.lit("zero"))
        .when(off < 0).then(pl.lit("shorter")).otherwise(pl.lit("longer"))
    )  # fmt: skip
