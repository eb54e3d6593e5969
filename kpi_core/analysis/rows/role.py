"""What a row can be to a number, and the marks rows carry on their way from the files to a listing."""

from enum import StrEnum

import polars as pl

from kpi_core.engine.cells import Cell
from kpi_core.messages.message import Message
from kpi_core.messages.packed import packed

PLACE = "_n"
"""The column that knows each row of a table, from the files to the facts."""


class Role(StrEnum):
    """What a row is to a number, in the order of a listing."""

    NUMERATOR = "numerator"
    COUNTED = "counted"
    LEFT_OUT = "left out"
    OUTSIDE = "outside"


ROLES = pl.Enum([role.value for role in Role])


def as_cell(message: Message) -> pl.Expr:
    """A reason in a cell, as `unpacked` reads it."""
    return pl.lit(packed(message))


def elsewhere(cell: Cell, frame: pl.DataFrame, reason: pl.Expr) -> pl.Expr:
    """`reason`, or that a row is of another group than the cell's."""
    words = as_cell(Message("row-of-another", dimension=cell.dimension))
    if cell.dimension not in frame.columns:
        return words
    is_own = pl.col(cell.dimension).cast(pl.String).eq_missing(pl.lit(cell.group, pl.String))
    return pl.when(~is_own).then(words).otherwise(reason)
