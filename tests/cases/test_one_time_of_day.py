"""Every end at one time of day that is not midnight (23:59, 12:00, 17:00), counted as if somebody had looked at a clock."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported

FIRST = datetime(2026, 1, 1, 7, 0)


def tickets(path: Path, ends: list[str], opened: str = "") -> Reported:
    rows = []
    for n, end in enumerate(ends):
        at = FIRST + timedelta(hours=5 * n, minutes=7 * n)
        created = f"{at:%Y-%m-%d} {opened or f'{at:%H:%M}'}"
        rows.append(f"{n + 100};{created};{at + timedelta(days=2 + n % 3):%Y-%m-%d} {end};Löst")
    path.write_text("\n".join(("Ärendenr;Skapad;Löst;Status", *rows, "")), encoding="utf-8")
    return reported(path, "--kpi", "*")


@pytest.mark.parametrize("time", ["23:59", "12:00", "17:00", "23:59:59", "00:00"])
def test_ends_at_one_time_of_day_are_days(tmp_path: Path, time: str) -> None:
    found = tickets(tmp_path / "t.csv", [time] * 120)
    assert (found.value("resolution_time"), found.value("resolution_rate_cohort")) == (None, None)
    assert "days without times in 120 of 120" in found.finding_text("days-only")
    assert found.value("tickets_resolved") == 120


def test_practically_all_are_as_good_as_all(tmp_path: Path) -> None:
    found = tickets(tmp_path / "t.csv", [*["17:00"] * 149, "09:12"])
    assert found.value("resolution_rate_cohort") is None
    assert "`Löst` has the same time of day, 17:00, in 149 of 150 rows" in found.finding_text("days-only")


def test_two_columns_of_days_have_whole_days_between_them(tmp_path: Path) -> None:
    """Hand-worked: two, three and four days in turn, half of them three at the most."""
    found = tickets(tmp_path / "t.csv", ["12:00"] * 120, "12:00")
    assert (found.value("resolution_time"), "whole-days" in found.codes) == (3 * 86_400, True)


@pytest.mark.parametrize(
    "ends",
    [
        ["17:00"] * 60,
        [f"{8 + n % 9:02}:00" for n in range(150)],
        [*["17:00"] * 120, *(f"{8 + n % 9:02}:{n:02}" for n in range(20))],
        [f"17:{n % 60:02}" for n in range(150)],
    ],
)
def test_ends_that_somebody_dated_are_times(tmp_path: Path, ends: list[str]) -> None:
    found = tickets(tmp_path / "t.csv", ends)
    assert (found.value("resolution_time") is None, "days-only" in found.codes) == (False, False)
