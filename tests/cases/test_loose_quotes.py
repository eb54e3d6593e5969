"""Quotes in a text that are none of a cell, and headers that stand again in another order: no row is swallowed, and none read by another's header."""

from pathlib import Path

import pytest
from invoked import piped
from openpyxl import Workbook
from reported import Reported, reported

from kpi_core.ingest.files.text.mending.loose_quotes import records
from kpi_core.ingest.files.text.mending.turned_headers import own_order

HEADER = "Ticket ID;Created;Resolved;Status;Subject"


def ticket(number: int, subject: str) -> str:
    return f"{number};2026-03-{1 + number % 28:02d} 08:00;2026-03-{1 + number % 28:02d} 10:00;solved;{subject}"


def read(folder: Path, *lines: str) -> Reported:
    (folder / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return reported(folder / "a.csv")


@pytest.mark.parametrize("subject", ['"Order not rec', '27" screen', '"', '"""Minimum order""'])
def test_a_quote_that_is_text_swallows_no_row(tmp_path: Path, subject: str) -> None:
    lines = [ticket(at, subject if at % 7 == 3 else "Question") for at in range(40)]
    found = read(tmp_path, HEADER, *lines)
    assert found.value("tickets_resolved") == 40
    assert found.document["sources"][0]["rows_read"] == 40
    assert "(5, 12, 19, 26, 33 and …)" in found.finding_text("loose-quotes")


def test_a_quoted_cell_over_lines_stays_one(tmp_path: Path) -> None:
    lines = [ticket(at, '"Hello;\nmy 27"" screen\nis black"') for at in range(20)]
    found = read(tmp_path, HEADER, *lines)
    assert found.document["sources"][0]["rows_read"] == 20
    assert "loose-quotes" not in found.codes


def test_a_loose_quote_and_the_delimiter_in_one_text_swallow_no_row(tmp_path: Path) -> None:
    lines = [ticket(at, '"a; b' if at == 5 else "Question") for at in range(20)]
    found = read(tmp_path, HEADER, *lines)
    assert found.value("tickets_resolved") == 20
    assert {"loose-quotes", "mended-rows"} <= found.codes


def test_a_quote_in_the_first_cell_that_would_swallow_rows_names_its_line(tmp_path: Path) -> None:
    lines = [ticket(at, "Question") for at in range(20)]
    lines[5] = '"5' + lines[5][1:] + ";x"
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    ended = piped("report", tmp_path / "a.csv", "--period", "all")
    assert ended.code == 3
    assert "a.csv:7: a quote opens a cell and is not closed" in ended.err


def test_a_text_without_loose_quotes_is_read_as_ever() -> None:
    found = records('a,b\n"x, y","z ""w"""\n"1\n2",3\n\n', ",", 2)
    assert found.cells == [["a", "b"], ["x, y", 'z "w"'], ["1\n2", "3"], []]
    assert found.literal == []


def test_rows_under_a_header_in_another_order_are_read_by_it(tmp_path: Path) -> None:
    first = [f"{at};2026-03-{at:02d};2026-03-{at + 2:02d};solved;1;0" for at in range(1, 11)]
    second = [f"{at};2026-03-{at:02d};2026-03-{at + 2:02d};solved;0;1" for at in range(11, 21)]
    top, turned = (
        "Ticket ID;Created;Resolved;Status;Replies;Reopens",
        "Ticket ID;Created;Resolved;Status;Reopens;Replies",
    )
    apart = read(tmp_path, top, *first, turned, *second)
    assert "(line 12)" in apart.finding_text("turned-headers")
    again = [f"{at};2026-03-{at:02d};2026-03-{at + 2:02d};solved;1;0" for at in range(11, 21)]
    assert apart.values == read(tmp_path, top, *first, *again).values


def test_rows_of_a_sheet_under_a_header_in_another_order_are_read_by_it(tmp_path: Path) -> None:
    top = ("Ticket ID", "Created", "Resolved", "Status", "Replies", "Reopens")
    rows = [(at, f"2026-03-{at:02d}", f"2026-03-{at + 2:02d}", "solved", 1, 0) for at in range(1, 21)]
    turned = [(*row[:4], row[5], row[4]) for row in (top, *rows[10:])]
    for name, table in (("a", [top, *rows[:10], *turned]), ("b", [top, *rows])):
        book = Workbook()
        for row in table:
            book.active.append(row)
        book.save(tmp_path / f"{name}.xlsx")
    found = reported(tmp_path / "a.xlsx")
    assert "(line 12)" in found.finding_text("turned-headers")
    assert found.values == reported(tmp_path / "b.xlsx").values


def test_a_row_is_a_header_by_the_names_of_the_first_alone() -> None:
    header = ["Id", "Created", "Status", "Owner"]
    assert own_order(header, ["id", "Status", "Created", "Owner"]) == (0, 2, 1, 3)
    assert own_order(header, ["Status", "Created", "Id"]) == (2, 1, 0, -1)
    assert own_order(header, ["Id", "Created", "Status", "Owner"]) is None
    assert own_order(header, ["Id", "Created", "Amount", "Paid"]) is None
    assert own_order(header, ["7", "Created", "Id", "x"]) is None
