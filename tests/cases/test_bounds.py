"""What no export is, by its size: refused with the bound's name and the way to raise it, before the memory is taken.

And what is no more than packed: read.
"""

import gzip
import zipfile
from pathlib import Path

import pytest
from invoked import piped
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from reported import reported

from kpi_core.ingest.files.limits import Limits, limit

HEADER = "Ticket ID,Created at,Status,Subject\n"
ROWS = "".join(f"{place},2026-09-01 09:00,Open,text\n" for place in range(1, 4))
TABLE = HEADER + ROWS
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
SPREADSHEET = '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'


def refused(*arguments: object) -> str:
    """What `report` says of a file it does not read."""
    ended = piped("report", *arguments)
    assert ended.code == 3, ended.out
    return ended.err


def zeros(path: Path, megabytes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("tickets.csv", "w") as member:
        for _ in range(megabytes):
            member.write(bytes(1 << 20))
    return path


def book(path: Path) -> Path:
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for line in TABLE.splitlines():
        sheet.append(line.split(","))
    made.save(path)
    return path


def test_an_archive_packed_beyond_belief(tmp_path: Path) -> None:
    messages = refused(zeros(tmp_path / "a.zip", 80))
    assert "a.zip: unpacks to 80 MB, more than 200 times its size" in messages
    assert "--bound ratio=2000" in messages


def test_one_that_unpacks_to_more_than_the_bound(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tickets.csv", TABLE)
    assert "unpacks to more than 100 bytes" in refused(tmp_path / "a.zip", "--bound", "unpacked=100")
    assert reported(tmp_path / "a.zip").value("tickets_created") == 3


def test_gzip_is_met_while_it_unpacks(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "tickets.csv.gz", "wb") as packed:
        for _ in range(80):
            packed.write(bytes(1 << 20))
    assert "more than 200 times its size" in refused(tmp_path / "tickets.csv.gz")


@pytest.mark.parametrize("where", [".", "tickets.csv.gz", "a.zip"])
def test_gzip_is_read(tmp_path: Path, where: str) -> None:
    packed = gzip.compress(TABLE.encode())
    if where == "a.zip":
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("tickets.csv.gz", packed)
    else:
        (tmp_path / "tickets.csv.gz").write_bytes(packed)
    assert reported(tmp_path / where).value("tickets_created") == 3


def test_json_in_gzip_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.json.gz").write_bytes(
        gzip.compress(b'[{"Ticket ID": 1, "Created at": "2026-09-01", "Status": "Open"}]')
    )
    assert reported(tmp_path / "t.json.gz").value("tickets_created") == 1


@pytest.mark.parametrize("cut", [10, 40])
def test_damaged_gzip_is_reported(tmp_path: Path, cut: int) -> None:
    (tmp_path / "tickets.csv.gz").write_bytes(gzip.compress(TABLE.encode())[:cut])
    assert "is damaged inside its gzip" in refused(tmp_path / "tickets.csv.gz")


def test_a_workbook_that_unpacks_to_more(tmp_path: Path) -> None:
    path = book(tmp_path / "tickets.xlsx")
    assert "unpacks to more than 4 KB" in refused(path, "--bound", "unpacked=4KB")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bmp", bytes(80 << 20))
    assert "more than 200 times its size" in refused(path)
    assert reported(path, "--bound", "ratio=5000").value("tickets_created") == 3


def test_a_sheet_with_more_cells_than_the_bound(tmp_path: Path) -> None:
    path = book(tmp_path / "tickets.xlsx")
    messages = refused(path, "--bound", "cells=10")
    assert "sheet `Sheet`: has more than 10 filled cells" in messages
    assert "--bound cells=" in messages


def test_cells_of_an_xml_spreadsheet_are_counted_with_the_gaps_between_them(tmp_path: Path) -> None:
    cell = '<Row><Cell ss:Index="16000"><Data ss:Type="String">a</Data></Cell></Row>'
    path = tmp_path / "tickets.xls"
    path.write_text(f"{SPREADSHEET}<Worksheet ss:Name='A'><Table>{cell * 3000}</Table></Worksheet></Workbook>")
    assert "has more than 30,000,000 filled cells" in refused(path)


def test_document_types_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tickets.xls"
    path.write_text(f"{DOCTYPE}{SPREADSHEET}<Worksheet ss:Name='A'/></Workbook>")
    assert "it declares a document type" in refused(path)
    path = book(tmp_path / "tickets.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = DOCTYPE.encode() + parts["xl/workbook.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert "declares a document type" in refused(path)


def test_a_table_of_twenty_thousand_columns(tmp_path: Path) -> None:
    messages = refused(_wide(tmp_path, 20_000))
    assert "has 20,004 columns, more than 16,384" in messages
    assert "--bound columns=50000" in messages


def test_a_table_of_more_columns_than_allowed_and_of_as_many(tmp_path: Path) -> None:
    path = _wide(tmp_path, 1_000)
    assert "has 1,004 columns, more than 1,003" in refused(path, "--bound", "columns=1003")
    assert reported(path, "--bound", "columns=1004").value("tickets_created") == 1


def _wide(folder: Path, columns: int) -> Path:
    path = folder / "tickets.csv"
    path.write_text(HEADER.strip() + "".join(f",x{place}" for place in range(columns)) + "\n1,2026-09-01,Open,a\n")
    return path


@pytest.mark.parametrize("form", ["{}", '"{}"', "{}\n5,2026-09-01,Open,x"])
def test_a_line_that_does_not_end(tmp_path: Path, form: str) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TABLE + ROWS * 30_000 + "4,2026-09-01,Open," + form.format("x" * (18 << 20)) + "\n")
    assert "has a cell or line of more than 16 MB" in refused(path)


def test_a_quoted_cell_that_does_not_end(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TABLE + ROWS * 20_000 + '4,2026-09-01,Open,"' + "x y\n" * 500_000 + '"\n')
    assert "has a cell or line of more than 100 KB" in refused(path, "--bound", "cell=100KB")


def test_long_texts_and_inches_are_no_such_cells(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        TABLE + '4,2026-09-01,Open,"' + "x" * 100_000 + '"\n5,2026-09-01,Open,"a ""b"" 5"""\n' + ROWS * 20_000
    )
    assert piped("report", path, "--bound", "cell=200KB").code == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [("unpacked=8GB", 8 << 30), ("cell=1 MB", 1 << 20), ("columns=20000", 20_000), ("cells=50_000_000", 50_000_000)],
)
def test_bounds_as_people_write_them(text: str, value: int) -> None:
    assert limit(text)[1] == value


