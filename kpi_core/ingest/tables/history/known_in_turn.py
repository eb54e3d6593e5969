"""What exports of one desk know together, each of its own time."""

import polars as pl

from kpi_core.ingest.tables.history.exports_in_turn import FILE, with_followed
from kpi_core.ingest.tables.history.missing_since import with_missing
from kpi_core.ingest.tables.history.rests import with_rests
from kpi_core.model.findings import Finding


def known_in_turn(
    winners: pl.DataFrame, losers: pl.DataFrame, rows: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets of several exports with when they lay resolved for a while, how far they are followed, and since when they are missing.

    Args:
        winners: the tickets as the newest row of each has them.
        losers: the rows that lost against them.
        rows: those of all exports.

    Returns:
        The tickets as they are where no two files have one of them.
    """
    if losers.is_empty() or rows[FILE].n_unique() < 2:
        return winners, []
    tickets, reopened = with_rests(winners, losers)
    tickets, missing = with_missing(tickets, rows)
    return with_followed(tickets, rows), [*reopened, *missing]
