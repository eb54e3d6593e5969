"""Guards: exports of survey tools read as something else than they are: a column for each option of which one was read, responses taken for tickets, test
answers, a list of means, a question left blank taken for silence.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, survey, texts_of, values

STEPS = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")
MARKS = [5, 4, 4, 2, 1, 3] * 4
"""Half are satisfied."""


def written(folder: Path, *lines: str, name: str = "export.csv") -> Path:
    (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder / name


def options(marks: Sequence[int], tick: str = "") -> list[str]:
    """Each mark in the column of its option."""
    return [",".join((tick or step) if mark == place + 1 else "" for place, step in enumerate(STEPS)) for mark in marks]


@pytest.mark.parametrize("tick", ["", "1", "x"])
def test_a_column_for_each_option_is_one_question(tmp_path: Path, tick: str) -> None:
    """Expanded columns, with two header rows of which neither says `Response`."""
    rows = [f"{118 + at},4,03/{13 + at % 15}/2026,{cells}" for at, cells in enumerate(options(MARKS, tick))]
    document = report(
        written(
            tmp_path,
            "Respondent ID,Collector ID,End Date,How satisfied are you with our support?,,,,",
            f",,,{','.join(STEPS)}",
            *rows,
        )
    )
    assert values(document)["csat"] == (0.5, 24)
    assert not texts_of(document, "chosen-question")


def test_options_in_one_header_row_are_too(tmp_path: Path) -> None:
    header = ",".join(f"How satisfied are you? - {step}" for step in STEPS)
    rows = [f"R{at},2026-03-{1 + at:02d},{cells}" for at, cells in enumerate(options(MARKS))]
    assert values(report(written(tmp_path, f"Response ID,Submitted at,{header}", *rows)))["csat"] == (0.5, 24)


def test_several_choices_and_rows_of_a_grid_are_no_options(tmp_path: Path) -> None:
    """What each is rated stands in its own column: one of them is satisfaction, and the others are named."""
    rows = [f"R{at},2026-03-{1 + at:02d},{mark},{6 - mark}" for at, mark in enumerate(MARKS)]
    document = report(
        written(
            tmp_path,
            "Response ID,Submitted at,How satisfied are you with: - 1 Speed,How satisfied are you with: - Overall",
            *rows,
        )
    )
    assert values(document)["csat"] == (pytest.approx(8 / 24), 24)


@pytest.mark.parametrize(
    "header",
    ["Respondent;Status;Startad;Avslutad", "Svarsnr;Status;Påbörjad;Avslutad", "Respondent;Status;Startet;Avsluttet"],
)
def test_responses_that_begin_and_end_are_no_tickets(tmp_path: Path, header: str) -> None:
    rows = [
        f"{at};{('Slutförd', 'Påbörjad')[at % 2]};2026-03-{1 + at:02d} 10:00;2026-03-{1 + at:02d} 10:05;{mark};{2 * mark}"
        for at, mark in enumerate(MARKS)
    ]
    document = report(
        written(
            tmp_path,
            f"{header};Hur nöjd är du som helhet med oss?;Hur sannolikt är det att du rekommenderar oss?",
            *rows,
        )
    )
    assert values(document)["csat"] == (0.5, 24)
    assert "tickets_created" not in values(document)
    assert "12 of 24 responses" in texts_of(document, "unfinished-responses")[0]


def test_a_list_of_cases_with_a_mark_is_one_of_tickets(tmp_path: Path) -> None:
    rows = [f"2026-03-{1 + at:02d};2026-03-{2 + at:02d};Löst;Ann;{mark}" for at, mark in enumerate(MARKS)]
    assert (
        values(report(written(tmp_path, "Skapad;Löst datum;Status;Handläggare;Nöjdhet", *rows)))["tickets_created"][0]
        == 24
    )


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [("Test", "Ja", "Nej"), ("Test", "x", ""), ("Testsvar", "1", "0"), ("Test response", "Yes", "No")],
)
def test_answers_that_are_tests_are_left_out(tmp_path: Path, header: str, yes: str, no: str) -> None:
    marks = [f"{5 if at % 4 == 0 else mark};{yes if at % 4 == 0 else no}" for at, mark in enumerate(MARKS)]
    document = report(survey(tmp_path, f"CSAT (1-5);{header}", marks))
    assert values(document)["csat"][1] == 18
    assert document["sources"][0]["rows_refused"] == {f"test or draft by `{header}`": 6}


def test_which_of_two_was_tried_is_no_test_answer(tmp_path: Path) -> None:
    assert (
        values(
            report(survey(tmp_path, "CSAT (1-5);Test", [f"{mark};{'AB'[at % 2]}" for at, mark in enumerate(MARKS)]))
        )["csat"][1]
        == 24
    )


@pytest.mark.parametrize("header", ["Nöjdhet", "CSAT (1-5)", "Kundetilfredshet"])
def test_means_of_several_answers_are_no_answers(tmp_path: Path, header: str) -> None:
    document = report(survey(tmp_path, header, ["4,1", "4,23", "3,9", "4,4", "4,2", "3,8"]))
    assert values(document).get("csat", (None, 0))[0] is None
    assert "means of several answers" in texts_of(document, "unknown-scale")[0]
    assert (
        values(report(survey(tmp_path, header, ["4,1", "4,23", "3,9", "4,4"]), "--scale", "csat=1-5"))["csat"][1] == 4
    )


@pytest.mark.parametrize("marks", [["4,5", "3,5", "5", "2,5", "1"], ["4", "5", "4,3", "3", "5"]])
def test_halves_and_slips_are_answers(tmp_path: Path, marks: list[str]) -> None:
    assert values(report(survey(tmp_path, "CSAT (1-5)", marks)))["csat"][1] == 5


def test_a_question_left_blank_is_no_silence(tmp_path: Path) -> None:
    """All of them answered something: nothing shows who was asked and did not, and so no response rate of 100 %."""
    rows = [f"{at};2026-03-01;2026-03-{2 + at:02d};{mark};{'' if at % 3 else 10}" for at, mark in enumerate(MARKS)]
    found = values(report(written(tmp_path, "Svars-ID;Skickad;Svarsdatum;CSAT (1-5);NPS", *rows)))
    assert "response_rate" not in found
    silent = written(tmp_path, "Svars-ID;Skickad;Svarsdatum;CSAT (1-5);NPS", *rows, "99;2026-03-01;;;")
    assert values(report(silent))["response_rate"] == (pytest.approx(24 / 25), 25)


def test_recommendation_from_one_to_eleven_has_a_way_out(tmp_path: Path) -> None:
    path = survey(tmp_path, "NPS", [11, 10, 9, 8, 7, 1])
    assert "words: {1: 0" in texts_of(report(path), "unknown-scale")[0]
    words = "{" + ", ".join(f"{mark}: {mark - 1}" for mark in range(1, 12)) + "}"
    mapping = written(tmp_path, "name: m", "label: m", "system: m", "table: answers", "columns: {response_id: Response ID, answered_at: Answered at}",
                      f"answers: [{{question: nps, from: NPS, scale: [0, 10], words: {words}}}]", name="m.yaml")  # fmt: skip
    assert values(report(path, "--mapping", mapping))["nps"] == (pytest.approx(0), 6)


def test_a_count_next_to_each_mark_is_no_survey(tmp_path: Path) -> None:
    assert piped("report", written(tmp_path, "Betyg;Antal", "5;120", "4;80", "3;30")).code == 3


@pytest.mark.parametrize("header", ["Satisfaction (0-100)", "Nöjdhet"])
def test_shares_of_the_best_marks_of_a_hundred_say_that_they_are_few(tmp_path: Path, header: str) -> None:
    """Only 99 and 100 are the two best."""
    document = report(survey(tmp_path, header, [0, 20, 40, 60, 80, 85, 90, 100, 75, 50]))
    (finding,) = [one for one in document["findings"] if one["code"] == "fine-scale"]
    assert finding["serious"]
    assert values(document)["csat_mean"] == (60.0, 10)
    assert not texts_of(report(survey(tmp_path, "CSAT (0-10)", [0, 5, 9, 10])), "fine-scale")


@pytest.mark.parametrize(
    ("header", "kpi"),
    [
        ("Hur nöjd är du med vår service?,How satisfied are you with our service?", "csat"),
        ("How likely are you to recommend us?,Hvor sannsynlig er det at du vil anbefale oss?", "nps"),
        ("Was your issue resolved?,Løste vi saken din?", "confirmed_resolution_rate"),
    ],
)
def test_one_question_in_a_column_for_each_language_is_one(tmp_path: Path, header: str, kpi: str) -> None:
    """Every other respondent answers each; that they are taken together is reported."""
    cells = {"csat": "5", "nps": "10", "confirmed_resolution_rate": "Yes"}[kpi]
    rows = [f"2026-03-{1 + at:02d} 10:00:00,{cells if at % 2 else ''},{'' if at % 2 else cells}" for at in range(20)]
    document = report(written(tmp_path, f"Timestamp,{header}", *rows))
    assert values(document)[kpi] == (pytest.approx(100 if kpi == "nps" else 1), 20)
    assert any("as one question" in note for note in document["sources"][0]["notes"])
    assert not texts_of(document, "chosen-question")


def test_two_questions_that_some_answer_both_are_two(tmp_path: Path) -> None:
    rows = [f"2026-03-{1 + at:02d} 10:00:00,{5 if at % 2 else ''},{1 if at % 3 else ''}" for at in range(20)]
    document = report(
        written(tmp_path, "Timestamp,Hur nöjd är du med vår service?,How satisfied are you with our service?", *rows)
    )
    assert values(document)["csat"] == (1.0, 10)


@pytest.mark.parametrize(
    "words", ["Mycket nöjd;Nöjd;Missnöjd;Mycket missnöjd", "Bad;Okay;Good", "Svært fornøyd;Fornøyd;Misfornøyd"]
)
def test_counts_of_each_word_are_no_marks(tmp_path: Path, words: str) -> None:
    rows = [
        f"2026-03-{1 + at:02d};{';'.join(str(at % 7 + place) for place, _ in enumerate(words.split(';')))}"
        for at in range(20)
    ]
    assert piped("report", written(tmp_path, f"Datum;{words}", *rows)).code == 3


def test_zeros_where_nobody_answered_are_no_marks(tmp_path: Path) -> None:
    """Half have no time of the answer, and 0."""
    rows = [
        f"{at};{f'2026-03-{1 + at:02d}' if at % 2 else ''};{(10, 8)[at % 4 // 2] if at % 2 else 0}" for at in range(24)
    ]
    document = report(written(tmp_path, "Svars-ID;Svarsdatum;NPS", *rows))
    assert values(document)["nps"] == (50.0, 12)
    assert "12 rows without a time" in texts_of(document, "unanswered-marks")[0]
    dated = written(tmp_path, "Svars-ID;Svarsdatum;NPS", *rows, "99;;10")
    assert values(report(dated))["nps"][1] == 25
