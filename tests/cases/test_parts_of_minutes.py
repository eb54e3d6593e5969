"""Guards: a column of minutes that holds hours (`12,37` next to times of whole minutes), as sixty times too short a first reply."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

BEGIN = datetime(2026, 1, 2, 8)


def reported(folder: Path, header: str, *, unit: str, clock: str = "%Y-%m-%d %H:%M") -> tuple[list[str], list[str]]:
    """120 tickets that are answered after hours and resolved after days; the first reply as minutes, as hours, or to the second."""
    dice, lines = random.Random(2), []
    for n in range(120):
        opened = BEGIN + timedelta(minutes=n * 700, seconds=n % 60)
        waited = dice.randrange(20, 900) + (dice.random() if unit == "seconds" else 0)
        solved = opened + timedelta(minutes=waited + dice.randrange(60, 4000))
        reply = f"{waited / 60:.2f}" if unit == "hours" else f"{waited:.2f}" if unit == "seconds" else str(waited)
        lines.append(f"{n};{opened:{clock}};{solved:{clock}};Solved;{reply.replace('.', ',')}")
    path = written(folder, "t", f"Ticket ID;Created at;Resolved at;Status;{header}", *lines)
    document = report_json(path, "--period", "2026-02", "--no-config")
    return findings(document, "minutes-as-decimals"), totals(document)["first_reply_time"]["notes"]


@pytest.mark.parametrize("header", ["First reply time in minutes", "First reply time (min)"])
def test_minutes_that_may_be_hours_are_not_compared(tmp_path: Path, header: str) -> None:
    said, notes = reported(tmp_path, header, unit="hours")
    assert "parts of one" in said[0]
    assert any("not compared" in note and "parts of one" in note for note in notes)


@pytest.mark.parametrize(
    ("unit", "clock"), [("minutes", "%Y-%m-%d %H:%M"), ("seconds", "%Y-%m-%d %H:%M"), ("hours", "%Y-%m-%d %H:%M:%S")]
)
def test_whole_minutes_longer_ones_and_those_of_seconds_are_minutes(tmp_path: Path, unit: str, clock: str) -> None:
    assert not reported(tmp_path, "First reply time in minutes", unit=unit, clock=clock)[0]
