"""What columns next to the amounts of orders say, unheard: a currency that the header denies, a return by its quantity, a delivery, a name spelt otherwise."""

from pathlib import Path

import pytest
from invoked import piped
from reported import Reported, reported


def _orders(folder: Path, header: str, *rows: str) -> Reported:
    path = folder / "orders.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return reported(path)


@pytest.mark.parametrize(
    ("header", "codes"),
    [("Amount (SEK),Currency", ("SEK", "EUR")), ("Amount in NOK,Currency", ("NOK", "SEK")), ("Amount (EUR),Currency", ("SEK", "SEK"))],
)  # fmt: skip
def test_a_header_and_a_column_of_several_currencies_contradict_each_other(tmp_path: Path, header: str, codes: tuple[str, str]) -> None:  # fmt: skip
    rows = [f"{at},2026-10-{at:02},c{at},1000,{code}" for at, code in enumerate(codes, 1)]
    found = _orders(tmp_path, f"Order ID,Order date,Customer,{header}", *rows)
    assert {one["value"] for one in found.document["results"] if one["kpi"] == "revenue"} == {None}
    assert "says that amounts are in" in found.finding_text("no-currency")


def test_a_header_and_a_column_of_one_currency_agree(tmp_path: Path) -> None:
    found = _orders(tmp_path, "Order ID,Order date,Customer,Amount (SEK),Currency", "1,2026-10-01,a,1000,SEK", "2,2026-10-02,b,500,kr")  # fmt: skip
    assert found.value("revenue") == 1500


@pytest.mark.parametrize(
    ("codes", "sums"),
    [
        (("SEK", "kr", "SEK"), {"SEK": 300}),
        (("NOK", "kroner", "nok"), {"NOK": 300}),
        (("EUR", "€", "Euro"), {"EUR": 300}),
        (("SEK", "kr", "NOK"), {"SEK": 100, "KR": 100, "NOK": 100}),
    ],
)
def test_kr_is_the_one_currency_in_kronor_that_is_named(tmp_path: Path, codes: tuple[str, ...], sums: dict[str, int]) -> None:  # fmt: skip
    rows = [f"{at},2026-10-{at:02},c{at},100,{code}" for at, code in enumerate(codes, 1)]
    found = _orders(tmp_path, "Order ID,Order date,Customer,Amount,Currency", *rows)
    assert {one["currency"]: one["value"] for one in found.document["results"] if one["kpi"] == "revenue"} == sums


@pytest.mark.parametrize(("header", "minus"), [("Antal", "-1"), ("Quantity", "-2"), ("Antall", "\u22121")])
def test_a_return_by_its_quantity_is_taken_off(tmp_path: Path, header: str, minus: str) -> None:
    rows = ("1,2026-10-01,a,X,1,100", f"2,2026-10-15,b,X,{minus},100", "3,2026-10-31,c,X,2,200")
    found = _orders(tmp_path, f"Order ID,Order date,Customer,Product,{header},Amount", *rows)
    assert found.value("revenue") == 200
    assert f"`{header}`" in found.finding_text("credits")


def test_a_return_with_a_minus_of_its_own_is_taken_off_once(tmp_path: Path) -> None:
    rows = ("1,2026-10-01,a,X,1,100", "2,2026-10-15,b,X,-1,-100", "3,2026-10-31,c,X,2,200")
    assert _orders(tmp_path, "Order ID,Order date,Customer,Product,Quantity,Amount", *rows).value("revenue") == 200


@pytest.mark.parametrize("header", ["Delivery", "Leverans", "Shipment number"])
def test_deliveries_of_an_order_are_no_repeats_of_it(tmp_path: Path, header: str) -> None:
    rows = ("1,2026-10-01,a,1,100", "1,2026-10-01,a,2,100", "2,2026-10-31,b,1,100")
    found = _orders(tmp_path, f"Order ID,Order date,Customer,{header},Amount", *rows)
    assert found.value("revenue") is None
    assert "nothing says whether" in found.finding_text("order-lines")


@pytest.mark.parametrize("names", [("Anna Berg", "ANNA BERG"), ("Acme AB", "acme  ab"), ("E. Ek", "e. ek")])
def test_a_name_spelt_otherwise_is_one_customer(tmp_path: Path, names: tuple[str, str]) -> None:
    rows = [f"{at},2026-10-{at:02},{name},100" for at, name in enumerate(names, 1)]
    found = _orders(tmp_path, "Order ID,Order date,Customer,Amount", *rows)
    assert found.value("active_customers") == 1
    assert _orders(tmp_path, "Order ID,Order date,Customer,Amount", "1,2026-10-01,k1,5", "2,2026-10-02,K1,5").value("active_customers") == 2  # fmt: skip


@pytest.mark.parametrize("money", ["Grand Total", "Order total", "Ordersumma"])
def test_a_list_of_orders_is_none_of_tickets(tmp_path: Path, money: str) -> None:
    path = tmp_path / "grid.csv"
    path.write_text(f"ID,Purchase Point,Created At,{money},Status\n1,Main,2026-10-01 10:00:00,100,complete\n2,Main,2026-10-02 10:00:00,50,canceled\n", encoding="utf-8")  # fmt: skip
    ended = piped("report", path, "--notes")
    assert "no known export format" in ended.err or "orders (grid)" in ended.out
