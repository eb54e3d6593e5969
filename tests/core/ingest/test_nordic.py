"""Files as Nordic spreadsheets and survey tools write them, read from end to end."""

from datetime import datetime
from pathlib import Path

import pytest
from reported import english

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.fields.sample_cells import ReadingChoices
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import select

UNASKED = Choices()


def read(folder: Path, text: str, choices: Choices = UNASKED, encoding: str = "utf-8") -> Dataset:
    path = folder / "eksport.csv"
    path.write_bytes(text.encode(encoding))
    return read_exports([str(path)], choices, frozenset())


def test_a_norwegian_day_and_clock_in_two_columns_with_a_dot_in_the_clock(tmp_path: Path) -> None:
    text = "Saksnummer;Dato;Klokkeslett;Status\n1;1.3.2024;14.05;Løst\n2;13.3.2024;9.30;Åpen\n"
    dataset = read(tmp_path, text, encoding="cp1252")
    found = dataset.tables["tickets"]["created_at"].sort().to_list()
    assert found == [datetime(2024, 3, 1, 14, 5), datetime(2024, 3, 13, 9, 30)]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8-sig", "utf-16"])
def test_letters_in_the_header_alone_are_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    dataset = read(tmp_path, "Ärendenummer;Skapad;Löst\n1;2024-03-01;2024-03-02\n", encoding=encoding)
    assert {"created_at", "resolved_at"} <= set(dataset.tables["tickets"].columns)


def test_hours_with_decimal_comma_and_no_break_spaces(tmp_path: Path) -> None:
    text = "Ärendenummer;Skapad;Status;Svarstid (timmar)\n1;2024-03-01 10:00;Löst;1\u00a0234,5\n2;2024-03-01 11:00;Löst;0,25\n"
    found = read(tmp_path, text).tables["tickets"]["first_reply_time"].sort().to_list()
    assert found == [900, 4_444_200]


def test_the_decimal_mark_that_is_given_settles_a_duration_in_doubt(tmp_path: Path) -> None:
    text = "Ticket ID;Created;Status;Response time (hours)\n1;2024-03-01 10:00;Solved;1,234\n"
    result = Choices(cells=ReadingChoices(decimal=","))
    assert read(tmp_path, text, result).tables["tickets"]["first_reply_time"].to_list() == [4442]


@pytest.mark.parametrize("week", ["uke 24", "v. 9 2024", "2024-W09"])
def test_a_week_is_no_date(tmp_path: Path, week: str) -> None:
    dataset = read(tmp_path, f"Saksnummer;Opprettet;Status\n1;{week};Løst\n")
    assert "created_at" not in dataset.tables["tickets"].columns
    assert any(f"holds weeks, for example `{week}`" in found.text for found in dataset.findings if found.is_serious)


def test_a_week_is_its_monday_where_that_is_asked(tmp_path: Path) -> None:
    result = Choices(cells=ReadingChoices(date_formats=("v. %V %G",)))
    dataset = read(tmp_path, "Ärendenummer;Skapad;Status\n1;v. 9 2024;Löst\n2;v. 53 2020;Löst\n", result)
    assert dataset.tables["tickets"]["created_at"].sort().to_list() == [datetime(2020, 12, 28), datetime(2024, 2, 26)]


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["1 - Svært fornøyd", "2 - Fornøyd", "4 - Misfornøyd", "5 - Svært misfornøyd", "6 - Ikke relevant"], (2, 4)),
        (["5 - Svært fornøyd", "4 - Fornøyd", "2 - Misfornøyd", "1 - Svært misfornøyd", "Vet ikke"], (2, 4)),
        (["Erittäin tyytyväinen", "Tyytymätön", "Neutraali", "En osaa sanoa", "Tyytyväinen"], (2, 4)),
    ],
)
def test_satisfaction_is_what_the_words_say_whichever_way_they_are_numbered(
    tmp_path: Path, cells: list[str], shares: tuple[int, int]
) -> None:
    rows = "".join(f"{place};2024-03-{place + 1:02d};{cell}\n" for place, cell in enumerate(cells))
    dataset = read(tmp_path, f"Response ID;Dato;Tilfredshet\n{rows}")
    report = summarise(dataset, Request(kpis=select(["csat"]), period="all"))
    assert [(result.estimate.value, result.estimate.n) for result in report.totals] == [
        (shares[0] / shares[1], shares[1])
    ]


def test_rows_of_delimiters_are_blank_and_nothing_else(tmp_path: Path) -> None:
    text = "sep=;\r\nÄrendenummer;Skapad;Status;\r\n1;2024-03-01;Löst;\r\n;;;\r\n;;;\r\n"
    (source,) = read(tmp_path, text).sources
    assert (source.rows_read, source.rows_used, english(source.rows_refused)) == (3, 1, {"blank row": 2})


def test_two_orders_are_refused_with_their_rows_whatever_the_format(tmp_path: Path) -> None:
    text = "Ticket ID,Created,Status\n1,25/12/2021,Open\n2,03/04/2021,Open\n3,12/26/2021,Open\n"
    with pytest.raises(ExportError, match="`25/12/2021` in row 2 and `12/26/2021` in row 4") as caught:
        read(tmp_path, text)
    assert caught.value.where is not None
    assert caught.value.where.endswith("eksport.csv")


def test_dots_have_the_day_first_unless_they_show_otherwise(tmp_path: Path) -> None:
    text = "Saksnummer,Opprettet,Status\n1,03.04.2024,Løst\n2,{},Løst\n"
    assert read(tmp_path, text.format("04.05.2024")).tables["tickets"]["created_at"].min() == datetime(2024, 4, 3)
    assert read(tmp_path, text.format("03.25.2024")).tables["tickets"]["created_at"].min() == datetime(2024, 3, 4)
