"""A user's own workbook with its named cells filled: the archive is edited in place, so that all else stays as it is.

A library that reads a workbook and writes it again loses what it does not know (sparklines, slicers, shapes, half of a chart's looks).
Here the cells with our names are replaced in the text of their sheets. The old values of formulas are dropped, for they would be of
other numbers, and whoever opens the workbook computes them anew.
"""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import join, normpath
from typing import TypeAlias
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from kpi_cli.workbook.cell_text import Content, with_cells
from kpi_core.errors import KpiError
from kpi_core.patterns import regex

Filling: TypeAlias = Mapping[str, Content | Sequence[Content]]
"""What each name stands for: a value, or values over time, of which a range takes the last."""
NAME, VALUE = "kpi", "value"
"""The heads of a table's columns with the names of KPIs, and with their values."""
MOST_BYTES = 300_000_000
"""Unpacked; a workbook of more is no form to be filled in."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CALCULATION = regex(rb"<((?:\w+:)?)calcPr\b([^>]*?)(/?)>")
_FULL = regex(rb'\s+fullCalcOnLoad="[^"]*"')
_BEFORE_CALCULATION = regex(rb"</((?:\w+:)?)(?:sheets|externalReferences|definedNames)>")
_CACHE = regex(rb"<((?:\w+:)?pivotCacheDefinition)\b(?![^>]*refreshOnLoad)")
_CELLS = regex(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!(?P<cells>\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)"
)
_LOST = {
    "xl/vbaProject.bin": "has macros, which a .xlsx may not have",
    "_xmlsignatures/": "is signed, and would not be what was signed",
}
"""What cannot be filled in, by what the archive holds."""


def fill(template: Path, target: Path, filling: Filling) -> None:
    """Writes the template with its cells filled to another path.

    Raises:
        KpiError: it is no workbook that can be filled in, none of its names is one of ours, or one of them is no cell.
    """
    try:
        with ZipFile(template) as archive:
            _check(archive, template)
            sheets = _sheets(archive)
            cells = _cells(archive, sheets, filling, template)
            with ZipFile(target, "w", ZIP_DEFLATED) as filled:
                for member in archive.infolist():
                    data = archive.read(member)
                    filled.writestr(member, _changed(member.filename, data, sheets, cells, template), ZIP_DEFLATED)
    except (BadZipFile, KeyError, ET.ParseError) as error:
        raise KpiError("cannot be read as a workbook", where=template, hint="save it as .xlsx") from error


def _check(archive: ZipFile, template: Path) -> None:
    if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
        raise KpiError("is too large for a form", where=template, hint="name a smaller workbook")
    for part, why in _LOST.items():
        if any(name.startswith(part) for name in archive.namelist()):
            raise KpiError(why, where=template, hint="save a copy without as .xlsx")


def _sheets(archive: ZipFile) -> dict[str, str]:
    """The member that holds each sheet, by the sheet's name."""
    links = {
        one.get("Id"): normpath(join("xl", one.get("Target", "").removeprefix("/xl/")))
        for one in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = ET.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    return {one.get("name", ""): links[one.get(_LINK)] for one in found if one.get(_LINK) in links}


def _cells(
    archive: ZipFile, sheets: Mapping[str, str], filling: Filling, template: Path
) -> dict[str, dict[tuple[int, int], Content]]:
    """What goes into which cell (row, column), by sheet.

    Raises:
        KpiError: no name is one of ours, or one of ours is no cell of a sheet.
    """
    known = {name.casefold(): value for name, value in filling.items()}
    found: dict[str, dict[tuple[int, int], Content]] = {}
    for one in ET.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}definedName"):
        name = one.get("name", "")
        if name.casefold() not in known:
            continue
        cells = _CELLS.fullmatch((one.text or "").strip())
        sheet = "" if cells is None else cells["plain"] or cells["quoted"].replace("''", "'")
        if cells is None or sheet not in sheets:
            hint = "let the name stand for a cell, or rename it"
            raise KpiError(f"`{name}` is no cell: {one.text or 'it is empty'}", where=template, hint=hint)
        found.setdefault(sheet, {}).update(_of_range(cells["cells"], known[name.casefold()]))
    if any(name.startswith("xl/tables/") for name in archive.namelist()):
        for sheet, place, content in _of_tables(template, known):
            found.setdefault(sheet, {})[place] = content
    if not found:
        hint = "name a cell `csat`, `csat_change` or `period` (Formulas, Define Name), or make a table with columns `kpi` and `value`"
        raise KpiError("has no cell with the name of a KPI", where=template, hint=hint)
    return found


