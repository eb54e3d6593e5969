"""What the XML of an .xlsx says that its cells as values do not: errors, formulas without a value, hidden rows, size.

Workbook readers give an error and a formula that was never computed as an empty cell, and make room for every cell
between the first and the farthest. The XML is looked through as bytes, piece by piece, before one of them opens it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path, PurePosixPath

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.missing import NO_VALUE
from kpi_core.ingest.files.limits import Limits
from kpi_core.ingest.files.workbooks.money_formats import currency_styles
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_PIECE = 1 << 20
_SHEET = regex(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = regex(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ROW_END = regex(rb"</(?:\w+:)?row>|<(?:\w+:)?row\s[^>]*/>")
_ROW = regex(rb"<(?:\w+:)?row\s([^>]*)>")
_HIDDEN_ROW = regex(rb"<(?:\w+:)?row\s[^>]*?\bhidden=\"(?:1|true)\"")
_HIDDEN_COLUMN = regex(rb"<(?:\w+:)?col\s[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_WIDE = regex(rb"\br=\"([A-Z]{2,3})\d")
_FORMULA = rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
_ERROR = regex(rb"<(?:\w+:)?c\s([^>]*?\bt=\"e\"[^>]*)>\s*(?:" + _FORMULA + rb")?<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>")
_WITHOUT_VALUE = regex(
    rb"<(?:\w+:)?c\s([^>]*)>\s*" + _FORMULA + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_REFERENCE = regex(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")
_IS_1904 = regex(rb"<(?:\w+:)?workbookPr\s[^>]*?\bdate1904=\"(?:1|true)\"")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    ValueError,
)
"""What reading a damaged archive may raise."""
_OF_A_SHEET = 26
"""The columns that are taken to be there without looking: the commonest of all sheets have one letter."""


@dataclass(kw_only=True)
class SheetParts:
    """What was seen of one sheet; places are (row, column), counted from 0."""

    cells: int = 0
    last_row: int = 0
    last_column: int = _OF_A_SHEET
    lost: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: int = 0
    hidden_columns: int = 0
    currencies: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def area(self) -> int:
        """The cells from the first to the farthest."""
        return self.last_row * self.last_column


@dataclass(frozen=True, kw_only=True)
class WorkbookParts:
    """The sheets of an .xlsx, each looked through when asked for."""

    path: Path
    name: str
    limits: Limits
    _seen: dict[str, SheetParts] = field(default_factory=dict, repr=False)

    @cached_property
    def is_1904(self) -> bool:
        """Whether the workbook counts days from 1904."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                return _IS_1904.search(_whole(archive, "xl/workbook.xml")) is not None
        except UNREADABLE:
            return False

    @cached_property
    def currencies(self) -> dict[bytes, str]:
        """The currency of each cell style that shows one."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                return currency_styles(_whole(archive, "xl/styles.xml"))
        except UNREADABLE:
            return {}

    def sheet(self, sheet: str) -> SheetParts:
        """What was seen of a sheet.

        Raises:
            ExportError: more cells than the bound, or so far apart that no reader can make room for them.
        """
        if sheet not in self._seen:
            self._seen[sheet] = self._look(sheet)
        parts = self._seen[sheet]
        if parts.area > max(self.limits.cells, _OF_A_SHEET << 20):
            far = f"{letters(parts.last_column)}{parts.last_row}"
            hint = f"delete the rows and columns beyond the table, those up to {far}, save it and read it again"
            message = f"sheet `{sheet}` has {parts.cells:,} filled cells, one as far away as {far}"
            raise ExportError(message, where=self.name, hint=hint)
        return parts

    def _look(self, sheet: str) -> SheetParts:
        parts = SheetParts()
        wide: set[bytes] = set()
        styled = _styled(self.currencies)
        try:
            with zipfile.ZipFile(self.path) as archive:
                member = _members(archive).get(sheet)
                for piece in () if member is None else _pieces(archive, member):
                    _add(parts, piece, wide)
                    if styled is not None:
                        parts.currencies |= {place: self.currencies[found[2]] for found in styled.finditer(piece)
                                             if (place := _place(found[1]))}  # fmt: skip
                    self.limits.check_cells(parts.cells, f"{self.name}, sheet `{sheet}`")
        except UNREADABLE:
            return SheetParts()  # what the reader of workbooks says of it is plainer
        parts.last_column = max([_OF_A_SHEET, *map(_column, wide)])
        return parts


def parts_of(path: Path, name: str, limits: Limits) -> WorkbookParts | None:
    """The parts of an .xlsx or .xlsm; None for a workbook of another kind.

    Raises:
        ExportError: it unpacks to more than the bound, or declares a document type.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            limits.check_unpacked(archive.infolist(), name)
            if "xl/workbook.xml" not in archive.namelist():
                return None
            if b"<!DOCTYPE" in _whole(archive, "xl/workbook.xml"):
                raise ExportError("declares a document type, which no workbook needs", where=name)
    except UNREADABLE:
        return None  # what the reader of workbooks says of it is plainer
    return WorkbookParts(path=path, name=name, limits=limits)


