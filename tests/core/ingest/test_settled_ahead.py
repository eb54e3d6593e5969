"""Questions of large files are settled as each is scanned: what is read of them is the same as if all were settled at the end."""

from pathlib import Path

import pytest
from small_surveys import survey

import kpi_core
from kpi_core.ingest import question_meaning

WORDS = ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"] * 4
MARKS = [1, 2, 3, 4, 5, 5, 4] * 3


def files(folder: Path, kind: str) -> list[Path]:
    """Two surveys: of two questions, of one in two files, or of one in two files whose marks end at different heights."""
    question = "How satisfied are you?"
    match kind:
        case "two questions":
            other = "How likely are you to recommend us (0-10)?"
            return [survey(folder, question, WORDS), survey(folder, other, MARKS, "other.csv")]
        case "one question":
            return [survey(folder, question, MARKS), survey(folder, question, [3, 4, 5, 5], "other.csv")]
        case _:
            ten = [10, 9, 8, 7, 10, 9] * 4
            return [survey(folder, question, MARKS), survey(folder, question, ten, "other.csv")]


@pytest.mark.parametrize("kind", ["two questions", "one question", "two heights"])
def test_questions_settled_ahead_are_settled_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    paths = files(tmp_path, kind)
    at_the_end = kpi_core.read(paths)
    monkeypatch.setattr(question_meaning, "STREAMED", 0)
    ahead = kpi_core.read(paths)
    order = ["response_id", "question"]
    assert ahead.tables["answers"].sort(order).equals(at_the_end.tables["answers"].sort(order))
    assert [(one.code, one.text) for one in ahead.findings] == [(one.code, one.text) for one in at_the_end.findings]
    assert [read.questions for read in ahead.reads] == [read.questions for read in at_the_end.reads]
