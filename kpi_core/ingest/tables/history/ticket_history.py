"""What successive exports of one desk know together, each of its own time."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.tables.history.earlier_resolutions import with_earlier_resolutions
from kpi_core.ingest.tables.history.missing_since import with_missing
from kpi_core.ingest.tables.history.one_state import of_one_state
from kpi_core.ingest.tables.history.open_before import days_between, open_before
from kpi_core.ingest.tables.history.successive_exports import FILE, exports_of, with_followed
from kpi_core.model.findings import Finding


def with_history(
    winners: pl.DataFrame, losers: pl.DataFrame, rows: pl.DataFrame, reads: Sequence[FileRead]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Tickets of several exports with when each was resolved before it was opened again, how far it is followed, and since when it is missing.

    Args:
        winners: the tickets as the newest row of each has them.
        losers: the rows that lost against them.
        rows: those of all exports.
        reads: the exports, by their place among them.

    Returns:
        The tickets as they are where there is one export, or no two have one of them.
    """
    if rows[FILE].n_unique() < 2:
        return winners, []
    exports = exports_of(rows)
    alone = of_one_state(rows, exports, reads)
    if losers.is_empty() or len(exports) < 2:
        return winners, alone
    tickets, reopened = with_earlier_resolutions(winners, losers, exports)
    tickets, missing = with_missing(tickets, rows, exports)
    tickets = with_followed(tickets, rows, exports)
    return tickets, [
        *alone,
        *reopened,
        *missing,
        *open_before(tickets, exports, reads),
        *days_between(tickets, exports, reads),
    ]
