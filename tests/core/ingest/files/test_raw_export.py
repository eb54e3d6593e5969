"""Any export as rows of text."""

import codecs
import hashlib
from itertools import product
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from kpi_core.errors import ExportError
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import SMALL_TEXT, RawExport, ReadOptions, explain_scan_failure
from kpi_core.ingest.files.text.dialect import SAMPLE_BYTES
from kpi_core.ingest.files.text.mending import mending

LINE_ENDS = ("\n", "\r\n", "\r", "\r\r\n")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be")


def opened(path: Path, content: bytes | str, options: ReadOptions = ReadOptions(), name: str = "a.csv") -> RawExport:
    path = path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_export(Input(path, name), options)


def rows(export: RawExport, skip: int = 0) -> list[tuple[str | None, ...]]:
    return export.scan(skip=skip).collect(engine="streaming").rows()


# Words, not letters in any order: those show in which encoding a text is.
PARTS = ("a", "b1", "1", " ", "på", "åse", "bø", "fé", "gü", '"', "'", "\n", "@")
CELLS = st.lists(st.sampled_from(PARTS), max_size=5).map("".join)
tables = st.integers(2, 4).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=6))


def quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in f'\n"{delimiter}') else cell


@pytest.mark.parametrize(("encoding", "delimiter"), list(product(ENCODINGS, ",;\t|")))
@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(table=tables, line_end=st.sampled_from(LINE_ENDS))
def test_every_dialect_reads_as_it_was_written(
    tmp_path: Path, encoding: str, delimiter: str, line_end: str, table: list[tuple[str, ...]]
) -> None:
    table = [tuple(cell.replace("@", delimiter) for cell in row) for row in table]
    table.insert(0, tuple(f"Rubrik {place}" for place in range(len(table[0]))))
    lines = (delimiter.join(quoted(cell, delimiter) for cell in row) + line_end for row in table)
    export = opened(tmp_path, "".join(lines).encode(encoding))
    assert export.head == tuple(table)
    assert export.dialect is not None
    assert export.dialect.delimiter == delimiter
    for skip in range(len(table) + 1):
        assert rows(export, skip) == [tuple(cell or None for cell in row) for row in table[skip:]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_a_header_alone_is_a_table_without_rows(tmp_path: Path, encoding: str) -> None:
    export = opened(tmp_path, "Ärende;Åtgärd;Kön\n".encode(encoding))
    assert export.head == (("Ärende", "Åtgärd", "Kön"),)
    assert rows(export, 1) == []
    assert rows(export, 2) == []


def test_a_latin_header_over_ascii_rows(tmp_path: Path) -> None:
    export = opened(tmp_path, "Ärende;Status\n".encode("latin-1") + b"1;open\n")
    assert (export.head[0], rows(export, 1)) == (("Ärende", "Status"), [("1", "open")])


def test_empty_quoted_blank_and_short(tmp_path: Path) -> None:
    export = opened(tmp_path, 'a,b,c\n\n1\n"",2,\n\n , ,\n')
    blank = (None, None, None)
    assert rows(export, 1) == [blank, ("1", None, None), (None, "2", None), blank, (" ", " ", None)]
    assert export.head[1:3] == (("", "", ""), ("1", "", ""))


@pytest.mark.parametrize(
    ("content", "skip", "expected"),
    [
        ("a,b\n1,2\n3,4\n", 1, [(2, "1"), (3, "3")]),
        ("sep=;\na;b\n1;2\n", 1, [(3, "1")]),
        ('sep=;\r\n"a\nx";b\r\n1;2\r\n', 1, [(3, "1")]),
        ("\ufefftitle\n\na,b\n1,2\n\n3,4\n", 3, [(4, "1"), (5, None), (6, "3")]),
        ('a,b\n"1\n1",2\n3,4\n', 1, [(2, "1\n1"), (3, "3")]),
        ("sep=;\na;b\n1;2\n", 0, [(2, "a"), (3, "1")]),
    ],
)
def test_row_numbers_are_those_of_a_spreadsheet(
    tmp_path: Path, content: str, skip: int, expected: list[tuple[int, str | None]]
) -> None:
    lazy = opened(tmp_path, content).scan(skip=skip, row_index="row")
    assert lazy.collect(engine="streaming").select("row", "c0").rows() == expected
    assert lazy.filter(pl.col("c0").is_not_null()).select("row").collect().to_series().to_list() == [
        number for number, cell in expected if cell is not None
    ]


def test_lines_the_user_skips(tmp_path: Path) -> None:
    options = ReadOptions(skip_lines=2)
    export = opened(tmp_path, 'a report, with "one quote\n;;;\na,b\n1,2\n', options)
    assert export.head == (("a", "b"), ("1", "2"))
    assert export.scan(skip=1, row_index="row").collect().rows() == [(4, "1", "2")]


def test_ghost_columns_widen_the_table(tmp_path: Path) -> None:
    export = opened(tmp_path, "a;b;;\n1;2;;\n;;;\n")
    assert export.width == 4
    assert rows(export, 1) == [("1", "2", None, None), (None,) * 4]


@pytest.mark.parametrize("width", [1, 2, 500])
def test_any_number_of_columns(tmp_path: Path, width: int) -> None:
    line = ",".join(str(place) for place in range(width))
    export = opened(tmp_path, f"{line}\n{line}\n")
    assert (export.width, rows(export, 1)) == (width, [tuple(line.split(","))])


def test_a_long_cell_and_a_name_like_a_pattern(tmp_path: Path) -> None:
    text = "x" * 200_000
    export = opened(tmp_path, f"id,text\n1,{text}\n", name="week [1]*.csv")
    assert export.head[1] == ("1", text)
    assert rows(export, 1) == [("1", text)]


def test_the_head_is_short_and_breaks_at_a_record(tmp_path: Path) -> None:
    assert len(opened(tmp_path, "a,b\n" * 999).head) == 200
    export = opened(tmp_path, f"a,b\n1,{'x' * 700_000}\n2,{'y' * 700_000}\n")
    assert [row[0] for row in export.head] == ["a", "1"]
    assert [row[0] for row in rows(export, 1)] == ["1", "2"]


FINE = "id,text,c\n" + "1,x,y\n" * 300


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (FINE + "2,a comma, unquoted,y\n3,x,y\n", 302, "4 fields where the rows before have at most 3"),
        (FINE + "2,a,y,,z\n", 302, "5 fields"),
        (FINE + '2,"never closed,y\n3,x,y\n', 302, "a quote that is never closed"),
        (FINE + '2,a 5" screen,y\n3,x,y\n', 302, "a quote inside a cell that is not quoted"),
        (FINE + '2,"a"b,y\n', 302, "text after a closing quote"),
        (FINE + '"2\n2","a"b,y\n', 303, "text after a closing quote"),
        (FINE * 700 + "2,a\r3,b\r4,c\r", 210701, "a line that ends in a carriage return alone"),
        (
            "ä,text,c\n".encode() + FINE.encode() * 700 + "2,ärende,y\n".encode("latin-1"),
            210702,
            "bytes that are not utf-8 text",
        ),
    ],
)
def test_what_stops_a_scan_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | str, line: int, message: str
) -> None:
    monkeypatch.setattr(mending, "MOST", 0)  # as of a file too large to be read row by row
    export = opened(tmp_path, content)
    columns = ["c0", "c1"]
    with pytest.raises(pl.exceptions.PolarsError):
        export.scan(skip=1).select(columns).collect(engine="streaming")
    explained = explain_scan_failure(export)
    assert explained.where == f"a.csv:{line}"
    assert message in explained.message
    assert explained.hint


