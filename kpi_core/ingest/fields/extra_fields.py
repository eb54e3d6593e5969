"""Fields in addition to those that a mapping names: whose address it is, the highest step of ratings, keys as written, a file's own columns."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells.few import any_holds
from kpi_core.ingest.fields import review_cells
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.model.conditions.row_view import plain
from kpi_core.model.tables import Kind


def address(reader: FieldReader) -> Field | None:
    """The column of the customer's e-mail address, whatever it goes by; None where no sampled cell looks like one."""
    has_any = any(any_holds(cells, "@") for cells in reader.sample)
    for name in ("customer_email", "customer_id") if has_any else ():
        spec = reader.mapping.columns.get(name)
        found = None if spec is None else reader.read(name, Kind.KEY, spec)
        if found is not None and any_holds(reader.seen(found.text), "@"):
            return found
    return None


def named_highest(reader: FieldReader, fields: Sequence[Field]) -> list[Field]:
    """The highest step that the ratings of reviews name themselves (`4/5`), where no column of its own does."""
    names = {found.name: found for found in fields}
    rating = names.get(review_cells.RATING)
    if rating is None or review_cells.HIGHEST in names or not review_cells.is_drawn(reader.seen(rating.text)):
        return []
    return [review_cells.highest(rating)]


def written_key(reader: FieldReader, name: str) -> Field | None:
    """A key as the file writes it, for conditions; the frame has its hash."""
    spec = reader.mapping.columns.get(plain(name))
    found = reader.read(plain(name), Kind.KEY, spec) if spec else None
    if found is None:
        return None
    text = pl.col(text_name(name))
    return replace(found, name=name, kind=Kind.TEXT, value=text, nobody=None, cut=None, unreadable=None)


def own_column(reader: FieldReader, name: str, kind: Kind) -> Field | None:
    """A column of the file itself, wanted as a dimension or by a KPI of the user's own, who says what it holds."""
    if kind is not Kind.TEXT:
        return reader.read(name, kind, ColumnSpec(headers=(name,)))
    place = reader.match.index([name])
    if place is None:
        return None
    text = reader.cell(place, is_text=True)
    return Field(name=name, header=reader.match.headers[place], place=place, kind=kind, text=text,
                 value=pl.col(text_name(name)))  # fmt: skip
