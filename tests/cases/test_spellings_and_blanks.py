"""Conditions that find less than a reader means: another spelling of the word, the same letters put together otherwise, rows without a value.

What is one group with `--by` is one word in a condition and in a KPI of one's own; who is not called so is also who is called nothing.
"""

import unicodedata
from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import Reported, reported
from small_reports import written

HEADER = "Ärendenr;Skapad;Löst;Status;Region;Typ"
WORDS = ("Skåne", "skåne", "Skåne ", "SKÅNE", "")
TYPES = ("Fel", "Fråga", "", "", "Fråga")
ROWS = [
    f"{n};2026-10-0{n} 08:00;2026-10-1{n} 08:00;Löst;{word};{kind}"
    for n, (word, kind) in enumerate(zip(WORDS, TYPES, strict=True), 1)
]


def read(folder: Path, *more: object) -> Reported:
    return reported(written(folder, "list", HEADER, *ROWS), *more)


@pytest.mark.parametrize("word", ["Skåne", "skåne", "SKÅNE", "Skåne "])
def test_a_condition_finds_every_spelling_of_its_word(tmp_path: Path, word: str) -> None:
    assert read(tmp_path, "--where", f"Region = '{word}'").value("tickets_created") == 4
    assert read(tmp_path, "--where", f"Region in ('{word}')").value("tickets_created") == 4


def test_codes_keep_their_case(tmp_path: Path) -> None:
    rows = [row.replace(word, code) for row, word, code in zip(ROWS[:4], WORDS, ("a1", "A1", "A1", "A1"), strict=False)]
    assert reported(written(tmp_path, "codes", HEADER, *rows), "--where", "Region = 'a1'").value("tickets_created") == 1


OWN = """pack: mine
kpis:
  - {name: mine, label: Mine, description: x, table: tickets, better: higher, unit: count, measure: {count: "CONDITION"}}
"""


@pytest.mark.parametrize("condition", ["Region = 'skåne'", "Region in ('SKÅNE', 'Halland')"])
def test_a_kpi_of_ones_own_finds_every_spelling_too(tmp_path: Path, condition: str) -> None:
    (tmp_path / "own.yaml").write_text(OWN.replace("CONDITION", condition), encoding="utf-8")
    assert read(tmp_path, "--kpis-file", tmp_path / "own.yaml").value("mine") == 4


def test_letters_put_together_are_letters(tmp_path: Path) -> None:
    whole = [row.replace("Region", "Grupp") for row in (HEADER, *ROWS[:2])]
    apart = [unicodedata.normalize("NFD", line.replace(";1;", ";")) for line in (whole[0], *ROWS[2:4])]
    found = reported(written(tmp_path, "whole", *whole), written(tmp_path, "apart", *apart), "--by", "group")
    assert {each["group"]["group"] for each in found.document["results"] if each["group"]} == {"Skåne"}
    assert found.value("tickets_created") == 4


def test_so_in_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for line in (HEADER, *ROWS):
        book.worksheets[0].append([unicodedata.normalize("NFD", cell) for cell in line.split(";")])
    book.save(tmp_path / "list.xlsx")
    assert reported(tmp_path / "list.xlsx", "--where", "Region = 'Skåne'").value("tickets_created") == 4


@pytest.mark.parametrize("condition", ["Typ <> 'Fel'", "Typ != 'Fel'", "not (Typ = 'Fel')", "Typ not in ('Fel')"])
def test_who_is_called_nothing_is_not_called_so(tmp_path: Path, condition: str) -> None:
    found = read(tmp_path, "--where", condition)
    assert found.value("tickets_created") == 4
    assert "2 rows have no value in `Typ`" in found.finding_text("where")


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("Typ = 'Fråga'", 2),
        ("Typ is null", 2),
        ("Typ <> 'Fel' and Typ is not null", 2),
        ("coalesce(Typ, 'Fel') <> 'Fel'", 2),
    ],
)
def test_a_condition_that_asks_for_blanks_itself_has_its_way(tmp_path: Path, condition: str, count: int) -> None:
    found = read(tmp_path, "--where", condition)
    assert found.value("tickets_created") == count
    assert "where" not in found.codes


def test_a_number_that_is_not_there_meets_no_condition_and_is_reported(tmp_path: Path) -> None:
    rows = ["1,2026-10-01,Open,0", "2,2026-10-02,Open,2", "3,2026-10-03,Open,"]
    found = reported(written(tmp_path, "counted", "Ticket ID,Created,Status,Reopens", *rows), "--where", "reopens <> 0")
    assert found.value("tickets_created") == 1
    assert "1 row has no value in `reopens`" in found.finding_text("where")
