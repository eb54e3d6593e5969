"""Columns whose presence changes what a row means, unread: cancelled, failed, test and deleted rows are out, and that is said."""

import json
from pathlib import Path

import pytest
from invoked import piped
from reported import CASES, reported

ORDERS = ["A1,2025-09-01,a,100", "A2,2025-09-03,a,900", "A3,2025-09-05,b,200"]


def _written(folder: Path, header: str, marks: list[str]) -> Path:
    path = folder / "orders.csv"
    lines = [f"Order ID,Order date,Customer ID,Amount,{header}"]
    lines += [f"{row},{mark}" for row, mark in zip(ORDERS, marks, strict=True)]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_a_cancelled_order_is_no_order() -> None:
    """Hand-worked: 100 and 200 are left, of two customers who bought once."""
    found = reported(CASES / "shopify-with-cancelled-orders.csv", period="2025-09")
    assert [found.value(name) for name in ("revenue", "aov", "repurchase_rate")] == [300, 150, 0]
    assert found.refused == [{"payment voided": 1, "cancelled by `Cancelled at`": 1}]


@pytest.mark.parametrize(
    ("header", "marks", "reason"),
    [
        ("Canceled at", ["", "2025-09-04 12:00", "-"], "cancelled by `Canceled at`"),
        ("Cancelled", ["No", "Yes", "No"], "cancelled by `Cancelled`"),
        ("deleted_at", ["", "2025-09-04T12:00:00Z", ""], "deleted by `deleted_at`"),
        ("is_test", ["false", "true", "false"], "test or draft by `is_test`"),
        ("Test order", ["0", "1", "0"], "test or draft by `Test order`"),
        ("Status", ["Completed", "Cancelled", "Completed"], "cancelled, failed or a test by `Status`"),
        ("Order status", ["Paid", "FAILED", "Paid"], "cancelled, failed or a test by `Order status`"),
        ("Orderstatus", ["Levererad", "Makulerad", "Levererad"], "cancelled, failed or a test by `Orderstatus`"),
        ("Ordrestatus", ["Levert", "Kansellert", "Levert"], "cancelled, failed or a test by `Ordrestatus`"),
    ],
)
def test_marks_are_read_whatever_they_go_by(tmp_path: Path, header: str, marks: list[str], reason: str) -> None:
    found = reported(_written(tmp_path, header, marks))
    assert [found.value(name) for name in ("revenue", "aov", "repurchase_rate")] == [300, 150, 0]
    assert found.refused == [{reason: 1}]


def test_deleted_and_test_tickets_are_out_and_cancelled_ones_are_cases(tmp_path: Path) -> None:
    lines = ["Ticket ID,Created at,Status,Deleted at,Is test,Cancelled at", "1,2025-09-01 09:00,Open,,no,",
             "2,2025-09-02 09:00,Open,2025-09-03,no,", "3,2025-09-03 09:00,Open,,yes,", "4,2025-09-04 09:00,Open,,no,2025-09-05"]  # fmt: skip
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    found = reported(path)
    assert found.value("tickets_created") == 2
    assert found.refused == [{"deleted by `Deleted at`": 1, "test or draft by `Is test`": 1}]


def test_json_says_it_as_well(tmp_path: Path) -> None:
    orders = [{"order_id": f"A{at}", "ordered_at": f"2025-09-0{at}", "customer_id": "a", "amount": 100, "cancelled_at": when}
              for at, when in enumerate((None, "2025-09-04", None), 1)]  # fmt: skip
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(orders), encoding="utf-8")
    assert reported(path).value("revenue") == 200


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "0 refused, 1 left out by the format"),
        ("sv", "0 avvisades, 1 utelämnades enligt formatet"),
        ("nb", "0 avvist, 1 utelatt etter formatet"),
    ],
)
def test_what_the_format_leaves_out_is_called_so_wherever_it_is_said(tmp_path: Path, lang: str, said: str) -> None:
    """One order is cancelled: the report and `inspect` count it under the same words."""
    path = _written(tmp_path, "Cancelled", ["No", "Yes", "No"])
    assert f"{said} (cancelled by `Cancelled` 1)" in piped("report", path, "--lang", lang, "--period", "all").out
    assert "0 refused, 1 left out by the format (cancelled by `Cancelled` 1)" in piped("inspect", path).out
