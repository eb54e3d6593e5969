"""The price of one unit taken for the amount of an order, and other columns of lists that were not what they seemed."""

from pathlib import Path

import polars as pl
import pytest
from reported import Reported, reported

from kpi_core.ingest.cells.numbers import parse_number, sniff_decimal


def orders(folder: Path, headers: str, *rows: str, more: tuple[str, ...] = ()) -> Reported:
    path = folder / "orders.csv"
    lines = [f"{at};2026-03-{at:02};K{at};{row}" for at, row in enumerate(rows, 1)]
    path.write_text("\n".join([f"Ordernummer;Orderdatum;Kundnummer;{headers}", *lines]), encoding="utf-8")
    return reported(path, "--kpi", "revenue", *more)


@pytest.mark.parametrize("headers", ["Antal;Pris", "Qty;Unit price", "Antall;Enhetspris", "Kpl;Hinta"])
def test_the_price_of_a_unit_is_no_amount(tmp_path: Path, headers: str) -> None:
    rows = ("2;344", "1;853", "3;505")
    found = orders(tmp_path, headers, *rows)
    assert found.value("revenue") is None
    price = headers.split(";")[1]
    assert orders(tmp_path, headers, *rows, more=("--column", f"amount={price}")).value("revenue") == 1702


@pytest.mark.parametrize(
    ("headers", "rows"),
    [
        ("Antal;Belopp", ("2;344", "3;505")),
        ("Antal;Pris;Belopp", ("2;100;344", "3;100;505")),
        ("Antal;Pris", ("1;344", "1;505")),
    ],
)
def test_amounts_of_orders_and_units_bought_one_at_a_time_stay(
    tmp_path: Path, headers: str, rows: tuple[str, str]
) -> None:
    found = orders(tmp_path, headers, *rows)
    assert found.value("revenue") == 849
    assert not found.finding_text("unit-price")


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["1 234,50-", "2 000,00", "3 000,25"], [-1234.5, 2000, 3000.25]),
        (["100-", "200", "300 kr", "50−"], [-100, 200, 300, -50]),
        (["100,-", "200,-", "300"], [100, 200, 300]),
    ],
)
def test_a_minus_behind_a_number_is_one(cells: list[str], read: list[float]) -> None:
    column = pl.Series("cell", cells)
    reading = sniff_decimal(column, column="Belopp")
    assert column.to_frame().select(parse_number(pl.col("cell"), reading))["cell"].to_list() == read


@pytest.mark.parametrize(
    ("header", "left"), [("Cancelled", "2026-10-30"), ("Canceled", "2026-10-30"), ("Cancelled", "Yes")]
)
def test_a_customer_who_cancelled_has_left(tmp_path: Path, header: str, left: str) -> None:
    other = "No" if left == "Yes" else ""
    rows = [f"{at},2026-10-{at:02},{left if at == 1 else other}" for at in range(1, 32)]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join([f"Customer ID,Signed up,{header}", *rows]), encoding="utf-8")
    assert reported(path).value("churn_share") == pytest.approx(1 / 31)


def test_a_row_for_each_time_as_a_customer_is_noted_with_churn(tmp_path: Path) -> None:
    rows = [f"{at};2026-01-{at:02};" for at in range(5, 25)]
    rows += [f"{at};{span}" for at in range(25, 31) for span in ("2025-06-21;2025-11-26", f"2026-03-{at:02};")]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(["Kundnr;Startdatum;Slutdatum", *rows]), encoding="utf-8")
    found = reported(path, period="2026-03")
    assert any("one who left and one who came" in note for note in found.result("churn_rate")["notes"])


LINES = [(1, 155.64), (2, 105.24), (3, 119.7), (1, 88.5), (4, 20.25), (2, 310.0), (1, 49.9)]


@pytest.mark.parametrize(
    ("headers", "order"),
    [
        ("Amount;Unit price;Total", (0, 1, 2)),
        ("Amount;Price each;Line total", (0, 1, 2)),
        ("Amount;Total;Rate", (0, 2, 1)),
        ("Amount;Quantity;Total", (1, 0, 2)),
    ],
)
def test_a_column_that_is_the_product_of_two_is_the_amount(
    tmp_path: Path, headers: str, order: tuple[int, ...]
) -> None:
    """How many were bought, or what one costs, under a word for money."""
    rows = []
    for place, (count, price) in enumerate(LINES):
        cells = [f"{count}", f"{price:.2f}", f"{count * price:.2f}"]
        rows.append(f"{place};2026-10-{place + 1:02d};C{place};{';'.join(cells[at] for at in order)}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([f"Order ID;Order date;Customer ID;{headers}", *rows]), encoding="utf-8")
    found = reported(path)
    assert found.value("revenue") == pytest.approx(sum(count * price for count, price in LINES))
    assert "is the amount of an order" in found.finding_text("unit-price")


def test_small_numbers_next_to_prices_are_no_amounts_that_are_known(tmp_path: Path) -> None:
    rows = [f"{place};2026-10-{place + 1:02d};C{place};{count};{price}" for place, (count, price) in enumerate(LINES)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["Order ID;Order date;Customer ID;Amount;Unit price", *rows]), encoding="utf-8")
    assert reported(path).value("revenue") is None
    assert reported(path, "--column", "amount=Amount").value("revenue") == 14


def test_an_amount_next_to_others_that_do_not_multiply_stays(tmp_path: Path) -> None:
    rows = [
        f"{place};2026-10-{place + 1:02d};C{place};{price};{price * 0.25:.2f};{price * 1.25:.2f}"
        for place, (_, price) in enumerate(LINES)
    ]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["Order ID;Order date;Customer ID;Amount;Tax;Total", *rows]), encoding="utf-8")
    assert reported(path).value("revenue") == pytest.approx(sum(price for _, price in LINES))
