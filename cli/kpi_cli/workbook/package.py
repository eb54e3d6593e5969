"""Saving a workbook so that the same report gives the same bytes, and with what its library does not write.

A saved workbook carries the clock three times over: when it was made, when it was changed, and in every member
of the archive. All three are set, the first two to the report's own instant. Formulas get their values, so that
a viewer that computes nothing shows them; one that does computes them anew when it opens the workbook.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from kpi_core.patterns import regex
from kpi_core.records import dataclass

Computed: TypeAlias = Mapping[str, float | str]
"""By cell the value of its formula."""
_FORMULA = regex(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)>(<f>[^<]*</f>)<v ?(?:/>|></v>)</c>')
_CHART = regex(r'(<(?:xdr:)?cNvPr id="\d+" name="Chart \d+") ?/>')
_ROW = regex(r'<row r="(\d+)"')
_REACH = regex(rb'(<dimension ref="[A-Z]+\d+:[A-Z]+)\d+"')
_EPOCH = (1980, 1, 1, 0, 0, 0)


class _TimelessArchive(ZipFile):
    """An archive whose members all bear the format's first day; `changed` says what a member is to hold in place of what is written."""

    changed: Callable[[str, bytes], bytes] = staticmethod(lambda _, data: data)

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        raw = data.encode() if isinstance(data, str) else data
        super().writestr(ZipInfo(name, _EPOCH), self.changed(name, raw), compress_type=ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname), Path(filename).read_bytes())


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What the library does not write, by sheet: the values of formulas, rows below the others, and what charts show in words, in their order."""

    computed: dict[str, dict[str, float | str]] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    alts: dict[str, list[str]] = field(default_factory=dict)


def save(workbook: Workbook, target: Path, generated_at: datetime, additions: Additions) -> None:
    """Writes the workbook, made and changed at `generated_at` (UTC where it has no zone)."""
    made = generated_at if generated_at.tzinfo is None else generated_at.astimezone(UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = made.replace(microsecond=0)
    workbook.properties.creator = "kundpuls"
    workbook.calculation.fullCalcOnLoad = bool(additions.computed)
    sheets = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(workbook.sheetnames, start=1)}

    drawn = [sheet.title for sheet in workbook.worksheets if getattr(sheet, "_charts", ())]
    drawings = {
        f"xl/drawings/drawing{number}.xml": additions.alts.get(name, []) for number, name in enumerate(drawn, start=1)
    }

    def changed(member: str, data: bytes) -> bytes:
        name = sheets.get(member, "")
        if alts := drawings.get(member):
            return _with_words(data.decode(), alts).encode()
        if values := additions.computed.get(name):
            data = _with_values(data.decode(), values).encode()
        return _with_rows(data, rows) if (rows := additions.rows.get(name)) else data

    with _TimelessArchive(target, "w", ZIP_DEFLATED) as archive:
        archive.changed = changed
        ExcelWriter(workbook, archive).save()


def _with_rows(sheet: bytes, rows: str) -> bytes:
    """The sheet with rows below its last, and its range extended as far as these."""
    head, end, foot = sheet.rpartition(b"</sheetData>")
    last = _ROW.findall(rows)[-1].encode()
    return _REACH.sub(rb"\g<1>" + last + rb'"', head, count=1) + rows.encode() + end + foot


def _with_words(drawing: str, alts: Sequence[str]) -> str:
    """The drawing with what each of its charts shows in words, for those who cannot see it."""
    texts = iter(alts)
    return _CHART.sub(lambda found: f"{found.group(1)} descr={quoteattr(next(texts, ''))} />", drawing)


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
