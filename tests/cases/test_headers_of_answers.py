"""Headers called as what each answer has of its own: they take no answer's place, and crash nothing."""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported


@pytest.mark.parametrize("header", ["score", "question", "scale_low", "direction", "is_offered"])
def test_a_header_called_as_a_column_of_answers_is_no_answer(tmp_path: Path, header: str) -> None:
    """The answers to the two questions are what they are without it."""
    rows = [f"{n};2026-03-{1 + n % 28:02} 10:00;{n % 11};{1 + n % 5};{70 + n}" for n in range(40)]
    head = "Respondent ID;End Date;How likely is it that you would recommend us to a friend?;How satisfied are you with our support? (1-5)"
    path = tmp_path / "survey.csv"
    path.write_text("\n".join([f"{head};{header}", *rows, ""]), encoding="utf-8")
    plain = tmp_path / "plain.csv"
    plain.write_text("\n".join([head, *(row.rpartition(";")[0] for row in rows), ""]), encoding="utf-8")
    assert piped("inspect", path).code == 0
    assert piped("report", path).code in (0, 3)
    found, expected = reported(plain).value("nps"), reported(path).value("nps")
    assert expected in (found, None)
