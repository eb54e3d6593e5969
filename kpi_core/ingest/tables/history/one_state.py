"""Exports that hold only resolved tickets, or only open ones, after others that hold both: few rows each, but none of them otherwise."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.history.exports_in_turn import CREATED, FILE, is_open
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES

CODE = "one-state-since"
NEWEST = 10
"""The tickets of each export that were opened last: those that are open, where any are."""
FEWEST = 8
"""Tickets of exports of one state, of which fewer say nothing."""
UNLIKELY = 0.001
"""The chance below which that none is otherwise is none."""
OF_OPEN_ONES = (
    "backlog*", "net_flow*", "resolution_rate*", "successful_resolution_rate*", "complaint_resolution_rate*", "resolved_within*",
    "resolution_time_km*", "resolution_time_business_km*", "tickets_created", "contact_rate", "tickets_per_agent*", "sla_resolution_rate*",
)  # fmt: skip
"""What lacks the tickets that were opened since and are still open."""
OF_RESOLVED_ONES = (
    "tickets_resolved", "net_flow*", "resolution_*", "first_resolution*", "successful_resolution_rate*", "complaint_resolution_rate*",
    "resolved_within*", "sla_*", "fcr_*", "reopen*", "first_reply*", "handle_time*", "tickets_created", "contact_rate", "tickets_per_agent*", "csat*",
)  # fmt: skip
"""What lacks those that were resolved since."""


def of_one_state(rows: pl.DataFrame, reads: Sequence[FileRead]) -> list[Finding]:
    """The finding on exports of one state, up to the newest, which no export of the other state completes.

    `rows` are those of all exports, as each has them: `_file` (the place of its file) and the columns of tickets.
    """
    events = [name for name in TABLES["tickets"].events if name in rows.columns]
    if CREATED not in rows.columns:
        return []
    known = rows.select(FILE, CREATED, is_open=is_open(rows), newest=pl.max_horizontal(*events))
    by_file = pl.col("is_open").sum()
    exports = (
        known.group_by(FILE)
        .agg(taken=pl.col("newest").max(), rows=pl.len(), open=by_file)
        .drop_nulls()
        .sort("taken", FILE)
    )
    both = exports.filter(pl.col("open") > 0, pl.col("open") < pl.col("rows"))
    resolved, still = exports.filter(open=0), exports.filter(pl.col("open") == pl.col("rows"))
    alone = resolved if still.is_empty() else still if resolved.is_empty() else exports.clear()
    if both.is_empty() or alone.is_empty() or alone["taken"].max() != exports["taken"].max():
        return []
    last = known.sort(CREATED, descending=True).group_by(FILE).head(NEWEST)
    looked = last if alone is resolved else known
    tried = looked.filter(pl.col(FILE).is_in(alone[FILE].implode())).height
    usual = looked.filter(pl.col(FILE).is_in(both[FILE].implode())).select(pl.col("is_open").mean()).item()
    share = usual if alone is resolved else 1 - usual
    if alone["rows"].sum() < FEWEST or (1 - share) ** tried > UNLIKELY:
        return []
    files, count = [reads[place].name for place in alone[FILE]], int(alone["rows"].sum())
    message = Message("exports-of-open", files=files, count=count)
    if alone is resolved:
        message = Message("exports-of-resolved", files=files, count=count)
    kpis: tuple[str, ...] = OF_OPEN_ONES if alone is resolved else OF_RESOLVED_ONES
    known_until, until = both.filter(pl.col("taken") < alone["taken"].max())["taken"].max(), exports["taken"].max()
    assert isinstance(until, datetime)
    since = known_until.date() + timedelta(days=1) if isinstance(known_until, datetime) else date.min
    days = ((since, until.date()),)
    return [
        Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE, days=days)
    ]
