"""Amounts in kronor or dollars of several countries, and amounts without a currency next to others that have one."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

HEADER = "Ordernummer;Orderdatum;Kund;Belopp"


def orders(folder: Path, header: str, amount: str, others: list[str], *more: str) -> dict[str, object]:
    rows = [
        f"{4000 + n};2026-01-{1 + n % 28:02d} 10:00;K{n % 9};{amount.format(100 + n)};{others[n % len(others)]}"
        for n in range(60)
    ]
    return report_json(written(folder, "orders", header, *rows), "--period", "2026-01", *more)


@pytest.mark.parametrize(
    ("header", "amount", "others"),
    [
        (f"{HEADER};Land", "{} kr", ["SE", "NO", "FI"]), (f"{HEADER} (kr);Country", "{}", ["Sweden", "Denmark"]), (f"{HEADER} (tkr);Marknad", "{}", ["Sverige", "Norge", "Danmark"]),
        (f"{HEADER};Butik", "kr {}", ["ex.se", "ex.no"]), ("Order ID;Order date;Customer;Amount;Country", "${}", ["US", "Canada"]),
    ],
)  # fmt: skip
def test_money_of_several_countries_is_no_one_sum(tmp_path: Path, header: str, amount: str, others: list[str]) -> None:
    document = orders(tmp_path, header, amount, others)
    assert len(findings(document, "no-currency")) == 1
    found = totals(document)
    assert (found["revenue"]["value"], found["aov"]["value"]) == (None, None)
    assert found["active_customers"]["value"] == 9


@pytest.mark.parametrize(
    ("header", "amount", "others"),
    [
        (f"{HEADER} (SEK);Land", "{}", ["SE", "NO"]), (f"{HEADER};Land", "{} kr", ["SE", "FI", "DE"]), (f"{HEADER};Land", "{}", ["SE", "NO"]),
        (f"{HEADER};Returnerad", "{} kr", ["no", "no"]), (f"{HEADER};Ort", "{} kr", ["Oslo", "Malmö"]), (f"{HEADER};Land", "{} SEK", ["SE", "NO"]),
    ],
)  # fmt: skip
def test_money_of_one_country_or_reported(tmp_path: Path, header: str, amount: str, others: list[str]) -> None:
    document = orders(tmp_path, header, amount, others)
    assert findings(document, "no-currency") == []
    assert totals(document)["revenue"]["value"] == sum(100 + n for n in range(60))


def test_a_column_of_kronor_next_to_countries(tmp_path: Path) -> None:
    document = orders(tmp_path, f"{HEADER};Valuta;Land", "{}", ["kr;SE", "kr;NO"])
    assert totals(document)["revenue"]["value"] is None


@pytest.mark.parametrize(("blank", "has_value"), [(1, True), (4, True), (30, False)])
def test_amounts_without_a_currency_lower_the_trust(tmp_path: Path, blank: int, has_value: bool) -> None:
    rows = [
        f"{4000 + n};2026-01-{1 + n % 28:02d} 10:00;K{n % 9};100;{'' if n < blank else 'SEK' if n < 45 else 'NOK'}"
        for n in range(60)
    ]
    document = report_json(written(tmp_path, "orders", f"{HEADER};Valuta", *rows), "--period", "2026-01")
    found = {one["currency"]: one for one in document["results"] if one["kpi"] == "revenue"}
    of = {"SEK": 45 - blank, "NOK": 15}
    for currency, rows_of in of.items():
        trust = found[currency]["trust"]
        assert (trust["unread"], trust["of"]) == (blank, rows_of + blank)
        assert (found[currency]["value"] is not None) is (rows_of >= blank and has_value)


def test_short_names_of_kronor(tmp_path: Path) -> None:
    document = orders(tmp_path, f"{HEADER};Valuta", "{}", ["NKR", "skr", "DKR"])
    found = {one["currency"] for one in document["results"] if one["kpi"] == "revenue"}
    assert found == {"NOK", "SEK", "DKK"}


RATES = "Order ID;Order date;Customer;Amount;Exchange rate"


@pytest.mark.parametrize(
    ("header", "rates"),
    [
        (f"{HEADER};Valutakurs", ["1,00", "11,32", "1,00", "0,97"]), (f"{HEADER};Växelkurs", ["", "11,32"]), (RATES, ["1", "0.089"]),
        (f"{HEADER};Kurs", ["1", "11,4"]), ("Ordrenummer;Ordredato;Kunde;Beløp;Vekslingskurs".replace("Vekslings", "Veksel"), ["1", "11,7", "10,2"]),
        (f"{HEADER};FX rate", ["7.46", "11.2"]), (f"{HEADER};Valutakurs", ["1,00", "0,97"]),
    ],
)  # fmt: skip
def test_money_next_to_the_rates_of_several_currencies_is_no_one_sum(
    tmp_path: Path, header: str, rates: list[str]
) -> None:
    document = orders(tmp_path, header, "{}", rates)
    assert "exchange rates" in findings(document, "no-currency")[0]
    found = totals(document)
    assert (found["revenue"]["value"], found["aov"]["value"]) == (None, None)
    assert found["active_customers"]["value"] == 9


@pytest.mark.parametrize(
    ("header", "amount", "rates"),
    [
        (f"{HEADER};Valutakurs", "{}", ["1,00"]), (f"{HEADER};Valutakurs", "{}", ["11,32", "11,48", "10,96"]), (f"{HEADER} (SEK);Valutakurs", "{}", ["1,00", "11,32"]),
        (f"{HEADER};Kurs", "{}", ["1", "2"]), (f"{HEADER};Kurs", "{}", ["Excel", "Word"]), (f"{HEADER};Rate", "{}", ["0.25", "0.12", "0.06"]),
        (f"{HEADER};Kurs", "{}", ["1", "3", "5"]), (f"{HEADER};Rate", "{}", ["1", "2", "4", "5"]),
        (f"{HEADER};Valutakurs", "{} SEK", ["1,00", "11,32"]),
    ],
)  # fmt: skip
def test_money_of_one_currency_next_to_rates(tmp_path: Path, header: str, amount: str, rates: list[str]) -> None:
    document = orders(tmp_path, header, amount, rates)
    assert not any("exchange rates" in text for text in findings(document, "no-currency"))
    assert totals(document)["revenue"]["value"] == sum(100 + n for n in range(60))


def test_a_column_of_currencies_says_more_than_rates(tmp_path: Path) -> None:
    document = orders(tmp_path, f"{HEADER};Valutakurs;Valuta", "{}", ["1,00;SEK", "11,32;EUR"])
    assert len([one for one in document["results"] if one["kpi"] == "revenue"]) == 2
