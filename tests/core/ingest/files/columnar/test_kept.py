"""Exports kept as columns: of them everything is said that is said of their files, and nothing else."""

import json
import re
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from invoked import SAMPLES, Ended, piped
from kept_inputs import all_kept_in, kept_again

from kpi_core.errors import ExportError
from kpi_core.ingest.files.columnar.kept import keep, kept
from kpi_core.ingest.files.columnar.plain_data import plain, restored
from kpi_core.ingest.files.inputs import Input, Kept
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import RawExport, ReadOptions
from kpi_core.ingest.files.text.dialect import SAMPLE_BYTES
from kpi_core.ingest.files.text.mending import mending
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

TESTS = Path(__file__).parents[4]
FORMATS, CASES = TESTS / "formats", TESTS / "cases"


def opened(path: Path, content: str | bytes, name: str = "a.csv", options: ReadOptions = ReadOptions()) -> RawExport:
    path = path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_export(Input(path, name), options)


CELLS = st.lists(st.sampled_from(["a", "1", " ", "å", ",", '"', "\n", "2026-09-01"]), max_size=4).map("".join)
ROWS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=7))


@few(60)
@given(
    rows=ROWS,
    above=st.sampled_from(["", "\n", "sep=,\n", "Exported today\n\n"]),
    encoding=st.sampled_from(["utf-8-sig", "cp1252"]),
)
def test_a_text_is_the_same_rows_wherever_one_begins(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], above: str, encoding: str
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    lines = [
        ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set('",\n') else cell for cell in row)
        for row in rows
    ]
    header = ",".join(f"Header {place}" for place in range(len(rows[0]) if rows else 2))
    export = opened(folder, "\n".join([above + header, *lines, ""]).encode(encoding))
    again = kept_again(folder, export)
    assert (again.head, again.width, again.size, again.checksum()) == (
        export.head,
        export.width,
        export.size,
        export.checksum(),
    )
    assert (again.torn, again.findings, again.notes, again.ending) == (
        export.torn,
        export.findings,
        export.notes,
        export.ending,
    )
    for skip in range(len(export.head) + 1):
        assert again.scan(skip=skip, row_index="at").collect().equals(export.scan(skip=skip, row_index="at").collect())
        assert again.sample(skip=skip, rows=3).equals(export.sample(skip=skip, rows=3))


