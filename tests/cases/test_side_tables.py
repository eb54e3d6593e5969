"""A summary next to the list, apart from it by a blank column: its total took a row out, its columns stood in for the list's own."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from reported import Reported, reported

from kpi_core.ingest.files.side_tables import side_tables

TICKETS = ["Ärendenr;Skapad;Löst;Status"] + [
    f"{at};2026-03-{at:02} 08:00;{'' if at > 8 else f'2026-03-{at:02} 12:00'};{'Öppen' if at > 8 else 'Löst'}"
    for at in range(1, 11)
]
TEAMS = ["Team;Antal", "A;4", "B;6", "Summa;10"]


def side_by_side(rows: list[str], side: list[str], *, left: bool = False, top: int = 0) -> list[str]:
    """Lines of a list and of a table next to it, a blank column between them."""
    width, own = side[0].count(";"), rows[0].count(";")
    padded = [";" * width] * top + side + [";" * width] * (len(rows) - top - len(side))
    rows = rows + [";" * own] * (len(padded) - len(rows))
    return [
        f"{one};;{other}" for one, other in (zip(padded, rows, strict=True) if left else zip(rows, padded, strict=True))
    ]


def read(folder: Path, lines: list[str], *arguments: str) -> Reported:
    path = folder / "list.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return reported(path, "--min-n", "1", *arguments)


@pytest.mark.parametrize(
    "side",
    [
        TEAMS,
        ["Segment;Antal", "SMB;4", "Ent;6", "Total;10"],
        ["Status;Antal", "Löst;8", "Öppen;2", "Summa;10"],
        ["Prioritet;Betydelse", "Hög;samma dag", "Låg;när vi hinner"],
        ["Handläggare", "Eva", "Ola"],
    ],
)
@pytest.mark.parametrize("left", [False, True])
def test_every_row_of_the_list_is_one(tmp_path: Path, side: list[str], left: bool) -> None:
    found = read(
        tmp_path, side_by_side(TICKETS, side, left=left), "--kpi", "tickets_created", "--kpi", "tickets_resolved"
    )
    assert (found.value("tickets_created"), found.value("tickets_resolved")) == (10, 8)
    assert found.refused == [{}]
    assert f"`{side[0].split(';')[0]}`" in found.finding_text("side-table")


@pytest.mark.parametrize(
    "side",
    [["Stars;Count", "1;0", "2;0", "3;0", "4;1", "5;9"], ["Stars;Share", *(f"{at} stars;20 %" for at in range(1, 6))]],
)
def test_the_stars_of_reviews_are_their_own(tmp_path: Path, side: list[str]) -> None:
    rows = [
        "Review ID;Rating;Review date;Review",
        *(f"{at};{4 if at == 10 else 5};2026-03-{at:02};x" for at in range(1, 11)),
    ]
    assert read(tmp_path, side_by_side(rows, side), "--kpi", "review_rating_5").value("review_rating_5") == 4.9


@pytest.mark.parametrize("count", [10, 7, 5, 4])
def test_the_marks_of_a_survey_are_its_own(tmp_path: Path, count: int) -> None:
    """Where the list is hardly longer than the steps of its scale, or shorter."""
    rows = [
        "Svars-ID;Svarsdatum;CSAT (1-5)",
        *(f"{at};2026-03-{at:02};{1 if at == 1 else 5}" for at in range(1, count + 1)),
    ]
    side = ["Betyg;Andel", "1;10 %", "2;0 %", "3;0 %", "4;0 %", "5;90 %"]
    found = read(tmp_path, side_by_side(rows, side), "--kpi", "csat")
    assert found.value("csat") == pytest.approx((count - 1) / count)


def test_a_table_exactly_as_long_as_the_list_is_in_doubt(tmp_path: Path) -> None:
    """The steps of a recommendation next to ten answers: they were its marks, one of each."""
    rows = ["Svars-ID;Svarsdatum;CSAT (1-5)", *(f"{at};2026-03-{at:02};{1 if at < 4 else 5}" for at in range(1, 11))]
    side = ["NPS;Antal", *(f"{at};1" for at in range(10))]
    found = read(tmp_path, side_by_side(rows, side), "--kpi", "csat", "--kpi", "nps")
    assert found.value("csat") == 0.7
    assert found.result("nps") is None
    assert "exactly as long" in found.finding_text("side-table")
    assert "`NPS`" in found.finding_text("side-table")


def test_two_tables_below_each_other_and_one_of_a_workbook(tmp_path: Path) -> None:
    lines = side_by_side(TICKETS, [*TEAMS, ";", "Kanal;Antal", "E-post;10"])
    book = Workbook()
    for line in lines:
        book.active.append([cell or None for cell in line.split(";")])
    book.save(tmp_path / "list.xlsx")
    found = reported(tmp_path / "list.xlsx", "--kpi", "tickets_created")
    assert found.value("tickets_created") == 10
    assert "(5 rows)" in found.finding_text("side-table")


@pytest.mark.parametrize(
    "own",
    [
        ["Grupp"] + ["A", "B"] * 5,
        ["Stängd"] + [f"2026-03-{at:02} 13:00" for at in range(1, 5)] + [""] * 6,
        ["Kommentar;Av", "x;Eva", ";", ";", "y;Ola", *[";"] * 6],
        ["Kund;Ordernr", *(f"K{at};{at}" for at in range(1, 11))],
        ["Åter öppnad;Antal", *(f"2026-03-0{at};{at}" for at in range(1, 10)), ";"],
    ],
)
def test_columns_of_the_rows_behind_a_blank_one_are_read(own: list[str]) -> None:
    assert side_tables([line.split(";") for line in side_by_side(TICKETS, own)]) == ()


def test_a_row_with_its_own_number_day_and_state_is_no_sum(tmp_path: Path) -> None:
    """Without a blank column between, the summary's words stand in the row; it stays a case."""
    lines = [f"{one};{other}" for one, other in zip(TICKETS, [*TEAMS, *[";"] * 7], strict=True)]
    found = read(tmp_path, lines, "--kpi", "tickets_created")
    assert (found.value("tickets_created"), found.refused) == (10, [{}])
