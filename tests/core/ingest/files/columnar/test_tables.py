"""Files of typed columns are read as a CSV of the same table is."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from invoked import SAMPLES, piped
from kept_inputs import kept_again

from kpi_core.errors import ExportError, UnreadableError
from kpi_core.ingest.files.columnar.as_text import as_text
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.limits import Limits
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import RawExport, ReadOptions

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NINE, LATER = datetime(2026, 9, 1, 9), datetime(2026, 9, 1, 9, 0, 0, 500)
IN_OSLO = pl.Datetime("ms", "Europe/Oslo")
CELLS: dict[str, tuple[pl.Series, list[str | None]]] = {
    "text": (pl.Series(["a", "", None]), ["a", None, None]),
    "words": (pl.Series(["a", "", None], dtype=pl.Categorical), ["a", None, None]),
    "letters put together": (pl.Series(["e\u0301", "b"]), ["é", "b"]),
    "bytes that are text": (pl.Series([b"\xc3\xa5", None]), ["å", None]),
    "whole numbers": (pl.Series([12345678901234567, None]), ["12345678901234567", None]),
    "whole numbers with a point": (pl.Series([12.0, None, float("nan")]), ["12", None, None]),
    "fractions": (pl.Series([0.1, -2.5, 1e18]), ["0.1", "-2.5", "1000000000000000000"]),
    "fractions that look like thousands": (pl.Series([249.125, 1249.125, -3.5]), ["249.1250", "1249.125", "-3.5"]),
    "money that looks like thousands": (pl.Series([Decimal("249.125")]), ["249.1250"]),
    "single precision": (pl.Series([0.1], dtype=pl.Float32), ["0.1"]),
    "money": (pl.Series([Decimal("12.50")]), ["12.50"]),
    "truths": (pl.Series([True, False, None]), ["true", "false", None]),
    "days": (pl.Series([date(2026, 9, 1)]), ["2026-09-01"]),
    "instants": (pl.Series([NINE, None]), ["2026-09-01 09:00:00", None]),
    "instants with fractions": (pl.Series([NINE, LATER]), ["2026-09-01 09:00:00.000000", "2026-09-01 09:00:00.000500"]),
    "instants in a zone": (pl.Series([NINE]).dt.replace_time_zone("Europe/Oslo").cast(IN_OSLO), ["2026-09-01 09:00:00+02:00"]),
    "times of day": (pl.Series([time(9, 30)]), ["09:30:00"]),
    "how long": (pl.Series([timedelta(hours=26, minutes=10), timedelta(seconds=-300)]), ["26:10:00", "-0:05:00"]),
    "how long with fractions": (pl.Series([timedelta(seconds=1.5)]), ["0:00:01.500000"]),
    "lists": (pl.Series([["a", None, "b"], [], None]), ["a, b", None, None]),
    "lists of numbers": (pl.Series([[1.0, 2.5]]), ["1, 2.5"]),
    "nothing": (pl.Series([None, None]), [None, None]),
}  # fmt: skip


OPENED = """
import sys
from pathlib import Path
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import open_export
print(open_export(Input(Path(sys.argv[1]), "a")).head[1])
"""


def test_a_zone_that_nobody_knows_leaves_the_instants(tmp_path: Path) -> None:
    """Other programs write their own names of zones; the instants are UTC whatever they are called. polars asks what is to become of such names once a process."""
    path = tmp_path / "a.arrow"
    pl.DataFrame({"at": pl.Series([NINE]).dt.replace_time_zone("Europe/Oslo").cast(IN_OSLO), "id": ["a"]}).write_ipc(
        path
    )
    path.write_bytes(path.read_bytes().replace(b"Europe/Oslo", b"Europe/Base"))
    done = subprocess.run([sys.executable, "-c", OPENED, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "('2026-09-01 07:00:00+00:00', 'a')"


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_is_the_text_that_a_csv_would_hold(kind: str) -> None:
    typed, texts = CELLS[kind]
    ([column], left) = as_text(typed.alias("x").to_frame().lazy())
    assert (column.header, left) == ("x", [])
    assert typed.alias("x").to_frame().select(column.cell).to_series().to_list() == texts


def test_records_are_columns_and_what_has_no_text_is_named(tmp_path: Path) -> None:
    records = [{"name": "Ann", "of": {"id": 7}}, {"name": None, "of": None}]
    frame = pl.DataFrame({"id": [1, 2], "requester": records, "events": [[{"at": 1}], []], "image": [b"\xff", b""]})
    frame.write_parquet(tmp_path / "a.parquet")
    export = open_export(Input(tmp_path / "a.parquet", "a.parquet"))
    assert export.head == (("id", "requester.name", "requester.of.id"), ("1", "Ann", "7"), ("2", "", ""))
    assert [str(note).split(" hold ")[0] for note in export.notes] == ["`events`, `image`"]


def _typed(name: str) -> pl.DataFrame:
    """A sample as a program has it that knows kinds of columns."""
    return pl.read_csv(SAMPLES / name, try_parse_dates=True, separator=";" if name.startswith("arenden") else ",")


def _results(*arguments: object) -> list[dict[str, object]]:
    ended = piped("report", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    results: list[dict[str, object]] = json.loads(ended.out)["results"]
    return results


WRITTEN: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    "tickets.parquet": pl.DataFrame.write_parquet,
    "tickets.arrow": pl.DataFrame.write_ipc,
    "tickets.feather": lambda frame, path: frame.write_ipc(path, compression="zstd"),
    "stream.arrow": pl.DataFrame.write_ipc_stream,
    "named_so.csv": pl.DataFrame.write_parquet,
    "tickets.parquet.zst": lambda frame, path: path.write_bytes(zstd.compress(_parquet(frame))),
}


def _parquet(frame: pl.DataFrame) -> bytes:
    frame.write_parquet(written := io.BytesIO())
    return written.getvalue()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_is_said_of_typed_columns(tmp_path: Path, name: str) -> None:
    WRITTEN[name](_typed("zendesk_tickets.csv"), tmp_path / name)
    assert _results(tmp_path / name) == _results(SAMPLES / "zendesk_tickets.csv")


@pytest.mark.parametrize("name", ["freshdesk_tickets.csv", "messages_2026.csv"])
def test_the_same_is_said_of_other_lists(tmp_path: Path, name: str) -> None:
    _typed(name).write_parquet(tmp_path / "a.parquet")
    assert _results(tmp_path / "a.parquet") == _results(SAMPLES / name)


def test_folders_and_archives_hold_such_files(tmp_path: Path) -> None:
    tickets = _typed("zendesk_tickets.csv")
    tickets[:500].write_parquet(tmp_path / "1.parquet")
    (tmp_path / "2.csv.zst").write_bytes(zstd.compress(tickets[500:900].write_csv().encode()))
    with zipfile.ZipFile(tmp_path / "3.zip", "w") as archive:
        archive.writestr("rest.parquet", _parquet(tickets[900:]))
    assert _results(tmp_path) == _results(SAMPLES / "zendesk_tickets.csv")


def test_a_row_is_known_by_its_line_in_a_csv_of_the_table(tmp_path: Path) -> None:
    frame = pl.DataFrame({"Ticket": ["1", "2"], "Created": ["2026-09-01", "soon"], "Status": ["Open", "Open"]})
    frame.write_parquet(tmp_path / "a.parquet")
    export = open_export(Input(tmp_path / "a.parquet", "a.parquet"))
    assert export.scan(skip=1, row_index="at").collect().rows() == [
        (2, "1", "2026-09-01", "Open"),
        (3, "2", "soon", "Open"),
    ]
    assert export.scan(skip=0, row_index="at").collect().row(0) == (1, "Ticket", "Created", "Status")
    again = kept_again(tmp_path, export)
    assert (again.head, again.size, again.checksum()) == (export.head, export.size, export.checksum())
    assert again.scan(skip=1, row_index="at").collect().equals(export.scan(skip=1, row_index="at").collect())


def opened(path: Path, content: bytes, options: ReadOptions = ReadOptions()) -> RawExport:
    path = path / "a.parquet"
    path.write_bytes(content)
    return open_export(Input(path, "a.parquet"), options)


TABLE = _parquet(pl.DataFrame({"Ticket": range(1000), "Status": ["Open"] * 1000}))
REFUSED = {
    "first version of Feather": (b"FEA1" + b"\0" * 40, "Feather of the first version"),
    "encrypted": (b"PARE" + b"\0" * 40, "encrypted"),
    "ORC": (b"ORC" + b"\0" * 40, "an ORC file"),
    "Avro": (b"Obj\x01" + b"\0" * 40, "an Avro file"),
    "SQLite": (b"SQLite format 3\0" + b"\0" * 40, "a SQLite database"),
    "cut": (TABLE[:-200], "is damaged"),
    "no more than a beginning": (b"PAR1", "is damaged"),
    "changed": (TABLE[:-60] + b"\xff" * 20 + TABLE[-40:], "is damaged"),
    "an Arrow file that is none": (b"ARROW1" + b"\0" * 40, "is damaged"),
    "packed and damaged": (zstd.compress(TABLE)[:-9], "inside its Zstandard"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_says_so(tmp_path: Path, kind: str) -> None:
    content, message = REFUSED[kind]
    (tmp_path / "a.parquet").write_bytes(content)
    ended = piped("report", tmp_path / "a.parquet")
    assert ended.code == 3
    assert message in ended.err
    assert "Traceback" not in ended.err


def test_rows_that_break_off_are_found_wherever_they_are_read(tmp_path: Path) -> None:
    content = bytearray(
        _parquet(pl.DataFrame({"Ticket": range(5000), "Created": ["2026-09-01"] * 5000, "Note": map(str, range(5000))}))
    )
    for place in range(200, len(content) - 800, 40):
        content[place] ^= 0xFF
    (tmp_path / "a.parquet").write_bytes(content)
    ended = piped("report", tmp_path / "a.parquet")
    assert ended.code == 3
    assert "Traceback" not in ended.err


def test_an_option_that_means_nothing_to_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="--skip-lines"):
        opened(tmp_path, TABLE, ReadOptions(skip_lines=1))
    _typed("zendesk_tickets.csv").write_parquet(tmp_path / "a.parquet")
    for option, value in (("--encoding", "cp1252"), ("--delimiter", ";"), ("--sheet", "1")):
        ended = piped("report", tmp_path / "a.parquet", option, value)
        assert (ended.code, option in ended.err) == (3, True)


def test_columns_that_hold_more_than_is_bound_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="more than 10 for each of its bytes"):
        opened(
            tmp_path,
            _parquet(pl.DataFrame({"a": ["x"] * 90_000, "b": ["x"] * 90_000})),
            ReadOptions(limits=Limits(cells=1000, ratio=10)),
        )
    with pytest.raises(ExportError, match="columns"):
        opened(
            tmp_path,
            _parquet(pl.DataFrame({f"{place}": ["x"] for place in range(30)})),
            ReadOptions(limits=Limits(columns=20)),
        )
    with pytest.raises(UnreadableError, match="no column"):
        opened(tmp_path, _parquet(pl.DataFrame({"a": [[{"b": 1}]]})))


def test_a_folder_of_a_delta_table_is_one_export(tmp_path: Path) -> None:
    pytest.importorskip("deltalake")
    tickets = _typed("zendesk_tickets.csv")
    tickets[:800].write_delta(tmp_path / "tickets")
    tickets[800:].write_delta(tmp_path / "tickets", mode="append")
    for named in (tmp_path / "tickets", tmp_path, tmp_path / "*"):
        assert _results(named) == _results(SAMPLES / "zendesk_tickets.csv")
    export = open_export(Input(tmp_path / "tickets", "tickets"))
    before = export.checksum()
    tickets[:1].write_delta(tmp_path / "tickets", mode="append")
    assert open_export(Input(tmp_path / "tickets", "tickets")).checksum() != before


def test_a_delta_table_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tickets" / "_delta_log").mkdir(parents=True)
    monkeypatch.setitem(sys.modules, "deltalake.exceptions", None)
    ended = piped("report", tmp_path / "tickets")
    assert ended.code == 3
    assert "kundpuls[store]" in ended.err
