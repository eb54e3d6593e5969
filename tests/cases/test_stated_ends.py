"""Guards: the ends of a scale that a header states, in words or numbers, unread: the 5s of `1 = best` counted as satisfied;
a header that its answers contradict; numbers that stand for yes and no; a question that points either way.
"""

from pathlib import Path

import pytest
from small_surveys import report, survey, texts_of, values

ANSWERS = [4, 4, 3, 2, 1, 3, 4, 4]
"""Nobody gave a 5: without the header there is no scale. Of five steps 4 of 8 are satisfied, turned round 2."""


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Hur nöjd är du? (1 = mycket missnöjd, 5 = mycket nöjd)", 0.5),
        ("Hvor fornøyd er du? 1 (dårlig) – 5 (bra)", 0.5),
        ("CSAT /5", 0.5),
        ("How satisfied are you, from 1 (very bad) to 10 (excellent)?", 0.0),
        ("Hur nöjd är du? (1 = mycket nöjd, 5 = mycket missnöjd)", 0.25),
        ("How satisfied are you? 1 (Excellent) – 5 (Poor)", 0.25),
        ("Hvor tilfreds er du? (1–5, 1 er bedst)", 0.25),
        ("Kuinka tyytyväinen olet? (5 = huonoin)", 0.25),
    ],
)
def test_the_ends_in_the_header_are_obeyed(tmp_path: Path, header: str, value: float) -> None:
    """The scale and its better end are what the header says, and a turned one is reported."""
    document = report(survey(tmp_path, header, ANSWERS), kpi="csat")
    assert values(document)["csat"] == (value, 8)
    assert bool(texts_of(document, "turned-scale")) is (value == 0.25)


@pytest.mark.parametrize("answers", [[5, 4, 7, 3, 2, 1], [10, 4, 8, 3, 2, 1, 9], [5, 4, 6] * 5])
def test_answers_that_contradict_the_header_give_no_figure(tmp_path: Path, answers: list[int]) -> None:
    """A 7 on a scale from 1 to 5 says that it is another scale; dropped, the rest would be biased."""
    document = report(survey(tmp_path, "CSAT (1-5)", answers))
    assert "csat" not in values(document)
    assert "the header says 1–5, yet" in texts_of(document, "unknown-scale")[0]


def test_a_slip_is_left_out_with_the_scale_it_lies_outside_of(tmp_path: Path) -> None:
    """One of forty is a slip."""
    document = report(survey(tmp_path, "CSAT (1-5)", [5, 4] * 20 + [7]))
    assert values(document)["csat"] == (1.0, 40)
    assert "`7` (1); the scale is 1–5, as the header says" in texts_of(document, "unread-answers")[0]


def test_a_code_that_the_header_names_is_no_answer(tmp_path: Path) -> None:
    """A 6 that means *don't know* is neither a mark nor the end of the scale."""
    header = "Nöjdhet (1 = mycket missnöjd, 5 = mycket nöjd, 6 = vet ej)"
    document = report(survey(tmp_path, header, [1, 5, 6, 6, 4]))
    assert values(document)["csat"] == (pytest.approx(2 / 3), 3)
    assert "`6` (2)" in texts_of(document, "no-opinion")[0]


def test_ends_that_nobody_knows_are_reported(tmp_path: Path) -> None:
    """Read as usual, and reported so."""
    document = report(survey(tmp_path, "CSAT (1 = katastrof, 5 = klockrent)", [5, 4, 3, 2]))
    assert values(document)["csat"] == (0.5, 4)
    assert "`katastrof` and `klockrent`" in texts_of(document, "strange-ends")[0]


@pytest.mark.parametrize(("header", "way"), [("CSAT (1 = best, 5 = excellent)", "direction"), ("CSAT (1-5) (from 0-10)", "scale")])  # fmt: skip
def test_a_header_that_contradicts_itself_names_the_way_out(tmp_path: Path, header: str, way: str) -> None:
    """No figure, and the option that settles it, which is obeyed."""
    path = survey(tmp_path, header, [5, 4, 3, 2])
    document = report(path)
    assert "csat" not in values(document)
    assert f"pass --{way} csat=" in texts_of(document, "unknown-scale")[0]
    option = {"direction": "csat=lower", "scale": "csat=1-5"}[way]
    assert values(report(path, f"--{way}", option))["csat"] == ({"direction": 0.25, "scale": 0.5}[way], 4)


