"""The help desk's word on its promises against its own instants: due times where there are any, else the targets implied."""

from collections.abc import Iterator

import polars as pl

from kpi_core.analysis.reconcile.measured import BUSINESS, kept_rows
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import FileRead
from kpi_core.records import dataclass

LEAST_JUDGED = 5
"""Fewer tickets of a priority, or none kept or none broken among them, imply no target."""

DISSENT = {
    "read": pl.UInt16(),
    "row": pl.UInt32(),
    "column": pl.String(),
    "recomputed_met": pl.Boolean(),
    "off": pl.Int64(),
}
"""Tickets whose word differs: what it should be, and by how many seconds the promise was overrun (negative: kept)."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One SLA column of one file, judged again.

    `by` is the due time's column, or the duration a target was implied for; `target` is then that target in seconds,
    and `priority` whose it is (empty: all tickets). `unjudged` have a word and nothing to judge it by.
    """

    file: str
    column: str
    header: str
    by: str
    priority: str
    target: int | None
    judged: int
    agreeing: int
    unjudged: int


def promises(dataset: Dataset) -> tuple[tuple[Promise, ...], pl.DataFrame]:
    """Each SLA column judged again, and the tickets whose word differs (`DISSENT`)."""
    found, frames = [], [pl.DataFrame(schema=DISSENT)]
    for place, read in enumerate(dataset.reads):
        if read.mapping.table != "tickets":
            continue
        rows = kept_rows(dataset, read)
        for promise, judged in (*_resolutions(read, rows), *_first_replies(read, rows)):
            found.append(promise)
            differs = judged.filter(pl.col("met") != pl.col("reported"))
            frames.append(
                differs.select(
                    read=pl.lit(place, pl.UInt16), row=pl.col(ROW).cast(pl.UInt32), column=pl.lit(promise.column),
                    recomputed_met="met", off=pl.col("off").cast(pl.Int64),
                )
            )  # fmt: skip
    return tuple(found), pl.concat(frames)


def _resolutions(read: FileRead, rows: pl.DataFrame) -> Iterator[tuple[Promise, pl.DataFrame]]:
    """Resolved by the due time; open past it counts as broken, open before it as not yet judged."""
    reported = "sla_resolution_met"
    if not {reported, "due_at", "resolved_at"} <= set(rows.columns):
        return
    events = [name for name in ("created_at", "updated_at", "resolved_at", "closed_at") if name in rows.columns]
    newest = rows.select(pl.max_horizontal(pl.col(events).max())).item()
    known = rows.filter(pl.col(reported).is_not_null())
    late = (pl.coalesce("resolved_at", pl.lit(newest, pl.Datetime("ms"))) - pl.col("due_at")).dt.total_seconds()
    judged = known.with_columns(reported=reported, off=late).filter(
        pl.col("resolved_at").is_not_null() | (pl.col("off") > 0)
    )
    # The export writes whole seconds, so a second late may be none.
    judged = judged.filter(pl.col("off").is_not_null()).with_columns(met=pl.col("off") <= 1)
    yield _promise(read, reported, "due_at", known, judged), judged


def _first_replies(read: FileRead, rows: pl.DataFrame) -> Iterator[tuple[Promise, pl.DataFrame]]:
    """Answered within the target that best parts what was kept from what was not, a priority at a time."""
    reported = "sla_first_reply_met"
    by = next((name for name in ("first_reply_time" + BUSINESS, "first_reply_time") if name in rows.columns), None)
    if reported not in rows.columns or by is None:
        return
    judged_rows = rows.filter(pl.col(reported).is_not_null())
    timed = judged_rows.filter(pl.col(by).is_not_null())
    if "first_replied_at" in rows.columns:
        timed = timed.filter(pl.col("first_replied_at").is_not_null())
    grouping = pl.col("priority").cast(pl.String).fill_null("") if "priority" in rows.columns else pl.lit("")
    for (priority,), part in judged_rows.with_columns(_of=grouping).group_by("_of", maintain_order=True):
        known = timed.filter(pl.col(ROW).is_in(part[ROW].implode()))
        target = implied_target(known[by], known[reported])
        judged = known.clear() if target is None else known
        off = pl.col(by) - (target or 0)
        judged = judged.with_columns(reported=reported, off=off).with_columns(met=pl.col("off") <= 0)
        yield _promise(read, reported, by, part, judged, str(priority), target), judged


def implied_target(taken: pl.Series, met: pl.Series) -> int | None:
    """The time that parts kept from broken promises with the fewest exceptions: the longest kept within it.

    None where fewer than five were judged, where all were kept or all broken.
    """
    if met.len() < LEAST_JUDGED or met.all() or not met.any():
        return None
    ordered = pl.DataFrame({"taken": taken, "met": met}).sort("taken")
    # Beyond a target lie the kept ones that should be broken, within it the broken ones that should be kept.
    wrong = (~pl.col("met")).cum_sum() + pl.col("met").sum() - pl.col("met").cum_sum()
    at = ordered.with_columns(wrong=wrong).group_by("taken", maintain_order=True).last()
    best = at.filter(pl.col("wrong") == pl.col("wrong").min())
    return int(best["taken"][0])


def _promise(
    read: FileRead, column: str, by: str, known: pl.DataFrame, judged: pl.DataFrame, priority: str = "", target: int | None = None
) -> Promise:  # fmt: skip
    header = next((found.header for found in read.narrow.fields if found.name == column), column)
    return Promise(
        file=read.name, column=column, header=header, by=by, priority=priority, target=target, judged=judged.height,
        agreeing=judged.filter(pl.col("met") == pl.col("reported")).height, unjudged=known.height - judged.height,
    )  # fmt: skip
