"""When tickets that were opened again had been resolved before, as earlier exports show: one export alone knows their last resolution only."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.tables.duplicates import ENDS, ID
from kpi_core.ingest.tables.history.successive_exports import FILE, UPDATED, Export, is_resolved
from kpi_core.messages.message import Message
from kpi_core.model.columns import EARLIER
from kpi_core.model.findings import Consequence, Finding

CODE = "reopened-between-exports"
FIRST = "first_resolved_at"
OVERWRITTEN = "resolved-overwritten"
SEVERAL, RESTAMPED = 10, 0.5
"""Tickets that went from solved to closed between two exports, and the share of them from which a later time of resolution is that of the closing."""
OF_RESOLUTIONS = (
    "tickets_resolved", "net_flow*", "backlog*", "resolution_*", "resolved_within*", "first_resolution*", "sla_resolution_rate*",
    "complaint_resolution_rate*", "successful_resolution_rate*",
)  # fmt: skip
"""What rests on when tickets were resolved."""


def with_earlier_resolutions(
    winners: pl.DataFrame, losers: pl.DataFrame, exports: Sequence[Export]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets with when each was resolved before it was opened again, and when that was (`EARLIER`, lists), and the finding on how many were.

    Args:
        winners: the tickets as the newest row of each has them.
        losers: the rows that lost against them, which say what was known before.
        exports: those that they are from, in the order in which they were taken.

    Returns:
        The tickets as they are where no two exports tell of one at two times, none says when it was resolved, or none was opened again. One was
        opened again at its last change in the next export that has it open, at the latest when it was resolved anew.
        `first_resolved_at` is filled where a file does not say it.
    """
    ends = [name for name in ENDS if name in winners.columns and name in losers.columns]
    if not ends:
        return winners, []
    versions = _versions(winners, losers, ends, exports)
    if versions["taken"].n_unique() < 2:
        return winners, []
    if overwritten := _overwritten(versions):
        message = Message("resolved-overwritten", count=overwritten)
        kpis, consequence = OF_RESOLUTIONS, Consequence.NO_VALUE
        return winners, [
            Finding(code=OVERWRITTEN, message=message, kpis=kpis, is_serious=True, consequence=consequence)
        ]
    reopened = _reopened(versions)
    if reopened.is_empty():
        return winners, []
    lists = reopened.sort(ID, *EARLIER).group_by(ID, maintain_order=True).agg(*EARLIER, first=pl.col(EARLIER[0]).min())
    own = [pl.col(FIRST)] if FIRST in winners.columns else []
    joined = winners.join(lists, on=ID, how="left", maintain_order="left")
    tickets = joined.with_columns(pl.coalesce(*own, "first").alias(FIRST)).drop("first")
    message = Message("reopened-between-exports", count=lists.height)
    return tickets, [Finding(code=CODE, message=message, kpis=("backlog*",))]


def _versions(
    winners: pl.DataFrame, losers: pl.DataFrame, ends: Sequence[str], exports: Sequence[Export]
) -> pl.DataFrame:
    """The rows of the tickets that have several, oldest first, each with what was known in the one before (`…_before`).

    `taken` is when its export was, `ended` when its ticket was resolved.
    """
    several = winners.filter(pl.col(ID).is_in(losers[ID].unique().implode()))
    taken = {export.file: export.taken for export in exports}
    known = {
        "taken": pl.col(FILE).replace_strict(taken, default=None, return_dtype=pl.Datetime("ms")),
        "ended": pl.coalesce(ends),
        "status": pl.col("status").cast(pl.String) if "status" in winners.columns else pl.lit(None, pl.String),
        UPDATED: pl.col(UPDATED) if UPDATED in winners.columns else pl.lit(None, pl.Datetime("ms")),
        "is_done": is_resolved(winners),
    }
    rows = pl.concat([each.select(ID, ROW, **known) for each in (losers, several)]).drop_nulls("taken")
    ordered = rows.sort(ID, "taken", UPDATED, ROW, nulls_last=False)
    before = {f"{name}_before": pl.col(name).shift(1).over(ID) for name in ("ended", "taken", "is_done", "status")}
    return ordered.with_columns(**before)


def _after_resolution(versions: pl.DataFrame) -> pl.DataFrame:
    """The rows of which an earlier export says that their ticket was resolved, and when."""
    is_after = pl.col("is_done_before") & pl.col("ended_before").is_not_null()
    return versions.filter(is_after, pl.col("taken") > pl.col("taken_before"))


def _overwritten(versions: pl.DataFrame) -> int:
    """How many tickets have a later time of resolution since they were closed, where that is how it goes; 0 where it is not."""
    is_closing = pl.col("is_done") & (pl.col("status_before") == "solved") & (pl.col("status") == "closed")
    closings = _after_resolution(versions).filter(is_closing)
    later = int(closings.select((pl.col("ended") > pl.col("ended_before")).sum()).item())
    return later if closings.height >= SEVERAL and later >= RESTAMPED * closings.height else 0


def _reopened(versions: pl.DataFrame) -> pl.DataFrame:
    """The resolutions that were not the last: `_id`, and `EARLIER`."""
    is_later = pl.col("is_done") & (pl.col("ended") > pl.col("taken_before"))
    again = _after_resolution(versions).filter((~pl.col("is_done")) | is_later.fill_null(value=False))
    open_since = pl.coalesce(pl.min_horizontal(UPDATED, "taken"), "taken")
    reopened = pl.when("is_done").then("ended").otherwise(pl.max_horizontal(open_since, "ended_before"))
    resolved_at, reopened_at = EARLIER
    return again.select(ID, pl.col("ended_before").alias(resolved_at), reopened.alias(reopened_at))