def _whole(archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as file:
        return file.read(_PIECE << 2)


def _members(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The file of each sheet, by its name."""
    names = archive.namelist()
    if "xl/_rels/workbook.xml.rels" not in names:
        return {}
    targets = {}
    for relation in _RELATION.findall(_whole(archive, "xl/_rels/workbook.xml.rels")):
        target = _attribute(relation, "Target")
        targets[_attribute(relation, "Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for tag in _SHEET.findall(_whole(archive, "xl/workbook.xml")):
        key = re.search(rb"\b\w+:id=\"([^\"]*)\"", tag)
        member = targets.get(key[1].decode() if key else "", "")
        if str(PurePosixPath(member)) in names:
            found[_attribute(tag, "name")] = str(PurePosixPath(member))
    return found


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rb"\s" + name.encode() + rb"=(?:\"([^\"]*)\"|'([^']*)')", tag)
    text = (found[1] or found[2] or b"").decode("utf-8", "replace") if found else ""
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(escaped, plain)
    return text


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """The XML in pieces that end with a row."""
    rest = b""
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            rest += piece
            end = max(rest.rfind(b"</row>"), rest.rfind(b":row>")) + 6
            if end >= 6:
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > _PIECE << 4:
                yield rest
                rest = b""
    yield rest


def _add(parts: SheetParts, piece: bytes, wide: set[bytes]) -> None:
    parts.cells += piece.count(b"<c ") + piece.count(b":c ")
    wide.update(_WIDE.findall(piece))
    rows = _ROW.findall(piece)
    numbered = re.search(rb"\br=\"(\d{1,7})\"", rows[-1]) if rows else None
    parts.last_row = int(numbered[1]) if numbered else parts.last_row + len(rows)
    if b'hidden="' in piece:
        parts.hidden_rows += len(_HIDDEN_ROW.findall(piece))
        parts.hidden_columns += sum(map(_breadth, _HIDDEN_COLUMN.findall(piece)))
    if b't="e"' in piece:
        parts.lost |= {place: found[2].decode("utf-8", "replace") for found in _ERROR.finditer(piece)
                       if (place := _place(found[1]))}  # fmt: skip
    if b"<f" in piece or b":f" in piece:
        parts.lost |= {place: NO_VALUE for found in _WITHOUT_VALUE.finditer(piece)
                       if b't="str"' not in found[1] and (place := _place(found[1]))}  # fmt: skip


def _styled(currencies: Mapping[bytes, str]) -> re.Pattern[bytes] | None:
    """What finds the cells of some styles; None for no styles."""
    if not currencies:
        return None
    return re.compile(rb"<(?:\w+:)?c\s([^>]*?)\bs=\"(" + b"|".join(currencies) + rb")\"[^>]*>")


def _breadth(tag: bytes) -> int:
    first, last = _attribute(tag, "min"), _attribute(tag, "max")
    return int(last) - int(first) + 1 if first.isdecimal() and last.isdecimal() and int(last) < 1 << 14 else 0


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _REFERENCE.search(b" " + attributes)
    return (int(found[2]) - 1, _column(found[1]) - 1) if found else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def letters(column: int) -> str:
    """The name of a column counted from 1: `A`, `AB`."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
