"""Columns that know days alone: what falls due on a day has all of it, and no time runs from a day to an hour."""

from collections.abc import Sequence
from datetime import time

import polars as pl

from kpi_core.ingest.field import Field
from kpi_core.tables import Kind

DUE = "due_at"
ENOUGH = 3
"""Different days that are all written with midnight, as a spreadsheet writes days, before that is no chance."""
LOOKED_AT = 1_000
"""Rows that tell of most columns that they have times."""
_REST = pl.duration(days=1, milliseconds=-1)
_CLOCK = r"\d:\d\d"


def _is_midnight(instant: pl.Expr) -> pl.Expr:
    return instant.dt.time() == pl.lit(time())


def to_the_end(instant: pl.Expr, text: pl.Expr) -> pl.Expr:
    """The instant, and the last of its day where the cell names no time."""
    return pl.when(_is_midnight(instant) & ~text.str.contains(_CLOCK)).then(instant + _REST).otherwise(instant)


def days_alone(frame: pl.DataFrame, fields: Sequence[Field]) -> frozenset[str]:
    """The instants of a file, as its cells have them, of which every one is a day without a time."""
    instants = [found for found in fields if found.kind is Kind.INSTANT]
    found = set()
    for field in instants:
        if not _are_midnights(frame[field.name].head(LOOKED_AT)):
            continue
        known = frame[field.name].drop_nulls()
        if len(known) and _are_midnights(known) and (field.is_day or known.n_unique() >= ENOUGH):
            found.add(field.name)
    return frozenset(found)


def _are_midnights(instants: pl.Series) -> bool:
    return bool(instants.to_frame("at").select(_is_midnight(pl.col("at")).all()).item())


def until_its_end(frame: pl.DataFrame, days: frozenset[str]) -> pl.DataFrame:
    """The frame with what falls due on a day due at the last of it."""
    return frame.with_columns(pl.col(DUE) + _REST) if DUE in days else frame


def due_note(fields: Sequence[Field], days: frozenset[str]) -> list[str]:
    """What is said of a column of due times that are days."""
    due = [found for found in fields if found.name == DUE and (found.is_day or DUE in days)]
    return [f"`{found.header}` has days without a time: due at the end of each" for found in due]
