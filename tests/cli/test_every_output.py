"""Every command has every output, and an output that is added has every command."""

import csv
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from invoked import piped, sample
from openpyxl import load_workbook

from kpi_cli import outputs
from kpi_cli.app import NAMES
from kpi_cli.documents.document import Document
from kpi_cli.terminal import Color
from kpi_core.ingest.files.inputs import files_meant

pytestmark = pytest.mark.usefixtures("scanned_once", "_stored")

TICKETS = sample("zendesk_tickets.csv")
DESK = sample("freshdesk_tickets.csv")
SURVEY = sample("surveymonkey_responses.csv")
STORE = str(Path(tempfile.gettempdir()) / f"kundpuls-store-{os.getpid()}")
COMMANDS = {
    "report": ("report", TICKETS, "--zone", "UTC", "--by", "group", "--kpi", "first_reply*"),
    "demo": ("demo", "--kpi", "csat", "--by", "group"),
    "rows": ("rows", "csat", SURVEY, "--zone", "UTC", "--limit", "3"),
    "compare": ("compare", "first_reply_time", DESK, "--zone", "UTC", "--by", "group"),
    "drivers": ("drivers", "csat", sample("arenden_2026.csv"), "--zone", "UTC", "--period", "all"),
    "agents": ("agents", DESK, "--zone", "UTC"),
    "voices": ("voices", "csat", SURVEY, "--zone", "UTC", "--period", "all"),
    "trend": ("trend", "first_reply_time", DESK, SURVEY, "--zone", "UTC", "--grain", "week"),
    "targets": ("targets", DESK, "--zone", "UTC", "--target", "first_reply_time=2h", "--target", "backlog=1"),
    "targets proposed": ("targets", DESK, "--zone", "UTC", "--suggest", "--grain", "week"),
    "define": ("define", "fcr", TICKETS, "--zone", "UTC"),
    "define without files": ("define", "fcr"),
    "why": ("why", "tickets_created", TICKETS, "--zone", "UTC"),
    "growth": (
        "growth",
        "--base",
        "customers=9,frequency=2,order-value=5",
        "--what-if",
        "new=2,lost=1",
        "--years",
        "3",
    ),
    "inspect": ("inspect", SURVEY),
    "reconcile": ("reconcile", DESK),
    "kpis": ("kpis",),
    "kpis of a name": ("kpis", "csat", SURVEY),
    "ingest": ("ingest", TICKETS, "--zone", "UTC", "--store", STORE),
    "store": ("store", "status", "--store", STORE),
    "store's versions": ("store", "log", "--store", STORE),
    "store's tables": ("store", "export", f"{STORE}-tables", "--zone", "UTC", "--store", STORE),
    "store tidied up": ("store", "compact", "--store", STORE),
    "formats": ("formats",),
    "formats of a name": ("formats", "zendesk-tickets"),
}
"""A question to each command that has an answer."""

NONE = {"map", "config", "run", "partial", "merge", "chart"}
"""A mapping and a project file are YAML and nothing else, a state is for programs, a chart a picture; what a job writes, or is merged, is a report."""


@pytest.fixture(scope="module")
def _stored() -> Iterator[None]:
    """A store that holds an export."""
    assert piped("ingest", DESK, "--zone", "UTC", "--store", STORE).code == 0
    yield
    for folder in (STORE, f"{STORE}-tables"):
        shutil.rmtree(folder, ignore_errors=True)


PICTURED = {"svg", "png", "pdf"}
"""What needs a chart, or a browser: tests/cli/test_pictures.py and tests/cli/test_slides.py."""


def test_every_command_is_asked() -> None:
    assert {arguments[0] for arguments in COMMANDS.values()} == set(NAMES) - NONE, "ask it a question in COMMANDS"


def _shouted(document: Document, target: io.StringIO, color: Color) -> None:
    """An output that nobody has: the names of the columns, then the title, the record's keys and the sheets, aloud."""
    shown = [
        *document.rows().columns,
        document.page().title,
        *document.record(),
        *(one.name for one in document.sheets()),
    ]
    target.write("\n".join(str(one).upper() for one in shown) + "\n")


@pytest.fixture
def _loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """An output of one module and one line in the list of outputs."""
    module = ModuleType("kpi_cli.outputs.loud")
    module.write = _shouted  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(outputs.OUTPUTS, "loud", outputs.Output(endings=(".loud",)))


@pytest.mark.usefixtures("_loud")
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_has_every_output_and_one_that_is_added(arguments: tuple[str, ...], tmp_path: Path) -> None:
    written = {
        name: tmp_path / f"out{output.endings[0]}" for name, output in outputs.OUTPUTS.items() if name not in PICTURED
    }
    ended = piped(*arguments, *(word for path in written.values() for word in ("-o", path)))
    assert ended.code == 0, ended.err
    record = json.loads(written["json"].read_text(encoding="utf-8"))
    assert list(record)[:2] == ["schema_version", "tool"]
    lines = [json.loads(line) for line in written["ndjson"].read_text(encoding="utf-8").splitlines()]
    assert all(line["type"] for line in lines)
    assert lines[0]["schema_version"] == record["schema_version"]
    head, *rows = csv.reader(io.StringIO(written["csv"].read_text(encoding="utf-8")))
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    assert len(set(head)) == len(head)
    book = load_workbook(written["xlsx"])
    assert all(sheet.max_row > 1 for sheet in book)
    assert written["table"].read_text(encoding="utf-8").strip()
    assert not [line for line in written["md"].read_text(encoding="utf-8").splitlines() if line == "# "]
    assert taken_for_exports(tmp_path) in ([], ["out.txt"] if arguments in PROSE else []), OWN
    added = piped(*arguments, "--format", "loud")
    assert (added.code, added.out) == (0, added.out.upper())
    alone, by_its_ending = (text.splitlines() for text in (added.out, written["loud"].read_text(encoding="utf-8")))
    assert len(alone) > 3
    # An answer that is written as a workbook too has more sheets.
    assert [line for line in by_its_ending if line in alone] == alone


