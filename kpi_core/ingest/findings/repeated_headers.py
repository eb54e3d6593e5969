"""Columns of one header, of which one is read: which, and whether the others say something else."""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.file_read import SAMPLE
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.mapping import built_in_names
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.kpis import CATALOGUE
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE, SIDE_BY_SIDE = "repeated-headers", "side-by-side"
LEAST = 2
"""Headers that must stand again for it to be a table of its own."""


def repeated_headers(raw: RawExport, match: Match, fields: Sequence[Field]) -> Iterator[Finding]:
    """The finding on the columns that are read and whose header another column has too; vendors' own formats know theirs."""
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
    if (tables := _side_by_side(twice, rows)) is not None:
        yield _tables_finding(raw.name, match.mapping.table, tables)
        return
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


def _side_by_side(twice: Sequence[tuple[Sequence[int], Field]], rows: pl.DataFrame) -> list[tuple[int, int]] | None:
    """The first and the last column of each of several tables that stand side by side under the same headers; None where none do.

    Every header that is read stands as often, as far apart as the others, and the cells are others' in most rows.
    """
    apart = {tuple(place - own[0] for place in own) for own, _ in twice}
    if len(twice) < LEAST or len(apart) != 1 or any(found.place != own[0] for own, found in twice):
        return None
    first, last = min(own[0] for own, _ in twice), max(own[0] for own, _ in twice)
    [steps] = apart
    if steps[1] <= last - first:
        return None
    there = [_cells(rows, place) for place in twice[0][0]]
    unlike = [(there[0] != other) & (other != "") for other in there[1:]]
    if not any(int(one.sum()) * 2 > int((other != "").sum()) > 0 for one, other in zip(unlike, there[1:], strict=True)):
        return None
    return [(first + step, last + step) for step in steps]


def _cells(rows: pl.DataFrame, place: int) -> pl.Series:
    return rows[f"c{place}"].str.strip_chars().fill_null("")


def _tables_finding(file: str, table: str, tables: Sequence[tuple[int, int]]) -> Finding:
    """That only the first of several tables is read: what rests on its rows has no value, for the others' are as many."""
    columns = [Message("columns-from-to", first=first + 1, last=last + 1) for first, last in tables]
    text = Message("tables-side-by-side", file=file, count=len(tables), columns=columns, read=columns[0])
    names = tuple(kpi.name for kpi in CATALOGUE if kpi.table == table)
    return Finding(code=SIDE_BY_SIDE, message=text, kpis=names, is_serious=True, consequence=Consequence.NO_VALUE)
