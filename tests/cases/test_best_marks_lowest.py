"""Guards: marks of which the lowest is the best, as the header of a list of tickets or the cells themselves say (`Nöjdhet (1=bäst)`, `1 (best)` … `5 (worst)`): counted the wrong way round."""

from pathlib import Path

import pytest
from reported import Reported
from small_surveys import report

MARKS = [1] * 20 + [2] * 15 + [3] * 5 + [4] * 4 + [5] * 6
"""Of fifty marks 35 are satisfied where the lowest is the best, and 10 where the highest is."""


def tickets(folder: Path, header: str, cells: list[str]) -> Path:
    rows = [f'{place};2026-03-{1 + place % 28:02d} 09:0{place % 6};Closed;"{cell}"' for place, cell in enumerate(cells)]
    path = folder / "tickets.csv"
    path.write_text("\n".join([f'Ticket ID;Created;Status;"{header}"', *rows, ""]), encoding="utf-8")
    return path


def survey(folder: Path, header: str, cells: list[str]) -> Path:
    rows = [f'{place};2026-03-{1 + place % 28:02d} 09:0{place % 6};"{cell}"' for place, cell in enumerate(cells)]
    path = folder / "survey.csv"
    path.write_text("\n".join([f'Response ID;Date;"{header}"', *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "header",
    ["Nöjdhet (1=bäst)", "CSAT (1=best)", "Tyytyväisyys (1=paras)", "Tilfredshed (1 = meget tilfreds, 5 = meget utilfreds)", "Betyg (1=topp)"],
)  # fmt: skip
def test_the_header_of_a_list_of_tickets_says_it(tmp_path: Path, header: str) -> None:
    found = Reported(report(tickets(tmp_path, header, [str(mark) for mark in MARKS])))
    assert found.value("csat") == 0.7
    assert "turned-scale" in found.codes


def test_a_header_that_says_the_usual_turns_nothing(tmp_path: Path) -> None:
    found = Reported(report(tickets(tmp_path, "Nöjdhet (5=bäst)", [str(mark) for mark in MARKS])))
    assert found.value("csat") == 0.2


@pytest.mark.parametrize("made", [tickets, survey])
@pytest.mark.parametrize(
    ("best", "worst"), [("bäst", "sämst"), ("best", "worst"), ("bedst", "værst"), ("paras", "huonoin")]
)
def test_the_cells_say_it_at_both_ends(tmp_path: Path, made: object, best: str, worst: str) -> None:
    names = {1: f"1 ({best})", 5: f"5 ({worst})"}
    assert callable(made)
    found = Reported(report(made(tmp_path, "Nöjdhet", [names.get(mark, str(mark)) for mark in MARKS])))
    assert found.value("csat") == 0.7


def test_one_end_alone_against_the_usual_is_a_doubt(tmp_path: Path) -> None:
    found = Reported(report(tickets(tmp_path, "Nöjdhet", ["1 (bäst)" if mark == 1 else str(mark) for mark in MARKS])))
    assert found.value("csat") is None


def test_ends_that_go_with_their_numbers_turn_nothing(tmp_path: Path) -> None:
    names = {1: "1 (worst)", 5: "5 (best)"}
    found = Reported(report(tickets(tmp_path, "CSAT", [names.get(mark, str(mark)) for mark in MARKS])))
    assert found.value("csat") == 0.2
