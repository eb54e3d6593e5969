"""Guards: claims of satisfaction that one agrees with, expectations that were met or not, and whether one got help, refused or without a figure."""

from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, values

AGREE = {
    "sv": ["Instämmer inte alls", "Instämmer inte", "Varken eller", "Instämmer", "Instämmer helt"],
    "en": ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"],
    "nb": ["Helt uenig", "Delvis uenig", "Verken eller", "Delvis enig", "Helt enig"],
}
EXPECTED = {
    "sv": ["Långt under förväntan", "Under förväntan", "Som förväntat", "Över förväntan", "Långt över förväntan"],
    "en": ["Much worse than expected", "Worse than expected", "As expected", "Better than expected", "Much better than expected"],
    "nb": ["Mye dårligere enn forventet", "Dårligere enn forventet", "Som forventet", "Bedre enn forventet", "Mye bedre enn forventet"],
}  # fmt: skip
GIVEN = (1, 2, 3, 4, 4, 5, 5, 5)


def survey(folder: Path, header: str, words: list[str], *, stamp: str = "Tidstämpel") -> Path:
    rows = [f'2026-03-{1 + n % 28:02d} 09:{n % 60:02d}:00,"{words[GIVEN[n % 8] - 1]}"' for n in range(80)]
    path = folder / "survey.csv"
    path.write_text("\n".join([f'{stamp},"{header}"', *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "words", "stamp"),
    [
        ("Jag är nöjd med kundtjänst", AGREE["sv"], "Tidstämpel"),
        ("1. Jag är mycket nöjd med er support", AGREE["sv"], "Svarsdatum"),
        ("I am satisfied with the support I received", AGREE["en"], "Timestamp"),
        ("Overall, I was happy with your service", AGREE["en"], "Response date"),
        ("Jeg er fornøyd med kundeservice", AGREE["nb"], "Tidsmerke"),
        ("Hur upplevde du supporten?", EXPECTED["sv"], "Tidstämpel"),
        ("How was your experience?", EXPECTED["en"], "Timestamp"),
        ("Hvordan opplevde du kundeservice?", EXPECTED["nb"], "Tidsmerke"),
    ],
)
def test_agreement_and_expectations_are_scales_of_satisfaction(
    tmp_path: Path, header: str, words: list[str], stamp: str
) -> None:
    assert values(report(survey(tmp_path, header, words, stamp=stamp)))["csat"] == (5 / 8, 80)


def test_three_steps_of_expectations(tmp_path: Path) -> None:
    three = [EXPECTED["sv"][place] for place in (1, 1, 2, 3, 3)]
    assert values(report(survey(tmp_path, "Hur upplevde du supporten?", three)))["csat"] == (5 / 8, 80)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Fick du hjälp med ditt ärende?", ["Nej", "Nej", "Delvis", "Ja", "Ja"]),
        ("Fick du den hjälp du behövde?", ["Nej", "Nej", "Nej", "Ja", "Ja"]),
        ("Did you get the help you needed?", ["No", "No", "Partly", "Yes", "Yes"]),
        ("Fikk du svar på spørsmålet ditt?", ["Nei", "Nei", "Nei", "Ja", "Ja"]),
    ],
)
def test_whether_one_got_help_is_whether_it_was_resolved(tmp_path: Path, header: str, words: list[str]) -> None:
    assert values(report(survey(tmp_path, header, words)))["confirmed_resolution_rate"] == (5 / 8, 80)


@pytest.mark.parametrize("header", ["Jag är inte nöjd med kundtjänst", "I am not satisfied with the support"])
def test_what_is_denied_is_no_satisfaction(tmp_path: Path, header: str) -> None:

    ended = piped("report", survey(tmp_path, header, AGREE["sv"]))
    assert ended.code == 3 or "csat" not in ended.out


def test_good_and_bad_with_a_comment_are_good_and_bad(tmp_path: Path) -> None:
    words = ["Dåligt", "Dåligt med kommentar", "Dåligt", "Bra", "Bra med kommentar"]
    assert values(report(survey(tmp_path, "Nöjdhet", words)))["csat"] == (5 / 8, 80)
