"""Guards: a time zone written in the cells that is dropped, so that a time is off by the hours between two zones.

From a file to the report: how long a ticket took, worked out by hand.
"""

from pathlib import Path

import pytest
from reported import Reported, reported


def tickets(path: Path, created: str, resolved: str, *, headers: str = "Created,Resolved") -> Path:
    """Three tickets, one a day, with these times of day."""
    rows = [f"{day},2026-09-0{day}{created},2026-09-0{day}{resolved},Solved" for day in (1, 2, 3)]
    path.write_text(f"Ticket ID,{headers},Status\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def hours(report: Reported) -> float | None:
    """The median of the resolution time in hours."""
    value = report.value("resolution_time")
    return None if value is None else value / 3600


@pytest.mark.parametrize(
    ("created", "resolved", "took"),
    [
        (" 08:00 CEST", " 12:00 UTC", 6),
        (" 08:00 CEST", "T10:00:00Z", 4),
        (" 08:00 EST", " 12:00 PST", 7),
        (" 08:00 BST", " 12:00 EEST", 2),
        (" 08:00 (CET)", "T12:00:00+00:00", 5),
        (" 08:00CEST", " 12:00 gmt+1", 5),
        (" 8:00 AM EDT", " 12:00 Z", 0),
        (" 08:00 MST", " 12:00 MDT", 3),
        (" 08:00 WEST", " 12:00 WET", 5),
        ("T08:00:00Z", " 12:00 UTC-04:00", 8),
    ],
)
def test_a_zone_in_the_cells_is_read_whatever_the_file_lacks(
    tmp_path: Path, created: str, resolved: str, took: float
) -> None:
    report = reported(tickets(tmp_path / "tickets.csv", created, resolved))
    assert hours(report) == took
    assert report.document["query"]["time_zone"] == "UTC"


def test_a_zone_in_the_cells_goes_before_the_one_named(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", " 08:00 CEST", " 12:00 UTC")
    assert hours(reported(path, "--zone", "America/New_York")) == 6


def test_a_zone_that_is_not_known_is_unreadable_and_counted(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", " 08:00 CEST", " 12:00 UTC")
    path.write_text(path.read_text() + "4,2026-09-04 08:00 XYZT,2026-09-04 12:00 UTC,Solved\n")
    report = reported(path)
    assert hours(report) == 6
    assert report.refused == [{"unreadable Created": 1}]
