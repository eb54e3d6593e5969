"""Columns of money in orders that are not read: what was paid back, what is with or without VAT, what only a draft knows.

What was paid back comes off revenue whatever its column is called; a column of money that is not read is named next to revenue.
"""

from pathlib import Path

import pytest
from reported import CASES, Reported, reported

FORMATS = CASES.parent / "formats"

HEADER = "Ordernummer;Orderdatum;Kundnummer"
ROWS = [f"{number};2026-10-{number:02};K{number}" for number in range(1, 5)]


def orders(folder: Path, headers: str, *cells: str) -> Reported:
    path = folder / "orders.csv"
    lines = [f"{row};{cell}" for row, cell in zip(ROWS, cells, strict=False)]
    path.write_text("\n".join([f"{HEADER};{headers}", *lines]), encoding="utf-8")
    return reported(path, "--kpi", "revenue")


@pytest.mark.parametrize(
    "header",
    ["Återbetalning", "Återbetald summa", "Retur", "Returbelopp", "Kreditbelopp", "Krediterat", "Refusjon", "Refusion",
     "Tilbagebetalt", "Tilbakebetalt", "Hyvitys", "Palautus", "Refunds", "Palautettu", "Refunded", "Refund (SEK)", "Kredit kr"],
)  # fmt: skip
def test_what_was_paid_back_comes_off_revenue(tmp_path: Path, header: str) -> None:
    found = orders(tmp_path, f"Belopp;{header}", "100,50;0,0", "200,00;50,25", "300,00;300,00", "50,00;0,0")
    assert found.value("revenue") == 300.25


@pytest.mark.parametrize(("yes", "no"), [("Ja", "Nej"), ("1", "0"), ("x", "")])
@pytest.mark.parametrize("header", ["Palautettu", "Refunded", "Retur", "Återbetald"])
def test_a_yes_or_no_is_no_amount(tmp_path: Path, header: str, yes: str, no: str) -> None:
    found = orders(tmp_path, f"Belopp;{header}", f"100;{no}", f"200;{no}", f"300;{yes}", f"50;{no}")
    assert found.value("revenue") == 350


@pytest.mark.parametrize("header", ["Returvärde", "Återköp"])
def test_an_unread_column_of_what_was_paid_back_is_named_next_to_revenue(tmp_path: Path, header: str) -> None:
    found = orders(tmp_path, f"Belopp;{header}", "100;0", "200;50", "300;300", "50;0")
    assert f"`{header}`" in found.finding_text("unread-amount")


@pytest.mark.parametrize("header", ["Returnummer", "Kreditkort", "Kredittid dagar", "Vikt", "Rabatt"])
def test_other_numbers_are_not_taken_for_money_paid_back(tmp_path: Path, header: str) -> None:
    found = orders(tmp_path, f"Belopp;{header}", "100;0", "200;50", "300;300", "50;0")
    assert not found.finding_text("unread-amount")
    assert found.value("revenue") == 650


@pytest.mark.parametrize(
    "header",
    ["Belopp inkl. moms", "Summa inkl moms", "Total (exkl. moms)", "Beløp inkl. mva", "Beløb ekskl. moms", "Amount incl. VAT",
     "Total excluding VAT", "Summa (sis. alv)", "Netto", "Brutto", "Nettobelopp", "Radbelopp"],
)  # fmt: skip
def test_an_amount_is_read_whatever_it_says_of_vat(tmp_path: Path, header: str) -> None:
    found = orders(tmp_path, header, "100,50", "200", "300", "50")
    assert found.value("revenue") == 650.5
    assert f"`{header}` = amount" in found.notes


@pytest.mark.parametrize(
    ("header", "rows", "unread"),
    [
        ("Belopp inkl moms;Belopp exkl moms", ("125;100", "250;200"), "Belopp inkl moms"),
        ("Belopp exkl. moms;Belopp inkl. moms", ("100;125", "200;250"), "Belopp inkl. moms"),
        ("Amount incl. VAT;Amount excl. VAT", ("125;100", "250;200"), "Amount incl. VAT"),
        ("Beløp inkl. mva;Beløp eks. mva", ("125;100", "250;200"), "Beløp inkl. mva"),
    ],
)
def test_of_two_amounts_the_one_without_vat_is_read_and_the_other_named(
    tmp_path: Path, header: str, rows: tuple[str, ...], unread: str
) -> None:
    found = orders(tmp_path, header, *rows)
    assert found.value("revenue") == 300
    assert f"`{unread}`" in found.finding_text("unread-amount")


def test_the_subtotals_of_a_known_format_are_not_named() -> None:
    found = reported(FORMATS / "shopify-orders" / "orders_export.csv", "--kpi", "revenue")
    assert found.document["sources"][0]["mapping"] == "shopify-orders"
    assert not found.finding_text("unread-amount")


def test_lines_with_amounts_of_their_own_are_added_up_though_these_are_equal(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    lines = [f"{number};2026-10-0{number};K;art{line};50" for number in (1, 2, 3) for line in range(2)]
    path.write_text("\n".join([f"{HEADER};Artikel;Radbelopp", *lines]), encoding="utf-8")
    assert reported(path, "--kpi", "revenue").value("revenue") == 300
