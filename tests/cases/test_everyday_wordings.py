"""Guards: everyday wordings of the questions of a survey that no pattern finds, so that a column is passed over; and one note repeated of a
column that goes by two names.
"""

from pathlib import Path

import pytest
from small_surveys import report, survey, texts_of, values


@pytest.mark.parametrize(
    ("header", "kpi"),
    [
        ("Hur troligt är det att du rekommenderar oss?", "nps"),
        ("Hvor trolig er det at du vil anbefale oss?", "nps"),
        ("Hur nöjd eller missnöjd är du med vår support?", "csat"),
        ("Hvor fornøyd eller misfornøyd er du med supporten?", "csat"),
        ("Hvor tilfreds eller utilfreds er du med vores support?", "csat"),
        ("Helhetsbetyg (1-5)", "csat"),
        ("Det var enkelt att få hjälp (1-7)", "ces"),
        ("Det var lett å få hjelp (1-7)", "ces"),
        ("It was easy to get help (1-7)", "ces"),
    ],
)
def test_the_question_is_read(tmp_path: Path, header: str, kpi: str) -> None:
    marks = {"nps": 10, "csat": 5, "ces": 7}[kpi]
    path = survey(tmp_path, header, [1 + place % marks for place in range(4 * marks)])
    assert values(report(path))[kpi][1] == 4 * marks


def test_a_column_that_goes_by_two_names_is_reported_of_once(tmp_path: Path) -> None:
    """Those asked by telephone answer, the others hardly do."""
    lines = [
        f"2026-03-{1 + place % 28:02d} 09:00;{f'2026-03-{1 + place % 28:02d} 10:00' if place % 2 or place % 20 == 0 else ''};A{place};"
        f"{'Telefon' if place % 2 else 'Chatt'};{1 + place % 5 if place % 2 or place % 20 == 0 else ''}"
        for place in range(400)
    ]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(["Skickad;Svarsdatum;Ärendenummer;Kanal;CSAT (1-5)", *lines, ""]), encoding="utf-8")
    found = texts_of(report(path, "--by", "kanal"), "uneven-answers")
    assert len(found) == 1
