"""A number that is one in all rows (`0`, `1`, `Anonymiserad`): it distinguishes no row from another, and each of them counts."""

from collections.abc import Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES

FEWEST = 10
"""Rows from which one number is no chance."""
MOMENTS = 0.5
"""How many different times the rows must have, as a share of them: lines of one order, or states of one ticket, have one."""


def without_one_number(
    used: pl.DataFrame, fields: Sequence[Field], table: str, raw: RawExport
) -> tuple[pl.DataFrame, list[Finding]]:
    """The rows of a file without the column of their numbers where that is one for all, and the finding on it."""
    key, at = TABLES[table].key, next(iter(TABLES[table].events), "")
    field = next((each for each in fields if each.name == key), None)
    if field is None or not {key, at} <= set(used.columns) or used.height < FEWEST:
        return used, []
    if used[key].head(FEWEST).n_unique() > 1 or used[key].n_unique() > 1:  # mostly so, and quickly found
        return used, []
    if used[at].n_unique() < MOMENTS * used.height:
        return used, []
    message = Message("one-number", file=raw.name, header=field.header, count=used.height, rows=called(table))
    return used.drop(key), [Finding(code="no-number", message=message)]
