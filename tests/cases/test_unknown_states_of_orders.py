"""Orders whose state is in a word that nobody knows: the mark stood at revenue alone, and not at who bought and how often."""

from pathlib import Path

import pytest
from reported import Reported, reported

HEADS = {"en": "Order number,Order date,Customer,Amount,Status", "sv": "Ordernummer,Orderdatum,Kund,Belopp,Orderstatus"}


def orders(path: Path, head: str, usual: str, odd: str, every: int = 4) -> Reported:
    rows = [
        f"{700 + n},2026-01-{1 + n % 28:02} 09:00,c{n % 15}@x.se,100,{usual if n % every else odd}" for n in range(40)
    ]
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("kpi", ["revenue", "active_customers", "orders_per_customer", "repurchase_rate"])
@pytest.mark.parametrize(
    ("language", "usual", "odd"),
    [("en", "Completed", "Ghosted"), ("sv", "Levererad", "Hoppades"), ("en", "Shipped", "Zorked 7")],
)
def test_what_rests_on_orders_is_marked(tmp_path: Path, kpi: str, language: str, usual: str, odd: str) -> None:
    found = orders(tmp_path / "o.csv", HEADS[language], usual, odd)
    result = found.result(kpi)
    assert result is not None
    assert result["trust"]["share"] == pytest.approx(0.75)
    assert f"`{odd}` 10" in found.finding_text("unknown-order-states")


def test_a_refund_in_unknown_words_leaves_its_customer(tmp_path: Path) -> None:
    """Whether money was paid back changes what an order is worth, and not who placed it."""
    found = orders(tmp_path / "o.csv", "Order number,Order date,Customer,Amount,Refund status", "None", "Zorked")
    customers = found.result("active_customers")
    assert customers is not None
    assert (customers["trust"], "unknown-order-states" in found.codes) == (None, False)


def test_known_words_say_nothing(tmp_path: Path) -> None:
    found = orders(tmp_path / "o.csv", HEADS["en"], "Completed", "Cancelled")
    assert "unknown-order-states" not in found.codes
