"""Rows that stand for many answers, reviews or orders, by a column that says how many or how much: each counted as one."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written


@pytest.mark.parametrize(
    ("kpi", "column", "lines"),
    [
        ("nps", "Antal", ("Datum;NPS;Antal", "2026-10-01;10;50", "2026-10-15;3;10", "2026-10-31;10;5")),
        ("csat", "Count", ("Response ID,Date,CSAT (1-5),Count", "1,2026-10-01,5,80", "2,2026-10-31,1,2")),
        ("nps", "Vikt", ("Svarsid;Svarsdatum;NPS (0-10);Vikt", "1;2026-10-01;10;0,5", "2;2026-10-31;3;1,5")),
        ("review_rating", "Number of reviews", ("Date,Stars,Number of reviews,Review site", "2026-10-01,5,80,Google", "2026-10-31,1,5,Google")),
        ("tickets_created", "Antal", ("Datum;Kategori;Kanal;Antal;Status", "2026-10-01;Faktura;Telefon;5;Löst", "2026-10-31;Teknik;Telefon;4;Löst")),
        ("tickets_created", "Antall", ("Dato;Kategori;Antall;Status", "01.10.2026;Faktura;5;Løst", "31.10.2026;Teknikk;4;Løst")),
        ("tickets_created", "Number of calls", ("Date,Channel,Status,Number of calls", "2026-10-01,Phone,Solved,12", "2026-10-31,Phone,Solved,7")),
        ("tickets_created", "Tickets solved", ("Date;Agent;Tickets solved;Avg first reply time (min);CSAT", "2026-10-01;Ann;11;40;4", "2026-10-31;Bo;9;35;5")),
        ("tickets_created", "Lösta ärenden", ("Datum;Kategori;Kanal;Lösta ärenden;Status", "2026-10-01;Faktura;Telefon;5;Löst", "2026-10-31;Teknik;Telefon;4;Löst")),
        ("tickets_created", "Besvarte henvendelser", ("Dato;Kategori;Besvarte henvendelser;Status", "01.10.2026;Faktura;5;Løst", "31.10.2026;Teknikk;4;Løst")),
        ("aov", "Antal ordrar", ("Orderdatum;Antal ordrar;Summa", "2026-10-01;10;5000", "2026-10-31;8;4000")),
    ],
)  # fmt: skip
def test_a_row_that_stands_for_many_counts_as_none(
    tmp_path: Path, kpi: str, column: str, lines: tuple[str, ...]
) -> None:
    document = report_json(written(tmp_path, "many", *lines), "--kpi", kpi, "--period", "2026-10")
    assert totals(document)[kpi]["value"] is None
    (finding,) = findings(document, "rows-of-many")
    assert f"`{column}`" in finding


@pytest.mark.parametrize(
    ("kpi", "lines"),
    [
        ("nps", ("Svarsid;Svarsdatum;NPS (0-10);Antal", "1;2026-10-01;10;1", "2;2026-10-31;3;1")),
        ("review_rating", ("Review ID,Author,Date,Stars,Number of reviews,Review", "1,Ann,2026-10-01,5,80,x", "2,Bo,2026-10-31,1,5,y")),
        ("aov", ("Ordernr;Orderdatum;Kund;Antal;Belopp", "1;2026-10-01;a;3;500", "2;2026-10-31;b;2;400")),
        ("tickets_created", ("Ärendenr;Datum;Kategori;Antal;Status", "1;2026-10-01;Faktura;5;Löst", "2;2026-10-31;Teknik;4;Löst")),
        ("tickets_created", ("Datum;Kategori;Kund;Antal;Status", "2026-10-01;Faktura;a@x.se;5;Löst", "2026-10-31;Teknik;b@x.se;4;Löst")),
        ("tickets_created", ("Datum;Kategori;Kanal;Antal;Status", "2026-10-01 08:15;Faktura;Telefon;5;Löst", "2026-10-31 09:30;Teknik;Telefon;4;Löst")),
        ("nps", ("Svarsid;Svarsdatum;NPS (0-10);Antal ärenden", "1;2026-10-01;10;4", "2;2026-10-31;3;2")),
    ],
)  # fmt: skip
def test_a_number_of_other_things_is_none_of_the_rows(tmp_path: Path, kpi: str, lines: tuple[str, ...]) -> None:
    document = report_json(written(tmp_path, "many", *lines), "--kpi", kpi, "--period", "2026-10")
    assert totals(document)[kpi]["value"] is not None
    assert findings(document, "rows-of-many") == []
