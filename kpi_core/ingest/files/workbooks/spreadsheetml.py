"""SpreadsheetML 2003, the XML that Freshdesk and others save under the name `.xls`; workbook readers refuse it.

A bare expat parser: twice as fast as a hardened tree builder, and safe because a document type, the only
way to declare entities, is refused.
"""

from dataclasses import field
from datetime import datetime
from pathlib import Path
from xml.parsers import expat

from kpi_core.errors import UnreadableError
from kpi_core.ingest.cells.missing import NO_VALUE
from kpi_core.ingest.files.limits import DEFAULT, Limits
from kpi_core.ingest.files.not_tables import NAMESPACE
from kpi_core.ingest.files.workbooks.money_formats import Cell, unit_shown_by_format, with_currencies
from kpi_core.ingest.files.workbooks.sheet_cells import Area, fill_down, hidden, lost
from kpi_core.ingest.files.workbooks.sheets import Table, stacked
from kpi_core.ingest.files.workbooks.workbook import Sheet, check_sheet, empty_workbook, number_writer, text_frame
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

_VISIBLE = "urn:schemas-microsoft-com:office:excel Visible"
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14


@dataclass(kw_only=True)
class _Worksheet:
    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    is_hidden: bool = False
    areas: list[Area] = field(default_factory=list)
    lost: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: int = 0
    hidden_columns: int = 0
    currencies: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.rows) * max(map(len, self.rows), default=0)


class _SheetError(Exception):
    """Well-formed XML that is no sheet anyone could mean."""


def read_spreadsheetml(path: Path, name: str, sheet: str | None = None, limits: Limits = DEFAULT) -> Sheet:
    """The data sheet of a SpreadsheetML file: `sheet`, else the visible one with the most cells.

    Raises:
        ExportError: broken XML, a document type in it, cells beyond a bound or Excel's own, no such or no filled sheet.
    """
    worksheets = _parse(path, name, limits)
    names = tuple(worksheet.name for worksheet in worksheets)
    if sheet is not None:
        check_sheet(sheet, names, name)
        visible = [worksheets[names.index(sheet)]]
    else:
        visible = [worksheet for worksheet in worksheets if not worksheet.is_hidden and worksheet.size]
        if not visible:
            raise empty_workbook(name)
    concealed = [worksheet for worksheet in worksheets if worksheet.is_hidden and sheet is None]
    notes = {worksheet.name: _notes_of(worksheet, name, limits) for worksheet in visible}
    sizes = [worksheet.size for worksheet in visible]
    best = sizes.index(max(sizes))
    stack = stacked([Table(name=worksheet.name, rows=worksheet.rows) for worksheet in visible], best,
                    [Table(name=worksheet.name, rows=worksheet.rows) for worksheet in concealed])  # fmt: skip
    return Sheet(
        name=visible[best].name, sheets=names, frame=text_frame(stack.rows), notes=stack.notes(notes), stack=stack
    )


def _notes_of(worksheet: _Worksheet, name: str, limits: Limits) -> tuple[Message, ...]:
    """The notes on a sheet, its merged cells filled."""
    limits.check_cells(worksheet.size, f"{name}, sheet `{worksheet.name}`")
    with_currencies(worksheet.rows, worksheet.currencies, number_writer)
    filled = fill_down(worksheet.rows, worksheet.areas)
    notes = (*lost(worksheet.lost), filled, *hidden(worksheet.hidden_rows, worksheet.hidden_columns))
    return tuple(note for note in notes if note is not None)


