"""Tables as they stood at an as_of that was asked for: what came later has not happened yet."""

from datetime import datetime

import polars as pl

BEGUN = {
    "tickets": ("created_at",),
    "answers": ("answered_at",),
    "messages": ("sent_at",),
    "customers": ("acquired_at",),
    "orders": ("ordered_at",),
    "reviews": ("reviewed_at",),
    "leads": ("created_at",),
    "costs": ("spent_at", "month"),
}
"""When a row of each table comes about."""

ENDS = {
    "tickets": ("resolved_at", "closed_at", "first_resolved_at"),
    "customers": ("lost_at",),
    "leads": ("converted_at",),
}
"""What may become of a row, and undoes its state if it lies ahead."""

STATES: dict[str, tuple[str, str | bool]] = {
    "tickets": ("status", "open"),
    "customers": ("is_lost", False),
    "leads": ("is_converted", False),
}
"""The column of the state, and what it was before."""

REPLIES = ("first_replied_at", "replied_at")


def as_known(frame: pl.DataFrame, table: str, as_of: datetime | None) -> pl.DataFrame:
    """The rows that had come about, in the state they were in; all as it is where no as_of was asked for."""
    if as_of is None:
        return frame
    for begun in BEGUN[table]:
        if begun in frame.columns:
            frame = frame.filter(pl.col(begun).is_null() | (pl.col(begun) <= as_of))
    ends = [name for name in ENDS.get(table, ()) if name in frame.columns]
    state, before = STATES.get(table, ("", ""))
    if state in frame.columns and ends:
        undone = pl.any_horizontal(pl.col(name) > as_of for name in ends).fill_null(value=False)
        frame = frame.with_columns(
            pl.when(undone).then(pl.lit(before, frame.schema[state])).otherwise(state).alias(state)
        )
    later = [name for name in (*ends, *REPLIES) if name in frame.columns]
    return frame.with_columns(pl.when(pl.col(name) <= as_of).then(name) for name in later)
