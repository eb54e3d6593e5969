"""Columns that name a group in the first row of its block alone, as a list made for the eye has it: all other rows are in no group."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.tables import TABLES, Kind

CODE = "outlined-column"
FEWEST = 20
"""Rows of a file, below which nothing is reported."""
BLANK = 0.5
"""The share of rows without a name, from which blocks are looked for."""
BY_CHANCE = 0.01
"""How likely it may be that names strewn at random never stand twice in a row, and blocks still be seen."""
OF_ROWS = (Kind.TEXT, Kind.PRIORITY)


def outlined_columns(reads: Sequence[FileRead]) -> Iterator[Finding]:
    """The finding on the columns of files in which only the first row of each block has its name."""
    for read in reads:
        table = read.mapping.table
        for column in TABLES[table].columns:
            if column.kind not in OF_ROWS or column.name not in read.used.columns:
                continue
            values = read.used[column.name]
            if (blocks := _blocks(values)) is not None:
                text = Message(
                    "outlined-column", file=read.name, column=column.name, count=blocks, rows=len(values), table=called(table)
                )  # fmt: skip
                yield Finding(
                    code=CODE, message=text, kpis=("*",), is_serious=True, consequence=Consequence.NO_VALUE, by=column.name
                )  # fmt: skip


def _blocks(values: pl.Series) -> int | None:
    """How many blocks a column has of which the first row alone has a name; None where it is no such column.

    It begins with a name, most rows have none, and never does one name follow itself, where names at random would.
    """
    named = len(values) - values.null_count()
    if len(values) < FEWEST or values[0] is None or named < 2 or named > (1 - BLANK) * len(values):
        return None
    filled = values.drop_nulls().cast(pl.String)
    if not bool((filled != filled.shift(1)).slice(1).all()):
        return None
    shares = filled.value_counts()["count"] / len(filled)
    alike = float((shares**2).sum())
    is_each_once = filled.n_unique() == len(filled)
    is_chance = (1 - alike) ** (len(filled) - 1) >= BY_CHANCE
    return None if is_chance and not (is_each_once and _are_long(values)) else len(filled)


def _are_long(values: pl.Series) -> bool:
    """Whether no two names stand next to each other, so that each has rows of its own below it."""
    there = values.is_not_null()
    return not bool((there & there.shift(1, fill_value=False)).any())
