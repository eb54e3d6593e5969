"""`kundpuls report` and `demo` on the sample data: what comes out where, and with which exit code."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from invoked import SAMPLES, Ended, on_terminal, piped, sample
from scanned_once import Scans, Tables

from kpi_core.kpis import BY_NAME
from kpi_core.model.tables import TABLES

TICKETS, SURVEY = sample("freshdesk_tickets.csv"), sample("surveymonkey_responses.csv")
BOTH = (TICKETS, SURVEY, "--by", "group")


@cache
def _reported(*arguments: object) -> Ended:
    """What a report says that several tests look at."""
    return piped("report", *arguments)


def _document(*arguments: object) -> dict[str, Any]:
    ended = _reported(*arguments, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    document: dict[str, Any] = json.loads(ended.out)
    return document


def _totals(document: dict[str, Any]) -> dict[str, Any]:
    return {one["kpi"]: one for one in document["results"] if not one["group"]}


def _values(*arguments: object) -> dict[str, tuple[float | None, int]]:
    return {name: (one["value"], one["n"]) for name, one in _totals(_document(*arguments)).items()}


@pytest.mark.usefixtures("scanned_once")
@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize(
    "arguments", [("report", *BOTH), ("report", sample("arenden_2026.csv"), "--lang", "sv"), ("demo",)]
)
def test_a_terminal_of_any_width_shows_everything(
    monkeypatch: pytest.MonkeyPatch, width: int, arguments: tuple[str, ...]
) -> None:
    shown = on_terminal(monkeypatch, width, *arguments)
    assert not re.search("…(?! )", shown)
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.usefixtures("scanned_once")
@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_a_pipe_gets_the_natural_width(name: str) -> None:
    ended = _reported(sample(name))
    assert (ended.code, ended.err) == (0, "")
    assert not re.search("…(?! )", ended.out)
    assert "\x1b" not in ended.out


@pytest.mark.parametrize(
    "environment",
    [
        {"TERM": "dumb"},
        {"NO_COLOR": "1"},
        {"COLUMNS": "40"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=" ".join,
)
def test_a_pipe_gets_the_same_whatever_the_environment(environment: dict[str, str]) -> None:
    settings = {**os.environ, **environment}
    ended = subprocess.run(
        [sys.executable, "-m", "kpi_cli", "report", TICKETS], env=settings, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode("utf-8") == _reported(TICKETS).out


def test_any_number_of_threads_gives_the_same() -> None:
    """The workers of an ordinary run have one thread each."""
    line = ("report", *BOTH, "--kpi", "*", "--format", "csv")
    settings = {**os.environ, "POLARS_MAX_THREADS": "4"}
    ended = subprocess.run([sys.executable, "-m", "kpi_cli", *line], env=settings, capture_output=True, check=True)
    assert ended.stdout.decode("utf-8").splitlines() == piped(*line).out.splitlines()


def test_work_in_the_background_gives_the_same_as_work_done_at_once(
    monkeypatch: pytest.MonkeyPatch, scans: Scans, tables: Tables
) -> None:
    """Small files are read and answered without a thread."""
    line = ("report", *BOTH, "--kpi", "*", "--format", "csv")
    at_once = piped(*line)
    scans.clear()
    tables.clear()
    monkeypatch.setattr("kpi_core.threads.FEW", 0)
    assert piped(*line).out == at_once.out


@pytest.mark.usefixtures("scanned_once")
def test_the_json_has_the_keys_that_programs_rely_on() -> None:
    document = _document(*BOTH)
    assert list(document) == [
        "schema_version",
        "tool",
        "generated_at",
        "query",
        "sources",
        "results",
        "unavailable",
        "findings",
        "responses",
        "families",
        "benchmarks",
    ]
    assert document["schema_version"] == 1
    assert document["tool"]["name"] == "kundpuls"
    assert datetime.fromisoformat(document["generated_at"]).tzinfo is not None
    asked = {"period", "baseline", "grain", "by", "where", "as_of", "time_zone", "calendar", "sla", "confidence"}
    assert set(document["query"]) == asked
    assert (document["query"]["by"], document["query"]["period"]) == (
        ["group"],
        {"start": "2026-09-01", "end": "2026-10-01"},
    )
    for source in document["sources"]:
        assert set(source) == {"path", "sha256", "mapping", "table", "rows_read", "rows_used", "rows_refused", "notes"}
        assert source["rows_read"] == source["rows_used"] + sum(source["rows_refused"].values())
        assert re.fullmatch("[0-9a-f]{64}", source["sha256"])
    for one in document["unavailable"]:
        assert one["kpi"] in BY_NAME
        assert one["needs"]
    for one in document["findings"]:
        assert {"code", "text", "kpis"} <= set(one)


RESULT_KEYS = {"kpi", "definition", "period", "group", "value", "unit", "currency", "n", "numerator", "denominator", "low", "high", "baseline",
               "change", "change_low", "change_high", "verdict", "target", "notes"}  # fmt: skip
VERDICTS = {None, "better", "worse", "higher", "lower", "cannot tell", "not tested", "no change worth knowing"}
RANGES = {"share": (0, float("inf")), "points": (-100, 100), "count": (float("-inf"), float("inf")), "days": (0, float("inf")),
          "seconds": (0, float("inf")), "score": (0, 100), "ratio": (0, float("inf"))}  # fmt: skip


def test_every_result_in_the_json_is_whole() -> None:
    results = _document(*BOTH)["results"]
    assert {tuple(one["group"]) for one in results} == {(), ("group",)}
    for one in results:
        kpi = BY_NAME[one["kpi"]]
        assert set(one) >= RESULT_KEYS
        assert (one["definition"], one["unit"]) == (kpi.definition, kpi.unit.value)
        assert one["verdict"] in VERDICTS
        if one["value"] is not None:
            low, high = RANGES[one["unit"]]
            assert low <= one["value"] <= high
        if one["low"] is not None and one["high"] is not None:
            assert one["low"] <= one["value"] <= one["high"]
        if one["numerator"] is not None and one["unit"] == "share" and kpi.name != "resolution_rate":
            assert one["value"] == pytest.approx(one["numerator"] / one["denominator"])


def test_groups_add_up_to_the_total() -> None:
    results = _document(TICKETS, "--by", "group", "--kpi", "tickets_created")["results"]
    total = [one["n"] for one in results if not one["group"]]
    assert [sum(one["n"] for one in results if one["group"])] == total


@pytest.mark.usefixtures("scanned_once")
def test_the_csv_holds_the_results_of_the_json() -> None:
    rows = list(csv.DictReader(io.StringIO(_reported(*BOTH, "--format", "csv").out)))
    results = _document(*BOTH)["results"]
    assert [(row["kpi"], float(row["value"]) if row["value"] else None, row["n"]) for row in rows] == [
        (one["kpi"], one["value"], "" if one["n"] is None else str(one["n"])) for one in results
    ]


@pytest.mark.usefixtures("scanned_once")
@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("out.json", lambda path: json.loads(path.read_text(encoding="utf-8"))["schema_version"] == 1),
        ("out.csv", lambda path: path.read_text(encoding="utf-8").startswith("kpi,")),
        ("out.ndjson", lambda path: all(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())),
        ("out.md", lambda path: path.read_text(encoding="utf-8").startswith("# ")),
        ("out.txt", lambda path: "Service report" in path.read_text(encoding="utf-8")),
        ("out.xlsx", lambda path: len(openpyxl.load_workbook(path).sheetnames) >= 4),
    ],
    ids=["json", "csv", "ndjson", "md", "txt", "xlsx"],
)
def test_the_extension_decides_the_format_of_a_file(tmp_path: Path, name: str, check: Any) -> None:
    """And the same files and flags give the same bytes, to a file or to a pipe."""
    ended = piped("report", *BOTH, "-o", tmp_path / name)
    assert (ended.code, ended.out, ended.err) == (0, "", f"wrote {tmp_path / name}\n")
    assert check(tmp_path / name)
    if (form := name.partition(".")[2]) in ("json", "ndjson", "csv", "md"):
        assert _unstamped((tmp_path / name).read_text(encoding="utf-8")) == _unstamped(
            _reported(*BOTH, "--format", form).out
        )
    assert [path.name for path in tmp_path.iterdir()] == [name]


def _unstamped(text: str) -> str:
    """What is written without the time at which it was made."""
    return re.sub(r'"generated_at": "[^"]*"|^.*made \d.*$', "", text, flags=re.MULTILINE)


def test_the_same_files_and_flags_give_the_same_table() -> None:
    assert _unstamped(piped("report", *BOTH).out) == _unstamped(_reported(*BOTH).out)


@pytest.mark.parametrize("name", ["arenden_2026.csv", "zendesk_tickets.csv"])
def test_an_export_split_in_two_files_gives_the_same_figures(tmp_path: Path, name: str) -> None:
    lines = (SAMPLES / name).read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    (tmp_path / "a.csv").write_bytes(b"".join(lines[:half]))
    (tmp_path / "b.csv").write_bytes(b"".join([lines[0], *lines[half:]]))
    assert _values(tmp_path / "b.csv", tmp_path / "a.csv") == _values(sample(name))


def test_a_file_next_to_another_system_s_keeps_its_own_figures() -> None:
    """The zeros of one export mean what its own columns say, whatever columns another has."""
    alone = _values(sample("zendesk_tickets.csv"), "--kpi", "first_reply_time_business")
    others = _values(sample("zendesk_tickets.csv"), sample("arenden_2026.csv"), "--kpi", "first_reply_time_business")
    assert others == alone


def _late(tmp_path: Path) -> Path:
    """Sixty tickets resolved in March, each replied to after five hours."""
    rows = [
        f"{n},2026-03-{1 + n % 28:02d} 08:00:00,2026-03-{1 + n % 28:02d} 13:00:00,2026-03-{1 + n % 28:02d} 15:00:00,Resolved"
        for n in range(60)
    ]
    path = tmp_path / "late.csv"
    path.write_text("\n".join(["Ticket ID,Created time,Initial response time,Resolved time,Status", *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--target", "first_reply_time=2h"), 0),
        (("--target", "first_reply_time=2h", "--quiet"), 0),
        (("--target", "first_reply_time=2h", "--fail-on", "target"), 5),
        (("--target", "first_reply_time=8h", "--fail-on", "target"), 0),
        (("--target", "first_reply_time=2h", "--fail-on", "target-point"), 5),
        (("--target", "first_reply_time=5h", "--fail-on", "target-point"), 0),
        (("--fail-on", "target"), 0),
        (("--fail-on", "quality"), 0),
        (("--strict",), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_targets_are_a_gate_only_when_asked(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    ended = piped("report", _late(tmp_path), "--period", "all", *arguments)
    is_missed = "first_reply_time=2h" in arguments
    output = [line.partition(";")[0] for line in ended.err.splitlines()]
    assert (ended.code, output) == (code, ["target missed: first_reply_time 5 h"] if is_missed else [])
    assert "First reply time" in ended.out


@pytest.mark.parametrize(
    ("refused", "arguments", "code"),
    [
        (0, ("--strict",), 0),
        (1, (), 0),
        (1, ("--strict",), 4),
        (1, ("--fail-on", "quality"), 0),
        (20, ("--fail-on", "quality"), 4),
        (20, ("--fail-on", "quality,target"), 4),
    ],
)
def test_refused_rows_are_a_gate_only_when_asked(
    tmp_path: Path, refused: int, arguments: tuple[str, ...], code: int
) -> None:
    path = _late(tmp_path)
    with path.open("a") as file:
        file.writelines(f"x{n},some day in March,,,Open\n" for n in range(refused))
    ended = piped("report", path, "--period", "all", *arguments)
    assert ended.code == code
    assert f"{refused} left out" in ended.out


def test_a_selected_export_fails_the_quality_gate(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{1 + n % 28:02d} 08:00:00,2026-03-{1 + n % 28:02d} 13:00:00,Solved,2" for n in range(40)]
    path = tmp_path / "reopened.csv"
    path.write_text("\n".join(["Ticket ID,Created,Resolved,Status,Reopens", *rows]) + "\n")
    assert [piped("report", path, *extra).code for extra in ((), ("--fail-on", "quality"), ("--strict",))] == [0, 4, 4]


def test_quiet_says_nothing_on_stderr() -> None:
    assert piped("report", TICKETS, "--quiet").err == ""


def test_a_dry_run_names_the_formats_and_computes_nothing() -> None:
    ended = piped("report", TICKETS, SURVEY, "--dry-run")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert [line.partition(": ")[2].partition(" ")[0] for line in lines] == [
        "freshdesk-tickets",
        "surveymonkey-answers",
    ]


@pytest.mark.usefixtures("scanned_once")
def test_the_demo_is_the_report_on_the_sample_files() -> None:
    ended = piped("demo", "--format", "json")
    document = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert document["query"]["time_zone"] == "Europe/Stockholm"
    totals = _totals(document)
    assert totals["tickets_created"]["value"] == 156
    assert {"csat", "nps", "first_reply_time", "resolution_time", "backlog"} <= set(totals)


@pytest.mark.usefixtures("scanned_once")
def test_the_demo_goes_by_a_calendar_too() -> None:
    document = json.loads(piped("demo", "--calendar", "se", "--kpi", "resolution_time*", "--format", "json").out)
    totals = _totals(document)
    assert document["query"]["calendar"] == "Sweden, office hours"
    assert 0 < totals["resolution_time_business"]["value"] < totals["resolution_time"]["value"]


@pytest.mark.usefixtures("scanned_once")
@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Service report"), ("sv", "Servicerapport"), ("nb", "Servicerapport")]
)
def test_the_demo_speaks_the_language_asked_for(lang: str, title: str) -> None:
    assert piped("demo", "--kpi", "csat", "--lang", lang).out.splitlines()[0].split(",")[0] == title


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_what_is_lacking_is_named_as_an_export_has_it(name: str) -> None:
    """A table, a canonical column or a phrase: never a column that exists only inside the program."""
    known = {*TABLES, *(column for table in TABLES.values() for column in table.names)}
    needed = {need for one in _document(sample(name))["unavailable"] for need in one["needs"]}
    assert {need for need in needed if need not in known and " " not in need} == set()


def test_the_header_of_the_agent_has_the_smallest_group_of_agents_too() -> None:
    ended = piped("report", sample("freshdesk_tickets.xls"), "--by", "Agent", "--kpi", "csat", "--format", "json")
    groups = [result for result in json.loads(ended.out)["results"] if result["group"]]
    assert ended.code == 0
    assert all(set(result["group"]) == {"Agent"} for result in groups)
    assert any(result["suppressed"] for result in groups if "suppressed" in result)


def test_a_condition_that_no_row_meets_is_reported_and_not_taken_for_missing_columns() -> None:
    ended = piped("report", sample("zendesk_tickets.csv"), "--where", "group = 'Billin'")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("error: --where: no row meets `group = 'Billin'`\n")


@pytest.mark.usefixtures("scanned_once")
def test_a_missed_target_names_the_command_that_says_what_to_do():
    asked = (
        "report",
        sample("zendesk_tickets.csv"),
        "--zone",
        "UTC",
        "--no-config",
        "--quiet",
        "--target",
        "backlog=0",
    )
    assert re.search(r"To do +1 target missed: what is short and what to do +kundpuls targets FILES", piped(*asked).out)
    assert "kundpuls targets" not in piped(*asked[:-1], "backlog=1000").out


NAMED = ("People are named here", "People are listed below by name")


@pytest.mark.usefixtures("scanned_once")
@pytest.mark.parametrize("command", [("report",), ("compare", "resolution_rate"), ("why", "resolution_rate")])
def test_figures_of_single_agents_say_that_they_are_of_people(command: tuple[str, ...]) -> None:
    """Under the file's own name of the column too; teams say nothing of the kind."""
    output = {
        by: piped(*command, sample("arenden_2026.csv"), "--by", by).out for by in ("agent", "Handläggare", "type")
    }
    assert {by: any(words in page for words in NAMED) for by, page in output.items()} == {
        "agent": True,
        "Handläggare": True,
        "type": False,
    }
