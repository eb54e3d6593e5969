"""What a header says of its numbers: a unit of time, a currency, thousands, VAT. The column is known by the rest of it."""

from pathlib import Path

import pytest
from reported import Reported, reported

from kpi_core.ingest.headers.header_units import currency_of, factor_of, named, without_unit
from kpi_core.model.tables import Kind


def orders(path: Path, *amounts: str) -> Reported:
    header = ";".join(("Ordernr", "Datum", "Kund", *amounts))
    rows = [";".join((str(at), f"2026-09-0{at}", f"K{at}", *("100,5" for _ in amounts))) for at in (1, 2, 3)]
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return reported(path)


@pytest.mark.parametrize(
    ("header", "revenue", "currency"),
    [
        ("Belopp (SEK)", 301.5, "SEK"), ("Belopp, NOK", 301.5, "NOK"), ("Amount in EUR", 301.5, "EUR"), ("Belopp (kr)", 301.5, None),
        ("Summa exkl moms", 301.5, None), ("Summa (exkl. moms)", 301.5, None), ("Beløp ekskl. mva (NOK)", 301.5, "NOK"),
        ("Belopp (tkr)", 301_500, None), ("Beløp (1000 NOK)", 301_500, "NOK"), ("Belopp i tusental kronor", 301_500, None),
        ("Amount (SEK thousands)", 301_500, "SEK"), ("Sum (i hele tusen)", 301_500, None), ("Belopp (000 kr)", 301_500, None), ("Amount ($000)", 301_500, None), ("Belopp (öre)", 3.015, None), ("Amount in cents", 3.015, None), ("Belopp, tusen kr", 301_500, None), ("Belopp (Tkr.)", 301_500, None), ("Kampanj 2000 kr", None, None), ("Belopp (kSEK)", 301_500, "SEK"), ("Omsättning", None, None),
    ],
)  # fmt: skip
def test_an_amount(tmp_path: Path, header: str, revenue: float | None, currency: str | None) -> None:
    found = orders(tmp_path / "o.csv", header)
    assert found.value("revenue") == revenue
    if revenue is not None:
        assert {each["currency"] for each in found.document["results"] if each["kpi"] == "revenue"} == {currency}
    assert ("1,000 for each 1" in found.notes) == (revenue == 301_500)


@pytest.mark.parametrize("headers", [("Summa exkl moms", "Summa inkl moms"), ("Beløp ekskl. mva", "Beløp inkl. mva")])
def test_of_two_amounts_the_one_that_is_not_read_is_named(tmp_path: Path, headers: tuple[str, ...]) -> None:
    text = orders(tmp_path / "o.csv", *headers).finding_text("unread-amount")
    assert [f"`{header}` is not read" in text for header in headers].count(True) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Svarstid (tim)", 5400), ("Svarstid (h)", 5400), ("Svarstid, h", 5400), ("Svartid (t)", 5400), ("First reply time (hrs)", 5400),
        ("Svarstid (min)", 90), ("Svartid i minutter", 90), ("Vasteaika (sek)", 2), ("Response time (min.)", 90),
    ],
)  # fmt: skip
def test_a_duration(tmp_path: Path, header: str, seconds: int) -> None:
    rows = "".join(f"{at};2026-09-0{at} 09:00;Open;1,5\n" for at in (1, 2, 3))
    path = tmp_path / "t.csv"
    path.write_text(f"Ticket ID;Created at;Status;{header}\n{rows}", encoding="utf-8")
    assert reported(path).value("first_reply_time") == seconds


def test_hours_to_resolve_are_no_time_of_resolution(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ärendenummer;Skapad;Status;Löst (timmar)\n1;2026-09-01 09:00;Löst;45,5\n", encoding="utf-8")
    assert "resolved_at" not in reported(path).notes


@pytest.mark.parametrize("header", ["Musik", "Cost per lead", "Response time", "Ordersumma", "Tid"])
def test_a_word_that_only_ends_alike_is_no_unit(header: str) -> None:
    assert without_unit(header, Kind.NUMBER) == without_unit(header, Kind.DURATION) == header
    assert (currency_of(header), factor_of(header)) == (None, 1)


def test_two_amounts_of_one_name_are_neither() -> None:
    assert named(["Belopp (SEK)", "Belopp (EUR)"], ["Belopp"], Kind.NUMBER) == []
    assert named(["Svarstid (tim)", "Svarstid (min)"], ["Svarstid"], Kind.DURATION) == [0, 1]
