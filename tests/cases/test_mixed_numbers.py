"""Whole numbers and fractions among one kind of values: a column built of them without a type breaks off.

Words may stand for 1 and for 2.5; the rows behind a figure are listed all the same.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import CASES

WORDS = """name: words-answers
label: Words
system: words
table: answers
columns: {{response_id: Id, answered_at: When}}
answers:
  - {{question: {question}, from: Rating, scale: {scale}, words: {words}}}
"""


def test_rows_of_a_file_with_damaged_words() -> None:
    ended = piped(
        "rows",
        "csat",
        CASES / "answers-with-damaged-words.csv",
        "--encoding",
        "cp1252",
        "--format",
        "csv",
        "--period",
        "all",
    )
    assert ended.code == 0, ended.err
    assert ended.out.startswith("role,reason,part,table,file,row,id,date,value")


@pytest.mark.parametrize(
    ("question", "scale", "words"),
    [
        ("csat", "[1, 5]", "{Poor: 1, Fine: 2.5, Great: 5}"),
        ("csat", "[0.0, 5]", "{Poor: 0, Fine: 2.5, Great: 5.0}"),
        ("csat", "[1, 7]", "{Poor: 1.0, Fine: 4, Great: 6.5}"),
    ],
)
@pytest.mark.parametrize("command", ["report", "rows"])
def test_words_may_stand_for_whole_numbers_and_fractions(
    tmp_path: Path, command: str, question: str, scale: str, words: str
) -> None:
    (tmp_path / "words.yaml").write_text(WORDS.format(question=question, scale=scale, words=words), encoding="utf-8")
    answers = "".join(f"{at},2026-01-0{at},{word}\n" for at, word in enumerate(("Poor", "Fine", "Great", "Great"), 1))
    (tmp_path / "a.csv").write_text("Id,When,Rating\n" + answers, encoding="utf-8")
    about = [question] if command == "rows" else []
    ended = piped(
        command, *about, tmp_path / "a.csv", "--mapping", tmp_path / "words.yaml", "--period", "all", "--format", "json"
    )
    assert ended.code == 0, ended.err
