"""Guards: surveys in forms that everybody uses and that were refused: groups of a recommendation instead of marks, stars typed as asterisks, and marks
whose scale nothing shows.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_surveys import report, survey, texts_of, values


def plain(folder: Path, header: str, answers: Sequence[object], name: str = "survey.csv") -> Path:
    """A date and a mark, no more."""
    lines = [f"2026-03-{1 + place % 28:02d};{answer}" for place, answer in enumerate(answers)]
    (folder / name).write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Datum;NPS", ("Promotor", "Passiv", "Kritiker")),
        ("Dato;NPS", ("Ambassadør", "Passiv", "Kritiker")),
        ("Date;NPS", ("Promoter", "Passive", "Detractor")),
        ("Datum;NPS", ("Ambassadörer", "Passiva", "Kritiker")),
        ("Date;NPS score", ("PROMOTERS (9-10)", "neutral", "Detractors (0-6)")),
        ("Date;NPS", ("10", "Passive", "Detractor")),
        ("Datum;NPS-grupp", ("Promotor", "Passiv", "Kritiker")),
    ],
)
def test_the_groups_of_a_recommendation_are_answers(tmp_path: Path, header: str, words: tuple[str, str, str]) -> None:
    """Five promoters, three passives and two detractors: 50 less 20."""
    above, between, below = words
    document = report(plain(tmp_path, header, [above] * 5 + [between] * 3 + [below] * 2))
    found = values(document)
    assert found["nps"] == (pytest.approx(30), 10)
    assert [found[f"nps_{name}"][0] for name in ("promoters", "passives", "detractors")] == pytest.approx(
        [0.5, 0.3, 0.2]
    )
    assert f"`{between}` as 7–8" in texts_of(document, "grouped-answers")[0]


def test_marks_are_in_no_groups(tmp_path: Path) -> None:
    assert not texts_of(report(plain(tmp_path, "Datum;NPS", [10, 9, 3, 7.5, 9.5] * 4)), "grouped-answers")


@pytest.mark.parametrize("header", ["Datum;Betyg", "Date;CSAT", "Dato;Tilfredshet"])
def test_asterisks_of_different_length_are_stars(tmp_path: Path, header: str) -> None:
    """Two of four give one of the two best marks."""
    assert values(report(plain(tmp_path, header, ["*****", "****", "***", "*"] * 3)))["csat"] == (0.5, 12)


@pytest.mark.parametrize("answers", [["*****"] * 12, [5, 4, 5, 3, 4, 5, 2, 5, "*", "*"], ["***", "***", "***", "***"]])
def test_asterisks_that_may_hide_something_are_none(tmp_path: Path, answers: list[object]) -> None:
    """All alike they may stand for what was masked, and among numbers for what was left out."""
    document = report(survey(tmp_path, "Betyg", answers))
    read = [answer for answer in answers if not str(answer).startswith("*")]
    assert values(document).get("csat", (None, 0))[1] == len(read)


def test_reviews_have_asterisks_too(tmp_path: Path) -> None:
    rows = [
        "Review ID;Review date;Rating",
        *(f"{place};2026-03-{place + 1:02d};{'*' * place}" for place in range(1, 6)),
    ]
    (tmp_path / "reviews.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert values(report(tmp_path / "reviews.csv"))["review_rating"] == (3.0, 5)


@pytest.mark.parametrize("header", ["Datum;Nöjdhet", "Dato;Tilfredshet", "Date;Satisfaction"])
def test_a_scale_that_nothing_shows_is_named_and_obeyed(tmp_path: Path, header: str) -> None:
    """The answers count, and the way out that the finding names is one."""
    path = plain(tmp_path, header, [1, 2, 3, 4, 5, 6, 6, 5])
    document = report(path)
    assert values(document)["answers_received"] == (8, 8)
    assert "csat" not in values(document)
    assert "--scale csat=1-6" in texts_of(document, "unknown-scale")[0]
    assert values(report(path, "--scale", "csat=1-6"))["csat"] == (0.5, 8)
    assert values(report(path, "--null-value", "6"))["csat"] == (0.5, 6)


@pytest.mark.parametrize("form", ["{}-{}", "{}–{}", "{} - {}", "{} till {}"])
@pytest.mark.parametrize("header", ["NPS", "NPS-grupp", "Hur sannolikt är det att du skulle rekommendera oss?"])
def test_groups_of_a_recommendation_by_their_marks(tmp_path: Path, header: str, form: str) -> None:
    """Hand-worked: of forty ten are promoters and twenty detractors: 25 less 50."""
    groups = [form.format(*ends) for ends in ((0, 6), (7, 8), (9, 10), (0, 6))]
    assert values(report(survey(tmp_path, header, groups * 10)))["nps"] == (-25, 40)


@pytest.mark.parametrize("cells", [["78", "6", "910"], ["0-4", "5-7", "8-10"]])
def test_numbers_and_other_spans_are_no_groups(tmp_path: Path, cells: list[str]) -> None:
    found = report(survey(tmp_path, "NPS", cells * 10))
    assert values(found).get("nps", (None, 0))[0] is None
    assert "grouped-answers" not in {one["code"] for one in found["findings"]}
