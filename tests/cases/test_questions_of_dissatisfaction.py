"""`Är du missnöjd?` answered by yes and no, or a claim of dissatisfaction that one agrees with: a yes was a satisfied customer."""

from pathlib import Path

import pytest
from small_reports import report_json, totals, written


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Är du missnöjd?", ("Nej", "Ja")),
        ("Er du misfornøyd med hjelpen?", ("Nei", "Ja")),
        ("I am dissatisfied with the support", ("Disagree", "Agree")),
        ("Jag är missnöjd med kundtjänst", ("Instämmer inte", "Instämmer")),
    ],
)
def test_a_no_is_a_satisfied_customer(tmp_path: Path, header: str, words: tuple[str, str]) -> None:
    rows = [f"2026-10-{n * n % 28 + 1:02} {8 + n % 9:02}:{n:02}:00;{words[n % 4 == 0]}" for n in range(60)]
    path = written(tmp_path, "form", f"Tidsstämpel;{header}", *rows)
    csat = totals(report_json(path, "--column", f"csat={header}", "--period", "all"))["csat"]
    assert (csat["value"], csat["n"]) == (0.75, 60)


def test_words_of_satisfaction_say_what_they_say(tmp_path: Path) -> None:
    words = ("Mycket nöjd", "Nöjd", "Varken eller", "Missnöjd")
    rows = [f"2026-10-{n * n % 28 + 1:02} {8 + n % 9:02}:{n:02}:00;{words[n % 4]}" for n in range(60)]
    header = "Hur missnöjd är du?"
    path = written(tmp_path, "form", f"Tidsstämpel;{header}", *rows)
    assert totals(report_json(path, "--column", f"csat={header}", "--period", "all"))["csat"]["value"] == 0.5
