"""Open tickets that a later export lacks though it has all others of their age, or all that are open: resolved since, deleted, or merged into another."""

from datetime import datetime, timedelta

import polars as pl

from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.history.exports_in_turn import CREATED, FILE, is_open
from kpi_core.messages.message import Message
from kpi_core.model.columns import GONE_AT
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES

CODE = "missing-since"
WHOLE = 0.9
"""The share of the tickets of earlier exports, of those no older than its own, that an export has which was made of all of them."""
FEWEST = 20
"""Tickets of earlier exports, of which fewer say nothing of that."""


ALIKE = timedelta(days=3)
"""How much further one list of open tickets reaches back than another at most, where all were cut at an age."""


def with_missing(tickets: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets with when an open one was first missing from an export of all (`GONE_AT`), and the finding on how many are.

    They are open until halfway between the export that has them last and that one; what else is known of them counts, for nothing says what became of them. Resolved ones may lack in an export that leaves out what has been
    closed for long, so that nothing is said of them.

    Args:
        tickets: as the newest row of each has them.
        rows: those of all exports, the ones that lost against another with their number among them.
    """
    events = [name for name in TABLES["tickets"].events if name in rows.columns]
    if CREATED not in rows.columns:
        return tickets, []
    exports = rows.group_by(FILE).agg(
        taken=pl.max_horizontal(*events).max(), first=pl.col(CREATED).min(), rows=pl.len(), open=is_open(rows).sum()
    )
    exports = exports.drop_nulls().sort("taken", FILE)
    lists = _lists_of_open(exports)
    seen = tickets.join(exports.select(FILE, seen="taken"), on=FILE, how="left", maintain_order="left")
    lost = seen.filter(is_open(seen), pl.col("seen") < exports["taken"].max()).select(ID, CREATED, "seen")
    found: dict[int, datetime] = {}
    for file, taken, first, *_ in exports.iter_rows() if lost.height else ():
        late = lost.filter(pl.col("seen") < taken, ~pl.col(ID).is_in(list(found)))
        late = late if file in lists else late.filter(pl.col(CREATED) >= first)
        if late.height and (file in lists or _has_all(rows, exports, file, taken, first)):
            found |= {
                number: seen_at + (taken - seen_at) / 2 for number, seen_at in late.select(ID, "seen").iter_rows()
            }
    if not found:
        return tickets, []
    gone = pl.DataFrame(
        {ID: list(found), GONE_AT: list(found.values())}, {ID: tickets.schema[ID], GONE_AT: pl.Datetime("ms")}
    )
    message = Message("missing-since", count=len(found))
    finding = Finding(code=CODE, message=message, kpis=("backlog*", "resolution_rate*", "resolution_time_km*"))
    return tickets.join(gone, on=ID, how="left", maintain_order="left"), [finding]


def _lists_of_open(exports: pl.DataFrame) -> frozenset[int]:
    """The exports that hold all tickets that are open, and no others; none where they reach back equally far, as those of what was opened in a last month do."""
    lists = exports.filter(pl.col("open") == pl.col("rows"))
    reach = lists.select(pl.col("taken") - pl.col("first")).to_series()
    longest, shortest = reach.max(), reach.min()
    if lists["rows"].sum() < FEWEST or not (isinstance(longest, timedelta) and isinstance(shortest, timedelta)):
        return frozenset()
    return frozenset(lists[FILE]) if longest - shortest > ALIKE else frozenset()


def _has_all(rows: pl.DataFrame, exports: pl.DataFrame, file: int, taken: datetime, first: datetime) -> bool:
    """Whether an export has nearly all tickets of those before it that are no older than its own."""
    before = exports.filter(pl.col("taken") < taken)[FILE]
    known = rows.filter(pl.col(FILE).is_in(before.implode()), pl.col(CREATED) >= first)[ID].unique()
    shared = known.is_in(rows.filter(pl.col(FILE) == file)[ID].implode()).sum()
    return len(known) >= FEWEST and shared >= WHOLE * len(known)
