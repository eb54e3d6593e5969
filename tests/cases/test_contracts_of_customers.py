"""Guards: a list of customers with a row for each contract, refused as of no known format; and lists whose numbers are cut off, refused for another reason or read as one customer."""

from pathlib import Path

import pytest
from invoked import piped
from reported import Reported
from small_surveys import report


def customers(folder: Path, header: str, rows: list[str]) -> Path:
    path = folder / "customers.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def contracts(row: str, *, newest_first: bool) -> list[str]:
    """Twenty customers since January with one contract, ten with two; of these two end one of theirs in March, and one ends both."""
    rows = [row.format(who=who, since="2026-01-05", until="", kind="A") for who in range(20)]
    for who in range(20, 30):
        first = "2026-03-10" if who in (20, 21, 22) else ""
        second = "2026-03-15" if who == 22 else ""
        rows += [
            row.format(who=who, since="2026-01-10", until=first, kind="A"),
            row.format(who=who, since="2026-02-01", until=second, kind="B"),
        ]
    rows.append(row.format(who=99, since="2026-04-20", until="", kind="A"))
    return rows[::-1] if newest_first else rows


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Kundnr;Kund sedan;Slutdatum;Avtal", "{who};{since};{until};{kind}"),
        ("Customer ID;Start date;End date;Plan", "C-{who};{since};{until};{kind}"),
        ("Kundenr;Startdato;Sluttdato;Avtale", "{who};{since};{until};{kind}"),
    ],
)
def test_a_customer_has_left_when_the_last_contract_has_ended(
    tmp_path: Path, header: str, row: str, newest_first: bool
) -> None:
    found = Reported(report(customers(tmp_path, header, contracts(row, newest_first=newest_first)), period="2026-03"))
    assert found.value("churn_rate") == pytest.approx(1 / 30)
    assert found.value("net_customer_change") == -1
    assert found.refused == [{"another contract of a customer": 10}]
    assert "10 customers have 20 rows" in found.finding_text("several-contracts")


def test_who_comes_back_after_a_break_has_left_and_come(tmp_path: Path) -> None:
    rows = contracts("{who};{since};{until};{kind}", newest_first=False)
    rows += ["50;2026-01-07;2026-03-02;A", "50;2026-03-28;;B", "51;2026-01-07;2026-03-31;A", "51;2026-04-01;;B"]
    found = Reported(report(customers(tmp_path, "Kundnr;Kund sedan;Slutdatum;Avtal", rows), period="2026-03"))
    assert found.value("churn_rate") == pytest.approx(2 / 32)
    assert found.value("net_customer_change") == -1
    assert "(1 time)" in found.finding_text("several-contracts")


def test_rows_of_customers_that_begin_together_are_no_contracts(tmp_path: Path) -> None:
    """One row a month of a customer, which no column shows: nobody knows what the rows are."""
    rows = [f"{who};2026-01-{who + 1:02d};;{month}" for who in range(20) for month in ("jan", "feb", "mars")]
    ended = piped("report", str(customers(tmp_path, "Kundnr;Kund sedan;Slutdatum;Rad", rows)))
    assert ended.code == 3
    assert "many of its rows share their `Kundnr`: 20 different ones in 60 rows" in ended.err


CUT = [
    ("Customer ID;Customer since;Cancelled at", "4,67000E+10;2026-03-{day:02d};", "Customer ID", "customers"),
    ("Kundnr;Kund sedan;Slutdatum;Land", "4.67E+10;2026-03-{day:02d};;SE", "Kundnr", "customers"),
    ("Lead ID;Created;Converted", "4,67000E+10;2026-03-{day:02d};Yes", "Lead ID", "leads"),
    ("Customer ID;Customer since;Cancelled at", "617841400000000000;2026-03-{day:02d};", "Customer ID", "customers"),
]


@pytest.mark.parametrize(("header", "row", "column", "table"), CUT)
def test_a_list_whose_numbers_are_cut_off_is_refused_for_that(
    tmp_path: Path, header: str, row: str, column: str, table: str
) -> None:
    ended = piped("report", str(customers(tmp_path, header, [row.format(day=day) for day in range(1, 29)])))
    assert ended.code == 3
    assert f"the numbers of `{column}` are cut off by a spreadsheet" in ended.err
    assert f"so that many {table} have one" in ended.err
    assert "no known export format" not in ended.err


@pytest.mark.parametrize(
    ("header", "row", "kpi", "value"),
    [
        ("Order ID;Order date;Customer ID;Email;Amount", "{n};2026-03-{day:02d};4,67000E+10;k{who}@x.se;10", "active_customers", 14),
        ("Ordrenr;Ordredato;Kundenr;E-postadresse;Beløp", "{n};2026-03-{day:02d};4.67E+10;k{who}@x.se;10", "active_customers", 14),
        ("Kundnr;Kund sedan;Slutdatum;E-post", "4,67000E+10;2026-03-{day:02d};;k{n}@x.se", "net_customer_change", 28),
    ],
)  # fmt: skip
def test_customers_whose_numbers_are_cut_off_are_known_by_their_addresses(
    tmp_path: Path, header: str, row: str, kpi: str, value: float
) -> None:
    """Noted with the figure: the address stands in for the number."""
    rows = [row.format(n=1000 + n, day=1 + n % 28, who=n % 14) for n in range(28)]
    found = Reported(report(customers(tmp_path, header, rows), period="2026-03"))
    assert found.value(kpi) == value
    assert "cut off by a spreadsheet: customers are known by" in found.finding_text("cut-off-numbers")
    result = found.result(kpi)
    assert result is not None
    assert any("customers are known by" in note for note in result["notes"])
