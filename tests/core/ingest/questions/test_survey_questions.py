"""Survey questions found by their words, their scales and directions, and one row an answer."""

from pathlib import Path

import polars as pl
import pytest
from reported import english

from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.questions.effort_direction import ENOUGH, settle_direction
from kpi_core.model.tables import QUESTIONS, Kind

UNASKED = Choices()


def survey(folder: Path, text: str, choices: Choices = UNASKED) -> Dataset:
    path = folder / "survey.csv"
    path.write_text(text, encoding="utf-8")
    return read_exports([str(path)], choices, frozenset())


def asked(header: str, *cells: str) -> str:
    return f"Response ID,Answered at,{header}\n" + "".join(
        f"{place},2026-01-{place + 1:02d} 10:00:00,{cell}\n" for place, cell in enumerate(cells)
    )


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ("NPS", "nps"),
        ("How likely are you to recommend us to a friend?", "nps"),
        ("Hur sannolikt är det att du rekommenderar oss?", "nps"),
        ("Hvor sannsynlig er det at du vil anbefale oss?", "nps"),
        ("Overall how satisfied are you with our service?", "csat"),
        ("Hur nöjd är du med svaret?", "csat"),
        ("Hvor fornøyd er du?", "csat"),
        ("How easy was it to get help?", "ces"),
        ("Hur lätt var det att få hjälp?", "ces"),
        ("Was your issue resolved?", "resolved"),
        ("Bemötande", "treatment"),
        ("Kompetanse", "competence"),
    ],
)
def test_a_question_is_known_by_its_words(tmp_path: Path, header: str, question: str) -> None:
    answers = survey(
        tmp_path, asked(header, *("1" for _ in range(4)), *(["5"] if question != "resolved" else ["0"]))
    ).tables["answers"]
    assert set(answers["question"].cast(pl.String)) == {question}


@pytest.mark.parametrize(
    ("header", "cells", "scale"),
    [
        ("NPS", ["1", "8"], (0, 10)),
        ("CSAT", ["1", "5"], (1, 5)),
        ("CSAT", ["1", "7"], (1, 7)),
        ("CSAT", ["2", "10"], (1, 10)),
        ("CSAT", ["0", "10"], (0, 10)),
        ("CSAT", ["20", "95"], (0, 100)),
        ("How satisfied are you (1-7)?", ["1", "4"], (1, 7)),
        ("Hur nöjd är du på en skala 1 till 10", ["1", "4"], (1, 10)),
        ("CSAT", ["Very satisfied", "Neutral"], (1, 5)),
        ("Problem solved", ["Yes", "No"], (0, 1)),
    ],
)
def test_a_scale_is_recognised_by_words_header_or_the_highest_answer(
    tmp_path: Path, header: str, cells: list[str], scale: tuple[float, float]
) -> None:
    answers = survey(tmp_path, asked(header, *cells)).tables["answers"]
    assert set(answers.select("scale_low", "scale_high").rows()) == {scale}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("CSAT", ["1", "4"]),
        ("CSAT", ["1", "6"]),
        ("CSAT", ["2", "9"]),
        ("CSAT", ["1", "200"]),
        ("NPS", ["1", "5"]),
        ("NPS", ["7", "2"]),
    ],
)
def test_a_scale_that_nothing_shows_is_asked_for(tmp_path: Path, header: str, cells: list[str]) -> None:
    dataset = survey(tmp_path, asked(header, *cells))
    (message,) = [finding for finding in dataset.findings if finding.code == "unknown-scale"]
    assert message.is_serious
    assert f"cannot tell the scale of `{header}`" in message.text
    assert f"--scale {header.lower()}=" in message.text
    answers = dataset.tables["answers"]
    assert answers["score"].null_count() == answers.height == len(cells)
    assert answers["unread:score"].all()
    if cells[1] == "4":
        read = survey(tmp_path, asked(header, *cells), Choices(scales={"csat": (1, 5)})).tables["answers"]
        assert read["scale_high"].to_list() == [5, 5]


def test_a_number_that_cannot_be_read_refuses_its_answer_and_a_blank_is_none(tmp_path: Path) -> None:
    dataset = survey(tmp_path, asked("NPS", "9", "12", "", "Don't know", "0"))
    (source,) = dataset.sources
    assert dataset.tables["answers"].select("score", "unread:score").rows() == [(9, False), (0, False), (None, True)]
    assert english(source.rows_refused) == {"no answer": 2}
    assert (source.rows_read, source.rows_used) == (5, 3)
    assert source.words == {"rating": (1, 3)}
    assert dataset.refused.filter(reason="unreadable")["value"].to_list() == ["12"]


def test_one_row_a_question_answered_and_one_for_an_offer_alone(tmp_path: Path) -> None:
    text = "Response ID,Sent at,Answered at,NPS,CSAT\n1,2026-01-01,2026-01-02,9,5\n2,2026-01-01,,,\n3,,2026-01-03,,4\n"
    answers = survey(tmp_path, text).tables["answers"].sort("answered_at", "question")
    found = [
        (question, score, offered)
        for question, score, offered in answers.select(pl.col("question").cast(pl.String), "score", "is_offered").rows()
    ]
    assert sorted(found, key=str) == sorted(
        [("csat", 5, True), ("nps", 9, True), ("csat", None, True), ("nps", None, True), ("csat", 4, False)], key=str
    )


