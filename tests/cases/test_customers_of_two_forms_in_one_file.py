"""Customers of one column in two forms: counted as two without a word, so that fewer came back than did."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reported import Reported, reported

Form = Callable[[int], str]
SPELLINGS: dict[str, tuple[Form, Form]] = {
    "name turned": ("Anna Ek{}".format, '"Ek{}, Anna"'.format),
    "with its country": ("070-55{:05}".format, "+46 70 55{:05}".format),
    "of Norway": ("022 55 {:05}".format, "0047 22 55 {:05}".format),
    "with its name": ("{}".format, "{0} - Firma {0}".format),
    "with its name, before": ("{}".format, "Firma nord ({})".format),
    "a firm's with its line": ("556610{}".format, "556610-{}".format),
    "a firm's for VAT": ("556610{}".format, "SE556610{}01".format),
    "a firm's of Norway": ("98765{}".format, "NO 987 65{0} MVA".format),
    "a person's with the century": ("850101-{}".format, "19850101-{}".format),
}
DOUBTS: dict[str, tuple[Form, Form]] = {
    "letters": ("{}".format, "C{}".format),
    "letters and a line": ("{}".format, "KND-{}".format),
    "zeros": ("{}".format, "00{}".format),
    "a number behind": ("{}".format, "{}-1".format),
    "a legal form": ("Firma q{}".format, "Firma q{} AS".format),
}
APART: dict[str, tuple[Form, Form]] = {
    "companies and persons": ("F{}".format, "P{}".format),
    "parts of a customer": ("{}-1".format, "{}-2".format),
    "two legal forms": ("Firma q{} AB".format, "Firma q{} HB".format),
    "other names": ("Anna Ek{}".format, '"Ek{}, Berit"'.format),
    "other numbers": ("070-55{:05}".format, "+46 70 66{:05}".format),
}


def ordered(path: Path, forms: tuple[Form, Form]) -> Reported:
    """Twenty customers who order twice, in two forms."""
    rows = [f"{2 * n + at},2026-01-{1 + n:02},100,{form(3015 + n)}" for n in range(20) for at, form in enumerate(forms)]
    path.write_text("\n".join(("Order number,Order date,Amount,Customer", *rows)) + "\n", encoding="utf-8")
    return reported(path, "--kpi", "*", period="2026-01")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_is_one_customer(tmp_path: Path, spelling: str) -> None:
    found = ordered(tmp_path / "o.csv", SPELLINGS[spelling])
    assert (found.value("active_customers"), found.value("orders_per_customer")) == (20, 2)
    assert "20 customers of 40" in found.finding_text("customers-in-two-forms")


def test_a_number_in_brackets_is_the_number(tmp_path: Path) -> None:
    found = ordered(tmp_path / "o.csv", ("{}".format, "({})".format))
    assert (found.value("active_customers"), found.value("orders_per_customer")) == (20, 2)


@pytest.mark.parametrize("turned", [False, True])
def test_numbers_before_and_addresses_after_are_reported(tmp_path: Path, *, turned: bool) -> None:
    forms = ("k{}@ex.se".format, "{}".format) if turned else ("{}".format, "k{}@ex.se".format)
    rows = [f"{n},2026-01-{1 + n // 3:02},100,{forms[n >= 45](3015 + n % 20)}" for n in range(90)]
    (tmp_path / "o.csv").write_text(
        "\n".join(("Order number,Order date,Amount,Customer", *rows)) + "\n", encoding="utf-8"
    )
    found = reported(tmp_path / "o.csv", "--kpi", "*", period="2026-01")
    assert "before 2026-01-16" in found.finding_text("customers-in-two-forms")
    assert found.result("active_customers")["verdict"] is None


def test_customers_of_both_kinds_throughout_are_no_two_kinds(tmp_path: Path) -> None:
    rows = [
        f"{n},2026-01-{1 + n // 3:02},100,{'k{}@ex.se' if n % 2 else '{}'}".format(3015 + n % 20) for n in range(90)
    ]
    (tmp_path / "o.csv").write_text(
        "\n".join(("Order number,Order date,Amount,Customer", *rows)) + "\n", encoding="utf-8"
    )
    assert "customers-in-two-forms" not in reported(tmp_path / "o.csv", "--kpi", "*", period="2026-01").codes


@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_may_separate_two_is_reported(tmp_path: Path, doubt: str) -> None:
    found = ordered(tmp_path / "o.csv", DOUBTS[doubt])
    assert found.value("active_customers") == 40
    assert "there are 20 customers" in found.finding_text("customers-in-two-forms")
    (finding,) = [each for each in found.document["findings"] if each["code"] == "customers-in-two-forms"]
    assert (finding["serious"], "active_customers" in finding["kpis"]) == (True, True)


@pytest.mark.parametrize("kind", APART)
def test_two_kinds_of_customers_stay_two(tmp_path: Path, kind: str) -> None:
    found = ordered(tmp_path / "o.csv", APART[kind])
    assert (found.value("active_customers"), "customers-in-two-forms" in found.codes) == (40, False)


def test_repeat_contacts_are_known(tmp_path: Path) -> None:
    names = ('"Lie{}, Kari"'.format, "Kari Lie{}".format)
    rows = [
        f"{2 * n + at},2026-01-{1 + n + at:02} 09:00,2026-01-{1 + n + at:02} 12:00,Solved,{form(n)}"
        for n in range(20)
        for at, form in enumerate(names)
    ]
    (tmp_path / "t.csv").write_text("\n".join(("Ticket ID,Created at,Resolved at,Status,Customer", *rows)) + "\n")
    found = reported(tmp_path / "t.csv", "--kpi", "*", period="2026-01")
    assert "20 customers of 40" in found.finding_text("customers-in-two-forms")
    assert found.value("fcr_no_repeat") == pytest.approx(0.5, abs=0.05)
