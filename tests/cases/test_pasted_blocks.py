"""A block of rows pasted twice into one list, without numbers or under new running ones: all of it counted twice, without a word."""

import random
from pathlib import Path

import pytest
from reported import Reported, reported

HEADS = {
    "tickets": ("Ticket ID", "Created at,Resolved at,Status,Requester", "2026-01-{d:02} 09:{n:02},2026-01-{d:02} 15:00,Solved,c{c}@x.se"),
    "orders": ("Order number", "Order date,Customer,Amount", "2026-01-{d:02} 09:{n:02},c{c}@x.se,{n}50.00"),
    "answers": ("Response ID", "Answered at,How satisfied are you? (1-5)", "2026-01-{d:02} 09:{n:02},{m}"),
    "reviews": ("Review ID", "Review date,Rating,Reviewer,Review", "2026-01-{d:02} 09:{n:02},{m},Name {n},Text {n}"),
}  # fmt: skip


def report(path: Path, table: str, rows: list[int], *, is_numbered: bool) -> Reported:
    key, head, line = HEADS[table]
    lines = [line.format(n=n % 60, d=1 + n % 28, c=n % 7, m=1 + n % 5) for n in rows]
    if is_numbered:
        head, lines = f"{key},{head}", [f"{20500 + at},{each}" for at, each in enumerate(lines)]
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


def used(found: Reported) -> int:
    return int(found.document["sources"][0]["rows_used"])


@pytest.mark.parametrize("is_numbered", [True, False])
@pytest.mark.parametrize("table", HEADS)
def test_a_block_that_stands_twice_counts_once(tmp_path: Path, table: str, is_numbered: bool) -> None:
    found = report(tmp_path / "f.csv", table, [*range(30), *range(10, 22)], is_numbered=is_numbered)
    assert used(found) == 30
    assert "12 rows of " in found.finding_text("copied-rows")
    assert "from row 32 on, stand in it before" in found.finding_text("copied-rows")


def test_a_block_in_the_middle_counts_once(tmp_path: Path) -> None:
    found = report(tmp_path / "f.csv", "orders", [*range(20), *range(8), *range(20, 30)], is_numbered=True)
    assert (used(found), found.value("orders_placed") or 30) == (30, 30)


@pytest.mark.parametrize("again", [[3, 9, 17, 4, 11, 25], [5, 6, 7, 8], [12, 11, 10, 9, 8, 7], [4, 4, 4, 4, 4, 4]])
def test_rows_that_look_alike_here_and_there_are_rows(tmp_path: Path, again: list[int]) -> None:
    found = report(tmp_path / "f.csv", "orders", [*range(30), *again], is_numbered=True)
    assert used(found) == 30 + len(again)


def test_marks_of_one_day_in_one_order_are_answers(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    lines = [f"2026-01-{day:02},{mark}" for day in range(1, 25) for mark in (5, 4, 3, 2, 1, 5, 4, 3, 2, 1)]
    path.write_text("\n".join(("Answered at,How satisfied are you? (1-5)", *lines)) + "\n", encoding="utf-8")
    assert reported(path, "--kpi", "*", period="2026-01").value("answers_received") == 240


def customers(path: Path, rows: list[int]) -> Reported:
    """Customers with the days on which they came and left, in no order of those."""
    dice = random.Random(5)
    drawn = [f"20{dice.randint(23, 25)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}" for _ in range(120)]
    days = [drawn[n] for n in rows]
    lines = [
        f"{7000 + at},{day},{'2026-01-12' if n % 9 == 4 else ''}"
        for at, (n, day) in enumerate(zip(rows, days, strict=True))
    ]
    path.write_text("\n".join(("Customer ID,Customer since,Left on", *lines)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("again", [[*range(20, 60)], [*range(50), *range(70, 75)]])
def test_days_in_no_order_that_come_again_were_pasted(tmp_path: Path, again: list[int]) -> None:
    assert used(customers(tmp_path / "f.csv", [*range(120), *again])) == 120 + (0 if len(again) == 40 else 5)


def test_days_in_order_that_come_again_are_days(tmp_path: Path) -> None:
    """Two places below each other, with one row a day of the same mark."""
    lines = [f"2026-01-{day:02},{1 + day % 5}" for _ in range(2) for day in range(1, 29)]
    (tmp_path / "f.csv").write_text(
        "\n".join(("Answered at,How satisfied are you? (1-5)", *lines)) + "\n", encoding="utf-8"
    )
    assert reported(tmp_path / "f.csv", "--kpi", "*", period="2026-01").value("answers_received") == 56