_FAULTS = {
    expat.errors.XML_ERROR_NO_ELEMENTS: "the file ends in the middle of it",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "the file ends in the middle of it",
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: "the file ends in the middle of it",
    expat.errors.XML_ERROR_PARTIAL_CHAR: "the file ends in the middle of a letter",
    expat.errors.XML_ERROR_INVALID_TOKEN: "a letter that may not stand there, such as a bare & or <",
    expat.errors.XML_ERROR_TAG_MISMATCH: "an element is closed that is not the one that is open",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "something stands after its end",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "an unknown &name;",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "an attribute is there twice",
    expat.errors.XML_ERROR_UNBOUND_PREFIX: "a prefix that is not declared",
    expat.errors.XML_ERROR_UNKNOWN_ENCODING: "an unknown encoding",
}
"""What the parser's codes mean, by its messages."""


def _fault_of(error: Exception, column: int) -> str:
    """What is wrong in our words, with the place in the line."""
    if not isinstance(error, expat.ExpatError):
        return "an unknown encoding"
    fault = _FAULTS.get(expat.errors.messages.get(error.code, ""), "something that does not belong there")
    return f"{fault}, at character {column} of the line"


def _parse(path: Path, name: str, limits: Limits) -> list[_Worksheet]:
    reader = _Reader(name, limits)
    try:
        with path.open("rb") as file:
            reader.parser.ParseFile(file)
    except (expat.ExpatError, _SheetError, LookupError) as error:
        place = f"{name}:{reader.parser.CurrentLineNumber}"
        fault = (
            str(error) if isinstance(error, _SheetError) else _fault_of(error, reader.parser.CurrentColumnNumber + 1)
        )
        raise UnreadableError(
            f"cannot be read as an XML spreadsheet: {fault}", where=place, hint="export it again, or as CSV or .xlsx"
        ) from error
    return reader.worksheets


