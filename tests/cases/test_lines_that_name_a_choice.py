"""A line next to a table that names the rows it holds: figures are of these alone, and are compared with nothing."""

from pathlib import Path

import pytest
from small_reports import report_json, written

ROWS = [f"{n};2026-01-{1 + n % 28:02d} 10:{n:02d};Open;Billing" for n in range(40)]
HEADER = "Ärendenummer;Skapad;Status;Grupp"


def is_serious_list(folder: Path, line: str, *, is_below: bool = False) -> list[bool]:
    lines = [HEADER, *ROWS, line] if is_below else [line, HEADER, *ROWS]
    document = report_json(written(folder, "tickets", *lines), "--period", "2026-01")
    return [one["serious"] for one in document["findings"] if one["code"] == "filter-named"]


@pytest.mark.parametrize("is_below", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        "Endast stängda ärenden", "Only VIP customers", "Vy: Mina ärenden", "View: Unsolved tickets", "Tickets excluding Norway", "Alla ärenden utom reklamationer",
        "Filter: Status = Closed", "10 % random sample of tickets", "Kun Kundeservice Bergen", "Rapport filtrerad: Prioritet = Hög", "Filter: Lukket i januar 2026",
        "Utvalg: Privatkunder", "Bare henvendelser på e-post",
    ],
)  # fmt: skip
def test_a_choice_of_rows(tmp_path: Path, line: str, is_below: bool) -> None:
    assert is_serious_list(tmp_path, line, is_below=is_below) == [True]


@pytest.mark.parametrize("line", ["Filter: Created between 2026-01-01 and 2026-01-31", "View: Last 90 days", "Filter: Period = januari 2026"])  # fmt: skip
def test_a_choice_of_days_is_noted(tmp_path: Path, line: str) -> None:
    assert is_serious_list(tmp_path, line) == [False]


@pytest.mark.parametrize(
    "line",
    ["Ärenden januari 2026", "View: All tickets", "Filter: inga", "Endast för internt bruk", "For internal use only", "Period: 2026-01-01 - 2026-01-31", "Belopp exkl. moms", "Exported by Anna Berg", "Top of the list"],
)  # fmt: skip
def test_a_line_that_names_none(tmp_path: Path, line: str) -> None:
    assert is_serious_list(tmp_path, line) == []


def test_a_comment_of_several_lines_in_the_last_row_is_no_line_below(tmp_path: Path) -> None:
    rows = [f'{row};"Hej\nOnly the first page works\nFilter: x = y"' for row in ROWS]
    document = report_json(written(tmp_path, "tickets", f"{HEADER};Kommentar", *rows), "--period", "2026-01")
    assert [one for one in document["findings"] if one["code"] == "filter-named"] == []


@pytest.mark.parametrize("line", ["Preliminära siffror", "UTKAST", "Foreløpige tall", "Draft v2"])
def test_a_list_that_calls_itself_preliminary(tmp_path: Path, line: str) -> None:
    document = report_json(written(tmp_path, "tickets", line, HEADER, *ROWS), "--period", "2026-01")
    [found] = [one for one in document["findings"] if one["code"] == "called-preliminary"]
    assert line in found["text"]
