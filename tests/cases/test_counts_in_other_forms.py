"""Guards: counts and times that people write in another form, refused though nothing is in doubt: a tick or a day for a reopening, `2 st`, a unit in the format of a cell, how often it took."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import Reported
from small_surveys import report


def tickets(folder: Path, header: str, cells: list[str]) -> Path:
    rows = [
        f"{place};2026-03-{1 + place % 20:02d} 09:00;2026-03-{2 + place % 20:02d} 09:00;solved;{cell}"
        for place, cell in enumerate(cells)
    ]
    path = folder / "tickets.csv"
    path.write_text("\n".join([f"Ticket ID;Created;Resolved;Status;{header}", *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("header", ["Återöppnad", "Reopened", "Gjenåpnet"])
@pytest.mark.parametrize("mark", ["x", "X", "✓", "2026-03-25 13:03", "25.03.2026"])
def test_a_tick_or_a_day_is_one_reopening(tmp_path: Path, header: str, mark: str) -> None:
    found = Reported(report(tickets(tmp_path, header, [mark if place % 5 == 0 else "" for place in range(40)])))
    assert found.value("reopen_rate") == 0.2
    assert "says how often" in found.notes


def test_ticks_among_numbers_are_none(tmp_path: Path) -> None:
    found = Reported(report(tickets(tmp_path, "Reopened", ["x", "0", "2", "1"] * 10)))
    result = found.result("reopen_rate")
    assert result is None or result["trust"]["marked"]


@pytest.mark.parametrize("cell", ["{} st", "{} stk", "{} st.", "{} svar", "{} replies", "{} kpl"])
def test_pieces_behind_a_count_are_a_word_for_it(tmp_path: Path, cell: str) -> None:
    """A quarter of the tickets has one reply."""
    found = Reported(report(tickets(tmp_path, "Replies", [cell.format(1 + place % 4) for place in range(40)])))
    assert found.value("fcr_one_touch") == 0.25


def times_in(folder: Path, shape: str) -> Reported:
    """The report of thirty tickets in a workbook whose times of resolution, 2.5 to 4.5, have a format."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ticket ID", "Created", "Status", "Resolution time"])
    for place in range(30):
        sheet.append([place, datetime(2026, 3, 2, 9) + timedelta(days=place % 20), "solved", 2.5 + place % 3])
        sheet.cell(place + 2, 4).number_format = shape
    book.save(folder / "tickets.xlsx")
    return Reported(report(folder / "tickets.xlsx"))


@pytest.mark.parametrize(
    ("shape", "minutes"),
    [('0.00" h"', 60), ('0.0 "tim"', 60), ('0" min"', 1), ('#,##0.00\\ "timer"', 60), ('0.00" d"', 1440)],
)
def test_a_unit_of_time_in_the_format_of_a_cell(tmp_path: Path, shape: str, minutes: int) -> None:
    assert times_in(tmp_path, shape).value("resolution_time") == 3.5 * minutes * 60


@pytest.mark.parametrize("shape", ['0.00" m"', '0.00" t"', "0.00"])
def test_a_format_that_names_no_unit_for_certain_names_none(tmp_path: Path, shape: str) -> None:
    assert times_in(tmp_path, shape).value("resolution_time") is None


@pytest.mark.parametrize(
    "header",
    [
        "Hur många gånger behövde du kontakta oss för att få ärendet löst?",
        "How many times did you have to contact us to get this resolved?",
        "Hvor mange ganger måtte du kontakte oss før saken ble løst?",
    ],
)
def test_once_is_at_the_first_contact(tmp_path: Path, header: str) -> None:
    rows = [f"{place};2026-03-{1 + place % 28:02d};{(1, 2, 1, 3, 5)[place % 5]}" for place in range(50)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join([f"Respondent ID;Svarsdatum;{header}", *rows, ""]), encoding="utf-8")
    assert Reported(report(path)).value("fcr_survey") == 0.4