def test_a_file_without_a_question_is_refused_with_its_headers(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no survey question") as refused:
        survey(tmp_path, "Response ID,Answered at,Shoe size\n1,2026-01-01,43\n", Choices(mapping="spreadsheet-answers"))
    assert refused.value.hint is not None
    assert "`Shoe size`" in refused.value.hint


@pytest.mark.parametrize(
    ("header", "direction"),
    [
        ("How easy was it to get help?", "higher"),
        ("How much effort did it take?", "lower"),
        ("Kundansträngning", "lower"),
        ("CES (1-5)", None),
    ],
)
def test_an_effort_question_points_where_its_words_say(tmp_path: Path, header: str, direction: str | None) -> None:
    dataset = survey(tmp_path, asked(f"{header},NPS", "1,9", "5,8"), Choices(scales={"ces": (1, 5)}))
    result = dataset.tables["answers"].filter(pl.col("question") == "ces")["direction"].cast(pl.String).to_list()
    assert result == ([direction] * 2 if direction else [])
    assert [finding.code for finding in dataset.findings] == ([] if direction else ["effort-direction"])


def test_what_the_user_says_of_scale_and_direction_goes_before_all(tmp_path: Path) -> None:
    dataset = survey(
        tmp_path,
        asked("How easy was it (1-5)?", "1", "7"),
        Choices(scales={"ces": (1, 7)}, directions={"ces": "lower"}),
    )
    answers = dataset.tables["answers"]
    assert set(answers.select("scale_low", "scale_high", pl.col("direction").cast(pl.String)).rows()) == {
        (1, 7, "lower")
    }


def both_asked(pairs: list[tuple[float, float]]) -> pl.DataFrame:
    """Respondents who answered an effort question without a direction, and how satisfied they were."""
    rows = [
        (place, question, score)
        for place, (effort, liked) in enumerate(pairs)
        for question, score in (("ces", effort), ("csat", liked))
    ]
    frame = pl.DataFrame(
        rows, schema={"response_id": pl.UInt64, "question": Kind.QUESTION.dtype, "score": pl.Float64}, orient="row"
    )
    result = pl.when(pl.col("question") == "csat").then(pl.lit("higher")).cast(Kind.DIRECTION.dtype)
    return frame.with_columns(direction=result)


@pytest.mark.parametrize(
    ("pairs", "direction"),
    [
        ([(score % 7, score % 7) for score in range(ENOUGH)], "higher"),
        ([(7 - score % 7, score % 7) for score in range(ENOUGH)], "lower"),
        ([(score % 7, score % 7) for score in range(ENOUGH - 1)], None),
        ([(score % 2, score // 2 % 2) for score in range(40)], None),
        ([(4, score % 5) for score in range(40)], None),
    ],
)
def test_satisfaction_shows_which_way_effort_points_or_its_answers_are_left_out(
    pairs: list[tuple[float, float]], direction: str | None
) -> None:
    settled = settle_direction(both_asked(pairs))
    answers, result = settled.on(both_asked(pairs)), settled.note
    effort = answers.filter(pl.col("question") == "ces")
    assert result is not None
    assert effort.height == (len(pairs) if direction else 0)
    assert set(effort["direction"].cast(pl.String)) == ({direction} if direction else set())
    assert answers.filter(pl.col("question") == "csat").height == len(pairs)
    assert ("left out" in str(result)) is (direction is None)


def test_the_questions_of_the_table_are_those_that_files_can_ask() -> None:
    assert len(set(QUESTIONS)) == len(QUESTIONS)
    assert {"csat", "ces", "nps"} < set(QUESTIONS)


@pytest.mark.parametrize(
    ("header", "question", "scale"),
    [
        ("CSAT (1-5)", "csat", (1, 5)),
        ("CSAT 1-5", "csat", (1, 5)),
        ("Nöjdhet (1–5)", "csat", (1, 5)),
        ("Kundnöjdhet, skala 1-7", "csat", (1, 7)),
        ("Customer satisfaction [1 to 10]", "csat", (1, 10)),
        ("NPS (0-10)", "nps", (0, 10)),
        ("CSAT (0-100)", "csat", (0, 100)),
        ("CSAT 1 — 7", "csat", (1, 7)),
        ("CES, scale of 1-7", "ces", (1, 7)),
        ("Tilfredshet 1 til 6", "csat", (1, 6)),
    ],
)
def test_a_question_may_state_its_scale_in_its_header(
    tmp_path, header: str, question: str, scale: tuple[int, int]
) -> None:
    rows = [f"{number},2026-01-0{number} 10:00,{number}" for number in range(1, 6)]
    result = survey(
        tmp_path, "\n".join([f'Response ID,Answered at,"{header}"', *rows, ""]), Choices(directions={"ces": "lower"})
    )
    answers = result.tables["answers"]
    assert answers["question"].cast(str).unique().to_list() == [question]
    assert answers.select("scale_low", "scale_high").unique().rows() == [scale]
    assert answers.height == 5


@pytest.mark.parametrize("header", ["CSAT 2024", "NPS 4", "CSAT (n)", "CSAT 1-5 comments", "Q1-5"])
def test_a_header_that_states_something_else_is_no_question(tmp_path, header: str) -> None:
    rows = [f"{number},2026-01-0{number} 10:00,{number}" for number in range(1, 6)]
    with pytest.raises(ExportError):
        survey(
            tmp_path,
            "\n".join([f'Response ID,Answered at,"{header}"', *rows, ""]),
            Choices(mapping="spreadsheet-answers"),
        )


def test_the_bare_name_comes_before_one_with_a_scale(tmp_path) -> None:
    content = "Response ID,Answered at,CSAT (1-5),CSAT\n1,2026-01-01 10:00,1,5\n2,2026-01-02 10:00,1,4\n"
    assert survey(tmp_path, content, Choices(scales={"csat": (1, 5)})).tables["answers"]["score"].sort().to_list() == [
        4,
        5,
    ]
