"""What a KPI may speak of: the columns of each canonical table and the facts derived from them, with their types.

The facts are asked for their own types: a few made-up rows go through the derivation that every export goes through.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

import polars as pl

from kpi_core.facts import Rules, derive, with_threads
from kpi_core.model.promise import Promise
from kpi_core.model.tables import TABLES, Column, Kind

A_DAY = datetime(2026, 1, 1)
ROWS = 11
"""As many as the longest category has words: each stands in one of them."""
TRUE = ("is_offered", "is_converted")
"""Truths without which nothing is derived; merged and spam tickets, on the other hand, are dropped."""
SILENT = "score"
"""What the last row lacks: unanswered offers show who was asked."""


@lru_cache(maxsize=1)
def schemas() -> Mapping[str, Mapping[str, pl.DataType]]:
    """By table the columns there can be, with the types they have when facts are counted: keys are hashes."""
    tables = {name: pl.DataFrame([_filled(column) for column in table.columns]) for name, table in TABLES.items()}
    numbered = {name: frame.with_columns(_number=pl.col(TABLES[name].key)) for name, frame in tables.items()}
    some = (Promise(within=1),)
    rules = Rules(as_of=A_DAY, first_reply_targets=some, resolution_targets=some)
    derived = derive(with_threads(numbered), rules)
    return {name: _seen(derived[name].frame) for name in TABLES if name in derived}


def _seen(frame: pl.DataFrame) -> dict[str, pl.DataType]:
    return {name: dtype for name, dtype in frame.schema.items() if not name.startswith("_")}


def _filled(column: Column) -> pl.Series:
    """A column in which every cell says something."""
    match column.kind:
        case Kind.KEY:
            return pl.Series(column.name, range(ROWS), pl.UInt64)
        case Kind.TEXT:
            return pl.Series(column.name, ["x"] * ROWS, pl.Categorical)
        case Kind.INSTANT:
            return pl.Series(column.name, [A_DAY] * ROWS, column.kind.dtype)
        case Kind.TRUTH:
            return pl.Series(column.name, [column.name in TRUE] * ROWS)
    if isinstance(column.kind.dtype, pl.Enum):
        words = column.kind.dtype.categories.to_list()
        return pl.Series(column.name, [words[row % len(words)] for row in range(ROWS)], column.kind.dtype)
    if column.name == SILENT:
        return pl.Series(column.name, [*[1] * (ROWS - 1), None], column.kind.dtype)
    return pl.Series(column.name, [1] * ROWS, column.kind.dtype)
