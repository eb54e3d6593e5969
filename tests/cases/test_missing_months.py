"""A month that no file holds, between months that are there: read as a month of none, with a backlog of 0 and a fall to nothing."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import reported
from small_reports import findings, report_json, totals, written

HEADER = "Ticket ID,Created,Resolved,Status"
CODE = "missing-period"


def month(folder: Path, number: int, *, every: int = 18) -> Path:
    """A month's tickets, one each so many hours, resolved after five."""
    begun, rows = datetime(2026, number, 1, 8), []
    while begun.month == number:
        rows.append(f"{number}{len(rows):03},{begun:%Y-%m-%d %H:%M},{begun + timedelta(hours=5):%Y-%m-%d %H:%M},Solved")
        begun += timedelta(hours=every)
    return written(folder, f"month-{number}", HEADER, *rows)


def test_a_month_that_is_missing_has_no_value(tmp_path: Path) -> None:
    found = reported(month(tmp_path, 8), month(tmp_path, 10), period="2026-09")
    assert CODE in found.codes
    for kpi in ("tickets_created", "tickets_resolved", "net_flow", "backlog"):
        assert found.value(kpi) is None, kpi


def test_nothing_is_compared_with_a_month_that_is_missing(tmp_path: Path) -> None:
    document = report_json(month(tmp_path, 8), month(tmp_path, 10), "--period", "2026-10")
    result = totals(document)["tickets_created"]
    assert result["value"] == 41
    assert any("not compared: no row of tickets" in note for note in result["notes"])
    assert [one["value"] for one in result["trend"]].count(None) == 1
    assert 0 not in [one["value"] for one in result["trend"]]
    assert findings(document, CODE)


@pytest.mark.parametrize("period", ["2026-08", "2026-10", "2026-11", "all"])
def test_the_months_that_are_there_have_theirs(tmp_path: Path, period: str) -> None:
    found = reported(month(tmp_path, 8), month(tmp_path, 10), period=period)
    assert CODE not in found.codes


def test_a_month_of_none_among_months_of_few_is_one(tmp_path: Path) -> None:
    """One ticket a fortnight: a month without one is no wonder."""
    found = reported(month(tmp_path, 8, every=360), month(tmp_path, 10, every=360), period="2026-09")
    assert found.value("tickets_created") == 0
    assert CODE not in found.codes


def test_days_without_any_are_days_of_none(tmp_path: Path) -> None:
    path = month(tmp_path, 8)
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if "2026-08-15" not in line and "2026-08-16" not in line
    ]
    found = reported(written(tmp_path, "kept", *kept), period="2026-08-15..2026-08-15")
    assert CODE not in found.codes
