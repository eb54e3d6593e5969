"""A cell of a measure that nobody can read, for which its whole ticket was lost: only what rests on the cell may lack it."""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written


def tickets(folder: Path, header: str, cells: list[str]) -> Path:
    rows = [
        f"{n};2026-09-{n % 28 + 1:02} 08:00;2026-09-{n % 28 + 1:02} 14:00;Löst;{cell}" for n, cell in enumerate(cells)
    ]
    return written(folder, "t", f"Ärendenr;Skapad;Löst;Status;{header}", *rows)


def trust(found: Reported, kpi: str) -> str:
    """Everything that the result of a KPI says of how it was understood."""
    return str(found.result(kpi))


@pytest.mark.parametrize(
    ("header", "good", "odd", "kpi", "value"),
    [
        ("Återöppnad", "Nej", "kanske", "reopen_rate", 0),
        ("Svarstid (timmar)", "2", "se anteckning", "first_reply_time", 7200),
        ("Hanteringstid (min)", "30", "lång", "handle_time", 1800),
    ],
)
def test_the_ticket_stays_and_what_rests_on_the_cell_is_marked(
    tmp_path: Path, header: str, good: str, odd: str, kpi: str, value: float
) -> None:
    """Hand-worked: of 30 tickets six have a cell that nobody can read; all 30 came and were resolved in six hours."""
    found = reported(tickets(tmp_path, header, [odd if n % 5 == 0 else good for n in range(30)]))
    assert (found.value("tickets_created"), found.value("resolution_time")) == (30, 6 * 3600)
    assert found.result("resolution_time")["n"] == 30
    assert (found.value(kpi), found.result(kpi)["n"]) == (value, 24)
    assert "unreadable" in trust(found, kpi)
    assert "unreadable" not in trust(found, "tickets_created") + trust(found, "resolution_time")
    assert found.refused == [{}]


def test_a_reply_that_nobody_can_read_is_not_one_that_is_missing(tmp_path: Path) -> None:
    path = tickets(tmp_path, "Svarstid (timmar)", ["2"] * 28 + ["se anteckning"] * 2)
    found = reported(path, "--kpi", "first_reply*", "--sla", "first_reply=4h")
    assert found.value("first_reply_within") == 1


def test_of_most_cells_nothing_is_known(tmp_path: Path) -> None:
    found = reported(tickets(tmp_path, "Svarstid (timmar)", ["2"] * 10 + ["se anteckning"] * 20))
    assert (found.value("first_reply_time"), found.value("tickets_created")) == (None, 30)


@pytest.mark.parametrize(
    ("cells", "rate", "each"),
    [
        (["Ja, 2 ggr", "Nej", "Ja", "Nej"], 0.5, 0.75),
        (["2 ggr", "0", "1", "0"], 0.5, 0.75),
        (["Ja (3)", "Nej", "Nej", "Nej"], 0.25, 0.75),
        (["yes, 2 times", "no", "no", "1x"], 0.5, 0.75),
        (["1 gång", "0", "0", "2 ganger"], 0.5, 0.75),
    ],
)
def test_how_often_in_words_is_a_number(tmp_path: Path, cells: list[str], rate: float, each: float) -> None:
    found = reported(tickets(tmp_path, "Återöppnad", cells * 3))
    assert (found.value("reopen_rate"), found.value("reopens_per_ticket")) == (rate, each)


@pytest.mark.parametrize("cell", ["2 dgr", "2 dgr.", "2,0 dgr", "2 dagar"])
def test_days_as_they_are_shortened(tmp_path: Path, cell: str) -> None:
    assert reported(tickets(tmp_path, "Svarstid", [cell] * 3)).value("first_reply_time") == 2 * 86_400
