"""Orders paid back that count as revenue: the column that says so is not the one of where the order stands.

A column of payments, of refunds or of the day of one says it as well; what settles nothing is reported, and what is not paid counts, as is reported.
"""

from pathlib import Path

import pytest
from reported import Reported, reported

HEADER = "Order number,Order date,Customer ID,Amount"


def orders(folder: Path, headers: str, *cells: str) -> Reported:
    """Orders of 100, 200, 300 … with these cells."""
    path = folder / "orders.csv"
    rows = [f"{at},2026-03-{at:02},K{at},{at}00,{cell}" for at, cell in enumerate(cells, 1)]
    path.write_text("\n".join([f"{HEADER},{headers}", *rows]), encoding="utf-8")
    return reported(path, "--kpi", "revenue", "--kpi", "aov")


@pytest.mark.parametrize(
    ("header", "paid", "back"),
    [
        ("Payment status", "Paid", "Refunded"),
        ("Betalstatus", "Betald", "Återbetald"),
        ("Betalingsstatus", "Betalt", "Refundert"),
        ("Financial status", "paid", "refunded"),
        ("Maksun tila", "Maksettu", "Hyvitetty"),
        ("Refund status", "None", "Refund issued"),
        ("Refunded at", "", "2026-03-20"),
        ("Återbetalningsdatum", "", "2026-03-20"),
    ],
)
@pytest.mark.parametrize("stands", ["", "Order status,Shipped", "Status,Levererad"])
def test_an_order_that_a_column_says_was_paid_back_is_worth_nothing(
    tmp_path: Path, header: str, paid: str, back: str, stands: str
) -> None:
    other, _, word = stands.partition(",")
    first = f"{word}," if other else ""
    cells = [f"{first}{paid}", f"{first}{back}", f"{first}{paid}", f"{first}{paid}"]
    if not other and header == "Refund status":
        cells = [cell or "None" for cell in cells]
    found = orders(tmp_path, f"{other},{header}" if other else header, *cells)
    assert found.value("revenue") == 800
    assert found.result("revenue")["trust"] is None or found.result("revenue")["trust"]["unread"] == 0


def test_either_column_may_say_it(tmp_path: Path) -> None:
    found = orders(
        tmp_path,
        "Payment status,Order status",
        "refunded,delivered",
        "paid,returned",
        "paid,shipped",
        "pending,shipped",
    )
    assert found.value("revenue") == 700


def test_a_part_that_was_paid_back_is_not_settled_by_the_other_column(tmp_path: Path) -> None:
    cells = ["Delivered,Paid"] * 3 + ["Delivered,Partially refunded"]
    found = orders(tmp_path, "Order status,Payment status", *cells)
    assert found.value("revenue") == 1000
    assert found.result("revenue")["trust"]["unread"] == 1
    assert found.result("revenue")["trust"]["marked"]


@pytest.mark.parametrize(("header", "paid", "word"), [
    ("Payment status", "Paid", "Unpaid"), ("Betalstatus", "Betald", "Ej betald"), ("Betalingsstatus", "Betalt", "Ubetalt"),
])  # fmt: skip
def test_an_order_that_is_not_paid_counts_and_that_is_reported(
    tmp_path: Path, header: str, paid: str, word: str
) -> None:
    found = orders(tmp_path, header, paid, word, word, word)
    assert found.value("revenue") == 1000
    assert f"`{word}`" in found.finding_text("unpaid-orders")
    assert not orders(tmp_path, header, paid, paid, paid, paid).finding_text("unpaid-orders")


@pytest.mark.parametrize("words", ["Card,Invoice,Card,Swish", "Klarna,Klarna,Klarna,Klarna"])
def test_words_of_how_it_is_paid_say_nothing_of_refunds(tmp_path: Path, words: str) -> None:
    cells = [f"Shipped,{word}" for word in words.split(",")]
    found = orders(tmp_path, "Order status,Payment status", *cells)
    assert found.value("revenue") == 1000
    assert not found.codes & {"unpaid-orders"}
    trust = found.result("revenue")["trust"]
    assert trust is None or trust["unread"] == 0
