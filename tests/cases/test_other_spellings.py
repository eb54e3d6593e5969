"""Spellings that people's own exports have: of a survey's date, a customer's number, a month of costs, a rating, and of no customer."""

from pathlib import Path

import polars as pl
import pytest
from reported import Reported, reported

from kpi_core.ingest.cells.dates.dates import sniff_dates
from kpi_core.ingest.fields.unassigned import is_nobody


def read(folder: Path, *lines: str) -> Reported:
    (folder / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return reported(folder / "a.csv")


@pytest.mark.parametrize("header", ["Tidsstämpel", "Svarad", "Svarsdag", "Inskickat", "Tidpunkt"])
def test_the_date_of_a_survey(tmp_path: Path, header: str) -> None:
    rows = [f"2026-03-{1 + at:02d} 10:00;{(1, 4, 5)[at % 3]}" for at in range(24)]
    assert read(tmp_path, f"{header};Hur nöjd är du med vår service?", *rows).value("csat") == pytest.approx(2 / 3)


def test_the_number_of_a_customer_in_a_list_of_orders(tmp_path: Path) -> None:
    rows = [f"{5000 + at};2026-03-{1 + at:02d};{at % 7};{100 + at},50" for at in range(20)]
    assert read(tmp_path, "Ordernr;Orderdatum;Kundnr;Belopp", *rows).value("revenue") == pytest.approx(2200)


def test_a_month_as_a_spreadsheet_writes_it() -> None:
    found = sniff_dates(pl.Series(["aug-26", "sep-26", "okt-26"]), column="Månad")
    assert found.is_month


def test_a_rating_with_and_without_a_comment(tmp_path: Path) -> None:
    words = ["Good", "Good with comment", "Bad with comment", "Bad"]
    rows = [f"{at},2026-03-{1 + at:02d} 08:00,2026-03-{1 + at:02d} 09:00,Solved,{words[at % 4]}" for at in range(20)]
    found = read(tmp_path, "Ticket ID,Created at,Solved at,Status,Satisfaction score", *rows)
    assert found.value("csat") == pytest.approx(0.5)


def test_no_customer_is_called_nought() -> None:
    cells = pl.DataFrame({"cell": ["0", "000", "10", "kund0"]})
    assert cells.select(is_nobody(pl.col("cell"))).to_series().to_list() == [True, True, False, False]
