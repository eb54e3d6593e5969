"""Guards: a survey with one row a respondent and question, refused as no known format: its answers are those of the same survey with one
column a question, however its rows lie in files.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, texts_of, values

LIKELY, NICE = "Hur troligt är det att du rekommenderar oss?", "Hur nöjd är du med kundservice?"
MARKS = [(10, 5), (9, 4), (9, 2), (7, 5), (3, 1)] * 4


def written(folder: Path, header: str, rows: Sequence[str], name: str = "answers.csv") -> Path:
    (folder / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder / name


def answers(likely: str = LIKELY, nice: str = NICE, *, day: str = "2026-03-10") -> list[str]:
    """Twenty respondents of two questions: NPS 60 less 20, CSAT 12 of 20."""
    return [
        f"{who};{day};{question};{mark}"
        for who, marks in enumerate(MARKS)
        for question, mark in zip((likely, nice), marks, strict=True)
    ]


@pytest.mark.parametrize(
    ("header", "likely", "nice"),
    [
        ("Respondent;Datum;Fråga;Svar", LIKELY, NICE),
        ("Respondent;Dato;Spørsmål;Svar", "Hvor sannsynlig er det at du vil anbefale oss?", "Hvor fornøyd er du med oss?"),
        ("Respondent ID;Date;Question;Answer", "How likely are you to recommend us?", "How satisfied are you?"),
        ("Svars-ID;Svarsdatum;Frågetext;Svarsvärde", "NPS", "Nöjdhet (1-5)"),
        ("Email;Submitted at;Question;Response", "nps", "CSAT"),
        ("Deltager;Dato;Spørgsmål;Svar", "Hvor sandsynligt er det, at du vil anbefale os?", "Hvor tilfreds er du?"),
    ],
)  # fmt: skip
def test_the_long_form_is_read(tmp_path: Path, header: str, likely: str, nice: str) -> None:
    """Each question below the one before it."""
    rows = sorted(answers(likely, nice), key=lambda row: row.split(";")[2])
    document = report(written(tmp_path, header, rows))
    found = values(document)
    assert found["nps"] == (pytest.approx(40), 20)
    assert found["csat"] == (pytest.approx(0.6), 20)
    assert found["answers_received"] == (20, 20)
    (source,) = document["sources"]
    assert (source["rows_read"], source["rows_used"]) == (40, 20)


def test_without_a_date_and_in_any_order(tmp_path: Path) -> None:
    rows = [";".join(row.split(";")[::2] + row.split(";")[3:]) for row in answers()]
    random.Random(1).shuffle(rows)
    assert values(report(written(tmp_path, "Respondent;Fråga;Svar", rows)))["nps"] == (pytest.approx(40), 20)


@pytest.mark.parametrize("cut", [1, 20, 21, 39])
def test_a_response_in_two_files_is_one(tmp_path: Path, cut: int) -> None:
    rows, header = answers(), "Respondent;Datum;Fråga;Svar"
    parts = [written(tmp_path, header, rows[:cut], "a.csv"), written(tmp_path, header, rows[cut:], "b.csv")]
    found = values(report(*parts))
    assert (found["nps"], found["answers_received"]) == ((pytest.approx(40), 20), (20, 20))


def test_numbers_that_restart_in_the_next_file_are_other_respondents(tmp_path: Path) -> None:
    header = "Respondent;Datum;Fråga;Svar"
    parts = [written(tmp_path, header, answers(day=f"2026-0{month}-10"), f"{month}.csv") for month in (3, 4)]
    assert values(report(*parts))["nps"] == (pytest.approx(40), 40)


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    header = "Respondent;Datum;Fråga;Svar"
    parts = [written(tmp_path, header, answers(), name) for name in ("a.csv", "b.csv")]
    assert values(report(*parts))["nps"] == (pytest.approx(40), 20)


def test_each_round_is_a_response_of_its_own(tmp_path: Path) -> None:
    """Who answers again a month later answers twice; that only the day shows is reported."""
    rows = [*answers(), *answers(day="2026-04-10")]
    document = report(written(tmp_path, "Respondent;Datum;Fråga;Svar", [*rows[:4], "0;2026-03-10;Kanal;Telefon", "0;2026-03-10;Kanal;Chatt", *rows[4:-4], *[f"{who};2026-04-10;{LIKELY};0" for who in (18, 19)]]))  # fmt: skip
    assert values(document)["nps"][1] == 40
    assert any("by the day" in note for note in document["sources"][0]["notes"])


def test_marks_that_contradict_each_other_are_left_out(tmp_path: Path) -> None:
    """Nothing shows which of two marks on one day is the right one; the same mark twice is one."""
    rows = [*answers(), f"0;2026-03-10;{LIKELY};2", f"1;2026-03-10;{LIKELY};9"]
    document = report(written(tmp_path, "Respondent;Datum;Fråga;Svar", rows))
    assert values(document)["nps"][1] == 19
    assert "`10, 2` (1)" in texts_of(document, "unread-answers")[0]


def test_questions_that_nobody_knows_are_named(tmp_path: Path) -> None:
    """As codes they are, and each can be declared to be one."""
    path = written(tmp_path, "Respondent;Datum;Fråga;Svar", answers("F1", "F2"))
    refused = piped("report", path)
    assert refused.code == 3
    assert "`F1`, `F2`" in refused.err
    assert values(report(path, "--column", "nps=F1", "--column", "csat=F2"))["nps"] == (pytest.approx(40), 20)


def test_a_number_of_each_row_is_none_of_a_response(tmp_path: Path) -> None:
    rows = [f"{place};{row}" for place, row in enumerate(answers())]
    found = values(report(written(tmp_path, "Response ID;Respondent;Datum;Fråga;Svar", rows)))
    assert found["answers_received"] == (20, 20)


@pytest.mark.parametrize("header", ["ID;Date;Question;Answer", "Customer;Datum;Fråga;Svar"])
def test_what_customers_ask_is_no_survey(tmp_path: Path, header: str) -> None:
    rows = [
        f"{place % 7};2026-03-10;How do I change my plan no. {place}?;In the settings, page {place}"
        for place in range(20)
    ]
    assert piped("report", written(tmp_path, header, rows)).code == 3
