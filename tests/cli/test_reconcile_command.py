"""`kundpuls reconcile`: the hours found, in every form and as a calendar that can be used."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from invoked import on_terminal, piped

from kpi_core.calendars import find_calendar

HEADER = "Ticket ID,Created time,Initial response time,First response time (in hrs),First response status"


def _tickets(folder: Path, rows: list[str]) -> str:
    (folder / "tickets.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return str(folder / "tickets.csv")


@pytest.fixture
def tickets(tmp_path: Path) -> str:
    """Monday to Friday, 9 to 17: asked in the afternoon and answered the next morning but one, and one cell that is wrong."""
    rows = []
    for number in range(1, 13):
        since = datetime(2026, 2, 2, 14, number) + timedelta(days=number)
        until = datetime(2026, 2, 4, 9, 3 * number) + timedelta(days=number)
        full = sum((since + timedelta(days=day)).weekday() < 5 for day in (1,)) * 8 * 3600
        afternoon = (since.weekday() < 5) * (3 * 3600 - 60 * number)
        morning = (until.weekday() < 5) * 180 * number
        seconds = full + afternoon + morning
        rows.append(f"{number},{since},{until},{seconds // 3600}:{seconds // 60 % 60:02d}:00,Within SLA")
    rows.append("=13,2026-02-02 09:00:00,2026-02-02 12:00:00,1:00:00,Within SLA")
    rows.append("14,2026-02-02 09:00:00,,0:00:00,")
    return _tickets(tmp_path, rows)


def test_the_table_names_the_hours_how_sure_they_are_and_what_does_not_fit(tickets: str) -> None:
    ended = piped("reconcile", tickets)
    assert ended.code == 0
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "Mon–Fri 09:00–17:00: 12 of 13 times (92%)." in lines
    assert any(line.startswith("Next: ") and "between the two." in line for line in lines)
    assert (
        "=13 14 First response time (in hrs) 1:00:00 3:00:00 -2:00:00 pending time subtracted, or other hours then"
        in lines
    )
    assert 'mon-fri: "09:00-17:00"' in lines
    assert "unanswered zero 1" in lines


def test_nothing_runs_over_eighty_columns(monkeypatch: pytest.MonkeyPatch, tickets: str) -> None:
    shown = on_terminal(monkeypatch, 80, "reconcile", tickets)
    assert max(map(len, shown.splitlines())) <= 80


def test_json_has_everything(tickets: str) -> None:
    answer = json.loads(piped("reconcile", tickets, "--format", "json").out)
    best = answer["opening_hours"]["best"]
    assert (answer["schema_version"], best["days"], best["opens"], best["closes"]) == (1, "mon-fri", 540, 1020)
    assert (best["explained"], answer["opening_hours"]["compared"], answer["opening_hours"]["is_found"]) == (
        12,
        13,
        True,
    )
    assert answer["durations"][0]["compared"] == 13
    assert [line["key"] for line in answer["misfits"]] == ["=13", "14"]
    assert (answer["misfits"][0]["difference"], answer["misfits"][1]["difference"]) == (-7200, None)


def test_csv_lists_what_does_not_fit_and_runs_no_formula(tickets: str, tmp_path: Path) -> None:
    target = tmp_path / "misfits.csv"
    assert piped("reconcile", tickets, "-o", target).out == ""
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert [(line["key"], line["row"], line["reason"]) for line in rows] == [
        ("'=13", "14", "pending time subtracted, or other hours then"), ("14", "15", "unanswered zero"),
    ]  # fmt: skip


def test_the_calendar_written_can_be_used(tickets: str, tmp_path: Path) -> None:
    target = tmp_path / "support.yaml"
    ended = piped("reconcile", tickets, "--zone", "Europe/Stockholm", "--calendar-out", target)
    assert ended.code == 0
    found = find_calendar(str(target))
    assert (found.zone, found.written.week) == ("Europe/Stockholm", {"mon-fri": ((32_400, 61_200),)})
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".yaml"] == ["support.yaml"]


def test_no_calendar_is_written_where_none_explains(tmp_path: Path) -> None:
    tickets = _tickets(tmp_path, ["1,2026-02-02 09:00:00,2026-02-02 12:00:00,1:00:00,"])
    target = tmp_path / "support.yaml"
    ended = piped("reconcile", tickets, "--calendar-out", target)
    assert "No calendar explains them." in ended.out
    assert (ended.code, target.exists()) == (3, False)
    assert "no opening hours explain the columns" in ended.err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--calendar-out", "support.txt"), "`support.txt` would be no calendar"),
        (("-o", "misfits.docx"), "`.docx` is no format"),
    ],
)
def test_endings_that_mean_nothing_are_refused(tickets: str, flags: tuple[str, str], message: str) -> None:
    ended = piped("reconcile", tickets, *flags)
    assert ended.code == 2
    assert message in ended.err
