"""Workbook cells as text."""

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook, PasswordError

from kpi_core.errors import ExportError
from kpi_core.ingest.files.workbooks.workbook import Cell, read_workbook, text_frame


def workbook(path: Path, cells: list[tuple[object, str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for value, number_format in cells:
        sheet.append([value])
        sheet.cell(sheet.max_row, 1).number_format = number_format
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (3, "General", "3"),
        (2.5, "General", "2.5"),
        (-0.25, "0 %", "-0.25"),
        (1234567890123456, "0", "1234567890123456"),
        (1.03006e13, "General", "10300600000000"),
        (0.0000001, "General", "0.0000001"),
        (True, "General", "true"),
        (False, "General", "false"),
        ("  text ", "General", "  text "),
        ("=1/0", "General", "#formula without a value"),
        ("#N/A", "General", "#N/A"),
        (None, "General", None),
        (0.5, "[h]:mm:ss", "12:00:00"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (57.8, "[h]:mm:ss", "1387:12:00"),
        (-0.5, "[h]:mm:ss", "-12:00:00"),
        (0.5, "h:mm:ss", "12:00:00"),
        (1.5, "h:mm:ss", "36:00:00"),
        (1, "h:mm", "24:00:00"),
        (1.5, "h:mm", "36:00:00"),
        (57.8, "h:mm", "1387:12:00"),
        (100.25, "h:mm", "2406:00:00"),
        (181 / 86400, "h:mm:ss", "0:03:01"),
        (14 / 24 + 5 / 1440, "hh:mm", "14:05:00"),
        (45000, "yyyy-mm-dd", "2023-03-15"),
        (45000.5, "yyyy-mm-dd hh:mm", "2023-03-15 12:00:00"),
        (45000 + 0.25 / 86400, "yyyy-mm-dd hh:mm:ss.000", "2023-03-15 00:00:00.250"),
    ],
)
def test_cells(tmp_path: Path, value: object, number_format: str, text: str | None) -> None:
    path = workbook(tmp_path / "book.xlsx", [("header", "General"), (value, number_format), ("end", "General")])
    assert read_workbook(path, "book.xlsx").frame["c0"].to_list() == ["header", text, "end"]


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([date(1900, 1, 1), datetime(2024, 3, 1, 9, 30)], ["1900-01-01 00:00:00", "2024-03-01 09:30:00"]),
        ([date(2024, 3, 1), date(2024, 3, 2)], ["2024-03-01", "2024-03-02"]),
        ([date(1900, 1, 1), datetime(1900, 1, 1, 12), time(0, 3, 1)], ["24:00:00", "36:00:00", "0:03:01"]),
        ([timedelta(hours=-391, minutes=-30, seconds=-46), "n/a", ""], ["-391:30:46", "n/a", None]),
        ([timedelta(milliseconds=1500), time(0, 0, 0, 659000)], ["0:00:01.500", "0:00:00.659"]),
    ],
)
def test_a_column_is_settled_as_a_whole(cells: list[Cell], texts: list[str | None]) -> None:
    assert text_frame([["header"], *([cell] for cell in cells)])["c0"].to_list() == ["header", *texts]


def test_short_rows_are_filled() -> None:
    assert text_frame([["a", "b"], [], [1.0]]).rows() == [("a", "b"), (None, None), ("1", None)]


def sheets(path: Path) -> Path:
    book = openpyxl.Workbook()
    small, data, hidden = book.active, book.create_sheet("Ärenden"), book.create_sheet("Pivot")
    assert isinstance(small, Worksheet)
    small.title = "Graphs"
    small.append(["a", "b"])
    data["B3"], data["C3"], data["B4"], data["C4"] = "id", "status", 1, "open"
    for _ in range(9):
        hidden.append(["x", "y"])
    hidden.sheet_state = "hidden"
    book.create_chartsheet("Chart")
    book.save(path)
    return path


def test_the_largest_visible_sheet_and_rows_from_its_first(tmp_path: Path) -> None:
    sheet = read_workbook(sheets(tmp_path / "book.xlsx"), "book.xlsx")
    assert (sheet.name, sheet.sheets) == ("Ärenden", ("Graphs", "Ärenden", "Pivot", "Chart"))
    blank = (None, None, None)
    assert sheet.frame.rows() == [blank, blank, (None, "id", "status"), (None, "1", "open")]


def test_a_named_sheet_may_be_hidden(tmp_path: Path) -> None:
    assert read_workbook(sheets(tmp_path / "book.xlsx"), "book.xlsx", "Pivot").frame.height == 9


@pytest.mark.parametrize(
    ("sheet", "hint"),
    [("Arenden", "did you mean `Ärenden`?"), ("Q", "its sheets are `Graphs`, `Ärenden`, `Pivot`, `Chart`")],
)
def test_no_such_sheet(tmp_path: Path, sheet: str, hint: str) -> None:
    with pytest.raises(ExportError, match=f"book.xlsx: no sheet `{sheet}`") as raised:
        read_workbook(sheets(tmp_path / "book.xlsx"), "book.xlsx", sheet)
    assert raised.value.hint == hint


def test_a_workbook_without_cells(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no filled sheet"):
        read_workbook(workbook(tmp_path / "book.xlsx", []), "book.xlsx")


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_a_damaged_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=r"book\.xlsx: cannot be read as a workbook"):
        read_workbook(path, "book.xlsx")


def test_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PasswordError("Workbook is password protected")

    monkeypatch.setattr(CalamineWorkbook, "from_path", refuse)
    with pytest.raises(ExportError, match="is protected by a password"):
        read_workbook(tmp_path / "book.xlsx", "book.xlsx")


def test_opendocument_durations(tmp_path: Path) -> None:
    cells = (
        '<table:table-cell office:value-type="string"><text:p>time taken</text:p></table:table-cell>',
        '<table:table-cell office:value-type="time" office:time-value="PT36H00M00S"/>',
        '<table:table-cell office:value-type="time" office:time-value="-PT1387H11M59.999999999S"/>',
    )
    sheet = read_workbook(opendocument(tmp_path / "book.ods", cells), "book.ods")
    assert sheet.frame["c0"].to_list() == ["time taken", "36:00:00", "-1387:12:00"]


def opendocument(path: Path, cells: tuple[str, ...]) -> Path:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    rows = "".join(f"<table:table-row>{cell}</table:table-row>" for cell in cells)
    table = f'<table:table table:name="S">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return path
