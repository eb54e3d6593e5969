"""A time in a column of its own and dates that give another: one of the two was counted, and nothing reported of the other."""

from pathlib import Path

import pytest
from reported import Reported, reported


def read(folder: Path, header: str, *cells: str, end: str = "2026-03-{day:02} 12:00") -> Reported:
    rows = [f"{day};2026-03-{day:02} 08:00;{end.format(day=day)};Closed;{cell}" for day, cell in enumerate(cells, 1)]
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return reported(path, "--kpi", "resolution_time", "--kpi", "first_reply_time", "--kpi", "tickets_created")


RESOLUTION = "Ticket ID;Created at;Resolved at;Status;Resolution time (hours)"


@pytest.mark.parametrize(
    ("header", "cells", "kpi"),
    [
        (RESOLUTION, ("10", "20", "30", "40"), "resolution_time"),
        (RESOLUTION, ("1", "1.5", "2", "4"), "resolution_time"),
        ("Ärendenr;Skapad;Löst;Status;Lösningstid (timmar)", ("10", "4", "30", "4"), "resolution_time"),
        (
            "Ticket ID;Created at;First reply at;Status;First reply time (hours)",
            ("12", "10", "30", "4"),
            "first_reply_time",
        ),
    ],
)
def test_it_is_noted_with_the_time(tmp_path: Path, header: str, cells: tuple[str, ...], kpi: str) -> None:
    found = read(tmp_path, header, *cells)
    result = found.result(kpi)
    assert result is not None
    assert result["value"] == 4 * 3600
    assert any("than their dates give" in note for note in result["notes"])


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        (("4", "4", "4", "4"), "2026-03-{day:02} 12:00"),
        (("4.4", "3.6", "4", "5"), "2026-03-{day:02} 12:00"),
        (("4", "4", "4", "40"), "2026-03-{day:02} 12:00"),
        (("4", "4", "9", "40"), "2026-03-{day:02}"),
    ],
    ids=["the same", "rounded", "one corrected", "days without times"],
)
def test_what_hardly_differs_or_cannot_is_not(tmp_path: Path, cells: tuple[str, ...], end: str) -> None:
    assert "contradicted-times" not in read(tmp_path, RESOLUTION, *cells, end=end).codes


CLOSED = "Ticket ID;Created at;Closed at;Status;Resolution time (hours)"


@pytest.mark.parametrize(
    "header",
    [
        CLOSED,
        "Ärendenr;Skapad;Stängd;Status;Lösningstid (timmar)",
        "Saksnr;Opprettet;Lukket;Status;Løsningstid (timer)",
    ],
)
def test_closing_that_stands_in_is_contradicted_too(tmp_path: Path, header: str) -> None:
    found = read(tmp_path, header, "1", "2", "1", "0.5", end="2026-03-{day:02} 20:00")
    assert "stand in for those of resolution" in found.finding_text("contradicted-times")


def test_closing_that_agrees_says_nothing(tmp_path: Path) -> None:
    assert "contradicted-times" not in read(tmp_path, CLOSED, "4", "4", "4", "4").codes


def test_the_times_named_are_the_same_in_whichever_order_the_rows_stand(tmp_path: Path) -> None:
    cells = ("10", "20", "30", "90", "41")
    rows = [
        f"{day};2026-03-{day:02} 08:00;2026-03-{day:02} 1{day}:00;Closed;{cell}" for day, cell in enumerate(cells, 1)
    ]
    noted = set()
    for order in (rows, rows[::-1], rows[2:] + rows[:2]):
        path = tmp_path / "list.csv"
        path.write_text("\n".join([RESOLUTION, *order, ""]), encoding="utf-8")
        result = reported(path, "--kpi", "resolution_time").result("resolution_time")
        assert result is not None
        noted |= {note for note in result["notes"] if "than their dates give" in note}
    assert len(noted) == 1
