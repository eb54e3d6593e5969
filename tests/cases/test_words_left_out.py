"""Everyday spellings that were left out: `SANT`, steps of happiness, times in business hours; agreement in seven steps in doubt."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import Reported, reported


def read(folder: Path, *lines: str, delimiter: str = ";") -> Reported:
    path = folder / "list.csv"
    path.write_text("\n".join([*lines, ""]).replace(";", delimiter), encoding="utf-8")
    return reported(path, "--min-n", "1", "--kpi", "*")


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Ärendenr;Skapad;Löst;Status;Återöppnad", "SANT", "FALSKT"),
        ("Saksnr;Opprettet;Løst;Status;Gjenåpnet", "SANN", "USANN"),
        ("Sagsnr;Oprettet;Løst;Status;Genåbnet", "SAND", "FALSK"),
        ("Ticket ID;Created at;Resolved at;Status;Reopened", "TRUE", "FALSE"),
    ],
)
def test_a_spreadsheets_truths_show_reopenings(tmp_path: Path, header: str, yes: str, no: str) -> None:
    rows = [f"{at};2026-03-{at:02} 08:00;2026-03-{at:02} 12:00;Closed;{yes if at < 3 else no}" for at in range(1, 11)]
    assert read(tmp_path, header, *rows).value("reopen_rate") == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("words", "share"),
    [
        (("Extremely Happy", "Happy", "Neutral", "Unhappy", "Extremely Unhappy"), 0.4),
        (("Extremely Happy", "Very Happy", "Happy", "Neutral", "Unhappy", "Very Unhappy", "Extremely Unhappy"), 2 / 7),
        (("Happy", "Neutral", "Unhappy"), 1 / 3),
    ],
)
def test_steps_of_happiness_are_a_scale(tmp_path: Path, words: tuple[str, ...], share: float) -> None:
    rows = [f"{at};2026-03-{at:02};{word}" for at, word in enumerate(words, 1)]
    assert read(tmp_path, "Response ID;Submitted at;CSAT", *rows).value("csat") == pytest.approx(share)


@pytest.mark.parametrize(
    "words",
    [
        ("Strongly agree", "Agree", "Somewhat agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"),
        ("Agree", "Somewhat agree", "Neither agree nor disagree", "Disagree", "Strongly agree", "Somewhat disagree"),
    ],
)
def test_six_words_are_no_scale_of_five(tmp_path: Path, words: tuple[str, ...]) -> None:
    rows = [f"{at};2026-03-{at:02};{word}" for at, word in enumerate(words, 1)]
    found = read(tmp_path, "Response ID;Submitted at;The company made it easy for me to handle my issue", *rows)
    assert found.value("ces") is not None
    assert "unknown-scale" not in found.codes


@pytest.mark.parametrize(
    "word", ["First response time (business hours)", "Svarstid (arbetstimmar)", "Svartid (arbeidstimer)"]
)
def test_times_in_business_hours_are_read(tmp_path: Path, word: str) -> None:
    rows = [f"{at};2026-03-{at:02} 08:00;Closed;0.5" for at in range(1, 11)]
    assert read(tmp_path, f"Ticket ID;Created at;Status;{word}", *rows).value("first_reply_time_business") == 1800


@pytest.mark.parametrize("number", [1234567890123456789, 987654321098765432, 1234567890123456789012])
def test_long_numbers_that_a_spreadsheet_has_rounded_are_reported(tmp_path: Path, number: int) -> None:
    book = Workbook()
    book.active.append(["Ticket ID", "Created at", "Resolved at", "Status"])
    for at in range(1, 10):
        book.active.append([float(number), f"2026-03-0{at} 08:00", f"2026-03-0{at} 12:00", "Closed"])
    book.save(tmp_path / "list.xlsx")
    found = reported(tmp_path / "list.xlsx", "--kpi", "tickets_created")
    assert found.value("tickets_created") == 9
    assert "cut-off-numbers" in found.codes
