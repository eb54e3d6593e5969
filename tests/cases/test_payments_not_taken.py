"""Payments that were authorised and never taken, or are in dispute, counted as revenue without a word."""

from pathlib import Path

import pytest
from reported import Reported, reported

STRIPE = "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Captured"


def payments(folder: Path, *states: str, captured: str = "TRUE") -> Reported:
    """Payments of 100, 200 … in these states."""
    rows = [
        f"ch_{at},2026-03-{at:02} 10:00:00,{at}00.00,0.00,eur,{state},cus_{at},{captured}"
        for at, state in enumerate(states, 1)
    ]
    path = folder / "payments.csv"
    path.write_text("\n".join([STRIPE, *rows]), encoding="utf-8")
    return reported(path, "--kpi", "revenue")


@pytest.mark.parametrize("state", ["Uncaptured", "Lost dispute", "Charged back"])
def test_what_was_never_taken_or_lost_is_no_revenue(tmp_path: Path, state: str) -> None:
    assert payments(tmp_path, "Paid", state, "Paid").value("revenue") == 400


def test_a_payment_in_dispute_is_noted_with_revenue(tmp_path: Path) -> None:
    found = payments(tmp_path, "Paid", "Disputed", "Paid", "Won dispute")
    assert found.value("revenue") == 1000
    assert found.result("revenue")["trust"]["unread"] == 1


@pytest.mark.parametrize("no", ["FALSE", "false"])
def test_payments_that_were_not_captured_are_left_out(tmp_path: Path, no: str) -> None:
    assert payments(tmp_path, "Paid", "Paid", captured=no).refused == [{"payment not captured": 2}]


@pytest.mark.parametrize(
    ("header", "no", "yes"),
    [("Captured", "No", "Yes"), ("Is captured", "0", "1"), ("Payment status", "Uncaptured", "Paid")],
)
def test_a_spreadsheet_says_it_too(tmp_path: Path, header: str, no: str, yes: str) -> None:
    path = tmp_path / "orders.csv"
    rows = [f"{at},2026-03-{at:02},K{at},{at}00,{no if at == 2 else yes}" for at in range(1, 5)]
    path.write_text("\n".join([f"Order number,Order date,Customer ID,Amount,{header}", *rows]), encoding="utf-8")
    assert reported(path, "--kpi", "revenue").value("revenue") == 800