def test_a_failure_without_a_faulty_line_shows_a_way_out(tmp_path: Path) -> None:
    explained = explain_scan_failure(opened(tmp_path, FINE))
    assert str(explained) == "a.csv: its text cannot be read as a table"
    assert explained.hint


def test_bytes_that_another_encoding_lacks_name_their_line(tmp_path: Path) -> None:
    lines = SAMPLE_BYTES // 4
    export = opened(tmp_path, "ä,b\n".encode("cp1252") + b"1,2\n" * lines + b"\x81,2\n")
    with pytest.raises(ExportError, match=rf"a\.csv:{lines + 2}: bytes that are not cp1252 text"):
        export.scan(skip=1)


def test_line_ends_at_the_edge_of_a_piece(tmp_path: Path) -> None:
    padding = "x" * (SAMPLE_BYTES - len("a,b\r1,"))
    export = opened(tmp_path, f"a,b\r1,{padding[:-1]}\r\r\n2,y\r")
    assert [row[0] for row in rows(export, 1)] == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \r\n", "is empty"),
        (codecs.BOM_UTF8 + b"\n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is not a text file or a workbook"),
        (b"%PDF-1.7\n1 0 obj\n", "is not a text file or a workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "is a web page"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html>", "is a web page"),
        ("<table><tr><td>1</td></tr></table>".encode("utf-16"), "is a web page"),
        (b'<?xml version="1.0"?><tickets><ticket/></tickets>', "is XML, but not a spreadsheet"),
        (b'a,"' + b"x\n" * SAMPLE_BYTES, "no row ends in its first 1 MiB"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ExportError) as raised:
        opened(tmp_path, content, name="a.xls")
    assert raised.value.message.startswith(message)
    assert raised.value.where == "a.xls"


