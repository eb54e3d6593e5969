"""Guards: negative and neutral words that no list holds, dropped while the positive ones next to them count: every negated,
lessened and in-between word has its place, or the column has no figure.
"""

from pathlib import Path

import pytest
from small_surveys import report, survey, texts_of, values

SATISFIED_HALF = [
    ["Mycket nöjd", "Nöjd", "Mindre nöjd", "Inte alls nöjd"],
    ["Mycket nöjd", "Ganska nöjd", "Inte särskilt nöjd", "Inte alls nöjd"],
    ["Inte alls nöjd", "Lite nöjd", "Ganska nöjd", "Mycket nöjd"],
    ["Nöjd", "Inte nöjd"],
    ["Svært fornøyd", "Ganske fornøyd", "Lite fornøyd", "Ikke fornøyd i det hele tatt"],
    ["Fornøyd", "Ikke fornøyd"],
    ["Meget tilfreds", "Tilfreds", "Mindre tilfreds", "Slet ikke tilfreds"],
    ["Erittäin tyytyväinen", "Tyytyväinen", "En ole tyytyväinen", "En lainkaan tyytyväinen"],
    ["Very satisfied", "Satisfied", "Not satisfied", "Not at all satisfied"],
    ["Very satisfied", "Somewhat satisfied", "Not very satisfied", "Not at all satisfied"],
    ["Mycket bra", "Bra", "Inte så bra", "Dåligt"],
    ["Very good", "Good", "Not so good", "Bad"],
    ["Svært bra", "Bra", "Ikke bra", "Dårlig"],
    ["I svært stor grad", "I stor grad", "I liten grad", "Ikke i det hele tatt"],
    ["I mycket hög grad", "I hög grad", "I viss mån", "Inte alls"],
]


@pytest.mark.parametrize("words", SATISFIED_HALF, ids=" · ".join)
def test_negated_words_have_their_place(tmp_path: Path, words: list[str]) -> None:
    """Half of the answers are satisfied, and none is left out."""
    document = report(survey(tmp_path, "Satisfaction", words))
    assert values(document)["csat"] == (0.5, len(words))
    assert not texts_of(document, "unread-answers")


@pytest.mark.parametrize(
    "words",
    [
        ["Mycket nöjd", "Nöjd", "Både och", "Missnöjd", "Mycket missnöjd"],
        ["Svært fornøyd", "Fornøyd", "Både og", "Misfornøyd", "Svært misfornøyd"],
        ["Mycket missnöjd", "Lite missnöjd", "Varken eller", "Lite nöjd", "Mycket nöjd"],
        ["Mycket bra", "Bra", "Sådär", "Dåligt", "Mycket dåligt"],
    ],
    ids=" · ".join,
)
def test_the_middle_has_its_place(tmp_path: Path, words: list[str]) -> None:
    """Two of five are satisfied, and the mean is the middle."""
    found = values(report(survey(tmp_path, "Satisfaction", words)))
    assert (found["csat"], found["csat_mean"]) == ((0.4, 5), (3.0, 5))


def test_a_word_that_is_good_on_one_scale_and_bad_on_another_is_in_doubt(tmp_path: Path) -> None:
    """A little satisfied: above the middle of dissatisfied to satisfied, below that of not at all to very."""
    path = survey(tmp_path, "Satisfaction", ["Lite nöjd", "Nöjd", "Mycket nöjd"])
    assert "csat" not in values(report(path))
    for scale in ("csat=1-4", "csat=1-5"):  # on either it is below plainly satisfied
        assert values(report(path, "--scale", scale))["csat"] == (pytest.approx(2 / 3), 3)


@pytest.mark.parametrize("word", ["Vansinnigt missnöjd", "Otroligt missnöjd", "Supermissnöjd", "Mer nöjd än missnöjd"])
def test_a_word_of_the_scale_without_a_place_leaves_no_figure(tmp_path: Path, word: str) -> None:
    """What is left would be the satisfied ones."""
    document = report(survey(tmp_path, "Satisfaction", ["Mycket nöjd", "Nöjd", "Nöjd", word, word]))
    assert "csat" not in values(document)
    (text,) = texts_of(document, "unknown-scale")
    assert f"`{word}` (2) has no known place" in text
    assert "words: {" in text


def test_a_remark_and_a_slip_leave_the_figure(tmp_path: Path) -> None:
    """One answer of many, and one that is no mark, are left out alone."""
    many = report(survey(tmp_path, "Satisfaction", ["Nöjd"] * 40 + ["Vansinnigt missnöjd"], "many.csv"))
    assert values(many)["csat"] == (1.0, 40)
    remark = report(survey(tmp_path, "Satisfaction", ["Nöjd"] * 3 + ["Missnöjd", "se min kommentar"], "remark.csv"))
    assert values(remark)["csat"] == (0.75, 4)


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        (["Ja", "Nej, inte alls", "Ja, delvis", "Nej, problemet är inte löst"], 0.25),
        (["Ja, helt", "Nei, ikke", "Nei, det ble det ikke", "Ja, det ble det"], 0.5),
        (["Yes, completely", "Yes, partially", "No, not yet", "No"], 0.25),
        (["Kyllä, täysin", "Ei, ei lainkaan", "Kyllä, osittain", "Ei"], 0.25),
        (["Ja, problemet är löst", "Nej, problemet är inte löst"], 0.5),
        (["Ja det blev det", "Nej inte än"], 0.5),
        (["Resolved", "Not resolved", "Partially resolved", "Not yet"], 0.25),
        (["Helt løst", "Delvis løst", "Ikke løst", "Løst"], 0.5),
    ],
)
def test_yes_and_no_with_words_behind_them(tmp_path: Path, answers: list[str], value: float) -> None:
    """Each counts, and partly is no yes."""
    document = report(survey(tmp_path, "Problem solved", answers))
    assert values(document)["confirmed_resolution_rate"] == (value, len(answers))


@pytest.mark.parametrize("answer", ["Ja, men det tog tid", "Yes, but it came back", "Nej, problemet är löst", "Ja, inte ännu"])  # fmt: skip
def test_a_yes_that_is_taken_back_leaves_no_figure(tmp_path: Path, answer: str) -> None:
    """Neither yes nor no."""
    document = report(survey(tmp_path, "Problem solved", [answer, "Ja", "Nej"]))
    assert "confirmed_resolution_rate" not in values(document)
    assert f"`{answer}` (1) has no known place" in texts_of(document, "unknown-scale")[0]


def test_a_yes_to_another_question_is_not_dropped_next_to_a_no(tmp_path: Path) -> None:
    """Satisfaction asked by yes and no: what is left would be the noes."""
    document = report(survey(tmp_path, "CSAT", ["Yes I am satisfied", "No"]))
    assert "csat" not in values(document)
    assert values(report(survey(tmp_path, "CSAT", ["Yes", "No"])))["csat"] == (0.5, 2)
