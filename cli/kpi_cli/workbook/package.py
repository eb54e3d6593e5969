"""Saving a workbook so that the same report gives the same bytes, and with what its library does not write.

A saved workbook carries the clock three times over: when it was made, when it was changed, and in every member
of the archive. All three are set, the first two to the report's own instant. Formulas get the values that they come to, so that
a viewer that computes nothing shows them; one that does computes them anew when it opens the workbook.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from kpi_core.patterns import regex

Computed: TypeAlias = Mapping[str, float | str]
"""By cell what its formula comes to."""
_FORMULA = regex(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)>(<f>[^<]*</f>)<v ?(?:/>|></v>)</c>')
_ROW = regex(r'<row r="(\d+)"')
_REACH = regex(rb'(<dimension ref="[A-Z]+\d+:[A-Z]+)\d+"')
_EPOCH = (1980, 1, 1, 0, 0, 0)


class _TimelessArchive(ZipFile):
    """An archive whose members all bear the format's first day; `changed` says what a member is to hold in place of what is written."""

    changed: Callable[[str, bytes], bytes] = staticmethod(lambda _, data: data)

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        held = data.encode() if isinstance(data, str) else data
        super().writestr(ZipInfo(name, _EPOCH), self.changed(name, held), compress_type=ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname), Path(filename).read_bytes())


def save(
    workbook: Workbook, target: Path, generated_at: datetime, computed: Mapping[str, Computed] = {}, bulk: Mapping[str, str] = {},
) -> None:  # fmt: skip
    """Writes the workbook, made and changed at `generated_at` (UTC where it has no zone).

    `computed` are by sheet the values of its formulas, `bulk` rows that stand below its others.
    """
    made = generated_at if generated_at.tzinfo is None else generated_at.astimezone(UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = made.replace(microsecond=0)
    workbook.properties.creator = "kundpuls"
    workbook.calculation.fullCalcOnLoad = bool(computed)
    sheets = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(workbook.sheetnames, start=1)}

    def changed(member: str, data: bytes) -> bytes:
        name = sheets.get(member, "")
        if values := computed.get(name):
            data = _with_values(data.decode(), values).encode()
        return _with_rows(data, rows) if (rows := bulk.get(name)) else data

    with _TimelessArchive(target, "w", ZIP_DEFLATED) as archive:
        archive.changed = changed
        ExcelWriter(workbook, archive).save()


def _with_rows(sheet: bytes, rows: str) -> bytes:
    """The sheet with rows below its last, and told to reach as far as these."""
    head, end, foot = sheet.rpartition(b"</sheetData>")
    last = _ROW.findall(rows)[-1].encode()
    return _REACH.sub(rb"\g<1>" + last + rb'"', head, count=1) + rows.encode() + end + foot


def _with_values(sheet: str, values: Computed) -> str:
    """The sheet with a value at each formula that has one."""

    def filled(found: re.Match[str]) -> str:
        place, rest, formula = found.groups()
        value = values.get(place)
        match value:
            case None:
                return found.group()
            case str():
                return f'<c r="{place}"{rest} t="str">{formula}<v>{escape(value)}</v></c>'
        return f'<c r="{place}"{rest}>{formula}<v>{value!r}</v></c>'

    return _FORMULA.sub(filled, sheet)
