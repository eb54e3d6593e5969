"""A first reply that is missing and written as 0: it counts as an answer at once, and the ticket as answered."""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

HOUR = 3600
CREATED, DONE, STILL = "2026-03-{day:02} 08:00", "2026-03-{day:02} 20:00", ""


def tickets(folder: Path, header: str, done: list[str], still: list[str], *, words: tuple[str, str]) -> Path:
    """Resolved tickets and open ones with what stands in their column of first replies."""
    rows = [f"{n},{CREATED},{DONE},{words[0]},{cell}".format(day=n % 28 + 1) for n, cell in enumerate(done)]
    rows += [f"{n},{CREATED},{STILL},{words[1]},{cell}".format(day=n % 28 + 1) for n, cell in enumerate(still, 500)]
    return written(folder, "tickets", f"Ticket ID,Created,Closed,Status,{header}", *rows)


def replies(path: Path) -> Reported:
    return reported(path, "--kpi", "first_reply*", "--sla", "first_reply=3h")


@pytest.mark.parametrize(
    ("header", "cells", "zero", "words"),
    [
        ("First response time (hours)", ["2", "3", "4"], "0", ("Closed", "New")),
        ("Svarstid (timmar)", ["2", "3", "4"], "0.0", ("Löst", "Öppen")),
        ("First reply time (h:mm)", ["2:00", "3:00", "4:00"], "0:00", ("Solved", "Open")),
        ("First response", ["2026-03-{day:02} 10:00", "2026-03-{day:02} 11:00", "2026-03-{day:02} 12:00"], CREATED, ("Løst", "Ny")),
    ],
)  # fmt: skip
def test_zeros_of_open_tickets_alone_are_no_replies(
    tmp_path: Path, header: str, cells: list[str], zero: str, words: tuple[str, str]
) -> None:
    """Hand-worked: 30 were answered after 2, 3 and 4 h, and the 20 open ones were not: within 3 h are 20 of 50."""
    found = replies(tickets(tmp_path, header, cells * 10, [zero] * 20, words=words))
    assert (found.value("first_reply_time"), found.result("first_reply_time")["n"]) == (3 * HOUR, 30)
    assert "20 open tickets have a first reply of no time" in found.finding_text("zero-replies")
    assert any("0 of 30 resolved ones" in note for note in found.result("first_reply_time")["notes"])
    assert found.value("first_reply_within") == pytest.approx(20 / 50)


def test_zeros_of_resolved_tickets_too_are_answers_at_once(tmp_path: Path) -> None:
    found = replies(tickets(tmp_path, "First response time (hours)", ["0", "3", "4"] * 10, ["0"] * 20, words=("Closed", "New")))  # fmt: skip
    assert (found.value("first_reply_time"), found.result("first_reply_time")["n"]) == (0, 50)
    assert "zero-replies" not in found.codes
    assert any("taken as answered at once" in note for note in found.result("first_reply_time")["notes"])


@pytest.mark.parametrize("still", [["0", "0"], ["0", *["2"] * 19], ["2"] * 20])
def test_a_few_zeros_prove_nothing(tmp_path: Path, still: list[str]) -> None:
    found = replies(
        tickets(tmp_path, "First response time (hours)", ["2", "3", "4"] * 10, still, words=("Closed", "New"))
    )
    assert found.result("first_reply_time")["n"] == 30 + len(still)
    assert "zero-replies" not in found.codes


def test_a_condition_changes_nothing_of_it(tmp_path: Path) -> None:
    path = tickets(tmp_path, "First response time (hours)", ["2", "3", "4"] * 10, ["0"] * 20, words=("Closed", "New"))
    found = reported(path, "--kpi", "first_reply_time", "--where", "status = 'new'")
    assert found.value("first_reply_time") is None