def _of_tables(
    template: Path, known: Mapping[str, Content | Sequence[Content]]
) -> Iterator[tuple[str, tuple[int, int], Content]]:
    """Cells of tables that have a column `kpi` with names, and others called `value`, `change` and so on: sheet, place, and what it takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is lost where a workbook is written again
        try:
            book = load_workbook(template)
        except (ValueError, TypeError, AttributeError) as error:
            raise KpiError("has tables that cannot be read", where=template, hint="save it anew as .xlsx") from error
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            columns = range(left or 1, (right or 1) + 1)
            heads = {str(sheet.cell(top or 1, column).value).strip().casefold(): column for column in columns}
            if NAME not in heads or table.headerRowCount == 0:
                continue
            for row in range((top or 1) + 1, (bottom or 1) + 1 - (table.totalsRowCount or 0)):
                name = str(sheet.cell(row, heads[NAME]).value).strip().casefold()
                for head, column in heads.items():
                    key = name if head == VALUE else f"{name}_{head}"
                    if head != NAME and key in known:
                        known_value = known[key]
                        yield (
                            sheet.title,
                            (row, column),
                            known_value
                            if isinstance(known_value, str) or not isinstance(known_value, Sequence)
                            else None,
                        )


def _of_range(ref: str, value: Content | Sequence[Content]) -> Iterator[tuple[tuple[int, int], Content]]:
    """The cells of a range with what each takes: one value stands in the first, of several the last stands in the last."""
    left, top, right, bottom = range_boundaries(ref.replace("$", ""))
    places = [
        (row, column) for row in range(top or 1, (bottom or 1) + 1) for column in range(left or 1, (right or 1) + 1)
    ]
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield places[0], value
        return
    values = list(value)[-len(places) :]
    yield from zip(places, [*[None] * (len(places) - len(values)), *values], strict=True)


def _changed(
    member: str, data: bytes, sheets: Mapping[str, str], cells: Mapping[str, Mapping[tuple[int, int], Content]], template: Path
) -> bytes:  # fmt: skip
    if member == "xl/workbook.xml":
        return _computed_on_opening(data)
    if member.startswith("xl/pivotCache/pivotCacheDefinition"):
        return _CACHE.sub(rb'<\1 refreshOnLoad="1"', data, count=1)
    for sheet, edits in sheets.items():
        if edits == member:
            return with_cells(data, cells.get(sheet, {}), f"{template}, {sheet}")
    return data


def _computed_on_opening(workbook: bytes) -> bytes:
    """The workbook's part that says that formulas are computed when it is opened."""
    if _CALCULATION.search(workbook):

        def asked(found: re.Match[bytes]) -> bytes:
            prefix, rest, end = found.groups()
            return b"<" + prefix + b"calcPr" + _FULL.sub(b"", rest) + b' fullCalcOnLoad="1"' + end + b">"

        return _CALCULATION.sub(asked, workbook, count=1)
    before = max((found.end() for found in _BEFORE_CALCULATION.finditer(workbook)), default=None)
    if before is None:
        return workbook
    prefix = next(_BEFORE_CALCULATION.finditer(workbook)).group(1)
    return workbook[:before] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + workbook[before:]
