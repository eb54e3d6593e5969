"""Guards: orders and customers that were taken over from another system at once, counted as sales and as customers won in that period."""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from small_reports import Results, findings, report_json, totals, written

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def shop(folder: Path, extra: Iterable[datetime]) -> tuple[list[str], Results]:
    """Three orders a day from January to June, with others among them."""
    dice = random.Random(2)
    at = [datetime(2026, 1, 1) + (place + dice.random()) * DAY / 3 for place in range(3 * 181)]
    at += extra
    rows = [
        f"{7000 + place},{one:%Y-%m-%d %H:%M},k{place % 90},{dice.randint(90, 900)}" for place, one in enumerate(at)
    ]
    document = report_json(
        written(folder, "orders", "Order ID,Ordered at,Customer,Amount", *rows), "--period", "2026-06"
    )
    return findings(document, "opened-at-once"), totals(document)


@pytest.mark.parametrize("month", [6, 5])
def test_orders_of_one_minute_in_the_night_are_no_sales(tmp_path: Path, month: int):
    texts, known = shop(tmp_path, [datetime(2026, month, 10, 3)] * 50)
    assert texts[0].startswith("50 orders of the ")
    for name in ("revenue", "aov", "active_customers"):
        assert known[name]["verdict"] is None, name


@pytest.mark.parametrize(
    "extra",
    [
        [datetime(2026, 6, 10, 12) + (place // 12) * MINUTE for place in range(120)],  # a sale
        [datetime(2026, month, 1, 3) for month in range(1, 7) for _ in range(40)],  # subscriptions, each month
        [datetime(2026, 6, 10, 3)] * 6,
        [datetime(2026, 2, 10, 3)] * 60,  # in neither period
    ],
)
def test_orders_that_come_so_by_themselves_are_sales(tmp_path: Path, extra: list[datetime]):
    texts, known = shop(tmp_path, extra)
    assert texts == []
    assert known["revenue"]["verdict"] is not None


def members(folder: Path, extra: Iterable[date], *, clock: str = "") -> tuple[list[str], Results]:
    dice = random.Random(4)
    won = [date(2025, 1, 1) + timedelta(days=dice.randrange(540)) for _ in range(400)]
    rows = [f"{3000 + place};{one}{clock};" for place, one in enumerate([*won, *extra])]
    path = written(
        folder, "customers", "Kundnummer;Kund sedan;Avslutad", *rows, f"2999;2024-05-01{clock};2026-05-03{clock}"
    )
    document = report_json(path, "--all", "--kpi", "*", "--period", "2026-06")
    return findings(document, "opened-at-once"), totals(document)


@pytest.mark.parametrize("count", [40, 160])
def test_customers_of_one_day_were_not_won_on_it(tmp_path: Path, count: int):
    texts, known = members(tmp_path, [date(2026, 6, 10)] * count)
    assert "as on any other day" in texts[0]
    assert known["net_customer_change"]["verdict"] is None


def test_customers_of_one_minute_were_not_won_in_it(tmp_path: Path):
    texts, _ = members(tmp_path, [date(2026, 6, 10)] * 60, clock=" 10:00")
    assert "within one minute" in texts[0]


@pytest.mark.parametrize(
    "extra", [[date(2026, 6, 10)] * 12, [date(2026, month, 1) for month in range(1, 7) for _ in range(40)]]
)
def test_a_good_day_is_one(tmp_path: Path, extra: list[date]):
    assert members(tmp_path, extra)[0] == []
