"""The documents of a JSON export as rows: one for each record of a list at its top, and for each object, as JSON."""

import json
from collections.abc import Collection, Sequence

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.files.json.nested_objects import Json
from kpi_core.ingest.files.json.records import Documents, without_collections

CELL = "c0"


def as_rows(documents: Documents, part: str, row: str) -> pl.DataFrame:
    """The records (`c0`, as JSON), each with the place of its document among all (`part`) and the line that this begins on (`row`).

    An empty list is a row without a record.

    Raises:
        ExportError: a record is nested too deep.
    """
    places, lines, cells = list[int](), list[int](), list[str | None]()
    for place, (document, line) in enumerate(zip(documents.documents, documents.lines, strict=True)):
        records: Sequence[Json] = document if isinstance(document, list) else [document]
        written: list[str | None] = [_written(record, documents.name, line) for record in records]
        written = written or [None]
        cells += written
        places += [place] * len(written)
        lines += [line] * len(written)
    return pl.DataFrame(
        {part: places, row: lines, CELL: cells}, schema={part: pl.UInt32(), row: pl.UInt32(), CELL: pl.String()}
    )


def of_rows(rows: pl.DataFrame, part: str, row: str, name: str, lists: Collection[int]) -> Documents:
    """The documents of such rows; `lists` are the places of those that are lists."""
    documents, lines, begun = list[list[Json]](), list[int](), list[int]()
    with without_collections():
        for place, line, cell in rows.select(part, row, CELL).iter_rows():
            if not begun or begun[-1] != place:
                begun.append(place)
                documents.append([])
                lines.append(line)
            if cell is not None:
                documents[-1].append(json.loads(cell))
    found = [each if at in lists else each[0] for at, each in zip(begun, documents, strict=True)]
    return Documents(name=name, documents=tuple(found), lines=tuple(lines))  # type: ignore[arg-type]


def _written(record: Json, name: str, line: int) -> str:
    try:
        return json.dumps(record, separators=(",", ":"))
    except RecursionError as error:
        raise ExportError("is nested too deep", where=f"{name}:{line}", hint="export it as CSV") from error
