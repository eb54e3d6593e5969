"""What was paid back, taken off an amount that it is off already: it counts once, or the doubt is reported."""

from pathlib import Path

import pytest
from reported import Reported, reported


def orders(folder: Path, header: str, *rows: str, more: tuple[str, ...] = ()) -> Reported:
    path = folder / "orders.csv"
    lines = [f"{at};2026-03-{at:02};K{at};{row}" for at, row in enumerate(rows, 1)]
    path.write_text("\n".join([f"Ordernummer;Orderdatum;Kundnummer;{header}", *lines]), encoding="utf-8")
    return reported(path, "--kpi", "revenue", *more)


@pytest.mark.parametrize(
    "header",
    [
        "Gross amount;Refunded amount;Net amount",
        "Bruttobelopp;Återbetalt belopp;Nettobelopp",
        "Brutto;Refundert beløp;Netto",
        "Gross sales;Refunds;Amount",
    ],
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_refund_that_is_off_the_net_amount_is_not_taken_off_again(tmp_path: Path, header: str, sign: str) -> None:
    found = orders(tmp_path, header, "100;0;100", f"300;{sign}50;250", f"200;{sign}200;0")
    assert found.value("revenue") == 350
    assert "taken off once" in found.finding_text("net-amount")
    assert not found.finding_text("unread-amount")


def test_a_gross_amount_with_vat_is_another_matter(tmp_path: Path) -> None:
    found = orders(tmp_path, "Bruttobelopp;Återbetalt belopp;Belopp exkl moms", "125;0;100", "250;50;200")
    assert "taken off once" not in found.finding_text("net-amount")
    assert found.value("revenue") == 250


@pytest.mark.parametrize("header", ["Refunded amount;Net amount", "Återbetalt belopp;Nettobelopp"])
def test_a_net_amount_that_refunds_exceed_is_after_them(tmp_path: Path, header: str) -> None:
    found = orders(tmp_path, header, "0;100", "50;250", "200;0")
    assert found.value("revenue") == 350
    assert "not taken off again" in found.finding_text("net-amount")


@pytest.mark.parametrize("header", ["Refunded amount;Net amount", "Återbetalt belopp;Netto"])
def test_a_net_amount_next_to_refunds_alone_is_in_doubt(tmp_path: Path, header: str) -> None:
    found = orders(tmp_path, header, "0;100", "50;250", "20;100")
    assert "it is unknown" in found.finding_text("net-amount")


@pytest.mark.parametrize("header", ["Refunded amount;Amount", "Refunded amount;Net amount"])
def test_an_amount_without_refunds_or_by_another_name_is_in_no_doubt(tmp_path: Path, header: str) -> None:
    cells = ("0;100", "50;250") if header.endswith(";Amount") else ("0;100", "0;250")
    assert not orders(tmp_path, header, *cells).finding_text("net-amount")


def test_what_the_user_names_is_in_no_doubt(tmp_path: Path) -> None:
    found = orders(tmp_path, "Refunded amount;Net amount", "0;100", "50;250", more=("--column", "amount=Net amount"))
    assert found.value("revenue") == 300
    assert not found.finding_text("net-amount")


@pytest.mark.parametrize("header", ["Återbetalt;Belopp", "Refunded amount;Amount"])
def test_an_order_paid_back_whole_that_has_nothing_left_is_after_it(tmp_path: Path, header: str) -> None:
    found = orders(tmp_path, header, "0;1000", "1000;0", "0;1000")
    assert found.value("revenue") == 2000
    assert "not taken off again" in found.finding_text("net-amount")


@pytest.mark.parametrize("rows", [("0;1000", "1250;1000", "0;1000"), ("0;1000", "1000;0", "500;500")])
def test_more_paid_back_than_the_amount_is_in_doubt(tmp_path: Path, rows: tuple[str, ...]) -> None:
    assert "it is unknown" in orders(tmp_path, "Återbetalt;Belopp", *rows).finding_text("net-amount")


def test_less_paid_back_than_the_amount_is_taken_off(tmp_path: Path) -> None:
    found = orders(tmp_path, "Återbetalt;Belopp", "0;1000", "1000;1000", "200;1000")
    assert found.value("revenue") == 1800
    assert not found.finding_text("net-amount")
