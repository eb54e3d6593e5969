"""Guards: the plainest survey, a date of the answer, the number of the case and the mark, refused as no known format, or read without its cases."""

from pathlib import Path

import pytest
from invoked import piped
from small_surveys import report, texts_of, values

HEADERS = [
    "Svarsdatum;Ärendenummer;CSAT (1-5)",
    "Svardato;Saksnummer;Kundetilfredshet",
    "Svarsdato;Sagsnummer;Tilfredshed",
    "Vastauspäivä;Tapausnumero;Tyytyväisyys",
    "Response date;Ticket ID;CSAT",
    "Svarsdatum;Ärendenr;Nöjdhet",
    "Besvarad;Ärendenummer;Betyg",
    "Datum;Ärendenummer;CSAT (1-5)",
    "Date;Case number;CSAT",
]


def rows(header: str, folder: Path, *, rest: str = "") -> Path:
    path = folder / "survey.csv"
    lines = [f"2026-03-{1 + place:02d} 09:00;A{place};{(1, 5)[place % 2]}{rest}" for place in range(20)]
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("header", HEADERS)
def test_a_date_a_case_and_a_mark_are_a_survey(tmp_path: Path, header: str) -> None:
    """Half are satisfied, and each answer finds its ticket."""
    tickets = tmp_path / "tickets.csv"
    lines = [f"A{place};2026-03-01 08:00;2026-03-01 09:00;Solved" for place in range(20)]
    tickets.write_text("\n".join(["Ticket ID;Created at;Resolved at;Status", *lines, ""]), encoding="utf-8")
    document = report(rows(header, tmp_path), tickets)
    assert values(document)["csat"] == (0.5, 20)
    assert "20 of 20" in texts_of(document, "match-rate")[0]


@pytest.mark.parametrize("header", ["Svarsdatum;Ärendenummer;CSAT;Kommentar", "Date;Ticket ID;CSAT;Comment"])
def test_a_remark_changes_nothing(tmp_path: Path, header: str) -> None:
    assert values(report(rows(header, tmp_path, rest=";tack")))["csat"] == (0.5, 20)


@pytest.mark.parametrize("header", ["Datum;Ärendenummer;Antal", "Svarsdatum;Ärendenummer;Belopp"])
def test_without_a_question_there_is_no_survey(tmp_path: Path, header: str) -> None:
    assert piped("report", rows(header, tmp_path)).code == 3


def efforts(folder: Path, header: str, highest: int) -> Path:
    path = folder / "effort.csv"
    lines = [f"2026-03-{1 + place % 28:02d} 09:00;{1 + place % highest}" for place in range(highest * 6)]
    path.write_text("\n".join([f"Datum;{header}", *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("header", ["CES", "CES (1-7)", "CES 2.0", "Customer effort score"])
def test_the_name_of_effort_on_seven_steps_is_ease(tmp_path: Path, header: str) -> None:
    """The newer question; that this is assumed is serious."""
    document = report(efforts(tmp_path, header, 7))
    assert values(document)["ces"] == (4.0, 42)
    assert values(document)["ces_easy_rate"] == (pytest.approx(3 / 7), 42)
    (finding,) = [one for one in document["findings"] if one["code"] == "effort-direction"]
    assert "assumed" in finding["text"]
    assert finding["serious"]


@pytest.mark.parametrize(
    ("header", "highest"), [("CES", 5), ("CES (1-5)", 5), ("How easy or difficult was it? (1-7)", 7)]
)
def test_other_questions_of_effort_are_not_assumed_to_be_ease(tmp_path: Path, header: str, highest: int) -> None:
    assert "ces" not in values(report(efforts(tmp_path, header, highest)))
