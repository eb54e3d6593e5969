"""Customers whose names were taken out, masked or replaced by their kind: one customer who always comes back, and two who bought everything."""

from pathlib import Path

import pytest
from reported import Reported, reported

CODE = "placeholder-customer"
OF_TICKETS, OF_ORDERS = ("fcr_no_repeat",), ("active_customers", "orders_per_customer", "repurchase_rate")


def tickets(path: Path, customers: list[str], head: str = "Kund") -> Reported:
    rows = [
        f"{n};2026-01-{n % 28 + 1:02} 08:{n % 60:02};2026-01-{n % 28 + 1:02} 15:00;Löst;{who}"
        for n, who in enumerate(customers, 700)
    ]
    path.write_text("\n".join((f"Ärendenr;Skapad;Löst;Status;{head}", *rows, "")), encoding="utf-8")
    return reported(path, "--kpi", "fcr_no_repeat", "--kpi", "tickets_created")


def orders(path: Path, customers: list[str]) -> Reported:
    rows = [f"{n};2026-01-{n % 28 + 1:02} 08:{n % 60:02};{who};100,00" for n, who in enumerate(customers, 700)]
    path.write_text("\n".join(("Ordernummer;Orderdatum;Kund;Belopp", *rows, "")), encoding="utf-8")
    return reported(path, *(part for name in OF_ORDERS for part in ("--kpi", name)))


def others(count: int) -> list[str]:
    return [f"kund{n}@ex.se" for n in range(count)]


ONE = [
    "Anonymiserad",
    "***",
    "[borttagen]",
    "GDPR",
    "xxxx",
    "a***@***.se",
    "anonymized@deleted.invalid",
    "info@butiken.se",
    "1",
    "Privatperson",
]


@pytest.mark.parametrize("word", ONE)
def test_one_word_in_every_row_distinguishes_no_customers(tmp_path: Path, word: str) -> None:
    found = tickets(tmp_path / "t.csv", [word] * 30)
    assert found.value("fcr_no_repeat") is None
    assert f"`Kund` is `{word}` in 100% of the 30 rows" in found.finding_text(CODE)
    assert found.value("tickets_created") == 30


@pytest.mark.parametrize("word", ONE)
def test_nor_among_orders(tmp_path: Path, word: str) -> None:
    found = orders(tmp_path / "o.csv", [word] * 30)
    assert [found.value(name) for name in OF_ORDERS] == [None] * 3
    assert "`Kund`" in found.finding_text(CODE)


def test_nearly_every_row_is_as_much(tmp_path: Path) -> None:
    found = tickets(tmp_path / "t.csv", [*["Raderad användare"] * 28, *others(2)])
    assert (found.value("fcr_no_repeat"), "93% of the 30 rows" in found.finding_text(CODE)) == (None, True)


def test_two_words_for_nobody_are_one(tmp_path: Path) -> None:
    assert tickets(tmp_path / "t.csv", [*["Anonymiserad"] * 16, *["Okänd"] * 14]).value("fcr_no_repeat") is None


@pytest.mark.parametrize("mask", ["kund{}***@ex.se", "***-***{}", "{}***@gmail.com", "A*** B{}***", "k•••{}@ex.se"])
def test_masked_customers_are_not_kept_apart(tmp_path: Path, mask: str) -> None:
    found = tickets(tmp_path / "t.csv", [mask.format(n % 7) for n in range(30)])
    assert found.value("fcr_no_repeat") is None
    assert "hidden letters" in found.finding_text(CODE) or "no customer" in found.finding_text("no-customer")


@pytest.mark.parametrize(
    "kinds", [("Privat", "Företag"), ("Man", "Kvinna"), ("SE", "NO", "DK"), ("gmail.com", "hotmail.com", "telia.com")]
)
def test_a_column_of_kinds_is_none_of_customers(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    found = orders(tmp_path / "o.csv", [kinds[n % len(kinds)] for n in range(60)])
    assert [found.value(name) for name in OF_ORDERS] == [None] * 3
    assert "of which kind customers are" in found.finding_text(CODE)


def test_the_address_distinguishes_customers_where_their_number_is_one(tmp_path: Path) -> None:
    """Hand-worked: thirty customers, none of whom came back."""
    found = tickets(tmp_path / "t.csv", [f"1;{who}" for who in others(30)], "Kundnummer;E-post")
    assert (found.value("fcr_no_repeat"), "`E-post` instead" in found.finding_text(CODE)) == (1.0, True)


def test_a_few_firms_are_counted_and_reported(tmp_path: Path) -> None:
    found = orders(tmp_path / "o.csv", [("Volvo", "Scania", "Atlas Copco")[n % 3] for n in range(60)])
    assert (found.value("active_customers"), "a group of customers" in found.finding_text(CODE)) == (3, True)


@pytest.mark.parametrize(
    "customers",
    [
        ["Volvo AB"] * 3,
        [*["Volvo AB"] * 12, *(f"Firma {name} AB" for name in "ABCDEFGHIJKLMNOPQR")],
        [*others(30)],
        ["***VIP*** Volvo", "Max Xxxon", *others(28)],
        [f"b0186f{n:02}" for n in range(30)],
    ],
)  # fmt: skip
def test_honest_lists_stay_as_they_are(tmp_path: Path, customers: list[str]) -> None:
    found = tickets(tmp_path / "t.csv", customers)
    assert found.value("fcr_no_repeat") is not None
    assert "no customers apart" not in found.finding_text(CODE)


def test_a_list_that_begins_with_one_customer_is_looked_through(tmp_path: Path) -> None:
    """Sorted by customer: the first rows, from which forms are taken, are all of the largest one."""
    found = orders(tmp_path / "o.csv", [*["Volvo AB"] * 1100, *others(1100)])
    assert found.value("active_customers") == 1101
