"""Rows of one key that contradict each other: an arbitrary one counts and is called the newest.

What counts is the row updated last, by whatever name a vendor writes that time; without one the later row, and that is reported.
"""

from itertools import permutations
from pathlib import Path

import pytest
from reported import CASES, reported
from small_reports import written

STATES = CASES / "states-of-three-tickets.csv"
ROWS = [
    "1,2026-01-01 08:00,2026-01-03 08:00,Closed,2026-01-03 08:00",
    "1,2026-01-01 08:00,,Active,2026-01-05 08:00",
    "1,2026-01-01 08:00,,New,2026-01-01 08:00",
    "2,2026-01-02 08:00,2026-01-04 08:00,Closed,2026-01-04 08:00",
]


def _written(folder: Path, name: str, rows: list[str], header: str) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def test_the_row_updated_last_counts() -> None:
    found = reported(STATES)
    assert found.value("backlog") == 0
    assert found.value("tickets_created") == 3
    assert "5 of 8 rows of tickets repeat the key of another" in found.finding_text("repeated-keys")
    assert "settled by update time 5; 5 of them say something else" in found.finding_text("repeated-keys")


@pytest.mark.parametrize(
    "header", ["Updated at", "sys_updated_on", "LastModifiedDate", "Modified time", "Senast ändrad", "Endret"]
)
def test_an_update_time_is_known_by_any_vendors_name(tmp_path: Path, header: str) -> None:
    """Hand-worked: ticket 1 was opened again last, whatever order its rows are in; ticket 2 is closed."""
    for at, rows in enumerate(permutations(ROWS)):
        if at % 5 == 0:
            path = _written(tmp_path, "list.csv", list(rows), f"Ticket ID,Created at,Resolved at,Status,{header}")
            assert reported(path, "--kpi", "backlog").value("backlog") == 1


def test_without_an_update_time_the_later_row_counts_and_that_is_reported(tmp_path: Path) -> None:
    rows = [",".join(line.split(",")[:-1]) for line in STATES.read_text(encoding="utf-8").splitlines()]
    found = reported(_written(tmp_path, "list.csv", rows[1:], rows[0]))
    assert found.value("backlog") == 0
    (finding,) = [each for each in found.document["findings"] if each["code"] == "repeated-keys"]
    assert finding["serious"]
    assert "settled by later row 5" in finding["text"]
    assert "5 of these by place alone" in finding["text"]


def test_rows_that_say_the_same_contradict_nothing(tmp_path: Path) -> None:
    path = _written(
        tmp_path, "list.csv", [ROWS[0], ROWS[0], ROWS[3]], "Ticket ID,Created at,Resolved at,Status,Updated at"
    )
    assert "1 of 3 rows of tickets repeats the key of another and does not count" in reported(path).finding_text(
        "repeated-keys"
    )
    assert "none of them says anything else" in reported(path).finding_text("repeated-keys")


def test_between_files_the_one_that_reaches_later_counts_whatever_order_they_are_given_in(tmp_path: Path) -> None:
    """The second list was written later: its ticket 2 was opened after all of the first."""
    header = "Ticket ID,Created at,Resolved at,Status"
    first = _written(tmp_path, "b.csv", ["1,2026-01-01 08:00,2026-01-02 08:00,Open"], header)
    second = _written(
        tmp_path, "a.csv", ["1,2026-01-01 08:00,2026-01-02 08:00,Closed", "2,2026-01-05 08:00,,Open"], header
    )
    for files in permutations((first, second)):
        found = reported(*files)
        assert found.value("backlog") == 1
        assert "file that reaches later 1" in found.finding_text("repeated-keys")


def test_where_only_the_order_of_the_files_decides_it_is_reported(tmp_path: Path) -> None:
    header = "Ticket ID,Created at,Resolved at,Status"
    first = _written(tmp_path, "b.csv", ["1,2026-01-01 08:00,2026-01-02 08:00,Open"], header)
    second = _written(tmp_path, "a.csv", ["1,2026-01-01 08:00,2026-01-02 08:00,Closed"], header)
    assert "order of the files 1" in reported(first, second).finding_text("repeated-keys")


def test_orders_are_known_by_their_update_time_too(tmp_path: Path) -> None:
    """One row an order, changed once: the later amount is what it came to."""
    rows = ["A1,2026-03-02,c1,120,2026-03-05", "A1,2026-03-02,c1,100,2026-03-02", "A2,2026-03-03,c2,50,2026-03-03"]
    path = _written(tmp_path, "orders.csv", rows, "Order ID,Order date,Customer ID,Amount,Updated at")
    assert reported(path).value("revenue") == 170


# Open again in a later list


WEEK = "Ärendenr;Skapad;Löst;Status"


def weeks(folder: Path, *lists: tuple[str, ...]) -> list[Path]:
    """A list a week, each with a ticket of its own that was resolved on the Friday of it."""
    return [
        written(folder, f"v{n}", WEEK, f"{90 + n};2026-01-0{n} 09:00;2026-01-{7 * n:02} 16:00;Löst", *rows)
        for n, rows in enumerate(lists, start=1)
    ]


SOLVED, OPEN, AGAIN = "5;2026-01-02 09:00;2026-01-06 10:00;Löst", "5;2026-01-02 09:00;;Öppen", "5;2026-01-02 09:00;2026-01-20 10:00;Löst"  # fmt: skip


@pytest.mark.parametrize(
    ("lists", "resolved", "backlog"),
    [
        (((SOLVED,), (OPEN,)), 2, 1),
        (((OPEN,), (SOLVED,)), 3, 0),
        (((SOLVED,), (OPEN,), (AGAIN,)), 4, 0),
        (((SOLVED,), (SOLVED,), (OPEN,)), 3, 1),
    ],
)
def test_what_a_later_list_has_open_is_open(
    tmp_path: Path, lists: tuple[tuple[str, ...], ...], resolved: int, backlog: int
) -> None:
    found = reported(*weeks(tmp_path, *lists), "--kpi", "tickets_resolved", "--kpi", "backlog")
    assert (found.value("tickets_resolved"), found.value("backlog")) == (resolved, backlog)
    assert ("open again in a later file or sheet" in found.finding_text("repeated-keys")) is (backlog == 1)
