"""Dates as `26/01/25`, the year first in two figures: read as the 26th of January 2025 and so on, days became years."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from invoked import piped
from small_reports import report_json, totals, written

DAYS = [date(2026, 1, 2) + timedelta(days=place * place % 71) for place in range(140)]
IN_JANUARY = sum(day.month == 1 for day in DAYS)


@pytest.mark.parametrize(
    ("form", "example", "way_out"),
    [
        ("%y/%m/%d", "26/01/02", "%y/%m/%d"),
        ("%y.%m.%d %H:%M", "26.01.02 00:00", "%y.%m.%d %H:%M"),
        ("%y/%m/%d %H:%M", "26/01/02 00:00", "%y/%m/%d %H:%M"),
    ],
)
@pytest.mark.parametrize(
    "header", ["Ärendenummer;Skapad;Status", "Response ID;Answered at;How satisfied are you? (1-5)"]
)
def test_they_are_asked_for_and_read_as_named(
    tmp_path: Path, header: str, form: str, example: str, way_out: str
) -> None:
    marks = "Response" in header
    path = written(
        tmp_path,
        "list",
        header,
        *(f"{n};{day.strftime(form)};{n % 5 + 1 if marks else 'Ny'}" for n, day in enumerate(DAYS)),
    )
    ended = piped("report", path)
    assert ended.code == 3
    assert f"for example in `{example}`" in ended.err
    assert f"--date-format '{way_out}'" in ended.err
    found = totals(report_json(path, "--date-format", way_out, "--period", "2026-01", "--kpi", "*"))
    assert found["answers_received" if marks else "tickets_created"]["value"] == IN_JANUARY


@pytest.mark.parametrize("form", ["%d/%m/%y", "%d.%m.%y", "%m/%d/%y"])
def test_a_year_at_the_end_is_one(tmp_path: Path, form: str) -> None:
    rows = (f"{n};{day.strftime(form)};Ny" for n, day in enumerate(DAYS))
    path = written(tmp_path, "list", "Ärendenummer;Skapad;Status", *rows)
    assert totals(report_json(path, "--period", "2026-01"))["tickets_created"]["value"] == IN_JANUARY


def test_a_day_of_each_month_over_years_is_no_year(tmp_path: Path) -> None:
    """The first of each month of six years: few first figures, and the last are the years."""
    days = [f"01/{month:02}/{year}" for year in range(20, 26) for month in range(1, 13)] + ["15/03/25", "25/04/25"]
    path = written(tmp_path, "list", "Ärendenummer;Skapad;Status", *(f"{n};{day};Ny" for n, day in enumerate(days)))
    assert totals(report_json(path, "--period", "2025"))["tickets_created"]["value"] == 14
