"""Dates whose day and month a spreadsheet has turned as it opened the file, next to those that it left as text: every early day is in another month."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import Reported, reported

CODE = "turned-by-a-spreadsheet"
LATE = (14, 20, 27, 30)


def read(folder: Path, opened: list[datetime | str], ended: list[datetime | str] | None = None) -> Reported:
    book = Workbook()
    book.worksheets[0].append(["Ticket ID", "Status", "Created", "Resolved"])
    for number, (one, other) in enumerate(zip(opened, ended or opened, strict=True), 1):
        book.worksheets[0].append([number, "Solved", one, other])
    book.save(folder / "tickets.xlsx")
    return reported(folder / "tickets.xlsx")


@pytest.mark.parametrize("written", ["{:02}/10/2026 08:00", "10/{:02}/2026 08:00", "{:02}-10-2026 08:00"])
def test_early_days_as_dates_and_late_ones_as_text_were_turned(tmp_path: Path, written: str) -> None:
    """Of October's tickets those up to the 12th stand in January, May, September and December."""
    turned = [datetime(2026, month, 10, 8) for month in (1, 5, 9, 12)]
    found = read(tmp_path, [*turned, *map(written.format, LATE)])
    assert CODE in found.codes
    assert found.value("tickets_created") is None


@pytest.mark.parametrize(
    "cells",
    [
        [datetime(2026, 10, day, 8) for day in (1, 5, 9, 12, 14, 20)],
        [*(datetime(2026, 10, day, 8) for day in (1, 5, 9, 14)), "20/10/2026 08:00", "27/10/2026 08:00"],
        [*(datetime(2026, 10, day, 8) for day in (1, 5, 9, 12)), "02/10/2026 08:00", "27/10/2026 08:00"],
        [f"{day:02}/10/2026 08:00" for day in (1, 5, 9, *LATE)],
    ],
    ids=["dates alone", "a late date", "an early text", "text alone"],
)
def test_other_columns_are_as_they_stand(tmp_path: Path, cells: list[datetime | str]) -> None:
    found = read(tmp_path, cells)
    assert CODE not in found.codes
    assert found.value("tickets_created") == len(cells)
