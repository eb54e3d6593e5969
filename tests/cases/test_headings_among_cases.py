"""Headings and notes that have a date, counted as cases: a week's line among the tickets, a line `Utdrag` with the day below them.

No word shows them: their key has another shape than the others, and they leave blank most of what a case fills.
"""

from pathlib import Path

import pytest
from reported import english

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices

HEADER = "Ärendenr;Skapat;Löst;Handläggare;Status"
ROWS = [f"100{at};2026-09-0{at} 08:00;2026-09-0{at} 12:00;Anna;Löst" for at in range(1, 7)]
NONE = "heading or note"


def _read(folder: Path, *lines: str, header: str = HEADER) -> Dataset:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return read_exports([str(path)], Choices(), frozenset())


def _none(dataset: Dataset) -> int:
    (source, *_) = dataset.sources
    assert source.rows_read == source.rows_used + sum(source.rows_refused.values())
    assert bool(english(source.rows_refused).get(NONE)) == any(found.code == "headings" for found in dataset.findings)
    return english(source.rows_refused).get(NONE, 0)


@pytest.mark.parametrize(
    "line",
    [
        "Utdrag;2026-10-30;;;",
        "Period;2026-10-01;2026-10-31;;",
        "Utskriven;2026-10-30 08:00;;Anna;",
        "Uppdaterad:;2026-10-30;;;",
        "Vecka 40;2026-09-28;;;",
        "v.40;2026-09-28;;;",
        "Onsdag;2026-09-02;;;",
        "2026-09-02;;;;",
        "Ingående balans;;;;Öppen",
        ";2026-09-02;;;",
    ],
)
def test_a_heading_or_note_is_no_case_wherever_it_stands(tmp_path: Path, line: str) -> None:
    for at in (0, 3, 6):
        dataset = _read(tmp_path, *ROWS[:at], line, *ROWS[at:])
        assert dataset.tables["tickets"].height == 6
        if at < 6 or not line.startswith("Ut"):  # below the table, words may show it too
            assert _none(dataset) == 1


def test_a_heading_for_each_case_is_none_either(tmp_path: Path) -> None:
    rows = [row for at, case in enumerate(ROWS, 1) for row in (f"2026-09-0{at};;;;", case)]
    dataset = _read(tmp_path, *rows)
    assert (_none(dataset), dataset.tables["tickets"].height) == (6, 6)


@pytest.mark.parametrize("line", [
    "TEL-7;2026-09-07 08:00;;Anna;Öppen", "TEL-7;2026-09-07 08:00;;;", "x7;en dag i mars;;;Öppen", "Utan nummer;2026-09-07 08:00;2026-09-08 08:00;Bo;Löst", "1007;2026-09-07 08:00;;;", "1007;;;;",
])  # fmt: skip
def test_an_odd_key_on_a_full_row_and_a_short_row_with_a_key_like_the_others_stay(tmp_path: Path, line: str) -> None:
    assert _none(_read(tmp_path, *ROWS, line)) == 0


def test_keys_of_no_one_shape_show_nothing(tmp_path: Path) -> None:
    keys = ["alpha", "b7", "c-9-x", "2026-1", "77", "e e", "f.f"]
    rows = [f"{key};2026-09-0{at} 08:00;;Anna;Öppen" for at, key in enumerate(keys, 1)]
    assert _none(_read(tmp_path, *rows, "g;2026-09-09 08:00;;;")) == 0


def test_prefixes_may_differ(tmp_path: Path) -> None:
    rows = [f"{kind}-{at};2026-09-0{at} 08:00;;Anna;Öppen" for at, kind in enumerate(["INC", "REQ"] * 4, 1)]
    assert _none(_read(tmp_path, *rows, "CHG-9;2026-09-09 08:00;;;")) == 0
    assert _none(_read(tmp_path, *rows, "Vecka 37;2026-09-09;;;")) == 1


def test_orders_have_headings_too(tmp_path: Path) -> None:
    orders = [f"A{at};2026-09-0{at};c{at};100" for at in range(1, 6)]
    dataset = _read(tmp_path, "Vecka 36;2026-09-01;;", *orders, header="Order ID;Order date;Customer ID;Amount")
    assert (_none(dataset), dataset.tables["orders"].height) == (1, 5)


@pytest.mark.parametrize("line", ["2026-09-02;;;;", ";;;;Öppen"])
def test_a_list_without_numbers_has_headings_that_fill_one_cell(tmp_path: Path, line: str) -> None:
    rows = [f"2026-09-0{at};k{at}@ex.se;Anna;Fråga;Löst" for at in range(1, 7)]
    header = "Datum;Kund;Handläggare;Kategori;Status"
    assert _read(tmp_path, *rows[:3], line, *rows[3:], header=header).tables["tickets"].height == 6
    assert _none(_read(tmp_path, *rows[:3], "2026-09-02;k9@ex.se;;;", *rows[3:], header=header)) == 0


def test_words_that_repeat_are_no_numbers_of_tickets(tmp_path: Path) -> None:
    rows = [
        f"2026-09-0{at};k{at}@ex.se;{word};Löst"
        for at, word in enumerate(["Fråga", "Fråga", "Hjälp", "Fråga om faktura"], 1)
    ]
    dataset = _read(tmp_path, *rows, header="Datum;Kund;Ärende;Status")
    assert dataset.tables["tickets"].height == 4


def test_a_count_of_the_rows_below_them_is_none_of_them(tmp_path: Path) -> None:
    assert _none(_read(tmp_path, *ROWS, ";;;;", "6;;;;")) == 1
    assert _none(_read(tmp_path, *ROWS, "1007;;;;")) == 0
    assert _none(_read(tmp_path, *ROWS, "6;2026-09-08 08:00;;;")) == 0