PROSE = (COMMANDS["define without files"], COMMANDS["store tidied up"])
"""Pages without a table or a chart: nothing in them is taken for a table, so a report passes over them."""
OWN = """is written by kundpuls, and a report on the folder it lies in would count it as an export: how its rows or its page
begin must be known to `kpi_core/ingest/files/own_outputs.py`"""


def taken_for_exports(folder: Path) -> list[str]:
    """The files of a folder that a report on it would read."""
    return sorted(path.name for path in files_meant(str(folder)))


@pytest.mark.parametrize("long", [(), ("--long",)], ids=["", "long"])
def test_a_report_is_no_export(long: tuple[str, ...], tmp_path: Path) -> None:
    written = [one for name, one in outputs.OUTPUTS.items() if name not in PICTURED and (not long or one.has_rows)]
    names = [tmp_path / f"out{ending}" for one in written for ending in one.endings]
    ended = piped(*COMMANDS["report"], *long, *(word for name in names for word in ("-o", name)))
    assert ended.code == 0, ended.err
    assert {path.name for path in tmp_path.iterdir()} == {name.name for name in names}
    assert taken_for_exports(tmp_path) == [], OWN


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_rows_that_a_spreadsheet_saved_again_are_no_export(delimiter: str, tmp_path: Path) -> None:
    rows = csv.reader(io.StringIO(piped("kpis", "nps*", "--format", "csv").out))
    with (tmp_path / "saved.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    assert taken_for_exports(tmp_path) == [], OWN


def test_a_report_on_a_folder_stays_the_same_after_answers_were_written_into_it(tmp_path: Path) -> None:
    shutil.copy(TICKETS, tmp_path)
    report = ("report", tmp_path, "--zone", "UTC", "--format", "csv")
    before = piped(*report)
    for name in ("trend", "define", "define without files", "inspect", "reconcile", "targets proposed", "rows"):
        written = [tmp_path / f"{name}{ending}" for ending in (".csv", ".txt", ".json", ".xlsx")]
        assert piped(*COMMANDS[name], *(word for path in written for word in ("-o", path))).code == 0
    assert piped("report", TICKETS, "--zone", "UTC", "--long", "-o", tmp_path / "long.csv").code == 0
    assert (before.code, piped(*report).out) == (0, before.out)


def test_rows_are_the_records_values() -> None:
    [head, *rows] = csv.reader(io.StringIO(piped("kpis", "nps*", "--format", "csv").out))
    record = json.loads(piped("kpis", "nps*", "--format", "json").out)["kpis"]
    assert [dict(zip(head, row, strict=True))["name"] for row in rows] == [one["name"] for one in record]
    assert dict(zip(head, rows[0], strict=True))["needs"] == "; ".join(record[0]["needs"])


def test_a_record_line_by_line_loses_nothing() -> None:
    arguments = ("inspect", SURVEY, "--format")
    whole = json.loads(piped(*arguments, "json").out)
    first, *lines = map(json.loads, piped(*arguments, "ndjson").out.splitlines())
    assert first["type"] == "answer"
    found: dict[str, list[dict[str, object]]] = {}
    for line in lines:
        found.setdefault(line.pop("type"), []).append(line)
    assert found == {key.removesuffix("s"): value for key, value in whole.items() if isinstance(value, list) and value}


def _typed(path: Path) -> Iterator[object]:
    for sheet in load_workbook(path):
        yield from (cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_a_workbook_of_any_answer_holds_numbers(tmp_path: Path) -> None:
    piped("define", "fcr", TICKETS, "--zone", "UTC", "-o", tmp_path / "fcr.xlsx")
    shares = [value for value in _typed(tmp_path / "fcr.xlsx") if isinstance(value, float)]
    assert shares
    assert all(-100 <= value <= 100 for value in shares)
    piped("inspect", SURVEY, "-o", tmp_path / "seen.xlsx")
    assert any(isinstance(value, int) for value in _typed(tmp_path / "seen.xlsx"))
    assert len(load_workbook(tmp_path / "seen.xlsx").sheetnames) > 1


def test_rows_speak_the_language_asked_for() -> None:
    ended = piped("rows", "csat", SURVEY, "--zone", "UTC", "--limit", "2", "--lang", "sv")
    assert "medräknade" in ended.out or "i täljaren" in ended.out
    assert "roll" in ended.out
    machine = piped("rows", "csat", SURVEY, "--zone", "UTC", "--limit", "2", "--lang", "sv", "--format", "csv")
    assert machine.out == piped("rows", "csat", SURVEY, "--zone", "UTC", "--limit", "2", "--format", "csv").out