class _Reader:
    """The parser's state: the sheets so far, and where in the current one the next cell goes."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._cells = 0
        self._letters = 0
        self._has_formula = False
        self._style = ""
        self._currencies: dict[str, str] = {}
        self.worksheets: list[_Worksheet] = []
        self._column = 0
        self._after_row = 0
        self._after_cell = 0
        self._kind = "String"
        self._text: list[str] | None = None
        self._in_comment = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add_text
        self._starts = {
            f"{NAMESPACE} Worksheet": self._start_worksheet,
            f"{NAMESPACE} Column": self._start_column,
            f"{NAMESPACE} Row": self._start_row,
            f"{NAMESPACE} Style": self._start_style,
            f"{NAMESPACE} NumberFormat": self._start_format,
            f"{NAMESPACE} Cell": self._start_cell,
            f"{NAMESPACE} Data": self._start_data,
            f"{NAMESPACE} Comment": self._start_comment,
            _VISIBLE: self._start_text,
        }
        self._ends = {
            f"{NAMESPACE} Cell": self._end_cell,
            f"{NAMESPACE} Data": self._end_data,
            f"{NAMESPACE} Comment": self._end_comment,
            _VISIBLE: self._end_visible,
        }

    def _refuse_doctype(self, *_: object) -> None:
        raise _SheetError("it declares a document type")

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if start := self._starts.get(element):
            start(attributes)

    def _end(self, element: str) -> None:
        if end := self._ends.get(element):
            end()

    def _add_text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
            self._letters += len(text)
            if self._letters > self._limits.cell:
                raise self._limits.long_cell(self._name)

    def _start_worksheet(self, attributes: dict[str, str]) -> None:
        self.worksheets.append(_Worksheet(name=attributes.get(f"{NAMESPACE} Name", "")))
        self._after_row = 0

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get(f"{NAMESPACE} ID", "")

    def _start_format(self, attributes: dict[str, str]) -> None:
        if currency := unit_shown_by_format(attributes.get(f"{NAMESPACE} Format", "").replace("\\", "")):
            self._currencies[self._style] = currency

    def _start_column(self, attributes: dict[str, str]) -> None:
        if self.worksheets and attributes.get(f"{NAMESPACE} Hidden") == "1":
            self.worksheets[-1].hidden_columns += 1 + _number(attributes, "Span", 0)

    def _start_row(self, attributes: dict[str, str]) -> None:
        rows = self._rows
        row = _number(attributes, "Index", len(rows) + self._after_row + 1)
        if not len(rows) < row <= _MOST_ROWS:
            raise _SheetError(f"row {row} after row {len(rows)}")
        rows.extend([] for _ in range(row - len(rows)))
        self.worksheets[-1].hidden_rows += attributes.get(f"{NAMESPACE} Hidden") == "1"
        self._after_row = _number(attributes, "Span", 0)
        self._column = self._after_cell = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column = _number(attributes, "Index", self._column + self._after_cell + 1)
        if not 0 < self._column <= _MOST_COLUMNS:
            raise _SheetError(f"column {self._column}")
        self._after_cell = _number(attributes, "MergeAcross", 0)
        self._has_formula = f"{NAMESPACE} Formula" in attributes
        self._style = attributes.get(f"{NAMESPACE} StyleID", "")
        below = _number(attributes, "MergeDown", 0)
        if below:
            top, left = len(self._rows) - 1, self._column - 1
            self.worksheets[-1].areas.append(((top, left), (top + below, left + self._after_cell)))

    def _start_data(self, attributes: dict[str, str]) -> None:
        if not self._in_comment:
            self._kind = attributes.get(f"{NAMESPACE} Type", "String")
            self._text = []

    def _start_comment(self, _: dict[str, str]) -> None:
        self._in_comment = True

    def _start_text(self, _: dict[str, str]) -> None:
        self._text = []

    def _end_data(self) -> None:
        if self._in_comment:
            return
        if not self._rows:
            raise _SheetError("a cell outside a row")
        row = self._rows[-1]
        if len(row) >= self._column:
            raise _SheetError(f"a second value in column {self._column}")
        self._put(_cell(self._kind, self._taken_text()))
        self._has_formula = False
        if self._kind == "Number" and self._style in self._currencies:
            self.worksheets[-1].currencies[len(self._rows) - 1, self._column - 1] = self._currencies[self._style]
        if self._kind == "Error" and row[-1]:
            self.worksheets[-1].lost[len(self._rows) - 1, self._column - 1] = str(row[-1])

    def _put(self, cell: Cell) -> None:
        row = self._rows[-1]
        self._cells += self._column - len(row)
        self._limits.check_cells(self._cells, self._name)
        row.extend([""] * (self._column - len(row)))
        row[-1] = cell

    def _end_cell(self) -> None:
        if self._has_formula and self._rows and len(self._rows[-1]) < self._column:
            self._put(NO_VALUE)
            self.worksheets[-1].lost[len(self._rows) - 1, self._column - 1] = NO_VALUE
        self._has_formula = False

    def _end_comment(self) -> None:
        self._in_comment = False

    def _end_visible(self) -> None:
        if self._taken_text().strip() != "SheetVisible" and self.worksheets:
            self.worksheets[-1].is_hidden = True

    @property
    def _rows(self) -> list[list[Cell]]:
        if not self.worksheets:
            raise _SheetError("a cell outside a worksheet")
        return self.worksheets[-1].rows

    def _taken_text(self) -> str:
        text, self._text, self._letters = "".join(self._text or ()), None, 0
        return text


def _number(attributes: dict[str, str], name: str, default: int) -> int:
    text = attributes.get(f"{NAMESPACE} {name}")
    if text is None:
        return default
    if not text.isdecimal() or len(text) > 9:
        raise _SheetError(f"`{name}` is `{text}`")
    return int(text)


def _cell(kind: str, text: str) -> Cell:
    """A cell of this type; what does not read as its type stays text, as an error does."""
    if kind == "Boolean" and text in {"0", "1"}:
        return text == "1"
    try:
        if kind == "Number" and not text.removeprefix("-").isdecimal():
            return float(text)
        if kind == "DateTime":
            moment = datetime.fromisoformat(text)
            return moment if moment.time() != datetime.min.time() else moment.date()
    except ValueError:
        return text
    return text
