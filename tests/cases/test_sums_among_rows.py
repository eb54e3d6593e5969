"""Sum rows that have a number, a customer and a date as all orders do: revenue came out twice as high, or more."""

from pathlib import Path

import pytest
from reported import Reported, reported

HEADER = "Ordernummer;Orderdatum;Kund;Belopp"
AMOUNTS = (24900, 49900, 24950, 129990, 19900, 7750, 3310)


def orders(months: int = 3, each: int = 7) -> list[list[tuple[str, str, str, int]]]:
    """Orders month by month: number, day, customer, hundredths."""
    return [
        [(str(1000 + 100 * month + n), f"2026-0{month + 1}-{n + 1:02} 10:{n:02}", f"c{n}@x.se", AMOUNTS[(n + month) % 7]) for n in range(each)]
        for month in range(months)
    ]  # fmt: skip


def money(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def report(path: Path, rows: list[tuple[str, str, str, int]]) -> Reported:
    lines = [";".join((*row[:3], money(row[3]))) for row in rows]
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*")


WHOLE = sum(row[3] for month in orders() for row in month) / 100


@pytest.mark.parametrize("number", ["7000{}", "Månad {}", "Ack {}"])
@pytest.mark.parametrize("customer", ["Totalt", "Alla kunder", "", "c3@x.se"])
def test_the_sum_of_each_month_is_no_order(tmp_path: Path, number: str, customer: str) -> None:
    rows = []
    for n, month in enumerate(orders()):
        rows += [*month, (number.format(n), f"2026-0{n + 1}-28 23:59", customer, sum(row[3] for row in month))]
    found = report(tmp_path / "o.csv", rows)
    assert (found.value("revenue"), found.refused) == (WHOLE, [{"sum row": 3}])
    assert "the amount of 3 rows (9, 17, 25)" in found.finding_text("sum-rows")


def test_sums_that_go_on_adding_are_no_orders(tmp_path: Path) -> None:
    rows, so_far = [], 0
    for n, month in enumerate(orders()):
        so_far += sum(row[3] for row in month)
        rows += [*month, (f"7000{n}", f"2026-0{n + 1}-28 23:59", "Hittills", so_far)]
    assert report(tmp_path / "o.csv", rows).value("revenue") == WHOLE


def test_sums_of_a_list_that_begins_with_the_newest_stand_above(tmp_path: Path) -> None:
    rows = []
    for n, month in enumerate(orders()):
        rows += [*month, (f"7000{n}", f"2026-0{n + 1}-28 23:59", "Månad", sum(row[3] for row in month))]
    assert report(tmp_path / "o.csv", rows[::-1]).value("revenue") == WHOLE


@pytest.mark.parametrize(("customer", "each"), [("Totalt", 2), ("Firma", 7)])
def test_one_sum_is_recognised_by_a_word_or_by_many_rows(tmp_path: Path, customer: str, each: int) -> None:
    rows = [row for month in orders(each=each) for row in month]
    total = sum(row[3] for row in rows)
    found = report(tmp_path / "o.csv", [*rows, ("70001", "2026-03-28 23:59", customer, total)])
    assert found.value("revenue") == total / 100


@pytest.mark.parametrize("last", [0, 1, -1])
def test_an_order_as_large_as_those_above_may_be_chance(tmp_path: Path, last: int) -> None:
    """Four orders of which the last is, or nearly is, as large as the others together, with more of them after it."""
    rows = orders(1)[0][:3]
    sold = ("70001", "2026-01-28 23:59", "Firma", sum(row[3] for row in rows) + last)
    found = report(tmp_path / "o.csv", [*rows, sold, *orders(2)[1]])
    assert found.document["sources"][0]["rows_used"] == 11


def test_amounts_that_are_alike_are_no_sums(tmp_path: Path) -> None:
    rows = [
        (str(n), f"2026-01-{n % 28 + 1:02} 10:00", f"c{n}@x.se", 100 * (1, 1, 1, 3, 2, 1, 3, 6)[n % 8])
        for n in range(60)
    ]
    assert report(tmp_path / "o.csv", rows).document["sources"][0]["rows_used"] == 60
