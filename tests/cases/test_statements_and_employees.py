"""Satisfaction asked as a statement, with the words that agree to it; and what employees are asked, which is no KPI of customers."""

from pathlib import Path

import pytest
from invoked import piped
from small_reports import report_json, totals, written

FITS = ("Stämmer inte alls", "Stämmer dåligt", "Stämmer delvis", "Stämmer ganska bra", "Stämmer helt")
FITS_NB = ("Stemmer ikke", "Stemmer dårlig", "Stemmer delvis", "Stemmer ganske bra", "Stemmer helt")
AGREES = ("Helt uenig", "Delvis uenig", "Verken eller", "Delvis enig", "Helt enig")
AGREES_EN = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")


def survey(folder: Path, header: str, words: tuple[object, ...]) -> Path:
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:00;{words[(0, 1, 2, 2, 3, 4, 4)[n % 7]]}" for n in range(70)]
    return written(folder, "answers", f"Svars-ID;Submitted;{header}", *rows)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Jag är nöjd med supporten", FITS), ("Vi är mycket nöjda med er kundtjänst", FITS), ("Jeg er fornøyd med supporten", AGREES), ("Jeg er fornøyd med hjelpen jeg fikk", FITS_NB),
        ("I am satisfied with the support I received", AGREES_EN), ("Jeg er tilfreds med hjælpen", AGREES),
    ],
)  # fmt: skip
def test_a_statement_is_read(tmp_path: Path, header: str, words: tuple[object, ...]) -> None:
    found = totals(report_json(survey(tmp_path, header, words), "--period", "2026-01"))
    assert found["csat"]["value"] == pytest.approx(3 / 7)


@pytest.mark.parametrize(
    "header",
    [
        "Hur nöjd är du som medarbetare?", "Hvor fornøyd er du som ansatt?", "How satisfied are you as an employee?", "Hur nöjd är du med din arbetsplats?",
        "Hvor fornøyd er du med lederen din?", "How satisfied are you with your job?", "Jag är nöjd med min närmaste chef", "Hvor tilfreds er du som medarbejder?",
    ],
)  # fmt: skip
def test_what_employees_are_asked_is_refused(tmp_path: Path, header: str) -> None:
    assert piped("report", survey(tmp_path, header, (1, 2, 3, 4, 5))).code == 3


@pytest.mark.parametrize(
    ("header", "kpi"),
    [
        ("How satisfied are you with your work order?", "csat"), ("Hur nöjd är du med arbetet som utfördes?", "csat"), ("Hvor fornøyd er du med arbeidet som ble gjort?", "csat"),
        ("How likely are you to recommend us to your colleagues?", "nps"), ("Hur troligt är det att du rekommenderar oss till dina kollegor?", "nps"), ("Hur nöjd är du med vår medarbetare?", "csat"),
    ],
)  # fmt: skip
def test_what_customers_are_asked_is_read(tmp_path: Path, header: str, kpi: str) -> None:
    words = (0, 3, 6, 9, 10) if kpi == "nps" else (1, 2, 3, 4, 5)
    assert totals(report_json(survey(tmp_path, header, words), "--period", "2026-01"))[kpi]["value"] is not None
