"""Text that a customer wrote is run by no spreadsheet, whatever delimiter it splits at, and moves nothing on a terminal."""

import csv
import io
import json
from pathlib import Path

import pytest
from invoked import on_terminal, piped

from kpi_cli.outputs.csv import guarded

RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
UNSEEN = ("", " ", "\u200b", "\ufeff", "\u202e", '"', "\t")


def tickets(path: Path, *groups: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Ticket ID", "Created at", "Status", "Group"])
        writer.writerows([place, f"2026-09-0{place}", "Open", group] for place, group in enumerate(groups, 1))
    return path


def is_run(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula."""
    seen = cell.lstrip(' \t\r\n"\u200b\ufeff\u202e')
    return seen.startswith(RISKY)


@pytest.mark.parametrize("sign", RISKY)
@pytest.mark.parametrize("before", UNSEEN)
@pytest.mark.parametrize("text", ["{}cmd()", "fine;{}cmd()", "fine\n{}cmd()", "fine;;x\t{}cmd()"])
def test_no_reader_finds_a_formula(sign: str, before: str, text: str) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(["1", guarded(text.format(before + sign)), "2"])
    for delimiter in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(written.getvalue()), delimiter=delimiter):
            assert not any(map(is_run, row)), (delimiter, row)


@pytest.mark.parametrize("text", ["a-b", "5 + 3", "mail@example.com", "a; b", "a;b", "Öl – 5 kr"])
def test_other_text_stays(text: str) -> None:
    assert guarded(text) == text


def test_reports_and_rows_are_guarded(tmp_path: Path) -> None:
    path = tickets(tmp_path / "t.csv", "x;=1+1", "\u200b=2", "＝3", "plain")
    ended = piped(
        "report", path, "--by", "group", "--min-n", 1, "--period", "all", "--compare", "none", "--format", "csv"
    )
    groups = {row["group.group"] for row in csv.DictReader(io.StringIO(ended.out)) if row["by"]}
    assert groups == {"x;'=1+1", "'\u200b=2", "'＝3", "plain"}
    rows = piped("rows", "tickets_created", path, "--period", "all", "--format", "csv").out
    assert "x;=1" not in rows


def test_refused_rows_are_guarded(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ticket ID,Created at,Status\n1,x;=cmd(),Open\n2,＝1,Open\n3,2026-09-01,Open\n", encoding="utf-8")
    refused = tmp_path / "refused.csv"
    assert piped("report", path, "--period", "all", "--refused", refused).code == 0
    values = [row["value"] for row in csv.DictReader(io.StringIO(refused.read_text(encoding="utf-8")))]
    assert values == ["x;'=cmd()", "'＝1"]


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_a_terminal_shows_what_would_turn_its_text_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    path = tickets(tmp_path / "t.csv", "evil\u202egnp\x1b[2J\x9b1m", "b")
    asked = ("report", path, "--by", "group", "--min-n", 1, "--period", "all", "--compare", "none", "--format", form)
    shown = on_terminal(monkeypatch, 200, *asked)
    assert not set("\u202e\x1b\x9b") & set(shown)
    assert "evil\\u202egnp\\u001b[2J\\u009b1m" in shown
    if form == "json":
        assert json.loads(shown)["results"] == json.loads(piped(*asked).out)["results"]


def test_a_pipe_gets_the_text_as_it_is(tmp_path: Path) -> None:
    path = tickets(tmp_path / "t.csv", "evil\u202egnp", "b")
    asked = ("report", path, "--by", "group", "--min-n", 1, "--period", "all", "--compare", "none", "--format", "csv")
    assert "evil\u202egnp" in piped(*asked).out


def test_tables_leave_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tickets(tmp_path / "t.csv", "evil\u202egnp\x1b[2J", "b")
    shown = on_terminal(
        monkeypatch, 200, "report", path, "--by", "group", "--min-n", 1, "--period", "all", "--compare", "none"
    )
    assert "evilgnp[2J" in shown
