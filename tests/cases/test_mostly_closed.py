"""Guards: Easter against the days before, and the week of Christmas, that were called fewer tickets though the desk had as many each open day."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from small_reports import written

import kpi_core
from kpi_core.calendars import find_calendar

CALLED = {"better", "worse", "higher", "lower"}


def desk(folder: Path, calendar: str, a_day: int = 30, *, open_on_holidays: bool = False) -> Path:
    """So many tickets every open day of fifteen months, each resolved the next day."""
    shut, lines = find_calendar(calendar), ["Ticket ID,Created at,Resolved at,Status"]
    for place in range(450):
        day = datetime(2025, 2, 3) + timedelta(days=place)
        if day.weekday() > 4 or (not open_on_holidays and shut.is_closed(day.date())):
            continue
        for number in range(a_day):
            at = day + timedelta(hours=8, minutes=17 * number % 540)
            lines.append(
                f"{place}-{number},{at:%Y-%m-%d %H:%M},{at + timedelta(hours=20 + number % 7):%Y-%m-%d %H:%M},Solved"
            )
    return written(folder, "tickets", *lines)


def report(path: Path, period: str, *more: str) -> dict[str, Any]:
    ended = piped("report", path, "--period", period, *more, "--format", "json")
    assert ended.code == 0, ended.err
    return dict(json.loads(ended.out))


def called(found: dict[str, Any]) -> dict[str, str]:
    return {one["kpi"]: one["verdict"] for one in found["results"] if one["verdict"] in CALLED}


@pytest.mark.parametrize("calendar", ["se", "no"])
@pytest.mark.parametrize("period", ["2026-04-03..2026-04-06", "2025-12-25..2025-12-26"])
@pytest.mark.parametrize("is_known", [True, False])
def test_days_that_are_all_closed_are_compared_with_nothing(
    tmp_path: Path, calendar: str, period: str, is_known: bool
) -> None:
    found = report(desk(tmp_path, calendar), period, *(("--calendar", calendar) if is_known else ()))
    assert not called(found)
    (said,) = [one for one in found["findings"] if one["code"] == "closed-days"]
    assert "tickets_resolved" in said["kpis"]
    if not is_known:
        assert f"--calendar {calendar}" in said["text"]


def test_a_week_of_which_most_is_holiday_is_not_fewer_tickets(tmp_path: Path) -> None:
    path = desk(tmp_path, "se")
    assert not called(report(path, "2025-W52"))
    after = report(path, "2026-W03", "--compare", "2025-W52")  # nor are those after it more
    assert not called(after)
    assert [one for one in after["findings"] if one["code"] == "closed-days"]


def test_days_without_tickets_that_are_no_holidays_are_another_matter(tmp_path: Path) -> None:
    """A desk that is open at Christmas, and two days in October on which nobody wrote."""
    path = desk(tmp_path, "se", open_on_holidays=True)
    assert not [one for one in report(path, "2025-W52")["findings"] if one["code"] == "closed-days"]
    kept = [
        line
        for line in path.read_text("utf-8").splitlines()
        if not {"2025-10-14", "2025-10-15"} & {line.split(",")[1][:10]}
    ]
    found = report(written(tmp_path, "outage", *kept), "2025-W42")
    assert not [one for one in found["findings"] if one["code"] == "closed-days"]


def test_a_month_with_some_holidays_is_compared(tmp_path: Path) -> None:
    found = kpi_core.report([desk(tmp_path, "se")], period="2025-12")
    assert not [one for one in found.findings if one.code == "closed-days"]
    assert not [one for one in found.totals if one.verdict is not None and one.verdict.value in CALLED]
