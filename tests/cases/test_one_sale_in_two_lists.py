"""Guards: orders and their payments, or invoices, given together: each sale counted twice under two numbers."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

DAY = timedelta(days=1)


def sales(seed: int, count: int = 90) -> list[tuple[datetime, int, int]]:
    dice = random.Random(seed)
    at = sorted(datetime(2026, 1, 2) + dice.random() * 80 * DAY for _ in range(count))
    return [(one, dice.randrange(30), dice.choice([99, 149, 249, 499, 1299]) + dice.randrange(40)) for one in at]


def listed(folder: Path, name: str, head: str, rows: list[tuple[datetime, int, int]], key: str, who: str) -> Path:
    lines = [
        f"{key.format(place)};{at:%Y-%m-%d %H:%M};{who.format(customer)};{amount}"
        for place, (at, customer, amount) in enumerate(rows)
    ]
    return written(folder, name, head, *lines)


HEAD = "Ordernummer;Orderdatum;Kund;Belopp"


@pytest.mark.parametrize(
    ("later", "who"),
    [
        (timedelta(minutes=1), "k{}@ex.se"),
        (timedelta(minutes=40), "k{}@ex.se"),
        (timedelta(minutes=3), "cus_{}"),
    ],
)
def test_orders_and_their_payments_give_no_revenue(tmp_path: Path, later: timedelta, who: str):
    sold = sales(1)
    one = listed(tmp_path, "orders", HEAD, sold, "6{:03}", "k{}@ex.se")
    paid = [(at + later, customer, amount) for at, customer, amount in sold if customer % 10]
    other = listed(tmp_path, "payments", HEAD, paid, "P9{:04}", who)
    document = report_json(one, other, "--all", "--kpi", "*", "--period", "2026-02")
    assert "both list the same sales" in findings(document, "copied-rows")[0]
    assert totals(document)["revenue"]["value"] is None
    assert totals(document)["aov"]["value"] is not None


def test_orders_of_two_shops_are_added_up(tmp_path: Path):
    one = listed(tmp_path, "one", HEAD, sales(1), "6{:03}", "k{}@ex.se")
    other = listed(tmp_path, "two", HEAD, sales(2), "P9{:04}", "k{}@ex.se")
    document = report_json(one, other, "--all", "--kpi", "*", "--period", "2026-02")
    assert findings(document, "copied-rows") == []
    assert totals(document)["revenue"]["value"] is not None


def test_subscriptions_of_two_shops_are_added_up(tmp_path: Path):
    """One price each day in both: they agree as well a week later."""
    days = [(datetime(2026, 1, 2, 9) + place * DAY, place % 30, 100) for place in range(80)]
    one = listed(tmp_path, "one", HEAD, days, "6{:03}", "k{}@ex.se")
    other = listed(tmp_path, "two", HEAD, days, "P9{:04}", "cus_{}")
    assert findings(report_json(one, other, "--period", "2026-02"), "copied-rows") == []
