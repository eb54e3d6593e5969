"""Writing sheets safely: text is always text, names are legal, nothing is cut in silence, print is set up.

A `Book` hands out `Page`s; a page is filled from the top, row by row.
"""

import textwrap
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kpi_cli.documents.wording import Wording
from kpi_cli.workbook.looks import ASIDE, COUNT, HEAD, HEAD_RIGHT, LEAD, SECTION, TEXT, TITLE, Look, Number
from kpi_cli.workbook.package import Additions
from kpi_core.patterns import regex
from kpi_core.records import dataclass

CELL_LIMIT = 32_767
NAME_LIMIT = 31
_UNNAMEABLE = regex(r"[\\/*?\[\]:]")
_ILLEGAL = regex(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_LINE_HEIGHT = 13.0
_PADDING = 4.0
_LETTERS_PER_DIGIT = 1.1
_EMPTY_ROW = 12.8
_UNSET_WIDTH = 8.43
_CM_PER_POINT = 2.54 / 72
_CM_PER_CHARACTER = 0.19
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Content = str | int | float | date | Number | None


@dataclass(frozen=True, kw_only=True)
class Head:
    """A column's head; `is_right` for numbers."""

    text: str
    is_right: bool = False


class Book:
    """The workbook and what its sheets share."""

    def __init__(self, wording: Wording, owner: str = "") -> None:
        self.wording = wording
        self.owner = owner
        """Whose workbook it is, before the title of each sheet."""
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.cuts = 0
        """How many texts were longer than a cell may be."""
        self.additions = Additions()
        self._styles: dict[Look, Any] = {}
        self._numbers: dict[tuple[Look, str], int] = {}

    def page(self, name: str) -> "Page":
        """A new sheet at the end; its name made legal and unique."""
        return Page(self, self.workbook.create_sheet(self.sheet_name(name)))

    def sheet_name(self, name: str) -> str:
        """`name` without what Excel forbids, at most 31 characters, unlike the others in any case."""
        legal = _UNNAMEABLE.sub(" ", _ILLEGAL.sub("", name)).strip().strip("'").strip()[:NAME_LIMIT] or "-"
        taken = {sheet.casefold() for sheet in self.workbook.sheetnames} | {"history"}
        number, unique = 1, legal
        while unique.casefold() in taken:
            number += 1
            ending = f" ({number})"
            unique = legal[: NAME_LIMIT - len(ending)] + ending
        return unique

    def text(self, words: str) -> str:
        """Text a cell can hold: no control characters; cut, counted and marked beyond Excel's limit."""
        clean = _ILLEGAL.sub("", words)
        if len(clean) <= CELL_LIMIT:
            return clean
        self.cuts += 1
        mark = " " + self.wording.word("text_cut", count=self.wording.number(len(clean)))
        return clean[: CELL_LIMIT - len(mark)] + mark

    def define(self, name: str, sheet: Worksheet, cells: str) -> bool:
        """Gives cells of a sheet (`$C$7`, `$C$7:$C$90`) a name that formulas know; not where the name is taken."""
        known = self.workbook.defined_names
        if any(name.casefold() == one.casefold() for one in known):
            return False
        known[name] = DefinedName(name, attr_text=f"{quote_sheetname(sheet.title)}!{cells}")
        return True

    def draw(self, cell: Any, look: Look) -> None:
        """Gives the cell its look. Style arrays are kept: hashing fonts for every cell takes most of the time."""
        if look not in self._styles:
            cell.font, cell.fill, cell.border = look.font, look.fill, look.border
            cell.alignment, cell.number_format = look.alignment, look.number_format
            self._styles[look] = copy(cell._style)
        cell._style = copy(self._styles[look])

    def style(self, look: Look, number_format: str) -> int:
        """The number by which the file knows a look with a number format."""
        key = look, number_format
        if key not in self._numbers:
            cell = Cell(self.workbook.worksheets[0], row=1, column=1)
            self.draw(cell, replace(look, number_format=number_format))
            self._numbers[key] = int(cell.style_id)
        return self._numbers[key]


class Page:
    """One sheet, filled from the top. `row` is the next free row."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet
        self.row = 1
        self._widths: list[float] = []
        sheet.sheet_view.showGridLines = False

    @property
    def columns(self) -> tuple[float, ...]:
        """The widths of its columns."""
        return tuple(self._widths)

    @property
    def column_widths(self) -> float:
        """How wide all its columns are together, in centimetres."""
        return sum(self._widths) * _CM_PER_CHARACTER

    def title(self, title: str, lead: str, asides: Sequence[str] = ()) -> None:
        """The block at the top: what, of when, and from what. Text runs over the empty cells next to it."""
        whose = f"{self.book.owner} · {title}" if self.book.owner and title else title
        for words, look in ((whose, TITLE), (lead, LEAD), *((aside, ASIDE) for aside in asides)):
            if not words:
                continue
            self.put(1, words, look)
            self.sheet.row_dimensions[self.row].height = look.size * 1.45
            self.row += 1
        self.row += 1

    def section(self, title: str) -> None:
        """A heading between tables."""
        self.put(1, title, SECTION)
        self.sheet.row_dimensions[self.row].height = 20
        self.row += 1

    def head(self, heads: Sequence[Head]) -> int:
        """A table's head; its row."""
        for column, head in enumerate(heads, start=1):
            self.put(column, head.text, HEAD_RIGHT if head.is_right else HEAD)
        lines = max(_lines(head.text, width) for head, width in zip(heads, self._widths, strict=False))
        self.sheet.row_dimensions[self.row].height = lines * _LINE_HEIGHT + _PADDING
        self.row += 1
        return self.row - 1

    def widths(self, widths: Sequence[float]) -> None:
        """How wide the columns are, in characters."""
        self._widths = list(widths)
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width

    def fill(self, contents: Sequence[Content], looks: Sequence[Look] = ()) -> None:
        """A row of cells and the height its wrapped text needs. Without looks: text wraps, numbers are counts."""
        height = 1
        for column, content in enumerate(contents, start=1):
            look = looks[column - 1] if looks else TEXT if content is None or isinstance(content, str) else COUNT
            self.put(column, content, look)
            if look.wraps and isinstance(content, str) and column <= len(self._widths):
                height = max(height, _lines(content, self._widths[column - 1]))
        self.sheet.row_dimensions[self.row].height = min(height * _LINE_HEIGHT + _PADDING, 400)
        self.row += 1

    def put(self, column: int, content: Content, look: Look) -> Cell:
        """One cell of the current row. Text is stored as text, whatever it begins with."""
        cell = self.sheet.cell(self.row, column)
        if isinstance(cell, MergedCell):
            raise TypeError(f"{cell.coordinate} is covered by a merged cell")
        if isinstance(content, Number):
            look = replace(look, number_format=content.number_format, is_right=True, wraps=False)
            content = content.value
        self.book.draw(cell, look)
        if isinstance(content, str):
            text = self.book.text(content)
            cell.value = text
            cell.data_type = "s"
            if text.startswith(_FORMULA):
                cell.quotePrefix = True
        else:
            cell.value = content
        return cell

    def compute(self, column: int, formula: str, value: float | str, look: Look) -> Cell:
        """A formula in the current row, and its value."""
        cell = self.put(column, None, look)
        cell.value = f"={formula}"
        self.book.additions.computed.setdefault(self.sheet.title, {})[cell.coordinate] = value
        return cell

    def chart(self, chart: Any, column: int, row: int, alt: str) -> None:
        """A chart whose upper left corner is in a cell, and what it shows in words."""
        self.sheet.add_chart(chart, f"{get_column_letter(column)}{row}")
        self.book.additions.alts.setdefault(self.sheet.title, []).append(_ILLEGAL.sub("", alt))

    def style(self, look: Look, number_format: str | None = None) -> int:
        """The number by which the file knows a look, with another number format where one is given."""
        return self.book.style(look, look.number_format if number_format is None else number_format)

    def freeze(self, head: int, columns: int = 0, *, is_filtered: bool = True, is_repeated: bool = True) -> None:
        """Keeps the head row and the first columns in sight and on every printed page, and filters the table."""
        self.sheet.freeze_panes = f"{get_column_letter(columns + 1)}{head + 1}"
        if is_repeated:
            self.sheet.print_title_rows = f"{head}:{head}"
        if is_filtered:
            self.filter(head, len(self._widths))

    def filter(self, head: int, columns: int) -> None:
        """Lets the rows below a head be filtered."""
        self.sheet.auto_filter.ref = f"A{head}:{get_column_letter(columns)}{max(self.row - 1, head)}"

    def print_setup(self, title: str) -> None:
        """A4 across, as wide as the paper, page numbers at the foot."""
        sheet = self.sheet
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins = sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom = 0.55, 0.65
        footer: Any = sheet.oddFooter
        footer.left.text = self.book.text(title)[:100].replace("&", "&&")
        footer.right.text = "&P / &N"

    def say_at_foot(self, sentence: str) -> None:
        """A sentence at the foot of each of its papers, between its title and its number."""
        footer: Any = self.sheet.oddFooter
        footer.center.text = self.book.text(sentence).replace("&", "&&")

    def row_beyond(self, first: int, centimetres: float) -> int:
        """The first row that begins at least so far below the top of row `first`."""
        reached, row = 0.0, first
        while reached < centimetres:
            reached += (self.sheet.row_dimensions[row].height or _EMPTY_ROW) * _CM_PER_POINT
            row += 1
        return row

    def column_beyond(self, first: int, centimetres: float) -> int:
        """The first column that begins at least so far right of the left edge of column `first`."""
        reached, column = 0.0, first
        while reached < centimetres:
            width = self._widths[column - 1] if column <= len(self._widths) else _UNSET_WIDTH
            reached += width * _CM_PER_CHARACTER
            column += 1
        return column


def _lines(text: str, width: float) -> int:
    room = max(int(width * _LETTERS_PER_DIGIT) - 1, 1)
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, len(textwrap.wrap(line, room))) for line in text.split("\n"))
