"""A blank where only something worth saying is written: no reopening, and of a yes or no that says one word alone nobody knows."""

from pathlib import Path

import pytest
from reported import reported
from small_reports import written


def listed(folder: Path, header: str, cells: list[str]) -> Path:
    rows = [f"{n},2026-09-{n:02} 08:00,2026-09-{n:02} 14:00,Solved,{cell}" for n, cell in enumerate(cells, start=1)]
    return written(folder, "t", f"Ticket ID,Created at,Resolved at,Status,{header}", *rows)


@pytest.mark.parametrize(
    ("header", "cells", "per_ticket"),
    [
        ("Reopens", ["1", "", "", "2", "", "", "", ""], 3 / 8),
        ("Reopen count", ["", "", "", "1", "-", "-", "", "1"], 2 / 8),
        ("Återöppnad", ["Ja", "", "", "", "", "", "Ja", ""], 2 / 8),
    ],
)
def test_a_blank_number_of_reopenings_is_none_where_no_cell_says_none(
    tmp_path: Path, header: str, cells: list[str], per_ticket: float
) -> None:
    found = reported(listed(tmp_path, header, cells))
    assert found.value("reopen_rate") == 2 / 8
    assert found.value("reopens_per_ticket") == per_ticket
    assert "6 blank cells" in found.finding_text("blank-counts")


def test_a_blank_next_to_zeros_is_not_known(tmp_path: Path) -> None:
    found = reported(listed(tmp_path, "Reopens", ["1", "0", "0", "", "", "", "", "0"]))
    assert (found.value("reopen_rate"), found.result("reopen_rate")["n"]) == (1 / 4, 4)


@pytest.mark.parametrize("word", ["Yes", "No"])
def test_one_word_of_yes_and_no_and_mostly_nothing_gives_no_share(tmp_path: Path, word: str) -> None:
    found = reported(listed(tmp_path, "Within SLA", [word, "", "", word, "", "", "", ""] * 3))
    assert found.value("sla_resolution_rate_vendor") is None
    assert "what a blank means is not known" in found.finding_text("blank-words")


def test_both_words_and_few_blanks_are_as_they_were(tmp_path: Path) -> None:
    found = reported(listed(tmp_path, "Within SLA", ["Yes", "No", "Yes", "Yes", "", "Yes", "Yes", "Yes"] * 3))
    assert found.value("sla_resolution_rate_vendor") == 6 / 7


def test_what_took_some_time_ended_then_and_the_report_is_as_of_it(tmp_path: Path) -> None:
    """Hand-worked: the last ticket is opened on the 8th and took five days; the first was open until then, and still is."""
    rows = ["1,2026-09-01 08:00,Open,", *(f"{n},2026-09-{n:02} 08:00,Solved,120" for n in range(2, 9))]
    found = reported(written(tmp_path, "t", "Ticket ID,Created at,Status,Resolution time (hours)", *rows))
    assert found.document["query"]["as_of"].startswith("2026-09-13T08:00")
    assert found.value("backlog") == 1
