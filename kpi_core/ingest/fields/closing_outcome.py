"""What columns other than the status say of how a case ended: a category `Done` hides a status `Cancelled`, and a resolution `Duplicate`."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.unassigned import HOW_IT_ENDED, MERGED_INTO, no_cases
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.model.tables import Kind

ENDED = "_ended:"
"""Before the position of a column that is read for what it says of how a case ended alone."""


FEW = 40
"""Different words of a sample past which a column is prose."""
NONE = ("0", "no", "false", "nej", "nei", "ei")


def how_it_ended(reader: FieldReader, fields: Sequence[Field]) -> list[Field]:
    """The columns of tickets that the mapping would read as the status as well, that of the resolution in a word, and those of what a ticket was merged into."""
    if reader.mapping.table != "tickets":
        return []
    taken = {found.place for found in fields}
    spec = reader.mapping.columns.get("status")
    ends = (
        reader.match.places(spec.headers)
        if spec is not None and any(found.name == "status" for found in fields)
        else []
    )
    headers = {place: normal(header) for place, header in enumerate(reader.match.headers) if place not in taken}
    ends = [
        *(place for place in ends if place in headers),
        *(place for place, header in headers.items() if header in HOW_IT_ENDED),
    ]
    found = [_field_of(reader, place, no_cases) for place in dict.fromkeys(ends) if _is_worded(reader, place)]
    return [*found, *(_field_of(reader, place, _merged) for place, header in headers.items() if header in MERGED_INTO)]


def _is_worded(reader: FieldReader, place: int) -> bool:
    return reader.seen(reader.cell(place, is_text=True)).n_unique() <= FEW


def _merged(text: pl.Expr) -> dict[str, pl.Expr]:
    """That a ticket is merged where the cell names another."""
    return {"is_merged": text.is_not_null() & ~text.str.to_lowercase().is_in(NONE)}


def _field_of(reader: FieldReader, place: int, says: Callable[[pl.Expr], Mapping[str, pl.Expr]]) -> Field:
    name = f"{ENDED}{place}"
    return Field(
        name=name, header=reader.match.headers[place], place=place, kind=Kind.TEXT, text=reader.cell(place, is_text=True),
        value=pl.col(text_name(name)), says=says(pl.col(text_name(name))),
    )  # fmt: skip
