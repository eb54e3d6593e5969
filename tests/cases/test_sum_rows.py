"""Rows that sum others, and headers that stand again, counted as cases.

A sum says so by a word in any language we read, and lacks what the cases have or holds the sum or mean of their numbers. What is
merely called `Total` stays.
"""

from pathlib import Path

import pytest
from reported import CASES, reported

TICKETS = ["Ärendenummer;Grupp;Status;Skapad;Löst"] + [
    f"{number};{group};Löst;2025-09-0{number} 09:00;2025-09-0{number} 11:00"
    for number, group in enumerate(("Faktura", "Faktura", "Support", "Support"), 1)
]


def _written(folder: Path, lines: list[str], name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_a_sum_row_is_no_ticket() -> None:
    """Hand-worked: four tickets, three of them resolved."""
    found = reported(CASES / "sum-row-below-tickets.csv", "--by", "group")
    assert found.value("tickets_created") == 4
    assert found.value("resolution_rate") == 0.75
    assert found.value("tickets_created", group="4") is None
    assert found.refused == [{"sum row": 1}]


@pytest.mark.parametrize(
    "line",
    ["Summa;4;;;", "Totalt;;;;", "Sum:;4;;;", "TOTAL;4;;;", "Yhteensä;4;;;", "I alt;;4;;", "Gesamt;4;;;", "Grand Total;4;4;;",
     "Genomsnitt;;;;2,0", "Gjennomsnitt;;;;2,0", ";Summa;4;;", "Totalt antal ärenden: 4;;;;", "Medelvärde;;;;2 h", "Antal;4;;;"],
)  # fmt: skip
def test_sums_are_known_in_every_language_we_read(tmp_path: Path, line: str) -> None:
    found = reported(_written(tmp_path, [*TICKETS, line]), "--kpi", "tickets_created")
    assert found.value("tickets_created") == 4
    assert found.refused == [{"sum row": 1}]


def test_subtotals_of_groups_and_headers_that_stand_again_are_left_out(tmp_path: Path) -> None:
    lines = [*TICKETS[:3], ";Faktura Summa;2;;", TICKETS[0], *TICKETS[3:], ";Support Summa;2;;", ";Totalsumma;4;;"]
    found = reported(_written(tmp_path, lines), "--by", "group")
    assert found.value("tickets_created") == 4
    assert found.value("tickets_created", group="Faktura") == 2
    assert found.refused == [{"repeated header": 1, "sum row": 3}]


def test_a_sum_below_ratings_sets_no_scale(tmp_path: Path) -> None:
    """Hand-worked: six of six are satisfied on 1 to 5."""
    lines = ["Svars-ID;Datum;Kund;Grupp;Nöjdhet (1-5)"] + [f"{at};2025-09-0{at};c{at};A;4,5" for at in range(1, 7)]
    for last in ("Summa;;;;27,0", "Medelvärde;;;;4,5", ";;;;27,0"):
        found = reported(_written(tmp_path, [*lines, last]), "--kpi", "csat")
        assert (found.value("csat"), found.result("csat")["n"]) == (1.0, 6)


@pytest.mark.parametrize("name", ["Total", "Summa", "Sum"])
def test_a_customer_called_total_stays(tmp_path: Path, name: str) -> None:
    lines = ["Customer;Order ID;Order date;Amount", f"{name};A1;2025-09-01;100", "Acme;A2;2025-09-02;50", f"{name};A3;2025-09-03;150",
             f"{name};;;300"]  # fmt: skip
    found = reported(_written(tmp_path, lines[:-1]))
    assert found.value("revenue") == 300
    assert found.value("active_customers") == 2
    assert found.refused == [{}]


def test_a_product_called_total_with_an_amount_like_the_sum_stays(tmp_path: Path) -> None:
    lines = [
        "Product;Order ID;Order date;Amount",
        "Soap;A1;2025-09-01;100",
        "Soap;A2;2025-09-02;50",
        "Total;A3;2025-09-03;150",
    ]
    assert reported(_written(tmp_path, lines)).value("revenue") == 300


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Summa 2025-08;2025-08-31;;30,50", "Summa 2025-09;2025-09-30;;70"),
        ("Delsumma augusti;2025-08-31;;30,50", "Totalt;2025-09-30;;100,5"),
        ("Sum 2025-08;2025-08;;30.50", "Sum 2025-09;2025-09;;70.00"),
        ("Augusti summa;2025-08-29;;30,50", "Totalsumma 2025;2025-09-30;;100,50"),
    ],
)
def test_a_sum_that_has_a_date_is_no_order(tmp_path: Path, first: str, second: str) -> None:
    """Hand-worked: 10.50 + 20 + 30 + 40."""
    lines = ["Ordernummer;Orderdatum;Kundnummer;Belopp", "1;2025-08-01;7;10,50", "2;2025-08-03;8;20,00", first,
             "3;2025-09-01;7;30,00", "4;2025-09-03;9;40,00", second]  # fmt: skip
    found = reported(_written(tmp_path, lines))
    assert found.value("revenue") == 100.5
    assert found.refused == [{"sum row": 2}]


