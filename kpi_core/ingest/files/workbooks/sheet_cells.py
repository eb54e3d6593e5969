"""The cells of a sheet put right where its reader leaves them empty: merged areas, errors, formulas without a value."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from python_calamine import CalamineSheet

from kpi_core.ingest.cells.missing import NO_VALUE
from kpi_core.ingest.files.workbooks.money_formats import Cell
from kpi_core.ingest.files.workbooks.workbook_parts import SheetParts, WorkbookParts, letters
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message

Area = tuple[tuple[int, int], tuple[int, int]]
_SHOWN = 3


def mended(
    rows: list[list[Cell]], sheet: CalamineSheet, parts: WorkbookParts | None
) -> tuple[list[list[Cell]], tuple[Message, ...]]:
    """The rows with what their reader left empty, and the notes on them."""
    seen = SheetParts() if parts is None else parts.sheet(sheet.name)
    for (row, column), word in seen.lost.items():
        if row < len(rows):
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = word
    filled = fill_down(rows, sheet.merged_cell_ranges or ())
    messages = (*lost(seen.lost), filled, *hidden(seen.hidden_rows, seen.hidden_columns))
    return rows, tuple(note for note in messages if note is not None)


def fill_down(rows: list[list[Cell]], areas: Iterable[Area]) -> Message | None:
    """Writes the text or date of each merged area in all its rows, and says so; numbers stay where they stand.

    A number filled down would be counted once a row.
    """
    count = 0
    for (top, left), (bottom, _) in areas:
        cell = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        if bottom <= top or not cell or not isinstance(cell, str | date):
            continue
        below = [row for row in rows[top + 1 : bottom + 1] if left < len(row) and row[left] == ""]
        for row in below:
            row[left] = cell
        count += bool(below)
    return Message("merged-filled", count=count) if count else None


def hidden(rows: int, columns: int) -> Iterable[Message]:
    """That hidden rows and columns are read too."""
    if rows:
        yield Message("hidden-rows", count=rows)
    if columns:
        yield Message("hidden-columns", count=columns)


def lost(places: Mapping[tuple[int, int], str]) -> Iterable[Message]:
    """Which formulas have no value and which cells hold errors."""
    empty = [place for place, word in places.items() if word == NO_VALUE]
    errors = [(place, word) for place, word in places.items() if word != NO_VALUE]
    if empty:
        yield Message("formulas-without-value", count=len(empty), cells=_ranges(empty))
    if errors:
        shown = [f"{_reference(place)} `{word}`" for place, word in errors[:_SHOWN]]
        yield Message("cells-with-errors", count=len(errors), cells=first_of(shown, _SHOWN, len(errors)))


def _ranges(places: Sequence[tuple[int, int]]) -> Message:
    """The places by column: `C2:C7, D3`."""
    found = []
    for column, cells in groupby(sorted((column, row) for row, column in places), key=lambda place: place[0]):
        listed = [row for _, row in cells]
        first, last = _reference((listed[0], column)), _reference((listed[-1], column))
        found.append(first if first == last else f"{first}:{last}")
    return first_of(found, _SHOWN)


def _reference(place: tuple[int, int]) -> str:
    row, column = place
    return f"{letters(column + 1)}{row + 1}"
