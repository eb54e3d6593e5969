"""A file whose dates do not separate day from month, refused though another file of the same list does."""

from pathlib import Path

import pytest
from invoked import piped
from reported import reported
from small_reports import written

HEADER = "Ticket ID,Created,Status"
CODE = "order-of-another-file"


def listed(folder: Path, name: str, *dates: str, header: str = HEADER) -> Path:
    return written(folder, name, header, *(f"{name}{n},{date} 08:00,Open" for n, date in enumerate(dates)))


@pytest.mark.parametrize(
    ("sure", "doubtful"),
    [
        (("13/10/2026", "14/10/2026"), ("03/10/2026", "04/10/2026")),
        (("10/13/2026", "10/14/2026"), ("10/03/2026", "10/04/2026")),
    ],
    ids=["day first", "month first"],
)
def test_a_file_follows_the_one_that_shows(tmp_path: Path, sure: tuple[str, ...], doubtful: tuple[str, ...]) -> None:
    one, other = listed(tmp_path, "sure", *sure), listed(tmp_path, "doubtful", *doubtful)
    for files in ((one, other), (other, one)):
        found = reported(*files, period="2026-10")
        assert found.value("tickets_created") == 4
        assert "as those of" in found.finding_text(CODE)


@pytest.mark.parametrize(
    "others",
    [
        [],
        [("13/10/2026", HEADER), ("10/13/2026", HEADER)],
        [("13/10/2026", "Ticket ID,Created,Status,Group")],
        [("04/10/2026", HEADER)],
    ],
    ids=["alone", "two that differ", "another list", "one that tells nothing"],
)
def test_without_one_that_shows_it_is_asked_for(tmp_path: Path, others: list[tuple[str, str]]) -> None:
    files = [listed(tmp_path, f"other{n}", date, header=header) for n, (date, header) in enumerate(others)]
    ended = piped("report", listed(tmp_path, "doubtful", "03/10/2026"), *files)
    assert ended.code == 3
    assert "cannot tell day from month" in ended.err


ENDED = "Ticket ID,Created,Resolved,Status"


def spans(folder: Path, name: str, *rows: tuple[str, str]) -> Path:
    return written(
        folder, name, ENDED, *(f"{name}{n},{begin} 08:00,{end} 12:00,Closed" for n, (begin, end) in enumerate(rows))
    )


@pytest.mark.parametrize(
    ("sure", "own"),
    [
        (
            ("13/03/2026", "14/03/2026"),
            [("02/01/2026", "03/03/2026"), ("03/02/2026", "04/01/2026"), ("02/04/2026", "03/02/2026")],
        ),
        (
            ("03/13/2026", "03/14/2026"),
            [("01/02/2026", "03/03/2026"), ("02/03/2026", "01/04/2026"), ("04/02/2026", "02/03/2026")],
        ),
    ],
    ids=["the month first", "the day first"],
)
def test_an_order_that_its_own_rows_refute_is_not_borrowed(
    tmp_path: Path, sure: tuple[str, str], own: list[tuple[str, str]]
) -> None:
    """Read as the other, tickets would be resolved before they were opened; in their own order none is."""
    ended = piped("report", spans(tmp_path, "sure", sure), spans(tmp_path, "doubtful", *own))
    assert ended.code == 3
    assert "would end before they begin" in ended.err
    assert "date_order" in ended.err


def test_a_row_that_runs_backwards_in_either_order_leaves_it_borrowed(tmp_path: Path) -> None:
    own = [("02/03/2026", "03/03/2026"), ("05/05/2026", "04/04/2026")]
    found = reported(
        spans(tmp_path, "sure", ("13/03/2026", "14/03/2026")), spans(tmp_path, "doubtful", *own), period="2026-03"
    )
    assert found.codes >= {CODE}


IN_A_ROW = {
    "the month first": ("13/03/2026", "{1:02}/{0:02}/2026"),
    "the day first": ("03/13/2026", "{0:02}/{1:02}/2026"),
}


@pytest.mark.parametrize("months", [(8,), (3, 4)], ids=["one month", "two months"])
@pytest.mark.parametrize(("sure", "written_as"), IN_A_ROW.values(), ids=IN_A_ROW)
def test_an_order_that_makes_days_in_a_row_the_same_day_of_many_months_is_not_borrowed(
    tmp_path: Path, sure: str, written_as: str, months: tuple[int, ...]
) -> None:
    """Ten days of tickets, written as the other file is not: read as it is, they would lie over most of a year."""
    own = [written_as.format(day, month) for month in months for day in range(1, 11) for _ in range(3)]
    ended = piped("report", listed(tmp_path, "sure", sure), listed(tmp_path, "doubtful", *own))
    assert ended.code == 3
    assert "days lie over" in ended.err
    assert "date_order" in ended.err


@pytest.mark.parametrize(
    "own",
    [
        [f"0{day}/08/2026" for day in range(1, 10) for _ in range(3)],
        [f"01/{month:02}/2026" for month in range(1, 13) for _ in range(3)],
        [f"05/{month:02}/2026" for month in range(1, 13)],
        ["03/05/2026", "03/05/2026", "07/05/2026", "05/06/2026", "05/06/2026"],
    ],
    ids=["days in a row in this order", "firsts of months", "a row a month", "a few days"],
)
def test_an_order_that_its_own_days_fit_is_borrowed(tmp_path: Path, own: list[str]) -> None:
    found = reported(listed(tmp_path, "sure", "13/03/2026"), listed(tmp_path, "doubtful", *own), period="all")
    assert found.codes >= {CODE}
    assert found.value("tickets_created") == len(own) + 1
