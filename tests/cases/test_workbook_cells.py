"""Cells of a workbook that are not what they look like: errors, formulas never computed, merged, hidden, far away, dates as numbers.

Each is read for what it is, or refused and reported; never taken for an empty cell.
"""

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from reported import CASES, Reported, reported

HEADER = ("Ticket ID", "Created at", "Resolved at", "Status", "Group")
ROWS = [
    (place, datetime(2026, 9, place, 9), datetime(2026, 9, place, 9 + place), "solved", "A") for place in range(1, 7)
]


def sheet_of(rows: Sequence[Sequence[Any]] = ROWS) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (HEADER, *rows):
        sheet.append(row)
    return book, sheet


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def rewritten(path: Path, member: str, pattern: str, text: str) -> Path:
    """The workbook with the XML of one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[member], count = re.subn(pattern.encode(), text.encode(), parts[member])
    assert count
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def unread(report: Reported) -> bool:
    """Whether how long resolutions took says that some of their times cannot be read."""
    return "unreadable times of resolution" in str(report.result("resolution_time"))


def test_error_cells_are_read_as_nothing() -> None:
    """The ticket without an opening is refused; of the one without its end, the end alone is missing."""
    report = reported(CASES / "error-cells.xlsx", period="2026-09")
    assert report.value("tickets_created") == 5
    assert report.value("resolution_time") == 4.5 * 3600  # 1, 4, 5 and 6 hours
    assert (report.refused, unread(report)) == ([{"unreadable Created at": 1}], True)
    assert "2 cells with an error of the spreadsheet: C3 `#N/A`, B4 `#REF!`" in report.notes


@pytest.mark.parametrize("word", ["#DIV/0!", "#VALUE!", "#NAME?", "#NULL!"])
def test_any_error_in_a_date_leaves_it_unread(tmp_path: Path, word: str) -> None:
    book, sheet = sheet_of()
    sheet["C3"] = word
    sheet["C3"].data_type = "e"
    report = reported(saved(book, tmp_path / "tickets.xlsx"))
    assert (report.value("tickets_resolved"), report.refused, unread(report)) == (6, [{}], True)


def test_errors_written_into_a_csv_leave_it_unread_too(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "Ticket ID,Created at,Resolved at,Status\n1,2026-09-01 09:00,#VÄRDEFEL!,solved\n"
        "2,2026-09-02 09:00,2026-09-02 10:00,solved\n3,2026-09-03 09:00,#REF!,solved\n"
        "4,2026-09-04 09:00,2026-09-04 10:00,solved\n5,2026-09-05 09:00,2026-09-05 10:00,solved\n",
        encoding="utf-8",
    )
    report = reported(path)
    assert (report.result("resolution_time")["n"], report.refused, unread(report)) == (3, [{}], True)


def test_formulas_without_values_give_no_figure() -> None:
    report = reported(CASES / "formulas-without-values.xlsx", period="2026-09")
    assert report.value("tickets_created") == 6
    for kpi in ("tickets_resolved", "resolution_rate", "backlog", "resolution_time"):
        assert report.value(kpi) is None
    assert "6 formulas without a value (C2:C7): open the file in Excel, save it" in report.notes


def test_some_formulas_without_values_leave_times_unread(tmp_path: Path) -> None:
    book, sheet = sheet_of()
    sheet["C4"] = "=B4+1/24"
    report = reported(saved(book, tmp_path / "tickets.xlsx"))
    assert (report.value("tickets_resolved"), report.refused, unread(report)) == (6, [{}], True)


def test_a_formula_that_gives_an_empty_text_is_empty(tmp_path: Path) -> None:
    book, sheet = sheet_of()
    sheet["C4"] = '=""'
    path = saved(book, tmp_path / "tickets.xlsx")
    rewritten(
        path,
        "xl/worksheets/sheet1.xml",
        r'<c r="C4"[^>]*><f>""</f><v ?/?>(</v>)?</c>',
        '<c r="C4" t="str"><f>""</f><v></v></c>',
    )
    report = reported(path)
    assert report.refused == [{}]
    assert "formula" not in report.notes


def test_merged_cells_give_each_row_of_the_area_their_text(tmp_path: Path) -> None:
    rows = [(*row[:4], group) for row, group in zip(ROWS, ("North", None, None, "South", None, None), strict=True)]
    book, sheet = sheet_of(rows)
    sheet.merge_cells("E2:E4")
    sheet.merge_cells("E5:E7")
    report = reported(saved(book, tmp_path / "tickets.xlsx"), "--by", "group")
    assert report.value("tickets_created", group="North") == 3
    assert report.value("tickets_created", group="South") == 3
    assert "2 merged cells read in each row of their areas" in report.notes


def test_a_merged_number_is_not_counted_once_a_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (("Order ID", "Customer ID", "Order date", "Total"), (1, "a", datetime(2026, 9, 1), 300),
                (2, "b", datetime(2026, 9, 2), None)):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("D2:D3")
    assert reported(saved(book, tmp_path / "orders.xlsx")).value("revenue") in (300, None)


def test_hidden_rows_and_columns_are_read_and_reported(tmp_path: Path) -> None:
    book, sheet = sheet_of()
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["E"].hidden = True
    report = reported(saved(book, tmp_path / "tickets.xlsx"))
    assert report.value("tickets_created") == 6
    assert "2 rows are hidden in the sheet, by a filter or by hand, and read as well" in report.notes
    assert "1 column is hidden in the sheet and read as well" in report.notes
    assert "2 rows are hidden in the sheet, by a filter or by hand, and count all the same" in report.finding_text(
        "hidden-rows"
    )
    ended = piped("report", tmp_path / "tickets.xlsx", "--no-config", "--lang", "nb")
    assert "2 rader er skjult i arket" in ended.out


def test_nothing_is_reported_of_a_sheet_that_hides_no_row(tmp_path: Path) -> None:
    book, _ = sheet_of()
    assert reported(saved(book, tmp_path / "tickets.xlsx")).finding_text("hidden-rows") == ""


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ1048576", "XFD40000"])
def test_a_cell_far_away_is_refused_before_room_is_made_for_it(tmp_path: Path, cell: str) -> None:
    book, sheet = sheet_of()
    sheet[cell] = "x"
    ended = piped("report", saved(book, tmp_path / "tickets.xlsx"))
    assert ended.code == 3
    assert f"one as far away as {cell}" in ended.err


def test_the_far_cell_of_an_export() -> None:
    ended = piped("report", CASES / "far-cell.xlsx")
    assert ended.code == 3
    assert "8,643 filled cells, one as far away as XFD1048576" in ended.err


def test_excel_serial_dates() -> None:
    report = reported(CASES / "excel-serial-dates.csv", period="2025-09")
    assert report.value("tickets_created") == 4
    assert report.value("resolution_time") == 4 * 3600
    assert "`Created at` read as a spreadsheet's numbers of days: `45901,375` is 2025-09-01 09:00" in report.notes


def test_days_counted_from_1904_where_the_user_says_so(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Ticket ID;Status;Created at\n1;Open;44439,375\n2;Open;44440,375\n")
    assert reported(path, "--date-format", "excel1904", period="2025-09").value("tickets_created") == 2
    assert reported(path, period="2021-08").value("tickets_created") == 1


def test_days_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    rows = [(place, 44439.375 + place, None, "open", "A") for place in range(3)]
    path = saved(sheet_of(rows)[0], tmp_path / "tickets.xlsx")
    rewritten(path, "xl/workbook.xml", "<workbookPr[^>]*/>", '<workbookPr date1904="1"/>')
    assert reported(path, period="2025-09").value("tickets_created") == 3


def test_numbers_that_are_no_days_of_our_time_are_no_dates(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Ticket ID;Status;Created at\n1;Open;11152\n2;Open;99999\n")
    assert "`Created at` is not read as created_at: column `Created at` holds no date that can be read" in reported(
        path
    ).finding_text("unread-opening")


def test_numbers_of_days_among_unambiguous_dates(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Ticket ID;Status;Created at\n1;Open;2025-09-01 09:00\n2;Open;45902,375\n3;Open;2025-09-03\n")
    assert reported(path, period="2025-09").value("tickets_created") == 3


def test_numbers_of_days_among_dates_that_may_be_turned_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Ticket ID;Status;Created at\n1;Open;25/09/2025\n2;Open;45902\n3;Open;13/09/2025\n")
    report = reported(path, period="2025-09")
    assert report.value("tickets_created") == 2
    assert report.refused == [{"unreadable Created at": 1}]


def test_xml_spreadsheets_say_their_errors_and_formulas(tmp_path: Path) -> None:
    path = tmp_path / "tickets.xls"
    cells = [[_text("Ticket ID"), _text("Created at"), _text("Resolved at"), _text("Status")]]
    cells += [[_text(str(place)), _text(f"2026-09-0{place} 09:00"), lost, _text("solved")]
              for place, lost in enumerate((_text("2026-09-01 10:00"), _error("#REF!"), '<Cell ss:Formula="=RC[-1]+1"/>'), 1)]  # fmt: skip
    rows = "".join(f"<Row>{''.join(row)}</Row>" for row in cells)
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="A"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    report = reported(path)
    assert (report.value("tickets_created"), report.refused, unread(report)) == (3, [{}], True)
    assert "1 formula without a value (C4)" in report.notes
    assert "1 cell with an error of the spreadsheet: C3 `#REF!`" in report.notes


def _text(text: str) -> str:
    return f'<Cell><Data ss:Type="String">{text}</Data></Cell>'


def _error(word: str) -> str:
    return f'<Cell><Data ss:Type="Error">{word}</Data></Cell>'


def opendocument(path: Path, *rows: str) -> Path:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    table = f'<table:table table:name="S">{"".join(rows)}</table:table>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return path


def ods_row(*cells: str, hides: bool = False) -> str:
    written = [cell if cell.startswith("<") else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
               for cell in cells]  # fmt: skip
    return f"<table:table-row{' table:visibility=' + chr(34) + 'filter' + chr(34) if hides else ''}>{''.join(written)}</table:table-row>"


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        (('<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
         'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'), "1 cell with an error of the spreadsheet"),
        (('<table:table-cell table:formula="of:=[.#REF!]" office:value-type="float" office:value="0" '
         'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'), "1 cell with an error of the spreadsheet"),
        ('<table:table-cell table:formula="of:=[.B2]+1"/>', "1 formula without a value"),
    ],
)  # fmt: skip
def test_opendocument_says_its_errors_and_formulas(tmp_path: Path, cell: str, note: str) -> None:
    path = opendocument(
        tmp_path / "tickets.ods",
        ods_row("Ticket ID", "Created at", "Resolved at", "Status"),
        ods_row("1", "2026-09-01 09:00", cell, "solved"),
        ods_row("2", "2026-09-01 09:00", "2026-09-01 10:00", "solved", hides=True),
    )
    report = reported(path)
    assert (report.value("tickets_resolved"), report.refused, unread(report)) == (2, [{}], True)
    assert note in report.notes
    assert "1 row is hidden in the sheet" in report.notes


@pytest.mark.parametrize("cut", [30, 200, 600])
def test_broken_xml_of_an_opendocument_is_refused(tmp_path: Path, cut: int) -> None:
    whole = opendocument(
        tmp_path / "whole.ods", ods_row("Ticket ID", "Created at", "Status"), ods_row("1", "2026-09-01", "Open")
    )
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(tmp_path / "cut.ods", "w") as written:
        for member in archive.namelist():
            content = archive.read(member)
            written.writestr(member, content[:-cut] if member == "content.xml" else content)
    ended = piped("report", tmp_path / "cut.ods")
    assert ended.code == 3
    assert "cannot be read as a workbook" in ended.err
