"""A line above or below answers that gives their scale otherwise than they were read."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

HEADER = "Svars-ID;Svarsdatum;Hur nöjd är du med supporten?"
ROWS = [f"{9000 + place};2026-01-{1 + place % 28:02d} 10:00;{(1, 2, 2, 5, 1, 4, 3)[place % 7]}" for place in range(70)]
TURNED = [
    "Skala: 1 = mycket nöjd, 5 = mycket missnöjd",
    "1 = svært fornøyd ... 5 = svært misfornøyd",
    "1 = very satisfied, 5 = very dissatisfied",
    "Lägst är bäst",
]


@pytest.mark.parametrize("is_below", [False, True])
@pytest.mark.parametrize("line", [*TURNED, "Svar på skalan 1-10 där 10 är bäst"])
def test_nothing_is_computed_where_a_line_says_otherwise(tmp_path: Path, line: str, is_below: bool):
    lines = [HEADER, *ROWS, line] if is_below else [line, HEADER, *ROWS]
    document = report_json(written(tmp_path, "answers", *lines), "--period", "2026-01")
    [text] = findings(document, "scale-beside")
    assert line in text
    assert totals(document)["csat"]["value"] is None


@pytest.mark.parametrize("line", TURNED[:3])
def test_what_the_user_says_goes_before_the_line(tmp_path: Path, line: str):
    path = written(tmp_path, "answers", line, HEADER, *ROWS)
    document = report_json(path, "--period", "2026-01", "--direction", "csat=lower")
    assert findings(document, "scale-beside") == []
    assert totals(document)["csat"]["value"] == pytest.approx(4 / 7)


@pytest.mark.parametrize(
    "line",
    [
        "Skala: 1 = mycket missnöjd, 5 = mycket nöjd",
        "Skala 1-5",
        "Period: 1-31 januari 2026",
        "Enkät Q1 2026",
        "Antal svar: 70",
        "Fråga 1-3 av 10, skala 1-5 där 5 är bäst",
    ],
)
def test_a_line_that_says_the_same_or_nothing_changes_nothing(tmp_path: Path, line: str):
    document = report_json(written(tmp_path, "answers", line, HEADER, *ROWS), "--period", "2026-01")
    assert findings(document, "scale-beside") == []
    assert totals(document)["csat"]["value"] == pytest.approx(2 / 7)


@pytest.mark.parametrize("comment", ["På en skala 1-10 får ni 2", "1 = bäst, som vanligt", "Lägst är bäst"])
def test_what_a_customer_writes_in_the_last_rows_is_no_line_next_to_them(tmp_path: Path, comment: str):
    rows = [f"2026-01-05 10:{place:02d};{mark};{comment}" for place, mark in enumerate("12554312" * 4)]
    lines = ["Svarsdatum;Hur nöjd är du med supporten?;Kommentar", *rows]
    document = report_json(written(tmp_path, "answers", *lines), "--period", "all")
    assert findings(document, "scale-beside") == []
    assert totals(document)["csat"]["value"] is not None
