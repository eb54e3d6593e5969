"""Columns of one header, of which one is read: which, and whether the others say something else."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.file_read import SAMPLE
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.mapping import built_in_names
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding

CODE = "repeated-headers"


def repeated_headers(raw: RawExport, match: Match, fields: Sequence[Field]) -> Iterator[Finding]:
    """What is said of the columns that are read and whose header another column has too; vendors' own formats know theirs."""
    if not match.mapping.fallback and match.mapping.name in built_in_names():
        return
    places: dict[str, list[int]] = {}
    for place, header in enumerate(match.headers):
        if header.strip() and place < raw.width:
            label = match.labels[place] if match.labels else ""
            places.setdefault(f"{normal(header)} {normal(label)}", []).append(place)
    used = {(found.place, found.name): found for found in fields if not found.is_composed}
    twice = [
        (own, found) for own in places.values() if len(own) > 1 for (place, _), found in used.items() if place in own
    ]
    if not twice:
        return
    rows = raw.sample(skip=match.skip, rows=SAMPLE)
    for own, found in twice:
        if {place for place in own if any(place == other for other, _ in used)} == set(own):
            continue
        cells = [rows[f"c{place}"].str.strip_chars().fill_null("") for place in own if place != found.place]
        here = rows[f"c{found.place}"].str.strip_chars().fill_null("")
        count = int(
            pl.DataFrame([(here != other).alias(f"{at}") for at, other in enumerate(cells)])
            .select(pl.any_horizontal(pl.all()).sum())
            .item()
        )
        if count:
            message = Message(
                "repeated-header", file=raw.name, header=found.header, columns=[str(place + 1) for place in own],
                differing=count, rows=rows.height, column=str(found.place + 1), name=found.name,
            )  # fmt: skip
            yield Finding(code=CODE, message=message, is_serious=True)
