"""When tickets that were opened again lay resolved before, as earlier exports show: one export alone knows their last resolution only."""

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.tables.duplicates import ENDS, ID
from kpi_core.ingest.tables.history.exports_in_turn import DONE, FILE, UPDATED
from kpi_core.messages.message import Message
from kpi_core.model.columns import RESTED
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES

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


def with_rests(winners: pl.DataFrame, losers: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets with when each of them lay resolved before it was opened again (`RESTED`, lists), and the finding on how many did.

    Args:
        winners: the tickets as the newest row of each has them.
        losers: the rows that lost against them, which say what was known before.

    Returns:
        The tickets as they are where no two exports tell of one at two times, none says when it was resolved, or none was opened again. A ticket begins to lie
        resolved when an export first says so; it no longer does when the next one has it open, by its last change there, at the latest when it
        was resolved again. `first_resolved_at` is filled where a file does not say it.
    """
    ends = [name for name in ENDS if name in winners.columns and name in losers.columns]
    if losers.is_empty() or not ends:
        return winners, []
    versions = _versions(winners, losers, ends)
    if versions["taken"].n_unique() < 2:
        return winners, []
    rests, closed = _rests(versions)
    if closed:
        message = Message("resolved-overwritten", count=closed)
        overwritten = Finding(
            code=OVERWRITTEN, message=message, kpis=OF_RESOLUTIONS, is_serious=True, consequence=Consequence.NO_VALUE
        )
        return winners, [overwritten]
    if rests.is_empty():
        return winners, []
    since, until = RESTED
    lists = rests.sort(ID, "since").group_by(ID, maintain_order=True).agg(
        pl.col("since").alias(since), pl.col("until").alias(until), first=pl.col("since").min()
    )  # fmt: skip
    own = [pl.col(FIRST)] if FIRST in winners.columns else []
    joined = winners.join(lists, on=ID, how="left", maintain_order="left")
    tickets = joined.with_columns(pl.coalesce(*own, "first").alias(FIRST)).drop("first")
    message = Message("reopened-between-exports", count=lists.height)
    return tickets, [Finding(code=CODE, message=message, kpis=("backlog*",))]


def _versions(winners: pl.DataFrame, losers: pl.DataFrame, ends: list[str]) -> pl.DataFrame:
    """The rows of the tickets that have several, oldest first: when each was taken, and when its ticket ended, null where it was open."""
    events = [name for name in TABLES["tickets"].events if name in winners.columns]
    every = pl.concat([winners.select(FILE, *events), losers.select(FILE, *events)])
    taken = every.group_by(FILE).agg(taken=pl.max_horizontal(*events).max())
    known = {
        "ended": pl.coalesce(ends),
        "status": pl.col("status").cast(pl.String) if "status" in winners.columns else pl.lit(None, pl.String),
        UPDATED: pl.col(UPDATED) if UPDATED in winners.columns else pl.lit(None, pl.Datetime("ms")),
    }
    several = winners.filter(pl.col(ID).is_in(losers[ID].unique().implode()))
    rows = pl.concat([each.select(ID, FILE, ROW, **known) for each in (losers, several)]).join(taken, on=FILE)
    is_done = pl.coalesce(pl.col("status").is_in(DONE), pl.col("ended").is_not_null())
    return rows.with_columns(is_done=is_done).sort(ID, "taken", UPDATED, ROW, nulls_last=False)


def _rests(versions: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The spans in which tickets lay resolved and were not to stay so: `_id`, `since`, `until`; and how many have a later time since they were closed, where that is how it goes."""
    before = {f"{name}_before": pl.col(name).shift(1).over(ID) for name in ("ended", "taken", "is_done", "status")}
    pairs = versions.with_columns(**before).filter(
        pl.col("is_done_before") & pl.col("ended_before").is_not_null() & (pl.col("taken") > pl.col("taken_before"))
    )
    is_later = pl.col("is_done") & (pl.col("ended") > pl.col("taken_before"))
    is_closing = pl.col("is_done") & (pl.col("status_before") == "solved") & (pl.col("status") == "closed")
    closings = pairs.filter(is_closing)
    later = closings.select((pl.col("ended") > pl.col("ended_before")).sum()).item()
    if closings.height >= SEVERAL and later >= RESTAMPED * closings.height:
        return versions.select(ID, since="ended", until="ended").clear(), later
    open_since = pl.coalesce(pl.min_horizontal(UPDATED, "taken"), "taken")
    until = pl.when(pl.col("is_done")).then("ended").otherwise(pl.max_horizontal(open_since, "ended_before"))
    again = pairs.filter((~pl.col("is_done")) | is_later.fill_null(value=False))
    return again.select(ID, since="ended_before", until=until), 0
