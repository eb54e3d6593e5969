"""How a case ended, stated in a column next to its status and unread: cancelled under a category `Done`, closed as a duplicate, merged into another."""

from pathlib import Path

import pytest
from reported import Reported, reported
from small_reports import written

JIRA = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Resolution,Assignee,Reporter,Created,Updated,Resolved,Status Category"
ENDS = ((("Done", "Done")), ("Resolved", "Won't Do"), ("Canceled", "Declined"), ("Closed", "Duplicate"))


def jira(folder: Path, *ends: tuple[str, str]) -> Reported:
    rows = [
        f"a,SD-{n},{n},Task,{status},SD,{resolution},Kim,Ann,2026-10-0{n} 08:00,2026-10-1{n} 08:00,2026-10-1{n} 08:00,Done"
        for n, (status, resolution) in enumerate(ends, 1)
    ]
    return reported(written(folder, "jira", JIRA, *rows))


def test_a_category_does_not_hide_the_status(tmp_path: Path) -> None:
    """Hand-worked: of four one is a duplicate; of the three that count two were given up."""
    found = jira(tmp_path, *ENDS)
    assert found.value("tickets_created") == 3
    assert "2 of 3 resolved tickets are cancelled" in found.finding_text("cancelled-tickets")


@pytest.mark.parametrize("resolution", ["Done", "Fixed", "Known error", ""])
def test_a_resolution_that_is_one_is_none_of_these(tmp_path: Path, resolution: str) -> None:
    found = jira(tmp_path, ("Done", resolution), ("Closed", resolution))
    assert found.value("tickets_created") == 2
    assert "cancelled-tickets" not in found.codes


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("Ticket ID,Created,Status,Merged into", "Closed"),
        ("Ticket ID,Created,Status,Duplicate of", "Closed"),
        ("Ärendenr,Skapad,Status,Sammanslagen med", "Stängd"),
        ("Saksnr,Opprettet,Status,Duplikat av", "Lukket"),
    ],
)
def test_a_ticket_that_names_the_one_it_was_merged_into_is_merged(tmp_path: Path, header: str, word: str) -> None:
    rows = [f"{n},2026-10-0{n} 08:00,{word},{into}" for n, into in ((1, ""), (2, "1"), (3, "0"), (4, "#1"))]
    found = reported(written(tmp_path, "tickets", header, *rows))
    assert found.value("tickets_created") == 2
    assert "2 merged" in found.finding_text("merged-or-spam")


def test_prose_of_a_resolution_says_nothing_of_the_kind(tmp_path: Path) -> None:
    rows = [f"{n},2026-10-01 08:{n:02},Closed,we looked at it for {n} hours" for n in range(1, 60)]
    found = reported(written(tmp_path, "tickets", "Ticket ID,Created,Status,Resolution", *rows))
    assert found.value("tickets_created") == 59
