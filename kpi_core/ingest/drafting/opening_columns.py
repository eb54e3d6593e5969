"""The findings on the columns that may hold the opening of a case: none that can be read, or more than one."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.dates.date_shapes import is_yearless
from kpi_core.ingest.drafting.by_cells import OPENINGS
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.fields.field_reader import OPENING, FieldReader
from kpi_core.ingest.fields.narrow_scan import steps
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.tables import Kind

OF_OPENINGS = (
    "tickets_created",
    "backlog*",
    "net_flow",
    "first_reply*",
    "first_resolution_time*",
    "resolution_time*",
    "resolution_rate*",
    "resolved_within*",
    "sla_*",
)
"""The KPIs that rest on when a case was opened."""
UNREAD_OPENING = "unread-opening"
_SHORT = r"^\d{6}$"


def of_openings(reader: FieldReader, fields: Sequence[Field]) -> list[Finding]:
    """All findings on them."""
    return [*_unread_opening(reader, fields), *_other_openings(reader, fields)]


def _unread_opening(reader: FieldReader, fields: Sequence[Field]) -> Iterator[Finding]:
    """That a column of openings is there and none of its dates can be read, so that no row is in any period."""
    opening = OPENINGS.get(reader.mapping.table, "")
    if any(found.name == opening for found in fields) or not reader.mapping.fallback:
        return
    passed_over = [(place, message) for place, message in reader.passed_over if message.values.get("name") == opening]
    reader.passed_over[:] = [one for one in reader.passed_over if one not in passed_over]
    for place, why in passed_over:
        seen = reader.seen(reader.cell(place))
        message = Message("unread-opening", file=reader.raw.name, what=why)
        if bool(seen.str.contains(_SHORT).all()):
            message = Message("unread-opening-of-six-figures", file=reader.raw.name, what=why)
        elif len(seen) and is_yearless(seen[0]):
            message = Message("unread-opening-without-year", file=reader.raw.name, what=why)
        yield Finding(code=UNREAD_OPENING, message=message, is_serious=True)


def _other_openings(reader: FieldReader, fields: Sequence[Field]) -> Iterator[Finding]:
    """That a list of common headers has another column of openings than the one that is read, with other dates."""
    spec = reader.mapping.columns.get(OPENING)
    taken = next((found for found in fields if found.name == OPENING), None)
    if spec is None or taken is None or reader.mapping.table != "tickets" or not reader.mapping.fallback:
        return
    read = {found.place for found in fields}
    for place in reader.match.places(spec.headers):
        if place in read or (count := _others(reader, taken, place)) is None:
            continue
        rows, of = count
        header = reader.match.headers[place]
        message = Message(
            "other-opening", file=reader.raw.name, taken=taken.header, header=header, differing=rows, rows=of,
            option=f"--column {OPENING}={header!r}",
        )  # fmt: skip
        yield Finding(code="other-opening", message=message, kpis=OF_OPENINGS)


def _others(reader: FieldReader, taken: Field, place: int) -> tuple[int, int] | None:
    """In how many rows of the sample, of how many, a column has another time than the opening; None where it has none, or never another."""
    try:
        spec = reader.mapping.columns[OPENING].model_copy(
            update={"headers": (reader.match.headers[place],), "time": ()}
        )
        other = reader.read(OPENING, Kind.INSTANT, spec)
    except ExportError:
        return None
    if other is None or other.place != place:
        return None
    rows = steps(reader.sample.lazy(), reader.cleaned, [taken]).select(one=taken.value_name).collect()
    theirs = steps(reader.sample.lazy(), reader.cleaned, [other]).select(other=other.value_name).collect()
    both = rows.hstack(theirs).drop_nulls()
    differs = both.filter(pl.col("one") != pl.col("other")).height
    return (differs, both.height) if differs else None