@pytest.mark.parametrize(
    "last", ["Summa AB;2025-09-04;9;90", "Total;2025-09-04;9;100,5", "Sum 2025-09;2025-09-30;6;103"]
)
def test_a_dated_row_that_adds_nothing_up_stays(tmp_path: Path, last: str) -> None:
    lines = [
        "Kund;Orderdatum;Ordernummer;Belopp",
        "A;2025-08-01;7;10,50",
        "B;2025-08-03;8;20,00",
        "A;2025-09-01;5;70,00",
        last,
    ]
    found = reported(_written(tmp_path, lines))
    assert found.refused == [{}]
    assert found.value("revenue") == pytest.approx(100.5 + float(last.rsplit(";", 1)[1].replace(",", ".")))


def test_blank_rows_and_columns_next_to_a_sum_change_nothing(tmp_path: Path) -> None:
    wide = [f"{line};;" for line in TICKETS]
    found = reported(_written(tmp_path, [*wide, ";;;;;;", "Summa;4;;;;;", ";;;;;;"]))
    assert found.values == reported(_written(tmp_path, TICKETS, "plain.csv")).values


def test_a_large_file_loses_its_sum_too(tmp_path: Path) -> None:
    """Past the size that people keep by hand; padded so that few rows make it up."""
    pad = "x" * 2000
    lines = ["Ärendenummer;Status;Skapad;Löst;Text"] + [
        f"{at};Löst;2025-09-01 09:00;2025-09-01 11:00;{pad}" for at in range(2500)
    ]
    found = reported(_written(tmp_path, [*lines, lines[0], "Summa;2500;;;"]), "--kpi", "tickets_created")
    assert found.value("tickets_created") == 2500
    assert found.refused == [{"repeated header": 1, "sum row": 1}]


@pytest.mark.parametrize(
    ("header", "last"),
    [
        ("Datum;NPS;CSAT", ("Medel;4,6;3,0",)),
        ("Datum;NPS;CSAT", ("Genomsnitt;7,1;4,2", "Antal svar;4;4")),
        ("Date;NPS;CSAT", ("Average;7.1;4.2",)),
    ],
)
def test_a_word_for_a_mean_among_days_is_no_answer(tmp_path: Path, header: str, last: tuple[str, ...]) -> None:
    rows = [f"2026-03-{at:02};{mark};{at % 5 + 1}" for at, mark in enumerate((10, 9, 3, 8, 10, 7), 1)]
    (tmp_path / "survey.csv").write_text("\n".join([header, *rows, *last, ""]), encoding="utf-8")
    found = reported(tmp_path / "survey.csv", "--kpi", "answers_received")
    assert found.value("answers_received") == len(rows)
    assert found.refused == [{"sum row": len(last)}]


@pytest.mark.parametrize(
    "last", ["Snitt mars;2026-03-31;8", "Medel mars;2026-03-31;8,3", "Average March;2026-03-31;8.25"]
)
def test_a_mean_with_a_day_is_no_answer(tmp_path: Path, last: str) -> None:
    rows = ["1;2026-03-01;10", "2;2026-03-10;10", "3;2026-03-20;3", "4;2026-03-31;10"]
    (tmp_path / "survey.csv").write_text("\n".join(["Svars-ID;Svarsdatum;NPS", *rows, last, ""]), encoding="utf-8")
    assert reported(tmp_path / "survey.csv", "--kpi", "nps").value("nps") == 50
