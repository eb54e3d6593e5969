"""Customers, agents and tickets whose numbers a spreadsheet has cut off (`4.67E+10`, or zeros for the last of eighteen digits)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reported import Reported, reported

CODE = "cut-off-numbers"
TICKETS = "Ticket ID,Created at,Resolved at,Status,Agent,Customer ID"
ORDERS = "Order ID,Order date,Amount,Customer ID"


def _file(path: Path, header: str, rows: Sequence[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def _tickets(customers: Sequence[str], agents: Sequence[str] = ("Ada", "Bo")) -> list[str]:
    first = datetime(2026, 3, 1, 9)
    days = [first + timedelta(hours=12 * at) for at in range(len(customers))]
    return [
        f"T{at},{day},{day + timedelta(hours=3)},Solved,{agents[at % len(agents)]},{who}"
        for at, (day, who) in enumerate(zip(days, customers, strict=True))
    ]


def _orders(customers: Sequence[str]) -> list[str]:
    return [f"O{at},2026-03-{at % 28 + 1:02},{100 + at},{who}" for at, who in enumerate(customers)]


def _report(path: Path, *kpis: str) -> Reported:
    return reported(path, "--kpi", ",".join(kpis), period="2026-03")


@pytest.mark.parametrize("cut", ["4.67000E+10", '"4,67E+10"', "4.67e+10", "5E+17"])
def test_customers_cut_off_are_not_one_customer(tmp_path: Path, cut: str) -> None:
    """Half of 40 orders name nobody: what follows customers has no value, what does not stands."""
    whole = [f"467000000{at:02}" for at in range(20)]
    report = _report(_file(tmp_path / "a.csv", ORDERS, _orders([*whole, *[cut] * 20])), "active_customers", "orders_per_customer", "revenue")  # fmt: skip
    assert report.value("active_customers") is None
    assert report.value("orders_per_customer") is None
    assert report.value("revenue") == pytest.approx(sum(range(100, 140)))
    assert "20 of 40 cells of `Customer ID`" in report.finding_text(CODE)
    assert "placeholder-customer" not in report.codes


def test_a_few_customers_cut_off_are_empty_and_marked(tmp_path: Path) -> None:
    whole = [f"467000000{at % 30:02}" for at in range(59)]
    report = _report(_file(tmp_path / "a.csv", ORDERS, _orders([*whole, "4.67E+10"])), "active_customers")
    assert report.value("active_customers") == 30
    assert "1 of 60 cells of `Customer ID`" in report.finding_text(CODE)
    result = report.result("active_customers")
    assert result is not None
    assert any("cut off" in note for note in result["notes"])


def test_customers_whose_last_digits_became_zeros_are_nobody(tmp_path: Path) -> None:
    rounded = [f"12345678901234{at % 4}000" for at in range(40)]
    report = _report(_file(tmp_path / "a.csv", ORDERS, _orders(rounded)), "active_customers")
    assert report.value("active_customers") is None
    assert "40 of 40 cells" in report.finding_text(CODE)


@pytest.mark.parametrize(
    "customers",
    [[f"1234567890123{at:05}" for at in range(1, 41)], [f"{at}E{at}" for at in range(10, 50)], [f"46700{at:06}" for at in range(40)]],
    ids=["eighteen digits, by chance with a zero", "rooms", "eleven digits"],
)  # fmt: skip
def test_whole_customers_are_customers(tmp_path: Path, customers: list[str]) -> None:
    report = _report(_file(tmp_path / "a.csv", ORDERS, _orders(customers)), "active_customers")
    assert report.value("active_customers") == 40
    assert CODE not in report.codes


def test_the_customers_of_tickets_and_agents_too(tmp_path: Path) -> None:
    path = _file(tmp_path / "a.csv", TICKETS, _tickets(["1.23457E+13"] * 40, ["4.67E+10"]))
    report = _report(path, "fcr_no_repeat", "tickets_per_agent", "tickets_created")
    assert report.value("fcr_no_repeat") is None
    assert report.value("tickets_per_agent") is None
    assert report.value("tickets_created") == 40
    assert "`Agent`" in report.finding_text(CODE)
    assert "`Customer ID`" in report.finding_text(CODE)
    assert "selected-export" not in report.codes


def test_answers_of_tickets_cut_off_each_count(tmp_path: Path) -> None:
    rows = [f"2026-03-{at + 1:02},1.23457E+13,{at % 5 + 1}" for at in range(20)]
    report = _report(_file(tmp_path / "a.csv", "Answered at,Ticket ID,CSAT", rows), "csat")
    result = report.result("csat")
    assert result is not None
    assert (result["value"], result["n"]) == (0.4, 20)
    assert "20 of 20 cells of `Ticket ID`" in report.finding_text(CODE)


def test_messages_of_a_ticket_cut_off_are_no_conversation(tmp_path: Path) -> None:
    rows = [
        f"{at},1.23457E+13,2026-03-{at // 2 + 1:02} 1{at % 2}:00,{'agent' if at % 2 else 'customer'}"
        for at in range(40)
    ]
    report = _report(_file(tmp_path / "a.csv", "Message ID,Ticket ID,Sent at,Author", rows), "first_reply_time")
    assert report.value("first_reply_time") is None
    assert "40 of 40 cells of `Ticket ID`" in report.finding_text(CODE)