def test_nothing_after_the_skipped_lines(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is empty after its first 5 lines"):
        opened(tmp_path, "a,b\n1,2\n", ReadOptions(skip_lines=5))


@pytest.mark.parametrize(("name", "message"), [("", "is a folder"), ("absent.csv", "cannot be read")])
def test_folders_and_absent_files(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        open_export(Input(tmp_path / name, "x"))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Ticket report"], [], ["id", "status"], [1, "open"], [], [2, None]):
        sheet.append(row)
    book.save(tmp_path / "book.csv")
    return tmp_path / "book.csv"


def test_a_workbook_whatever_its_name(workbook: Path) -> None:
    export = open_export(Input(workbook, "book.csv"))
    assert (export.kind, export.sheet, export.sheets, export.width) == ("workbook", "Sheet", ("Sheet",), 2)
    assert export.head[:3] == (("Ticket report", ""), ("", ""), ("id", "status"))
    numbered = export.scan(skip=3, row_index="row").collect()
    assert numbered.rows() == [(4, "1", "open"), (5, None, None), (6, "2", None)]


def test_skipped_rows_of_a_workbook_keep_their_numbers(workbook: Path) -> None:
    export = open_export(Input(workbook, "book.csv"), ReadOptions(skip_lines=2))
    assert export.head[0] == ("id", "status")
    assert export.scan(skip=1, row_index="row").collect().row(0) == (4, "1", "open")
    with pytest.raises(ExportError, match="is empty after its first 9 rows"):
        open_export(Input(workbook, "book.csv"), ReadOptions(skip_lines=9))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_xml_spreadsheet_by_its_content(tmp_path: Path, encoding: str) -> None:
    xml = (
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>'
        '<Row><Cell><Data ss:Type="String">Ärende</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    export = opened(tmp_path, xml.encode(encoding), name="a.xls")
    assert (export.kind, export.sheet, export.head) == ("spreadsheetml", "S", (("Ärende",),))


def test_the_checksum_is_of_the_file_as_given(tmp_path: Path) -> None:
    content = "ä,b\n1,2\n".encode("cp1252")
    export = opened(tmp_path, content)
    export.scan(skip=1)
    assert export.checksum() == hashlib.sha256(content).hexdigest()


def test_a_scan_reads_only_what_is_asked_for(tmp_path: Path) -> None:
    rows = "1,2,3,4,5\n" * (SMALL_TEXT // 10 + 1)  # those of a smaller text are kept
    plan = opened(tmp_path, f"a,b,c,d,e\n{rows}").scan(skip=1).select("c1").explain()
    assert "PROJECT 3/7 COLUMNS" in plan


def test_a_file_that_has_gone_is_reported_when_its_checksum_is_wanted(tmp_path):
    path = tmp_path / "tickets.csv"
    path.write_text("id,status\n1,open\n")
    export = open_export(Input(path, "tickets.csv"))
    path.unlink()
    with pytest.raises(ExportError, match="has gone while it was read"):
        export.checksum()


@pytest.mark.parametrize("content", [b'[{"id": 1}', b'{\n  "tickets": [}'])
def test_json_that_breaks_off(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ExportError, match="cannot be read as JSON") as raised:
        opened(tmp_path, content, name="a.json")
    assert str(raised.value.where).startswith("a.json:")


@pytest.mark.parametrize(
    ("content", "records", "rows"),
    [
        (b'[{"id": 1, "status": "open"}]', None, [(1, "1", "open")]),
        (b'{"id": 1, "status": "open"}\n\n{"id": 2, "status": null}\n', None, [(1, "1", "open"), (3, "2", None)]),
        (b'{"tickets": [{"id": 7, "notes": [{"at": "x", "by": "y"}]}]}', "tickets[].notes", [(1, "x", "y")]),
    ],
)
def test_json_is_rows_under_a_header_of_paths(tmp_path, content, records, rows):
    path = tmp_path / "export.json"
    path.write_bytes(content)
    view = open_export(Input(path, "export.json")).view(records)
    assert view.head[0][:2] in {("id", "status"), ("at", "by")}
    assert [row[:3] for row in view.scan(skip=1, row_index="row").collect().iter_rows()] == rows


def test_a_path_is_for_json_alone(tmp_path):
    path = tmp_path / "tickets.csv"
    path.write_text("id,status\n1,open\n")
    assert open_export(Input(path, "tickets.csv")).view("tickets") is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_runs_of_blanks_part_columns_where_that_is_asked_for(tmp_path: Path, end: str, encoding: str) -> None:
    text = end.join([" id   name \t when", " 0001 Åsa    2026-01-01  ", "", "02    Bo\t2026-01-02", ""])
    export = opened(tmp_path, text.encode(encoding), ReadOptions(delimiter="blanks", encoding=encoding), name="a.txt")
    assert export.head[0] == ("id", "name", "when")
    rows = export.scan(skip=1, row_index="row").collect().rows()
    assert rows == [(2, "0001", "Åsa", "2026-01-01"), (3, None, None, None), (4, "02", "Bo", "2026-01-02")]
