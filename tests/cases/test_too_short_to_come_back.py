"""Orders of two months: some customers come back later than the file ends, and the repurchase rate stood there as if a year had passed."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from invoked import piped
from small_reports import report_json, totals, written

NOTE = "customers have not had 365 days to come back in"


def orders(folder: Path, days: int) -> Path:
    """An order every five hours, by forty customers in turn."""
    times = [datetime(2025, 1, 1, 9) + timedelta(hours=5 * place) for place in range(days * 24 // 5)]
    rows = [f"{1000 + n},{time:%Y-%m-%d %H:%M},K{n * 7 % 40},{200 + n % 9}" for n, time in enumerate(times)]
    return written(folder, "orders", "Order ID,Order date,Customer ID,Total", *rows)


@pytest.mark.parametrize("period", [(), ("--period", "all"), ("--period", "2025-02")])
def test_a_file_of_two_months_says_that_a_year_has_not_passed(tmp_path: Path, period: tuple[str, ...]) -> None:
    path = orders(tmp_path, 59)
    assert any(NOTE in note for note in totals(report_json(path, *period))["repurchase_rate"]["notes"])
    page = piped("report", path, *period).out
    assert any(line.startswith("Repurchase rate *") for line in page.splitlines())


@pytest.mark.parametrize("period", [("--period", "all"), ("--period", "2026-06")])
def test_a_file_of_more_than_a_year_says_nothing(tmp_path: Path, period: tuple[str, ...]) -> None:
    path = orders(tmp_path, 548)
    assert not any(NOTE in note for note in totals(report_json(path, *period))["repurchase_rate"]["notes"])
    assert "Repurchase rate *" not in piped("report", path, *period).out
