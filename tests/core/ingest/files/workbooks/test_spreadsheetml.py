"""The XML that is saved under the name .xls."""

from pathlib import Path

import pytest

from kpi_core.errors import ExportError
from kpi_core.ingest.files.workbooks.spreadsheetml import read_spreadsheetml

OPENING = (
    '<?xml version="1.0"?>{before}<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">'
)


def export(path: Path, rows: str, *, more: str = "", before: str = "") -> Path:
    sheet = f'<ss:Worksheet ss:Name="Sheet1"><ss:Table>{rows}</ss:Table></ss:Worksheet>'
    path.write_text(OPENING.format(before=before) + sheet + more + "</ss:Workbook>", encoding="utf-8")
    return path


def row(*cells: str, at: str = "") -> str:
    return f"<ss:Row{at}>{''.join(cells)}</ss:Row>"


def cell(text: str, kind: str = "String", at: str = "") -> str:
    return f'<ss:Cell{at}><ss:Data ss:Type="{kind}">{text}</ss:Data></ss:Cell>'


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (cell("Löst &amp; klart"), "Löst & klart"),
        (cell("123", "Number"), "123"),
        (cell("12345678901234567890", "Number"), "12345678901234567890"),
        (cell("2.50", "Number"), "2.5"),
        (cell("1.03006E+13", "Number"), "10300600000000"),
        (cell("-", "Number"), "-"),
        (cell("2024-03-01T14:05:09.000", "DateTime"), "2024-03-01 14:05:09"),
        (cell("2024-03-01T00:00:00.000", "DateTime"), "2024-03-01"),
        (cell("1899-12-31T00:02:23.000", "DateTime"), "0:02:23"),
        (cell("1900-01-01T12:00:00.000", "DateTime"), "36:00:00"),
        (cell("1", "Boolean"), "true"),
        (cell("#DIV/0!", "Error"), "#DIV/0!"),
        ("<ss:Cell/>", None),
        ('<ss:Cell><ss:Data ss:Type="String">a <html:B>bold</html:B> word</ss:Data></ss:Cell>', "a bold word"),
        (cell("x").replace("</ss:Cell>", "<ss:Comment><ss:Data>note</ss:Data></ss:Comment></ss:Cell>"), "x"),
    ],
)
def test_cells(tmp_path: Path, written: str, text: str | None) -> None:
    path = export(tmp_path / "a.xls", row(cell("header")) + row(written))
    assert read_spreadsheetml(path, "a.xls").frame["c0"].to_list() == ["header", text]


def test_indexes_leave_cells_and_rows_blank(tmp_path: Path) -> None:
    rows = row(cell("a"), cell("b", at=' ss:MergeAcross="1"'), cell("d")) + row(
        cell("2", at=' ss:Index="2"'), cell("4", at=' ss:Index="4"'), at=' ss:Index="3"'
    )
    frame = read_spreadsheetml(export(tmp_path / "a.xls", rows), "a.xls").frame
    assert frame.rows() == [("a", "b", None, "d"), (None,) * 4, (None, "2", None, "4")]


def sheet(name: str, rows: str, options: str = "") -> str:
    return f'<ss:Worksheet ss:Name="{name}"><ss:Table>{rows}</ss:Table>{options}</ss:Worksheet>'


def test_the_largest_visible_sheet(tmp_path: Path) -> None:
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    more = sheet("Data", row(cell("id")) + row(cell("1"))) + sheet("Pivot", row(cell("x")) * 9, hidden)
    path = export(tmp_path / "a.xls", row(cell("title")), more=more)
    found = read_spreadsheetml(path, "a.xls")
    assert (found.name, found.sheets, found.frame.height) == ("Data", ("Sheet1", "Data", "Pivot"), 2)
    assert read_spreadsheetml(path, "a.xls", "Pivot").frame.height == 9
    with pytest.raises(ExportError, match="no sheet `Pivots`"):
        read_spreadsheetml(path, "a.xls", "Pivots")


@pytest.mark.parametrize(
    ("rows", "before", "message"),
    [
        (row(cell("&a;")), '<!DOCTYPE x [<!ENTITY a "b">]>', "it declares a document type"),
        (row(cell("a")), "<!DOCTYPE x>", "it declares a document type"),
        # Told in the parser's words, whatever they are.
        (row("<ss:Cell>"), "", ""),
        (row(cell("&nbsp;")), "", ""),
        (row(cell("a", at=' ss:Index="99999"')), "", "column 99999"),
        (row(cell("a", at=' ss:Index="0"')), "", "column 0"),
        (row(cell("a", at=' ss:Index="x"')), "", "`Index` is `x`"),
        (row(cell("a"), cell("b", at=' ss:Index="1"')), "", "a second value in column 1"),
        (row(cell("a"), at=' ss:Index="9999999"'), "", "row 9999999 after row 0"),
        (row(cell("a")) + row(cell("a"), at=' ss:Index="1"'), "", "row 1 after row 1"),
        (cell("a"), "", "a cell outside a row"),
    ],
)
def test_refusals_name_the_line(tmp_path: Path, rows: str, before: str, message: str) -> None:
    path = export(tmp_path / "a.xls", rows, before=before)
    with pytest.raises(ExportError, match=r"a\.xls:1: cannot be read as an XML spreadsheet") as raised:
        read_spreadsheetml(path, "a.xls")
    assert message in raised.value.message


def test_rows_outside_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(OPENING.format(before="") + row(cell("a")) + "</ss:Workbook>")
    with pytest.raises(ExportError, match="a cell outside a worksheet"):
        read_spreadsheetml(tmp_path / "a.xls", "a.xls")


def test_far_flung_cells_are_refused(tmp_path: Path) -> None:
    rows = row(cell("a")) + row(cell("b", at=' ss:Index="16384"'), at=' ss:Index="1048576"')
    with pytest.raises(ExportError, match="more than 30,000,000 filled cells"):
        read_spreadsheetml(export(tmp_path / "a.xls", rows), "a.xls")


def test_no_cells(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no filled sheet"):
        read_spreadsheetml(export(tmp_path / "a.xls", ""), "a.xls")
