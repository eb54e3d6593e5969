"""Credit notes and returns with amounts without a minus, which a column of types alone separates from sales: they were added."""

from pathlib import Path

import pytest
from invoked import piped
from reported import Reported, reported


def orders(
    folder: Path, header: str, *rows: tuple[str, int], name: str = "Order number,Order date,Customer ID,Amount"
) -> Reported:
    path = folder / "orders.csv"
    lines = [f"{at},2026-03-{at:02},K{at},{amount},{kind}" for at, (kind, amount) in enumerate(rows, 1)]
    path.write_text("\n".join([f"{name},{header}", *lines]), encoding="utf-8")
    return reported(path, "--kpi", "revenue", "--kpi", "aov")


@pytest.mark.parametrize(
    ("header", "sale", "credit"),
    [
        ("Type", "Faktura", "Kreditnota"),
        ("Type", "Sale", "Return"),
        ("Typ", "Försäljning", "Retur"),
        ("Dokumenttyp", "Faktura", "Kreditfaktura"),
        ("Transaction type", "payment", "refund"),
        ("Bilagstype", "Faktura", "Kreditnota"),
        ("Transaktionstype", "Salg", "Kreditering"),
        ("Tyyppi", "Lasku", "Hyvityslasku"),
        ("Belegart", "Rechnung", "Gutschrift"),
        ("Type", "Online", "Credit note"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_credit_by_its_type_is_taken_off_and_is_no_order(
    tmp_path: Path, header: str, sale: str, credit: str, sign: int
) -> None:
    found = orders(tmp_path, header, (sale, 100), (sale, 300), (credit, sign * 100), (sale, 50))
    assert found.value("revenue") == 350
    assert found.value("aov") == pytest.approx(350 / 3)
    assert (f"by `{header}`" in found.finding_text("credits")) == (sign > 0)


def test_a_credit_under_the_number_of_its_order_is_a_row_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = (
        "1,2026-03-01,A,1000,Invoice",
        "2,2026-03-05,B,500,Invoice",
        "2,2026-03-12,B,500,Credit note",
        "3,2026-03-31,C,50,Invoice",
    )
    path.write_text("\n".join(["Order number,Order date,Customer ID,Amount,Type", *rows]), encoding="utf-8")
    found = reported(path)
    assert found.value("revenue") == 1050
    assert found.value("aov") == 350


@pytest.mark.parametrize("words", [("Single", "Return"), ("Debet", "Kredit"), ("Nyköp", "Återköp")])
def test_a_word_that_may_mean_something_else_is_added_and_named(tmp_path: Path, words: tuple[str, str]) -> None:
    found = orders(tmp_path, "Type", (words[0], 100), (words[1], 300), (words[0], 50))
    assert found.value("revenue") == 450
    assert f"`{words[1].casefold()}`" in found.finding_text("credits")


def test_invoices_and_their_payments_have_no_sum(tmp_path: Path) -> None:
    found = orders(tmp_path, "Type", ("Faktura", 100), ("Inbetalning", 100), ("Faktura", 50))
    assert found.value("revenue") is None


@pytest.mark.parametrize(
    "words", [("Online", "Store"), ("Subscription", "One-off"), ("Faktura", "Kort"), ("Sale", "Sale")]
)
def test_types_without_credits_change_nothing(tmp_path: Path, words: tuple[str, str]) -> None:
    found = orders(tmp_path, "Type", (words[0], 100), (words[1], 300))
    assert found.value("revenue") == 400
    assert not found.finding_text("credits")


def test_a_column_that_decides_of_rows_is_not_called_unread(tmp_path: Path) -> None:
    orders(tmp_path, "Type,Cancelled", ("Sale,No", 100), ("Return,No", 100), ("Sale,Yes", 10))
    out = piped("inspect", tmp_path / "orders.csv").out
    assert "Not read" not in out


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Debet/Kredit", ("D", "K")),
        ("Debit/Credit", ("Debit", "Credit")),
        ("D/K", ("Debet", "Kredit")),
        ("Dr/Cr", ("DR", "CR")),
    ],
)
def test_of_two_sides_of_an_account_nobody_knows_which_is_sold(
    tmp_path: Path, header: str, words: tuple[str, str]
) -> None:
    rows = [*((words[0], 100 + at) for at in range(9)), (words[1], 100)]
    found = orders(tmp_path, header, *rows)
    assert found.value("revenue") is None
    assert f"`{header}`" in found.finding_text("credits")
    signed = orders(tmp_path, header, *rows[:-1], (words[1], -100))
    assert signed.value("revenue") == sum(amount for _, amount in rows[:-1]) - 100
