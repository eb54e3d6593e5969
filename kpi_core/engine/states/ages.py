"""How old rows are at an instant: by the clock, or in the open time of the hours that each of them goes by."""

import polars as pl

from kpi_core.facts import OpenHours


def ages(rows: pl.DataFrame, at: str, open_hours: OpenHours | None) -> pl.Series:
    """Whole seconds (Int64) from `opened` to another instant of each row, in row order and named as that instant.

    Open time by the hours that `hours` names; by the clock where rows have no such column, it is null in all of them, or
    there is no calendar. Null where either instant is.
    """
    if open_hours is None or "hours" not in rows.columns or rows["hours"].null_count() == rows.height:
        return rows.select((pl.col(at) - pl.col("opened")).dt.total_seconds())[at]
    return open_hours.between(rows["hours"], rows["opened"], rows[at]).alias(at)
