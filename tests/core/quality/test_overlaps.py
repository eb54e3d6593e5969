"""Files that reach into each other: days and keys in common, what changed, and what that is worth."""

from datetime import date
from pathlib import Path

import pytest
from small_exports import inspected

JANUARY = ["1,2026-01-30 10:00,2026-01-30 11:00,,Open", "2,2026-01-31 10:00,2026-01-31 11:00,2026-01-31 12:00,Solved"]


def test_a_ticket_that_was_solved_between_two_exports_is_one_ticket_and_reported_to_have_changed(
    tmp_path: Path,
) -> None:
    february = ["1,2026-01-30 10:00,2026-01-30 11:00,2026-02-03 10:00,Solved", "3,2026-02-02 10:00,,,Open"]
    (overlap,) = inspected(tmp_path, {"jan.csv": JANUARY, "feb.csv": february}).overlaps
    assert [Path(name).name for name in overlap.files] == ["jan.csv", "feb.csv"]
    assert (overlap.table, overlap.first, overlap.last, overlap.days) == ("tickets", date(2026, 1, 30), date(2026, 1, 30), 1)  # fmt: skip
    assert (overlap.shared, overlap.changed) == (1, 1)
    assert overlap.columns == {"resolved_at": 1, "status": 1}
    assert overlap.cost
    assert (overlap.cost.kpi.name, overlap.cost.value, overlap.cost.otherwise) == ("tickets_resolved", 2, 1)


def test_the_same_rows_twice_are_counted_once_and_would_be_two(tmp_path: Path) -> None:
    (overlap,) = inspected(tmp_path, {"a.csv": JANUARY, "b.csv": JANUARY}).overlaps
    assert (overlap.shared, overlap.changed, overlap.columns) == (2, 0, {})
    assert overlap.cost
    assert (overlap.cost.kpi.name, overlap.cost.value, overlap.cost.otherwise) == ("tickets_created", 2, 4)


def test_the_order_of_the_files_changes_nothing_but_the_order(tmp_path: Path) -> None:
    february = ["1,2026-01-30 10:00,2026-01-30 11:00,2026-02-03 10:00,Solved"]
    (one,) = inspected(tmp_path, {"jan.csv": JANUARY, "feb.csv": february}).overlaps
    (other,) = inspected(tmp_path, {"feb.csv": february, "jan.csv": JANUARY}).overlaps
    assert one.files == other.files[::-1]
    assert one.columns == other.columns
    assert one.cost == other.cost


@pytest.mark.parametrize(
    ("rows", "overlapping"),
    [
        (["8,2026-02-01 10:00,,,Open"], []),
        (["8,2026-01-31 18:00,,,Open"], [(1, 0)]),
        (["2,2026-02-01 00:00,,,Open"], [(0, 1)]),
        (["2,2026-02-11 10:07,,,Open"], []),
    ],
    ids=["another month", "a day in common, no ticket", "a ticket in common, no day", "another ticket of one number"],
)
def test_files_overlap_in_days_or_in_keys(tmp_path: Path, rows: list[str], overlapping: list[tuple[int, int]]) -> None:
    found = inspected(tmp_path, {"jan.csv": JANUARY, "feb.csv": rows}).overlaps
    assert [(one.days, one.shared) for one in found] == overlapping


def test_every_two_of_three_files_are_compared_with_each_other(tmp_path: Path) -> None:
    found = inspected(tmp_path, dict.fromkeys(("a.csv", "b.csv", "c.csv"), JANUARY)).overlaps
    assert [tuple(Path(name).stem for name in one.files) for one in found] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_answers_in_two_files_are_costed_as_counted_twice(tmp_path: Path) -> None:
    rows = [f"{n},2026-01-0{n} 10:00,{n}" for n in range(1, 6)]
    header = "Response ID,Date,How satisfied are you (1-5)"
    found = inspected(tmp_path, {"a.csv": rows, "b.csv": rows[3:]}, header).overlaps
    assert [(one.table, one.shared, one.changed) for one in found] == [("answers", 2, 0)]
    assert found[0].cost
    assert (found[0].cost.kpi.name, found[0].cost.value, found[0].cost.otherwise) == ("answers_received", 5, 7)
