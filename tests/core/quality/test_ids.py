"""Ids that a spreadsheet has cut off, and ids that only look so."""

from pathlib import Path

import pytest
from small_exports import codes, cost, inspected, only


def _tickets(*ids: str) -> list[str]:
    return [f'"{key}",2026-01-{place:02} 10:00,,,Open' for place, key in enumerate(ids, start=1)]


@pytest.mark.parametrize(
    ("ids", "cut", "kept"),
    [
        (["1.03006E+13"] * 5 + ["2.5E+13"], 6, 2),
        (["1,03006E+13", "1,03007E+13", "88"], 2, 3),
        (["2E+15", "3e+15"], 2, 2),
        (["123456789012345000", "123456789012346000", "123456789012346000"], 3, 2),
        ([f"123456789012{n}450" for n in range(4)], 4, 4),
    ],
    ids=["as powers of ten", "with a decimal comma", "round ones", "eighteen digits", "sixteen digits, four times"],
)
def test_ids_that_were_cut_off_are_counted_with_what_they_hide(
    tmp_path: Path, ids: list[str], cut: int, kept: int
) -> None:
    defect = only(inspected(tmp_path, {"a.csv": _tickets(*ids)}), "truncated-id")
    assert defect.count == cut
    assert cost(defect) == ("tickets_created", len(ids), kept)
    assert f"`{ids[0]}`" in defect.text


@pytest.mark.parametrize(
    "ids",
    [
        ["1001", "1002", "100000000000000"],
        [f"12345678901234{n:02}" for n in range(1, 31)],
        ["1234567890123450", "1234567890123457", "1234567890123458"],
        ["4E12", "5E17", "1E-3", "12E+4"],
        ["A1.5E+13"],
    ],
    ids=["short", "one in ten ends in a zero", "one of three does", "room numbers", "a word"],
)
def test_ids_that_may_be_so_by_chance_are_left_alone(tmp_path: Path, ids: list[str]) -> None:
    assert "truncated-id" not in codes(inspected(tmp_path, {"a.csv": _tickets(*ids)}))


def test_customers_cut_off_are_reported_without_a_cost(tmp_path: Path) -> None:
    rows = [f"{n},2026-01-0{n} 10:00,,,Open,9.1E+15" for n in range(1, 4)]
    defect = only(inspected(tmp_path, {"a.csv": rows}, "Ticket ID,Created,First reply,Resolved,Status,Customer ID"), "truncated-id")  # fmt: skip
    assert (defect.count, defect.cost) == (3, None)
    assert "`Customer ID`" in defect.text
    assert "3 rows share one with another" in defect.text


def test_no_row_is_reported_to_share_an_id_where_none_does(tmp_path: Path) -> None:
    defect = only(inspected(tmp_path, {"a.csv": _tickets("1.5E+13", "1.6E+13")}), "truncated-id")
    assert defect.text.endswith("no two rows share one")
    assert cost(defect) == ("tickets_created", 2, 2)