def test_the_sample_of_a_long_text_is_what_it_was(tmp_path: Path) -> None:
    line = f"{'x' * 200},1\n"
    export = opened(tmp_path, "Subject,Number\n" + line * (SAMPLE_BYTES // 100))
    again = kept_again(tmp_path, export)
    first = export.sample(skip=1, rows=1 << 20)
    assert first.height < again.scan(skip=1).collect().height
    assert again.sample(skip=1, rows=1 << 20).equals(first)
    assert again.sample(skip=1, rows=9, place=1).equals(export.sample(skip=1, rows=9, place=1))


def _said(*arguments: object) -> Ended:
    ended = piped(*arguments, "--format", "json")
    return Ended(code=ended.code, out=re.sub(r'"generated_at": "[^"]*"', "", ended.out), err=ended.err)


def _desk_with_other_headers(path: Path) -> None:
    """A workbook of which a sheet has other words for its columns, and one holds remarks."""
    book = openpyxl.Workbook()
    for month, headers in (
        ("January", ("Ticket", "Created", "Solved", "Status")),
        ("February", ("Ticket", "Created at", "Solved at", "Status")),
    ):
        sheet = book.create_sheet(month)
        sheet.append(headers)
        for day in range(1, 25):
            sheet.append(
                [
                    f"{month[0]}{day}",
                    f"2026-0{1 + (month[0] == 'F')}-{day:02} 09:00",
                    f"2026-0{1 + (month[0] == 'F')}-{day:02} 11:00",
                    "Solved",
                ]
            )
    book.create_sheet("Notes").append(["only solved tickets"])
    del book["Sheet"]
    book.save(path)


KEPT = (
    SAMPLES / "freshdesk_tickets.xls",
    SAMPLES / "surveymonkey_responses.csv",
    SAMPLES / "messages_2026.csv",
    FORMATS / "zendesk_json-tickets" / "export.ndjson.json",
    FORMATS / "zendesk_json-tickets" / "tickets.json",
    CASES / "one-sheet-a-month.xlsx",
    CASES / "far-cell.xlsx",
    CASES / "summary-above-the-table.csv",
    CASES / "event-log-jan.csv",
)


@pytest.mark.parametrize("command", ["report", "inspect"])
@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_the_same_is_said_of_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path, command: str
) -> None:
    of_the_file = _said(command, path)
    monkeypatch.setattr("kpi_core.ingest.dataset.look_for", all_kept_in(tmp_path))
    assert _said(command, path) == of_the_file


def test_the_same_is_said_of_sheets_with_other_headers_and_of_files_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _desk_with_other_headers(tmp_path / "desk.xlsx")
    asked = (
        ("inspect", tmp_path / "desk.xlsx"),
        ("report", SAMPLES / "zendesk_tickets.csv", SAMPLES / "arenden_2026.csv", "--by", "group"),
    )
    of_the_files = [_said(*question) for question in asked]
    assert "February" in of_the_files[0].out
    monkeypatch.setattr("kpi_core.ingest.dataset.look_for", all_kept_in(tmp_path))
    assert [_said(*question) for question in asked] == of_the_files


def test_rows_in_several_files_are_one_export(tmp_path: Path) -> None:
    export = opened(tmp_path, "Number,Status\n" + "".join(f"{number},Open\n" for number in range(9)))
    meta = keep(export, tmp_path / "all.parquet")
    rows = pl.read_parquet(tmp_path / "all.parquet")
    pieces = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    rows[:4].write_parquet(pieces[0])
    rows[4:].write_parquet(pieces[1])
    assert (
        kept(meta, pieces).scan(skip=1, row_index="at").collect().equals(export.scan(skip=1, row_index="at").collect())
    )


def test_a_text_that_breaks_off_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "MOST", 0)  # as of a file too large to be read row by row
    export = opened(tmp_path, "Number,Status\n" + "1,Open\n" * 300 + '2,"a"b\n')
    with pytest.raises(ExportError, match="text after a closing quote") as raised:
        keep(export, tmp_path / "rows.parquet")
    assert raised.value.where == "a.csv:302"


def test_rows_are_cut_as_they_were_kept(tmp_path: Path) -> None:
    export = opened(tmp_path, "Number;Status\n1;Open\n", options=ReadOptions(delimiter=";"))
    rows = tmp_path / "rows.parquet"
    item = Input(rows, "a.csv", kept=Kept(meta=keep(export, rows), rows=(rows,)))
    assert open_export(item).width == open_export(item, ReadOptions(delimiter=";")).width == 2
    with pytest.raises(ExportError, match="--delimiter ;"):
        open_export(item, ReadOptions(delimiter=","))
    with pytest.raises(ExportError, match="without --encoding"):
        open_export(item, ReadOptions(encoding="cp1252"))


def test_what_is_not_whole_is_refused(tmp_path: Path) -> None:
    rows = tmp_path / "rows.parquet"
    meta = keep(opened(tmp_path, "Number,Status\n1,Open\n"), rows)
    for faulty in (
        {**meta, "format": 0},
        {**meta, "parts": 3},
        {**meta, "parts": [{"kind": "Path"}]},
        {**meta, "original": None, "options": {}},
    ):
        with pytest.raises(ExportError):
            kept(faulty, rows)
    rows.write_bytes(b"PAR1")
    with pytest.raises(ExportError):
        kept(meta, rows).scan(skip=0).collect()


def test_plain_data_is_what_it_was() -> None:
    message = Message(
        "set-aside", file="a", why=Message("of-sheet", sheet="b", what=("c", 1.5, date(2026, 9, 1), True))
    )
    finding = Finding(
        code="x", message=message, consequence=Consequence.NO_VALUE, days=((date(2026, 9, 1), date(2026, 9, 2)),)
    )
    for value in (finding, {3: "torn"}, frozenset({"a"}), range(2, 5), None):
        assert restored(json.loads(json.dumps(plain(value)))) == value
    with pytest.raises(TypeError):
        plain(Path())
    with pytest.raises(ExportError):
        restored({"kind": "Path", "value": "/"})
