"""A line below a table counted as a row, or refused as one: when it was exported, which page it is, that it ends.

It fills one cell where rows fill several, and says what no row says there. A row that is merely short stays one.
"""

from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import english

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.rows import row_rules

HEADER = "Ärendenummer;Skapad;Löst;Status;Handläggare"
ROWS = [f"{at};2026-09-0{at} 08:00;2026-09-0{at} 12:00;Löst;Anna Berg" for at in range(1, 7)]
LINES = [
    "Exported 2026-09-30 by Anna;;;;",
    "Sidan 1 av 1;;;;",
    "-- end --;;;;",
    "Anna Berg 2026-09-30;;;;",
    "Exporterad:;2026-09-30;;;",
    ";Utskriven 2026-10-01;;;",
    ";;;;Kilde: Zendesk",
    "41 saker;;;;",
    "* uten søppelpost;;;;",
]


def _read(folder: Path, *lines: str, header: str = HEADER) -> Dataset:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return read_exports([str(path)], Choices(), frozenset())


def _account(dataset: Dataset) -> tuple[int, int, dict[str, int]]:
    (source, *_) = dataset.sources
    assert source.rows_read == source.rows_used + sum(source.rows_refused.values())
    return source.rows_read, source.rows_used, english(source.rows_refused)


@pytest.mark.parametrize("line", LINES)
def test_a_line_below_the_table_is_a_footer(tmp_path: Path, line: str) -> None:
    assert _account(_read(tmp_path, *ROWS, line)) == (7, 6, {"footer": 1})


def test_several_lines_with_blank_ones_and_a_sum_between_are_footers(tmp_path: Path) -> None:
    lines = ["", "Summa;6;;;", "", "Exporterad 2026-09-30 av Anna;;;;", "Sida 1 av 1;;;;"]
    assert _account(_read(tmp_path, *ROWS, *lines)) == (11, 6, {"footer": 2, "sum row": 1, "blank row": 2})


@pytest.mark.parametrize("line", ["7;;;;", "7;2026-09-07 08:00;;;", "7;2026-09-07 08:00;;Öppen;"])
def test_a_row_that_is_merely_short_stays(tmp_path: Path, line: str) -> None:
    assert _account(_read(tmp_path, *ROWS, line)) == (7, 7, {})


def test_a_line_among_the_rows_is_none_below_them(tmp_path: Path) -> None:
    """What stands in the middle is for the reader to see: it is not called a footer."""
    rows = [*ROWS[:3], "Ringde igen 3 gånger;;;;", *ROWS[3:]]
    assert "footer" not in _account(_read(tmp_path, *rows))[2]


@pytest.mark.parametrize("last", ["Printer on fire;;;", "Page does not load;;;", "Notebook is slow;;;"])
def test_a_subject_in_the_first_column_is_like_the_others(tmp_path: Path, last: str) -> None:
    rows = [f"Case no. {at};{at};2026-09-0{at} 08:00;Open" for at in range(1, 5)]
    account = _account(_read(tmp_path, *rows, last, header="Subject;Ticket ID;Created at;Status"))
    assert "footer" not in account[2]


def test_answers_and_orders_have_lines_below_them_too(tmp_path: Path) -> None:
    answers = [f"r{at};2026-09-0{at};{at}" for at in range(1, 6)]
    assert _account(_read(tmp_path, *answers, "Svar: 5 av 41;;", header="Svars-ID;Svarsdatum;Nöjdhet (1-5)")) == (6, 5, {"footer": 1})  # fmt: skip
    orders = [f"A{at};2026-09-0{at};c{at};100" for at in range(1, 6)]
    dataset = _read(tmp_path, *orders, "Report run 2026-10-01;;;", header="Order ID;Order date;Customer ID;Amount")
    assert _account(dataset) == (6, 5, {"footer": 1})


def test_each_sheet_and_each_file_has_lines_of_its_own(tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("jan", ROWS[:3]), ("feb", ROWS[3:])):
        sheet = book.create_sheet(name)
        for row in (HEADER, *rows, f"Exported {name} by Anna"):
            sheet.append(row.split(";"))
    book.save(tmp_path / "year.xlsx")
    assert _account(read_exports([str(tmp_path / "year.xlsx")], Choices(), frozenset())) == (8, 6, {"footer": 2})
    for name, rows in (("a.csv", ROWS[:3]), ("b.csv", ROWS[3:])):
        (tmp_path / name).write_text("\n".join([HEADER, *rows, "Sidan 1 av 1", ""]), encoding="utf-8")
    both = read_exports([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")], Choices(), frozenset())
    assert [english(source.rows_refused) for source in both.sources] == [{"footer": 1}] * 2
    assert both.tables["tickets"].height == 6


@pytest.mark.parametrize("line", LINES[:4])
def test_a_large_file_is_looked_at_where_its_last_rows_have_no_time(
    tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_rules, "BY_HAND", 0)
    assert _account(_read(tmp_path, *ROWS, line)) == (7, 6, {"footer": 1})
    assert _account(_read(tmp_path, *ROWS, "7;;;Öppen;Anna Berg")) == (7, 7, {})
