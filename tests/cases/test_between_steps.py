"""Guards: a mark between whole steps that counts as none of their kinds; an answer that is not counted because its scale is unknown;
a question whose words are not known, and one that is not read, without a word; `partly` as no or as half a yes.
"""

from pathlib import Path

import pytest
from small_surveys import report, survey, texts_of, values


@pytest.mark.parametrize(("marks", "left"), [(["6,5"], 4), (["8,5", "9,5"], 4), (["9,0", "6,0"], 6)])
def test_a_mark_between_the_steps_of_nps_cannot_be_read(tmp_path: Path, marks: list[str], left: int) -> None:
    document = report(survey(tmp_path, "NPS", [10, 3, 7, 9, *marks]))
    found = values(document)
    assert found["nps"][1] == left
    shares = [found[f"nps_{name}"][0] for name in ("promoters", "passives", "detractors")]
    assert sum(share or 0 for share in shares) == pytest.approx(1)
    assert bool(texts_of(document, "unread-answers")) is (left == 4)


@pytest.mark.parametrize(
    ("header", "kpi", "mean"),
    [("CSAT", "csat_mean", 3.875), ("Treatment", "treatment", 3.875), ("Effort", "ces", 3.875)],
)
def test_a_mark_between_steps_stands_as_it_is_and_is_reported(
    tmp_path: Path, header: str, kpi: str, mean: float
) -> None:
    document = report(survey(tmp_path, header, [5, 4, "3,5", 3]))
    assert values(document)[kpi] == (pytest.approx(mean), 4)
    assert "`3,5`" in texts_of(document, "between-steps")[0]
    assert not texts_of(report(survey(tmp_path, header, [5, 4, "3,0", 3])), "between-steps")


@pytest.mark.parametrize(
    "header",
    [
        "Löste vi ditt ärende?", "3. Løste vi saken din?", "Blev dit problem løst?", "Did we solve your problem?", "Blev ditt ärende löst?",
        "Har vi löst ditt problem?", "Ratkaisimmeko ongelmasi?", "Have we fully resolved your case?", "Er saken din løst?",
    ],
)  # fmt: skip
def test_whether_the_case_was_resolved_is_asked_in_many_ways(tmp_path: Path, header: str) -> None:
    document = report(survey(tmp_path, header, ["Ja", "Ja", "Nej", "Delvis"]))
    assert values(document)["confirmed_resolution_rate"] == (0.5, 4)
    assert "`Delvis`" in texts_of(document, "between-steps")[0]


@pytest.mark.parametrize(
    "header", ["Hur snabbt löste vi ditt ärende?", "Har du haft problem förut?", "How did we solve your problem?"]
)
def test_other_questions_of_the_case_are_not_whether_it_was_resolved(tmp_path: Path, header: str) -> None:
    path = survey(tmp_path, f"CSAT;{header}", ["5;Ja", "4;Nej", "5;Ja", "1;Ja"])
    assert "confirmed_resolution_rate" not in values(report(path))


@pytest.mark.parametrize(
    ("marks", "scale"), [([4, 6, 4, 3], "csat=1-6"), ([8, 6, 4, 3], "csat=1-8"), ([1, 2, 3], "csat=1-5")]
)
def test_answers_are_counted_and_a_scale_that_fits_is_named(tmp_path: Path, marks: list[int], scale: str) -> None:
    document = report(survey(tmp_path, "CSAT", marks))
    assert values(document)["answers_received"] == (len(marks), len(marks))
    assert f"--scale {scale}" in texts_of(document, "unknown-scale")[0]


@pytest.mark.parametrize(
    ("header", "cells", "is_named"),
    [
        ("Blev du väl omhändertagen av kassan?", ["Ja", "Nej", "Ja", "Ja"], True),
        ("Would you visit the shop again?", ["Yes", "Yes", "Maybe", "Yes"], True),
        ("Leveransen (1-5)", ["4", "5", "4", "1"], True),
        ("Vad kan vi göra bättre?", ["Svara fortare i telefon", "Inget", "Mer personal på lördagar, tack", ""], False),
        ("Leveransen var snabb och smidig", ["4", "5", "4", "4"], True),
        ("Leveransen", ["Nöjd", "Missnöjd", "Nöjd", "Nöjd"], True),
        ("[Leverans]", ["4", "5", "4", "4"], True),
        ("Stad", ["Lund", "Lund", "Malmö", "Lund"], False),
        ("Region", ["4", "5", "4", "4"], False),
        ("Medlem", ["Ja", "Nej", "Ja", "Ja"], False),
        ("Vad gällde det?", ["Faktura", "Leverans", "Faktura", "Faktura"], False),
        ("What is your rating of the delivery?", ["4", "5", "4", "4"], True),
        ("How likely is it that you recommend us? - Group", ["Promoter", "Passive", "Promoter", "Promoter"], False),
    ],
)
def test_a_question_that_is_not_read_is_named(tmp_path: Path, header: str, cells: list[str], is_named: bool) -> None:
    path = survey(
        tmp_path, f"CSAT;{header}", [f"{mark};{cell}" for mark, cell in zip([5, 4, 5, 1], cells, strict=True)]
    )
    (source,) = report(path)["sources"]
    assert any(f"`{header}` looks like a question" in note for note in source["notes"]) is is_named


def test_questions_of_a_survey_tool_that_are_not_read_are_named_by_their_wording(tmp_path: Path) -> None:
    """Their headers are numbers, and the wording stands in the row below; what may be written freely is none."""
    header = "StartDate,RecordedDate,Status,Finished,ResponseId,Q1,Q2,Q3,Q4"
    asked = "Start Date,Recorded Date,Response Type,Finished,Response ID,How likely are you to recommend us?,How clear was the invoice?,The delivery came when promised,Why?"
    rows = [f"2026-03-01 10:00:00,2026-03-01 10:05:00,0,1,R_{at},{(10, 8, 3)[at % 3]},{1 + at % 5},{('Agree', 'Disagree')[at % 2]},{at} times" for at in range(24)]  # fmt: skip
    path = tmp_path / "qualtrics.csv"
    path.write_text("\n".join([header, asked, header, *rows, ""]), encoding="utf-8")
    document = report(path)
    (note,) = [note for note in document["sources"][0]["notes"] if "look like questions" in note]
    assert note.startswith("`How clear was the invoice?`, `The delivery came when promised` look like questions")
    assert values(report(path, "--column", "csat=How clear was the invoice?"))["csat"][1] == 24


@pytest.mark.parametrize(("header", "marks"), [("NPS", [10, 9, 7, 3]), ("NPS", [3, 7, 9, 10]), ("CSAT", [7, 6, 5, 1])])
def test_a_few_high_marks_before_or_after_a_few_low_ones_are_no_change_of_scale(
    tmp_path: Path, header: str, marks: list[int]
) -> None:
    assert not texts_of(report(survey(tmp_path, header, marks)), "changed-scale")