@pytest.mark.parametrize(
    ("header", "answers", "options", "value"),
    [
        ("Problem solved (1 = yes, 2 = no)", [1, 1, 2, 1], (), 0.75),
        ("Problem solved (1 = no, 2 = yes)", [1, 1, 2, 1], (), 0.25),
        ("Problem solved (0 = ja, 1 = nej)", [1, 1, 0, 1], (), 0.25),
        ("Problem solved (1 = yes, 2 = no)", ["Yes", "Yes", "No", "Yes"], (), 0.75),
        ("Problem solved", ["1 - Yes", "2 - No", "1 - Yes", "1 - Yes"], (), 0.75),
        ("Problem solved", ["1 - No", "2 - Yes", "1 - No", "1 - No"], (), 0.25),
        ("Problem solved", ["👍", "👎", "👎", "👎"], (), 0.25),
        ("Problem solved", [1, 1, 2, 1], ("--scale", "resolved=1-2", "--direction", "resolved=lower"), 0.75),
        ("Problem solved", [1, 1, 2, 1], ("--scale", "resolved=1-2"), 0.25),
    ],
)
def test_yes_is_yes_whatever_number_it_has(
    tmp_path: Path, header: str, answers: list[object], options: tuple[str, ...], value: float
) -> None:
    """Yes written as 1 of 1 and 2, or as 2, or with its number."""
    document = report(survey(tmp_path, header, answers), *options)
    assert values(document)["confirmed_resolution_rate"] == (value, 4)
    assert not texts_of(document, "unused-scale")


@pytest.mark.parametrize(
    ("header", "answers"),
    [
        ("Problem solved (1-5)", [5, 4, 1, 2]),
        ("Problem solved", [5, 4, 1, 2]),
        ("Problem solved", [0, 1, 2, 2]),
        ("Problem solved", ["Strongly agree", "Agree", "Strongly disagree"]),
    ],
)
def test_more_than_two_steps_are_no_yes_and_no(tmp_path: Path, header: str, answers: list[object]) -> None:
    """The worst of five marks is no yes because it is a 1."""
    document = report(survey(tmp_path, header, answers))
    assert "confirmed_resolution_rate" not in values(document)
    assert "not by yes or no" in texts_of(document, "unknown-scale")[0]


def test_the_way_out_of_more_steps_is_one(tmp_path: Path) -> None:
    """A mapping says which answers are yes."""
    mapping = tmp_path / "mine.yaml"
    mapping.write_text(
        "name: mine\nlabel: mine\nsystem: mine\ntable: answers\nrecognised_by: {all: [Response ID]}\ncolumns: {response_id: Response ID, "
        "answered_at: Answered at}\nanswers:\n  - {question: resolved, from: Mark, words: {5: 1, 4: 1, 3: 0, 2: 0, 1: 0}}\n"
    )
    document = report(survey(tmp_path, "Mark", [5, 4, 1, 2]), "--mapping", mapping)
    assert values(document)["confirmed_resolution_rate"] == (0.5, 4)


@pytest.mark.parametrize(
    ("header", "note"),
    [
        ("How difficult was it? (1-7)", "lower is better on this scale"),
        ("How easy was it? (1 = very easy, 7 = very difficult)", "lower is better on this scale"),
        ("How much effort? (1 = a lot, 7 = very little)", "higher is better on this scale"),
        ("They made it easy for me (1 = strongly agree, 7 = strongly disagree)", "lower is better on this scale"),
        ("How easy or difficult was it? 1 (very difficult) – 7 (very easy)", "higher is better on this scale"),
        ("How easy or difficult was it? (1-7)", None),
    ],
)
def test_effort_points_where_its_header_says(tmp_path: Path, header: str, note: str | None) -> None:
    """A question of both gives no figure without its ends."""
    document = report(survey(tmp_path, header, [7, 7, 6, 2, 1]))
    notes = [one["notes"] for one in document["results"] if one["kpi"] == "ces"]
    assert [note] == [each for each in notes[0] if "is better" in each] if note else notes == []
    assert bool(texts_of(document, "effort-direction")) is (note is None)
