"""Everyday forms that were refused: a code behind its word, an end that is `No`, an address as the customer, `Skulle du rekommendera oss`."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from reported import reported
from small_surveys import report, survey, values


@pytest.mark.parametrize(
    ("kpi", "header", "cells", "value"),
    [
        ("nps", "How likely is it that you would recommend us?", ["Extremely likely - 10", "8", "Not at all likely - 0", "Extremely likely - 10"], 25),
        ("nps", "Hur sannolikt är det att du rekommenderar oss?", ["Mycket sannolikt - 10", "9", "Inte alls sannolikt - 0", "7"], 25),
        ("csat", "How satisfied are you?", ["Very satisfied (5)", "Satisfied (4)", "Neutral (3)", "Very dissatisfied (1)"], 0.5),
        ("csat", "Hur nöjd är du?", ["Mycket nöjd (5)", "Nöjd (4)", "Mycket missnöjd (1)", "Mycket nöjd (5)"], 0.75),
        ("csat", "Hvor fornøyd er du?", ["Veldig fornøyd: 5", "Fornøyd: 4", "Misfornøyd: 2", "Veldig misfornøyd: 1"], 0.5),
        ("csat", "How satisfied are you?", ["Very satisfied (1)", "Satisfied (2)", "Dissatisfied (4)", "Very satisfied (1)"], 0.75),
        ("nps", "Skulle du rekommendera oss till en vän? (0-10)", [10, 9, 0, 7], 25),
        ("nps", "Ville du anbefale oss til en venn? (0-10)", [10, 9, 0, 7], 25),
    ],
)  # fmt: skip
def test_a_word_with_its_code_behind_it_is_read(
    tmp_path: Path, kpi: str, header: str, cells: Sequence[object], value: float
) -> None:
    assert values(report(survey(tmp_path, header, cells), kpi=kpi))[kpi] == (pytest.approx(value), len(cells))


@pytest.mark.parametrize(
    ("header", "no"), [("Cancelled", "No"), ("Uppsagd", "Nej"), ("Oppsagt", "Nei"), ("Cancelled", "")]
)
def test_who_has_no_for_an_end_is_there(tmp_path: Path, header: str, no: str) -> None:
    rows = [f"{at},2025-0{1 + at % 9}-10,{'2026-10-05' if at == 3 else no}" for at in range(8)]
    (tmp_path / "c.csv").write_text("\n".join([f"Customer ID,Customer since,{header}", *rows, ""]), encoding="utf-8")
    assert reported(tmp_path / "c.csv", period="2026-10").value("churn_rate") == pytest.approx(1 / 8)


@pytest.mark.parametrize("words", [("Yes", "No"), ("Ja", "Nej")])
def test_an_end_that_is_yes_or_no_has_no_day(tmp_path: Path, words: tuple[str, str]) -> None:
    rows = [f"{at},2025-0{1 + at % 9}-10,{words[at % 2]}" for at in range(8)]
    (tmp_path / "c.csv").write_text("\n".join(["Customer ID,Customer since,Cancelled", *rows, ""]), encoding="utf-8")
    assert reported(tmp_path / "c.csv").value("churn_share") == pytest.approx(0.5)


@pytest.mark.parametrize("header", ["E-post", "Mejladress", "E-mail address"])
def test_an_address_is_the_customer_of_an_order_where_nothing_else_is(tmp_path: Path, header: str) -> None:
    rows = ["1;2026-10-01;a@x.se;100", "2;2026-10-15;b@x.se;100", "3;2026-10-31;a@x.se;100"]
    (tmp_path / "o.csv").write_text("\n".join([f"Ordernr;Orderdatum;{header};Belopp", *rows, ""]), encoding="utf-8")
    assert reported(tmp_path / "o.csv").value("orders_per_customer") == 1.5


def test_one_row_a_question_with_a_number_of_the_response_in_one_word(tmp_path: Path) -> None:
    rows = ["1;2026-10-01;NPS;10", "1;2026-10-01;Nöjdhet (1-5);5", "2;2026-10-31;NPS;3", "2;2026-10-31;Nöjdhet (1-5);2"]
    (tmp_path / "s.csv").write_text("\n".join(["Svarsid;Datum;Fråga;Svar", *rows, ""]), encoding="utf-8")
    found = reported(tmp_path / "s.csv")
    assert (found.value("nps"), found.value("csat")) == (0, 0.5)
