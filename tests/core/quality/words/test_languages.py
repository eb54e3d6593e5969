"""Columns of words in two languages, and what counting only one of them would make."""

from pathlib import Path

import pytest
from small_exports import codes, cost, inspected, only

from kpi_core.ingest.cells.scores.rating_words import normal_word, ratings
from kpi_core.ingest.fields.words import categories
from kpi_core.model.tables import Kind
from kpi_core.quality.words.languages import languages, mixture


def _tickets(*words: str) -> list[str]:
    return [f"{place},2026-01-{place:02} 10:00,,,{word}" for place, word in enumerate(words, start=1)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"Open": 9, "Avoin": 2, "Suljettu": 1}, ("English", "Finnish", {"Avoin": 2, "Suljettu": 1})),
        ({"Avoin": 9, "closed": 2}, ("Finnish", "English", {"closed": 2})),
        ({"Löst": 5, "Løst": 4}, ("Swedish", "Norwegian", {"Løst": 4})),
        ({"Åben": 5, "Lukket": 4, "Öppen": 1}, ("Danish", "Swedish", {"Öppen": 1})),
        ({"Normal": 5, "Låg": 2, "High": 1}, ("Swedish", "English", {"High": 1})),
    ],
)
def test_the_language_of_most_rows_is_the_main_one(
    words: dict[str, int], expected: tuple[str, str, dict[str, int]]
) -> None:
    found = mixture(words)
    assert found
    assert (found.main, found.other, found.strange) == expected


@pytest.mark.parametrize(
    "words",
    [
        {"Open": 9, "Closed": 2, "Parked at Acme": 4},
        {"Ny": 3, "Lukket": 2, "Åpen": 1},
        {"Låg": 2, "Normal": 9, "Standard": 1},
        {"P1": 3, "P2": 1},
        {},
    ],
    ids=["a word nobody knows", "shared with Danish", "loanwords", "no language", "nothing"],
)
def test_one_language_with_loanwords_is_no_mixture(words: dict[str, int]) -> None:
    assert mixture(words) is None


def test_statuses_in_two_languages_are_costed_by_the_backlog(tmp_path: Path) -> None:
    words = ["Open"] * 5 + ["Avoin"] * 2 + ["Suljettu"] * 3 + ["Closed"] * 8
    rows = [f"{row.rsplit(',', 2)[0]},{'2026-02-01 10:00' if 'Closed' in row else ''},{row.rsplit(',', 1)[1]}" for row in _tickets(*words)]  # fmt: skip
    defect = only(inspected(tmp_path, {"a.csv": rows}), "mixed-languages")
    assert defect.count == 5
    assert "English (`Closed` 8, `Open` 5) and Finnish (`Suljettu` 3, `Avoin` 2)" in defect.text
    assert cost(defect) == ("backlog", 7, 10)


def test_ratings_in_two_languages_are_costed_by_those_of_the_main_one(tmp_path: Path) -> None:
    rows = [
        f"{n},2026-01-0{n} 10:00,{word}"
        for n, word in enumerate(["Very satisfied", "Satisfied", "Neutral", "Missnöjd"], 1)
    ]
    found = inspected(tmp_path, {"a.csv": rows}, "Response ID,Date,How satisfied are you")
    defect = only(found, "mixed-languages")
    assert cost(defect) == ("csat", 0.5, pytest.approx(2 / 3))


def test_one_language_is_no_defect(tmp_path: Path) -> None:
    assert "mixed-languages" not in codes(inspected(tmp_path, {"a.csv": _tickets("Open", "Closed", "Pending")}))


def test_every_word_that_has_a_language_is_known_to_some_column() -> None:
    known = set(categories(Kind.STATUS)) | set(categories(Kind.PRIORITY))
    known |= {word for scale in ratings().scales for word in scale.words()}
    strange = {
        word for words in languages().values() for word in words if word not in known and normal_word(word) not in known
    }
    assert strange == set()
