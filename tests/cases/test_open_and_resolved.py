"""A status that says open next to a time of resolution: taken as open in silence, though the word may mean that it is done.

A few of them are reopened tickets, and so are those that say so. Many are a contradiction, which stands next to what it touches.
"""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

HEADER = "Ärendenummer;Skapad;Löst;Status"


def rows(*words: str, end: str = "2026-09-{:02} 15:00", still_open: int = 6) -> list[str]:
    """Tickets resolved under these words, repeated, some that are closed and some that are open."""
    shown = [*words, *["Stängd"] * 40]
    done = [f"{n};2026-09-{n % 27 + 1:02} 09:00;{end.format(n % 27 + 1)};{word}" for n, word in enumerate(shown)]
    return [*done, *(f"{900 + n};2026-09-{n + 1:02} 09:00;;Öppen" for n in range(still_open))]


def report(folder: Path, *lines: str, header: str = HEADER) -> Reported:
    return reported(
        written(folder, "tickets", header, *lines),
        "--kpi",
        "backlog",
        "--kpi",
        "tickets_resolved",
        "--kpi",
        "resolution_time",
    )


@pytest.mark.parametrize("word", ["Besvarad", "Väntar", "Öppen", "Venter på kunde", "Pending"])
def test_many_that_are_open_and_resolved_are_reported_with_their_word(tmp_path: Path, word: str) -> None:
    found = report(tmp_path, *rows(*[word] * 10))
    assert (
        f"10 of 50 tickets with a time of resolution have a status that says they are open (`{word}` 10)"
        in found.finding_text("open-again")
    )
    assert found.value("tickets_resolved") == 40
    assert any("10 of 50" in note for note in found.result("backlog")["notes"])
    assert [one["serious"] for one in found.document["findings"] if one["code"] == "open-again"] == [True]


def test_more_than_the_others_leave_no_figure(tmp_path: Path) -> None:
    found = report(tmp_path, *rows(*["Besvarad"] * 60))
    assert [found.value(name) for name in ("backlog", "tickets_resolved", "resolution_time")] == [None] * 3


@pytest.mark.parametrize(
    "words", [["Öppen"] * 2, ["Väntar"], ["Öppen", "Återöppnad", "Återöppnad", "Återöppnad", "Återöppnad"]]
)
def test_a_few_are_reopened_and_no_contradiction(tmp_path: Path, words: list[str]) -> None:
    found = report(tmp_path, *rows(*words))
    assert found.value("tickets_resolved") == 40
    assert not any("says they are open" in note for note in found.result("backlog")["notes"])
    assert not any(one["serious"] for one in found.document["findings"] if one["code"] == "open-again")


def test_those_that_are_counted_as_reopened_are_no_contradiction(tmp_path: Path) -> None:
    lines = [f"{line};{int('Öppen' in line and ';;' not in line)}" for line in rows(*["Öppen"] * 10)]
    found = report(tmp_path, *lines, header=f"{HEADER};Antal återöppningar")
    assert found.value("tickets_resolved") == 40
    assert not found.finding_text("open-again")


def test_a_list_of_open_tickets_has_some_that_came_back(tmp_path: Path) -> None:
    lines = [f"{n},2026-09-{n % 27 + 1:02} 09:00,{'2026-09-28 10:00' if n < 4 else ''},Open" for n in range(200)]
    found = reported(written(tmp_path, "open", "Ticket ID,Created,Resolved,Status", *lines), "--kpi", "backlog")
    assert not any(one["serious"] for one in found.document["findings"] if one["code"] == "open-again")


def test_a_mapping_that_says_what_the_word_means_settles_it(tmp_path: Path) -> None:
    path = written(tmp_path, "tickets", HEADER, *rows(*["Besvarad"] * 60))
    (tmp_path / "m.yaml").write_text(
        "name: mine-tickets\nlabel: Mine\nsystem: mine\ntable: tickets\nextends: spreadsheet-tickets\n"
        "columns:\n  status: {from: Status, values: {Besvarad: solved}}\n",
        encoding="utf-8",
    )
    found = reported(path, "--mapping", tmp_path / "m.yaml")
    assert found.value("tickets_resolved") == 100
    assert not found.finding_text("open-again")


def test_a_closing_is_a_resolution_too(tmp_path: Path) -> None:
    found = report(tmp_path, *rows(*["Besvarad"] * 10), header="Ärendenummer;Skapad;Stängd;Status")
    assert "`Besvarad` 10" in found.finding_text("open-again")