@pytest.mark.parametrize("text", ["rows=3", "cells", "cells=", "cells=-1", "cells=many", "cells=0"])
def test_what_is_no_bound(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TABLE)
    ended = piped("report", path, "--bound", text)
    assert ended.code == 2
    assert "is no bound, write one of unpacked, ratio, cells, cell, columns" in ended.err


@pytest.mark.parametrize("text", ["cell=1", "cell=2KB", "cell=65535"])
def test_a_bound_that_is_not_looked_for_is_refused(tmp_path: Path, text: str) -> None:
    ended = piped("report", tmp_path / "tickets.csv", "--bound", text)
    assert (ended.code, f"`{text}` is no bound of a cell, the lowest is 64 KB" in ended.err) == (2, True)


@pytest.mark.parametrize(("length", "code"), [(65_000, 0), (66_000, 3), (90_000, 3), (140_000, 3)])
@pytest.mark.parametrize("before", [1, 400, 700])
def test_the_lowest_bound_of_a_cell_holds_wherever_the_line_begins(
    tmp_path: Path, length: int, before: int, code: int
) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TABLE + (TABLE.splitlines()[-1] + "\n") * before + "x" * length + "\n")
    ended = piped("inspect", path, "--bound", "cell=64KB")
    assert (ended.code, "has a cell or line of more than 64 KB" in ended.err) == (code, code == 3)


def test_the_project_file_sets_them(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TABLE)
    config = tmp_path / "kundpuls.yaml"
    config.write_text("defaults:\n  bounds:\n    columns: 3\n")
    assert "has 4 columns, more than 3" in refused(path, "--config", config)
    config.write_text("defaults:\n  bounds:\n    rows: 3\n")
    assert "`rows=3` is no bound" in piped("report", path, "--config", config).err


def test_none_is_below_what_excel_may_hold() -> None:
    assert Limits().columns >= 1 << 14
    assert Limits().cells > 26 << 20


def test_thousands_of_columns_and_a_footer_are_read(tmp_path: Path) -> None:
    """An optimiser that is given a condition on all of them takes minutes and gigabytes."""
    gap = "," * 600
    head = gap.join(["Case Number", "Date/Time Opened", "Date/Time Closed", "Status", "Case Owner", "Case Origin"])
    rows = [
        gap.join([f"{n}", f"02/{n:02}/2026 09:15", f"02/{n:02}/2026 10:15", "Closed", "Mia", "Email"])
        for n in range(13, 20)
    ]
    path = tmp_path / "report.csv"
    path.write_text("\n".join([head, *rows, f"Grand Totals (7 records){gap * 5}", ""]), encoding="utf-8")
    ended = piped("inspect", path)
    assert ended.code == 0, ended.err
    assert "7 used" in ended.out
    assert "footer 1" in ended.out
