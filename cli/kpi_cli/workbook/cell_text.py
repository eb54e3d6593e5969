"""Cells of a sheet replaced in its text, byte by byte: everything between them stays as it was written."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TypeAlias
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from kpi_cli.terminal import clean
from kpi_core.errors import KpiError
from kpi_core.records import dataclass

Content: TypeAlias = str | float | int | None
"""What a cell is to hold; nothing for None."""
Place: TypeAlias = tuple[int, int]
"""Row and column, from 1."""
Edit: TypeAlias = tuple[int, int, bytes]
"""Bytes from the first to before the second, and what stands there instead."""


@dataclass(frozen=True, kw_only=True)
class _Element:
    """Where an element stands: its first byte, the one behind its last, and where its end tag begins (None where it has none)."""

    start: int
    end: int
    inside: int | None
    style: str = ""
    has_formula: bool = False


def with_cells(sheet: bytes, cells: Mapping[Place, Content], where: str) -> bytes:
    """The text of a sheet with some cells replaced, in the look that they have, and without the old values of its formulas.

    Raises:
        KpiError: a cell holds a formula, or the text cannot be read.
    """
    found = _Reading(sheet, where)
    edits = [*((start, end, b"") for start, end in found.results), *found.edits(cells)]
    parts, at = [], 0
    for start, end, text in sorted(edits, key=lambda one: one[:2]):
        parts += [sheet[at:start], text]
        at = end
    return b"".join((*parts, sheet[at:]))


class _Reading:
    """Where the rows and cells of a sheet stand in its text, and the values of its formulas."""

    def __init__(self, sheet: bytes, where: str) -> None:
        self.sheet, self.where, self.prefix = sheet, where, ""
        self.rows: dict[int, _Element] = {}
        self.cells: dict[Place, _Element] = {}
        self.results: list[tuple[int, int]] = []
        self.data: _Element | None = None
        self._open: list[tuple[str, int, bool]] = []
        self._row = self._column = 0
        self._style, self._formula, self._value = "", False, (0, 0)
        parser = ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        self._parser = parser
        try:
            parser.Parse(sheet, True)
        except ExpatError as error:
            raise KpiError("cannot be read as a sheet", where=where, hint="save it as .xlsx") from error
        if self.data is None:
            raise KpiError("is no sheet of cells", where=where, hint="let the names stand for cells of a sheet")

    def edits(self, cells: Mapping[Place, Content]) -> Iterator[Edit]:
        """What is to be changed for some cells, those that are not there added in their order."""
        new: list[tuple[Place, bytes]] = []
        for (row, column), value in sorted(cells.items()):
            known = self.cells.get((row, column))
            if known is None:
                new.append(((row, column), self._text(row, column, value, "")))
                continue
            if known.has_formula:
                name = f"{get_column_letter(column)}{row}"
                hint = "let the name stand for a cell without one: the formula would be lost"
                raise KpiError(f"{name} holds a formula", where=self.where, hint=hint)
            yield known.start, known.end, self._text(row, column, value, known.style)
        rows: list[tuple[int, bytes]] = []
        for row, group in groupby(new, key=lambda one: one[0][0]):
            if row in self.rows:
                yield from self._into(
                    self.rows[row], "row", [(column, text) for (_, column), text in group], self._beyond(row)
                )
            else:
                rows.append((row, self._tagged("row", f' r="{row}"', b"".join(text for _, text in group))))
        assert self.data is not None
        yield from self._into(self.data, "sheetData", rows, {row: one.start for row, one in self.rows.items()})

    def _beyond(self, row: int) -> dict[int, int]:
        """By column where the cells of a row begin."""
        return {column: one.start for (own, column), one in self.cells.items() if own == row}

    def _into(
        self, whole: _Element, tag: str, parts: list[tuple[int, bytes]], starts: Mapping[int, int]
    ) -> Iterator[Edit]:
        """Parts added to an element, each before the first that has a higher number."""
        if not parts:
            return
        foot = whole.inside
        if foot is None:
            end = f"</{self.prefix}{tag}>".encode()
            yield whole.end - 2, whole.end, b">" + b"".join(text for _, text in parts) + end
            return

        def before(part: tuple[int, bytes]) -> int:
            return min((start for number, start in starts.items() if number > part[0]), default=foot)

        for at, group in groupby(parts, key=before):
            yield at, at, b"".join(text for _, text in group)

    def _text(self, row: int, column: int, value: Content, style: str) -> bytes:
        look = f' s="{style}"' if style else ""
        place = f' r="{get_column_letter(column)}{row}"{look}'
        match value:
            case None:
                return f"<{self.prefix}c{place}/>".encode()
            case str():
                text = self._tagged("t", ' xml:space="preserve"', escape(clean(value)).encode())
                return self._tagged("c", f'{place} t="inlineStr"', self._tagged("is", "", text))
        return self._tagged("c", place, self._tagged("v", "", repr(value).encode()))

    def _tagged(self, tag: str, attributes: str, text: bytes) -> bytes:
        return f"<{self.prefix}{tag}{attributes}>".encode() + text + f"</{self.prefix}{tag}>".encode()

    # Reading

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        end = self.sheet.index(b">", start) + 1
        prefix, _, tag = name.rpartition(":")
        self._open.append((tag, start, self.sheet[end - 2 : end] == b"/>"))
        match tag:
            case "sheetData":
                self.prefix = f"{prefix}:" if prefix else ""
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "c":
                at = attributes.get("r")
                self._column = column_index_from_string(coordinate_from_string(at)[0]) if at else self._column + 1
                self._style, self._formula, self._value = attributes.get("s", ""), False, (0, 0)
            case "f":
                self._formula = True

    def _end(self, _: str) -> None:
        tag, start, is_empty = self._open.pop()
        if tag not in ("sheetData", "row", "c", "v"):
            return
        inside = None if is_empty else self._parser.CurrentByteIndex
        end = self.sheet.index(b">", start if inside is None else inside) + 1
        if tag == "v":
            self._value = (start, end)
        elif tag == "c":
            one = _Element(start=start, end=end, inside=inside, style=self._style, has_formula=self._formula)
            self.cells[self._row, self._column] = one
            if self._formula and self._value[1]:
                self.results.append(self._value)
        elif tag == "row":
            self.rows[self._row] = _Element(start=start, end=end, inside=inside)
        elif self.data is None:
            self.data = _Element(start=start, end=end, inside=inside)
