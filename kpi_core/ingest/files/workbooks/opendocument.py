"""What an .ods says of its cells that its reader drops: errors, formulas without a value, hidden rows, merged cells.

An error is written with a number or an empty text for its value, which a reader takes as it stands. So these cells are
rewritten as the text that they show, in a copy, where there are any.
"""

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from kpi_core.errors import UnreadableError
from kpi_core.ingest.cells.missing import NO_VALUE
from kpi_core.ingest.files.spool import copying
from kpi_core.ingest.files.workbooks.sheet_cells import hidden
from kpi_core.ingest.files.workbooks.workbook_parts import UNREADABLE
from kpi_core.messages.message import Message
from kpi_core.patterns import regex
from kpi_core.records import dataclass

_CONTENT = "content.xml"
_CELL = regex(rb"<table:table-cell\b[^>]*?(?:/>|>)")
_VALUE = regex(rb"\s(?:office:(?:value-type|value|string-value|boolean-value|date-value|time-value))=\"[^\"]*\"")
_ROW = regex(rb"<table:table-row\b[^>]*?\btable:visibility=\"(?:collapse|filter)\"[^>]*>")
_COLUMN = regex(rb"<table:table-column\b[^>]*?\btable:visibility=\"(?:collapse|filter)\"[^>]*>")
_REPEATED = regex(rb"\btable:number-(?:rows|columns)-repeated=\"(\d{1,7})\"")
_MERGED = regex(rb"\btable:number-rows-spanned=\"(?:[2-9]|\d{2,7})\"")
_TEXT = b' office:value-type="string"'


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A workbook to read, and the notes on it."""

    path: Path
    notes: tuple[Message, ...] = ()


def mended(path: Path, name: str) -> Mended:
    """An OpenDocument workbook whose errors and formulas without a value are text; as it is where it has none.

    Raises:
        ExportError: it is damaged: its reader would look for the end of broken XML for ever.
    """
    try:
        return _mended(path)
    except (*UNREADABLE, expat.ExpatError) as error:
        hint = "if LibreOffice opens it, save it from there as .xlsx or as CSV UTF-8"
        raise UnreadableError("cannot be read as a workbook: it is damaged, or none", where=name, hint=hint) from error


def _mended(path: Path) -> Mended:
    with zipfile.ZipFile(path) as archive:
        if _CONTENT not in archive.namelist():
            return Mended(path=path)
        content = archive.read(_CONTENT)
        if b"<!DOCTYPE" in content[:4096]:
            raise ValueError("it declares a document type")
        expat.ParserCreate().Parse(content, True)
        counts = {"errors": 0, "formulas": 0}

        def as_text(found: re.Match[bytes]) -> bytes:
            tag = found[0]
            if b'calcext:value-type="error"' in tag:
                counts["errors"] += 1
                return _VALUE.sub(b"", tag).replace(b"<table:table-cell", b"<table:table-cell" + _TEXT, 1)
            if b"table:formula=" in tag and b"office:value-type=" not in tag:
                counts["formulas"] += 1
                bare = tag.removesuffix(b"/>").removesuffix(b">")
                paragraph = b"<text:p>" + NO_VALUE.encode() + b"</text:p>"
                end = b"</table:table-cell>" if tag.endswith(b"/>") else b""
                return bare.replace(b"<table:table-cell", b"<table:table-cell" + _TEXT, 1) + b">" + paragraph + end
            return tag

        text = _CELL.sub(as_text, content)
        notes = (*_messages(counts["errors"], counts["formulas"]), *_layout(content))
        return Mended(path=_rewritten(archive, text) if any(counts.values()) else path, notes=notes)


def _rewritten(archive: zipfile.ZipFile, content: bytes) -> Path:
    """A copy of the workbook with other cells."""
    with copying(".ods") as copy, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for member in ("mimetype", "META-INF/manifest.xml", "styles.xml", "settings.xml"):
            if member in archive.namelist():
                written.writestr(member, archive.read(member))
        written.writestr(_CONTENT, content)
    return Path(copy.name)


def _messages(errors: int, formulas: int) -> tuple[Message, ...]:
    return (
        *([Message("opendocument-formulas", count=formulas)] if formulas else []),
        *([Message("opendocument-errors", count=errors)] if errors else []),
    )


def _layout(content: bytes) -> tuple[Message, ...]:
    merged = len(_MERGED.findall(content))
    return (
        *hidden(_breadth(_ROW.findall(content)), _breadth(_COLUMN.findall(content))),
        *([Message("merged-first-row", count=merged)] if merged else []),
    )


def _breadth(tags: list[bytes]) -> int:
    return sum(int(found[1]) if (found := _REPEATED.search(tag)) else 1 for tag in tags)
