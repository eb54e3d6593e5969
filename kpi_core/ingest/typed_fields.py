"""Fields with their values: typed, and marked where a cell says something that cannot be read."""

from dataclasses import replace

import polars as pl

from kpi_core.ingest import numbers
from kpi_core.ingest.field import Field


def unread(found: Field) -> pl.Expr:
    """Whether a cell says something and came to nothing."""
    return pl.col(found.text_name).is_not_null() & pl.col(found.value_name).is_null()


def parsed(found: Field, value: pl.Expr) -> Field:
    """The field with a value, without which a filled cell refuses its row."""
    return replace(found, value=value, unreadable=unread(found))


def truth(found: Field, seen: pl.Series) -> Field:
    """A truth. A column of ticks has one wherever something is so: a blank says that it is not."""
    if len(seen) and seen.str.to_lowercase().is_in(numbers.TICKS).all():
        found = replace(found, text=found.text.fill_null("false"), tells_empty=True)
    return worded(found, numbers.parse_truth(pl.col(found.text_name)))


def worded(found: Field, value: pl.Expr) -> Field:
    """The field with the meaning of its words, of which those without one are counted."""
    return replace(found, value=value, unknown=unread(found))
