"""Guards: grades of one adjective that fall on one step of a scale while another stays empty, and common words that no list
holds: each word has its own step in its order, or the question has no figure.
"""

from pathlib import Path

import pytest
from small_surveys import report, survey, texts_of, values

FIVE_GRADES = [
    ["Ikke fornøyd", "Litt fornøyd", "Ganske fornøyd", "Fornøyd", "Veldig fornøyd"],
    ["Inte nöjd", "Lite nöjd", "Ganska nöjd", "Nöjd", "Mycket nöjd"],
    ["Ikke tilfreds", "Lidt tilfreds", "Nogenlunde tilfreds", "Tilfreds", "Meget tilfreds"],
    ["Not satisfied", "Slightly satisfied", "Fairly satisfied", "Satisfied", "Very satisfied"],
    ["Ikke fornøyd", "Mindre fornøyd", "Nøytral", "Fornøyd", "Svært fornøyd"],
    ["Dårlig", "Mindre bra", "Middels", "Bra", "Svært bra"],
    ["Dåligt", "Mindre bra", "Okej", "Bra", "Mycket bra"],
    ["Huono", "Välttävä", "Tyydyttävä", "Hyvä", "Erinomainen"],
    ["Väldigt missnöjd", "Missnöjd", "Okej", "Nöjd", "Väldigt nöjd"],
    ["Svært misfornøyd", "Misfornøyd", "Helt ok", "Fornøyd", "Svært fornøyd"],
]


@pytest.mark.parametrize("words", FIVE_GRADES, ids=" · ".join)
def test_five_grades_are_five_steps(tmp_path: Path, words: list[str]) -> None:
    """Two of five are satisfied, and the mean is the middle."""
    found = values(report(survey(tmp_path, "Satisfaction", words)))
    assert (found["csat"], found["csat_mean"]) == ((0.4, 5), (3.0, 5))


@pytest.mark.parametrize(
    "words",
    [
        ["Misfornøyd", "Nøytral", "Fornøyd"],
        ["Missnöjd", "Neutral", "Nöjd"],
        ["Dissatisfied", "Neutral", "Satisfied"],
        ["Dålig", "Okej", "Bra"],
    ],
    ids=" · ".join,
)
def test_three_words_are_three_steps(tmp_path: Path, words: list[str]) -> None:
    """One of three is satisfied, and the mean is the middle of three."""
    found = values(report(survey(tmp_path, "Satisfaction", words)))
    assert (found["csat"], found["csat_mean"]) == ((pytest.approx(1 / 3), 3), (2.0, 3))


@pytest.mark.parametrize(
    "words",
    [
        ["Mycket missnöjd", "Missnöjd", "Ganska nöjd", "Nöjd", "Mycket nöjd"],
        ["Inte lätt", "Ganska lätt", "Lätt", "Mycket lätt"],
        ["Dålig", "Ganska dålig", "Bra", "Mycket bra"],
        ["Ikke sannsynlig", "Lite sannsynlig", "Sannsynlig", "Svært sannsynlig"],
    ],
    ids=" · ".join,
)
def test_grades_that_fall_together_next_to_an_empty_step_have_no_figure(tmp_path: Path, words: list[str]) -> None:
    """Two distinct grades on one step: the scale was not understood."""
    document = report(survey(tmp_path, "Satisfaction", words))
    assert "csat" not in values(document)
    assert texts_of(document, "unknown-scale")


@pytest.mark.parametrize("word", ["Hyfsat", "Passabelt", "Kjekt"])
def test_a_common_unknown_word_leaves_no_figure(tmp_path: Path, word: str) -> None:
    """What is left without it would be a biased part, whatever the word has in common with the others."""
    words = [*["Mycket missnöjd", "Missnöjd", "Nöjd", "Mycket nöjd"] * 5, *[word] * 5]
    document = report(survey(tmp_path, "Satisfaction", words))
    assert "csat" not in values(document)
    assert texts_of(document, "unknown-scale")


def test_words_of_two_languages_share_their_steps(tmp_path: Path) -> None:
    """One survey in Swedish and Norwegian, without anybody in the middle."""
    words = ["Mycket missnöjd", "Svært misfornøyd", "Missnöjd", "Misfornøyd", "Nöjd", "Fornøyd", "Mycket nöjd"]
    assert values(report(survey(tmp_path, "Satisfaction", words)))["csat"] == (pytest.approx(3 / 7), 7)
