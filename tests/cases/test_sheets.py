"""Rows that are there and not read: sheets of the same headers are one table, and a sheet that is left out is named.

The figures are those of the same rows in one file; a row is named by its sheet and its number there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from openpyxl import Workbook
from reported import CASES, reported

HEADER = ("Ticket ID", "Created at", "Solved at", "Status")


def ticket(number: int, month: int, hours: int | None = 2) -> tuple[Any, ...]:
    opened = datetime(2025, month, 1 + number % 28, 8)
    ended = None if hours is None else opened.replace(hour=8 + hours)
    return number, opened, ended, "Open" if hours is None else "Solved"


MONTHS = {
    "Aug": [HEADER, *(ticket(place, 8) for place in range(1, 5))],
    "Sep": [HEADER, *(ticket(place, 9) for place in range(5, 8)), ticket(8, 9, None)],
    "Oct": [HEADER, ticket(9, 10, 6)],
}


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


def test_a_sheet_a_month_is_one_table() -> None:
    found = reported(CASES / "one-sheet-a-month.xlsx")
    assert (found.value("tickets_created"), found.value("tickets_resolved")) == (9, 8)
    assert "`Aug` 4 rows, `Sep` 4 rows, `Oct` 1 row" in found.finding_text("sheets-pooled")


def test_the_figures_are_those_of_one_sheet(tmp_path: Path) -> None:
    apart = workbook(tmp_path / "apart.xlsx", MONTHS)
    rows = [HEADER, *(row for sheet in MONTHS.values() for row in sheet[1:])]
    assert reported(apart).values == reported(workbook(tmp_path / "one.xlsx", {"All": rows})).values


def test_columns_go_by_their_headers_and_not_by_their_places(tmp_path: Path) -> None:
    turned = {name: [(*row[2:], *row[:2]) if name == "Sep" else row for row in rows] for name, rows in MONTHS.items()}
    titled = {name: [("Ärenden",), (), *rows] if name == "Oct" else rows for name, rows in turned.items()}
    assert (
        reported(workbook(tmp_path / "a.xlsx", titled)).values == reported(workbook(tmp_path / "b.xlsx", MONTHS)).values
    )


def test_a_column_that_only_a_later_sheet_has_is_read_there(tmp_path: Path) -> None:
    grown = {**MONTHS, "Sep": [(*row, "Group" if row is HEADER else "Billing") for row in MONTHS["Sep"]]}
    found = reported(workbook(tmp_path / "grown.xlsx", grown), "--by", "group")
    assert found.value("tickets_created", group="Billing") == 4
    assert found.value("tickets_created") == 9


def test_a_refused_row_is_named_by_its_sheet_and_its_number_there(tmp_path: Path) -> None:
    months = {**MONTHS, "Oct": [*MONTHS["Oct"], (10, "soon", None, "Open")]}
    path = workbook(tmp_path / "months.xlsx", months)
    found = reported(path, "--refused", tmp_path / "refused.csv")
    assert found.value("tickets_created") == 9
    assert f"{path}/Oct,tickets,3," in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")


def test_rows_behind_a_figure_are_named_by_their_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "months.xlsx", MONTHS)
    ended = piped("rows", "resolution_time", path, "--period", "2025-10", "--format", "csv")
    counted = [line for line in ended.out.splitlines() if "outside" not in line]
    assert [f"{path}/Oct,2,9," in line for line in counted[1:]] == [True]


def test_a_sheet_that_is_named_is_read_alone(tmp_path: Path) -> None:
    found = reported(workbook(tmp_path / "months.xlsx", MONTHS), "--sheet", "Sep")
    assert found.value("tickets_created") == 4
    assert not found.codes & {"sheets-pooled", "sheets-unread"}


def test_a_sheet_of_other_headers_is_named_and_not_read(tmp_path: Path) -> None:
    orders = [("Order ID", "Order date", "Amount"), (1, datetime(2025, 8, 1), 10), (2, datetime(2025, 8, 2), 20)]
    found = reported(workbook(tmp_path / "months.xlsx", {"Orders": orders, **MONTHS}))
    assert found.value("tickets_created") == 9
    assert "`Orders`" in found.finding_text("sheets-unread")
    assert "--sheet" in found.finding_text("sheets-unread")


def test_a_sheet_of_agents_is_no_part_of_the_tickets(tmp_path: Path) -> None:
    agents = [("Agent", "Status"), ("Anna", "Active"), ("Olle", "Active")]
    assert reported(workbook(tmp_path / "months.xlsx", {**MONTHS, "Agents": agents})).value("tickets_created") == 9


@pytest.mark.parametrize("sheet", ["Notes", "Chart data"])
def test_a_sheet_without_rows_is_not_worth_a_word(tmp_path: Path, sheet: str) -> None:
    found = reported(workbook(tmp_path / "months.xlsx", {**MONTHS, sheet: [("Made by", "Anna")]}))
    assert "sheets-unread" not in found.codes


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    assert reported(workbook(tmp_path / "months.xlsx", MONTHS, hidden=["Oct"])).value("tickets_created") == 8


def test_hidden_sheets_with_rows_are_named(tmp_path: Path) -> None:
    lists = [("Team", "Lead"), ("A", "Anna"), ("B", "Bo")]
    found = reported(workbook(tmp_path / "months.xlsx", {**MONTHS, "Lists": lists}, hidden=["Oct", "Lists"]))
    assert "hidden sheets, and so not read: `Oct` (the same headers), `Lists`" in found.finding_text("sheets-unread")
    assert any(finding["serious"] for finding in found.document["findings"] if finding["code"] == "sheets-unread")


def test_a_hidden_sheet_of_lists_alone_is_no_warning(tmp_path: Path) -> None:
    lists = [("Team", "Lead"), ("A", "Anna"), ("B", "Bo")]
    found = reported(
        workbook(tmp_path / "months.xlsx", {**MONTHS, "Lists": lists, "Note": [("x",)]}, hidden=["Lists", "Note"])
    )
    assert "not read: `Lists`;" in found.finding_text("sheets-unread")
    assert not any(finding["serious"] for finding in found.document["findings"] if finding["code"] == "sheets-unread")


def test_a_footer_ends_its_own_sheet_alone(tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "name: m\nlabel: m\nsystem: m\ntable: tickets\nfooter: [^Grand]\n"
        "columns: {ticket_id: Ticket ID, created_at: Created at, resolved_at: Solved at, status: Status}\n"
    )
    totals = {name: [*rows, ("Grand total", None, None, None)] for name, rows in MONTHS.items()}
    found = reported(workbook(tmp_path / "months.xlsx", totals), "--mapping", mapping)
    assert found.value("tickets_created") == 9
    assert found.refused[0] == {"footer": 3}


def test_a_scale_is_recognised_by_all_sheets_at_once(tmp_path: Path) -> None:
    """Five is the highest answer of the first month and not of the scale."""
    rows = {"Jan": (1, 3, 5, 5), "Feb": (2, 7, 9, 10)}
    header = ("Response ID", "Answered at", "CSAT")
    sheets = {
        name: [header, *((f"{name}{at}", datetime(2025, month, at, 8), score) for at, score in enumerate(scores, 1))]
        for month, (name, scores) in enumerate(rows.items(), 1)
    }
    one = [header, *(row for sheet in sheets.values() for row in sheet[1:])]
    apart, whole = workbook(tmp_path / "apart.xlsx", sheets), workbook(tmp_path / "one.xlsx", {"All": one})
    assert reported(apart).values == reported(whole).values


RENAMED = [
    pytest.param("Solved at", "Resolved at", id="the time of the resolution"),
    pytest.param("Created at", "Opened", id="the time of the opening"),
    pytest.param("Status", "State", id="the status"),
    pytest.param("Ticket ID", "Ticket number", id="the number"),
]


@pytest.mark.parametrize(("header", "other"), RENAMED)
@pytest.mark.parametrize("month", MONTHS)
def test_a_sheet_with_another_word_for_a_column_is_read_by_its_own_headers(
    tmp_path: Path, month: str, header: str, other: str
) -> None:
    spelled = [tuple(other if cell == header else cell for cell in row) for row in MONTHS[month]]
    found = reported(workbook(tmp_path / "b.xlsx", {**MONTHS, month: spelled}))
    assert found.values == reported(workbook(tmp_path / "a.xlsx", MONTHS)).values


def test_only_the_sheets_of_the_same_headers_are_reported_to_have_them(tmp_path: Path) -> None:
    other = [tuple("Resolved at" if cell == "Solved at" else cell for cell in row) for row in MONTHS["Aug"]]
    path = workbook(tmp_path / "b.xlsx", {**MONTHS, "Aug": other})
    found = reported(path, "--refused", tmp_path / "refused.csv")
    assert "2 sheets of the same headers read as one table: `Sep` 4 rows, `Oct` 1 row" in found.finding_text(
        "sheets-pooled"
    )
    assert [source["path"] for source in found.document["sources"]] == [str(path), f"{path}/Aug"]
    ended = piped("rows", "resolution_time", path, "--period", "2025-10", "--format", "csv")
    assert f"{path}/Oct,2,9," in ended.out
    ended = piped("rows", "resolution_time", path, "--period", "2025-08", "--format", "csv")
    assert f"{path}/Aug,2,1," in ended.out


def test_sheets_that_differ_in_what_is_not_read_stay_one_table(tmp_path: Path) -> None:
    header = (*HEADER, "Priority", "Channel")
    notes = {
        name: [(*header, f"{name} note"), *((*row, "High", "Email", "x") for row in rows[1:])]
        for name, rows in MONTHS.items()
    }
    found = reported(workbook(tmp_path / "notes.xlsx", notes))
    assert found.value("tickets_created") == 9
    assert "3 sheets of nearly the same headers read as one table" in found.finding_text("sheets-pooled")


def test_a_month_without_the_time_of_resolution_is_not_compared(tmp_path: Path) -> None:
    months = {
        name: [HEADER, *(ticket(at * 10 + place, month) for place in range(8))]
        for at, (name, month) in enumerate({"Aug": 8, "Sep": 9, "Oct": 10}.items(), 1)
    }
    lost = {**months, "Oct": [(*row[:2], *row[3:]) for row in months["Oct"]]}
    found = reported(workbook(tmp_path / "lost.xlsx", lost))
    assert "8 resolved tickets have no resolution time" in found.finding_text("resolved-undated")
    assert "opened in 2025-10 have none" in found.finding_text("resolved-undated")
    spread = {
        name: [row if at != 3 else (*row[:2], None, row[3]) for at, row in enumerate(rows)]
        for name, rows in months.items()
    }
    assert "nearly all" not in reported(workbook(tmp_path / "spread.xlsx", spread)).finding_text("resolved-undated")
