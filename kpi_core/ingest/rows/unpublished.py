"""Reviews without the day on which most were published, next to that on which they were written: nobody reads them."""

import polars as pl

from kpi_core.ingest.cells import missing
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.rows import mark_headers

MOST = 0.5
"""The share of reviews with such a day from which it is that of all: of fewer it is the day on which a few were shown somewhere."""


def without_a_day(match: Match, place: int) -> pl.Expr | None:
    """Which raw reviews have no day of publication in a column; None where it is none, or is itself the day that the reviews are dated by."""
    if match.mapping.table != "reviews" or not mark_headers.PUBLISHED_ON.search(normal(match.headers[place])):
        return None
    spec = match.mapping.columns.get("reviewed_at")
    if spec is None or match.index(spec.headers) in (None, place):
        return None
    day = missing.clean(pl.col(f"c{place}"))
    return day.is_null() & (day.is_not_null().mean() > MOST)
