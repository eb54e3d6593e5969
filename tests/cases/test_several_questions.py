"""Questions that a word of a KPI is in and that ask something else, and several that ask for one KPI: no value where none is plainly the right one."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from reported import Reported, reported

from kpi_core.ingest.headers.lookalike_questions import asks
from kpi_core.ingest.questions.several_questions import PART, UNKNOWN, WHOLE, asked_of

LOW, HIGH = [2, 5, 6, 9, 4, 3, 6, 5] * 4, [9, 10, 9, 8, 10, 9, 7, 10] * 4


def survey(folder: Path, *questions: tuple[str, Sequence[int]], more: Sequence[str] = ()) -> Reported:
    lines = ["Timestamp\t" + "\t".join(name for name, _ in questions)]
    for at, cells in enumerate(zip(*(marks for _, marks in questions), strict=True)):
        lines.append(f"2026-03-{1 + at % 28:02d} 10:{at:02d}:00\t" + "\t".join(map(str, cells)))
    (folder / "a.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return reported(folder / "a.tsv", *more)


OF_PRODUCT, OF_US = "How likely are you to recommend the product?", "How likely are you to recommend us to a friend?"


def test_of_two_recommendations_that_of_the_company_is_read_and_the_other_reported(tmp_path: Path) -> None:
    found = survey(tmp_path, (OF_PRODUCT, LOW), (OF_US, HIGH))
    alone = survey(tmp_path, (OF_US, HIGH))
    assert found.value("nps") == alone.value("nps")
    assert f"not `{OF_PRODUCT}`" in found.finding_text("chosen-question")


def test_two_recommendations_of_which_none_is_the_whole_have_no_value_until_named(tmp_path: Path) -> None:
    two = ("How likely are you to recommend Fjord Pro?", LOW), ("How likely are you to recommend Fjord?", HIGH)
    found = survey(tmp_path, *two)
    assert found.value("nps") is None
    assert "none of them alone asks of the whole" in found.finding_text("several-questions")
    named = survey(tmp_path, *two, more=["--column", f"nps={two[1][0]}"])
    assert named.value("nps") == survey(tmp_path, two[1]).value("nps")
    assert "several-questions" not in named.codes


def test_the_group_of_a_mark_is_no_further_question(tmp_path: Path) -> None:
    found = survey(tmp_path, (OF_US, HIGH), (f"{OF_US} - Group", HIGH))
    assert "several-questions" not in found.codes
    assert found.value("nps") is not None


@pytest.mark.parametrize(
    ("name", "wording", "rank"),
    [
        ("nps", "Hur sannolikt är det att du rekommenderar oss?", WHOLE),
        ("nps", "Hvor sannsynlig er det at du anbefaler appen vår?", PART),
        ("nps", "How likely were you to recommend us a year ago?", PART),
        ("nps", "How likely are you to recommend Fjord?", UNKNOWN),
        ("ces", "Hur lätt var det att få hjälp?", WHOLE),
        ("ces", "How easy is our website to use?", PART),
    ],
)
def test_what_a_question_is_about(name: str, wording: str, rank: int) -> None:
    assert asked_of(name, wording) == rank


@pytest.mark.parametrize(
    ("pattern", "wording"),
    [
        ("bemötande", "Hur viktigt är ett vänligt bemötande? (1-5)"),
        ("(friendly|courteous)", "How important is friendly staff to you?"),
        ("(friendly|courteous)", "How unfriendly was the agent?"),
        ("kompeten", "Agenten saknade kompetens (1 = instämmer inte alls)"),
        ("bemötande", "Hur ofta har du fått dåligt bemötande?"),
        ("uppfyll.*förväntningar", "Vi uppfyllde inte dina förväntningar"),
        ("likely .*recommend", "How likely are you to NOT recommend us?"),
        ("likely .*recommend", "How likely are you to recommend us as an employer?"),
        ("första kontakten", "Blev du kopplad vidare efter första kontakten?"),
        ("första kontakten", "Fick du svar samma dag vid första kontakten?"),
        ("fick du .*löst", "Fick du information om när det blir löst?"),
    ],
)
def test_a_question_that_asks_another_thing_is_not_taken(pattern: str, wording: str) -> None:
    assert asks(pattern, wording) is None


@pytest.mark.parametrize(
    ("pattern", "wording"),
    [
        ("likely .*recommend", "How likely are you to recommend us? (0 = not at all likely, 10 = very likely)"),
        ("bemötande", "Jag fick ett gott bemötande (1 = instämmer inte alls, 5 = instämmer helt)"),
        ("första kontakten", "Fick du ditt problem löst vid första kontakten?"),
        ("första kontakten", "Första kontakten"),
    ],
)
def test_a_question_that_asks_it_is(pattern: str, wording: str) -> None:
    assert asks(pattern, wording) is not None
