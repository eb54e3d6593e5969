"""Rows that add up those above them and say so in a later column: a line `Summa` of each order, a month's `Summa` among its costs."""

from pathlib import Path

import polars as pl
import pytest
from reported import reported

from kpi_core.ingest.rows.sum_rows import SUM, unlike_cases


def sums(*lines: str) -> list[int]:
    """The rows that are sums, counted from 0; the first line is the header."""
    cells = [line.split(";") for line in lines]
    table = pl.DataFrame({f"c{place}": [row[place] for row in cells[1:]] for place in range(len(cells[0]))})
    found = unlike_cases(table, cells[0]).get(SUM)
    return [] if found is None else found.arg_true().to_list()


ORDERS = "Ordernummer;Orderdatum;Kund;Artikel;Belopp"


@pytest.mark.parametrize("word", ["Summa", "Total", "Sum", "Yhteensä", "Subtotal", "Delsumma", "Summa order"])
def test_the_sum_of_an_orders_lines_is_no_line(word: str) -> None:
    rows = ["1;2026-03-01;A;Stol;832", "1;2026-03-01;A;Bord;174,50", f"1;2026-03-01;A;{word};1006,50", "2;2026-03-02;B;Lampa;514",
            "2;2026-03-02;B;Frakt;49", f"2;2026-03-02;B;{word};563", "3;2026-03-03;C;Stol;832"]  # fmt: skip
    assert sums(ORDERS, *rows) == [2, 5]


def test_the_sum_of_a_single_line_is_one_where_the_others_are() -> None:
    rows = ["1;2026-03-01;A;Stol;832", "1;2026-03-01;A;Bord;174", "1;2026-03-01;A;Summa;1006", "2;2026-03-02;B;Lampa;514",
            "2;2026-03-02;B;Stol;10", "2;2026-03-02;B;Summa;524", "3;2026-03-03;C;Stol;832", "3;2026-03-03;C;Summa;832"]  # fmt: skip
    assert sums(ORDERS, *rows) == [2, 5, 7]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Datum;Slag;Leverantör;Belopp", ["2026-01-15;Support;Telia;10", "2026-01-15;Support;Puzzel;20", "2026-01-28;Support;Summa;30"]),
        ("Månad;Kostnadsslag;Belopp", ["2026-01;Support;41977,00", "2026-01;Marknad;13532,00", "2026-01;Summa;55509,00"]),
        ("Datum;Kostnadsslag;Belopp", ["2026-01-15;Support;46", "2026-01-16;Support;48", "2026-01-28;Support totalt;94"]),
        ("Datum;Handläggare;Ärende;Klart", ["2026-01-01;Eva;Fråga 1;2026-01-02", "2026-01-02;Eva;Fråga 2;2026-01-03", "2026-01-02;Summa v1;2;"]),
    ],
)  # fmt: skip
def test_sums_of_costs_and_tickets_are_none_of_them(header: str, rows: list[str]) -> None:
    assert sums(header, *rows) == [2]


@pytest.mark.parametrize(
    "rows",
    [
        ["1;2026-03-01;A;Stol;100", "2;2026-03-02;B;Stol;50", "3;2026-03-03;C;Total;150"],
        ["1;2026-03-01;A;Stol;100", "1;2026-03-01;A;Bord;50", "1;2026-03-01;A;Total care;140"],
        ["1;2026-03-01;A;Stol;100", "1;2026-03-01;A;Total;100", "2;2026-03-02;B;Total;100", "2;2026-03-02;B;Stol;40"],
        ["1;2026-03-01;A;Total;100", "1;2026-03-01;A;Total;50", "1;2026-03-01;A;Total;150"],
    ],
)
def test_what_is_called_so_and_adds_nothing_up_stays(rows: list[str]) -> None:
    assert sums(ORDERS, *rows) == []


def test_an_order_is_its_lines_without_their_sum(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = ["1;2026-03-01;A;Stol;800", "1;2026-03-01;A;Bord;174", "1;2026-03-01;A;Summa;974", "2;2026-03-02;B;Stol;26"]
    path.write_text("\n".join(["Ordernummer;Orderdatum;Kundnummer;Artikel;Belopp", *rows]), encoding="utf-8")
    found = reported(path, "--kpi", "revenue")
    assert found.value("revenue") == 1000
    assert found.refused == [{"line of an order": 1, "sum row": 1}]
