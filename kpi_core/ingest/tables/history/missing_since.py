"""Open tickets that a later export does not have though it has all others of their age, or all that are open: resolved since, deleted, or merged into another."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from kpi_core.ingest.tables.duplicates import ID
from kpi_core.ingest.tables.history.successive_exports import CREATED, FILE, Export, is_resolved
from kpi_core.messages.message import Message
from kpi_core.model.columns import GONE_AT
from kpi_core.model.findings import Finding

CODE = "missing-since"
WHOLE = 0.9
"""The share of the tickets of earlier exports, of those no older than its own, that an export has which was made of all of them."""
FEWEST = 20
"""Tickets of earlier exports, and of lists of open ones, of which fewer say nothing of that."""
ALIKE = timedelta(days=3)
"""How much further one list of open tickets reaches back than another at most, where all were cut at an age."""


def with_missing(
    tickets: pl.DataFrame, rows: pl.DataFrame, exports: Sequence[Export]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets with when an open one went missing from exports that would have it (`GONE_AT`), and the finding on how many did.

    They are open until halfway between the export that has them last and the first without them; what else is known of them counts, for nothing
    says what became of them. Of resolved ones nothing is said: exports leave out what has been closed for long.

    Args:
        tickets: as the newest row of each has them.
        rows: those of all exports, the ones that lost against another with their number among them.
        exports: in the order in which they were taken.
    """
    taken = {export.file: export.taken for export in exports}
    seen = pl.col(FILE).replace_strict(taken, default=None, return_dtype=pl.Datetime("ms"))
    still = tickets.select(ID, CREATED, seen=seen, is_open=~is_resolved(tickets)).filter("is_open")
    lost = still.filter(pl.col("seen") < exports[-1].taken).drop("is_open")
    lists = _lists_of_open(exports)
    whole = _with_nearly_all(rows, exports) if lost.height else frozenset()
    found: dict[int, datetime] = {}
    for export in exports if lost.height else ():
        is_late = (pl.col("seen") < export.taken) & ~pl.col(ID).is_in(list(found))
        if export.file in lists:
            late = lost.filter(is_late)
        elif export.file in whole:
            late = lost.filter(is_late, pl.col(CREATED) >= export.first)
        else:
            continue
        found |= {number: last + (export.taken - last) / 2 for number, last in late.select(ID, "seen").iter_rows()}
    if not found:
        return tickets, []
    gone = pl.DataFrame(
        {ID: list(found), GONE_AT: list(found.values())}, {ID: tickets.schema[ID], GONE_AT: pl.Datetime("ms")}
    )
    message = Message("missing-since", count=len(found))
    finding = Finding(code=CODE, message=message, kpis=("backlog*", "resolution_rate*", "resolution_time_km*"))
    return tickets.join(gone, on=ID, how="left", maintain_order="left"), [finding]


def _lists_of_open(exports: Sequence[Export]) -> frozenset[int]:
    """The exports that hold all tickets that are open, and no others; none where they reach back equally far, as those of what was opened in a last month do."""
    lists = [export for export in exports if export.open == export.rows]
    reach = [export.taken - export.first for export in lists]
    if sum(export.rows for export in lists) < FEWEST or max(reach) - min(reach) <= ALIKE:
        return frozenset()
    return frozenset(export.file for export in lists)


def _with_nearly_all(rows: pl.DataFrame, exports: Sequence[Export]) -> frozenset[int]:
    """The exports that have nearly all tickets of those before them that are no older than their own."""
    order = {export.file: place for place, export in enumerate(exports)}
    place = pl.col(FILE).replace_strict(order, default=None, return_dtype=pl.UInt32)
    known = rows.select(ID, CREATED, place=place).drop_nulls()
    numbers = known.group_by(ID).agg(pl.col(CREATED).min(), pl.col("place").min().alias("begun"))
    again = known.unique([ID, "place"]).join(numbers.select(ID, "begun"), on=ID)
    shared = again.filter(pl.col("place") > pl.col("begun")).group_by("place").len()
    by_place: dict[int, int] = dict(shared.iter_rows())
    found = []
    for at, export in enumerate(exports):
        before = numbers.filter(pl.col("begun") < at, pl.col(CREATED) >= export.first).height
        if before >= FEWEST and by_place.get(at, 0) >= WHOLE * before:
            found.append(export.file)
    return frozenset(found)
