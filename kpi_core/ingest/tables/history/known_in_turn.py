"""What exports of one desk know together, each of its own time."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.history.exports_in_turn import FILE, with_followed
from kpi_core.ingest.tables.history.missing_since import with_missing
from kpi_core.ingest.tables.history.one_state import of_one_state
from kpi_core.ingest.tables.history.rests import with_rests
from kpi_core.model.findings import Finding


def known_in_turn(
    winners: pl.DataFrame, losers: pl.DataFrame, rows: pl.DataFrame, reads: Sequence[FileRead]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets of several exports with when they lay resolved for a while, how far they are followed, and since when they are missing.

    Args:
        winners: the tickets as the newest row of each has them.
        losers: the rows that lost against them.
        rows: those of all exports.
        reads: the exports, by their place among them.

    Returns:
        The tickets as they are where there is one file, or no two have one of them.
    """
    if rows[FILE].n_unique() < 2:
        return winners, []
    alone = of_one_state(rows, reads)
    if losers.is_empty():
        return winners, alone
    tickets, reopened = with_rests(winners, losers)
    tickets, missing = with_missing(tickets, rows)
    return with_followed(tickets, rows), [*alone, *reopened, *missing]
