"""A time written with its unit is read whatever its column counts in, and a truth is never read out of other numbers.

From a file to the report, in every language we read.
"""

from pathlib import Path

import polars as pl
import pytest
from invoked import piped
from reported import CASES, reported

from kpi_core.ingest.cells.durations import parse_duration, sniff_duration

HEADER = "Ticket ID,Status,Created at,Resolved at,First reply time (minutes)\n"


def first_reply(path: Path, *cells: str) -> float | None:
    """The median of the first reply over tickets with these cells."""
    rows = [f'{place},Solved,2025-09-0{place} 09:00,2025-09-09 09:00,"{cell}"' for place, cell in enumerate(cells, 1)]
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    value = reported(path).value("first_reply_time")
    assert value is None or isinstance(value, float)
    return value


def unread(path: Path) -> int:
    """How many tickets have a first reply that nobody can read."""
    result = reported(path).result("first_reply_time")
    assert result is not None
    return int(result["trust"]["unread"])


def test_cells_with_a_unit_under_a_header_without_one() -> None:
    report = reported(CASES / "durations-with-units-in-cells.csv", period="2025-09")
    assert report.value("first_reply_time") == 47.5 * 60  # 10 min, 30 min, 65 min, 3 h
    assert report.value("resolution_time") == (2 * 3600 + 37 * 3600) / 2  # 1 h, 2 h, 37 h, 72 h


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("3 tim", 10_800),
        ("1 h 18 min", 4_680),
        ("2 dagar 3 timmar", 183_600),
        ("1 day 2 hours", 93_600),
        ("1 päivä 2 tuntia", 93_600),
        ("2 dage 3 timer", 183_600),
        ("1 døgn 2 timer og 3 minutter", 93_780),
        ("PT1H", 3_600),
        ("P1DT2H30M", 95_400),
        ("1.02:03:04", 93_784),
        ("27:31:07", 99_067),
        ("1:05", 65),
        ("90", 5_400),
    ],
)
def test_a_cell_that_says_its_unit_keeps_it_in_a_column_of_minutes(tmp_path: Path, cell: str, seconds: int) -> None:
    assert first_reply(tmp_path / "tickets.csv", cell) == seconds


def test_a_unit_that_comes_late_in_a_column_of_bare_minutes(tmp_path: Path) -> None:
    rows = [f"{place},Solved,2025-09-01 09:00,2025-09-02 09:00,60" for place in range(1, 1_500)]
    rows += [f"{place},Solved,2025-09-01 09:00,2025-09-02 09:00,2 tim" for place in range(1_500, 3_001)]
    path = tmp_path / "tickets.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    report = reported(path)
    assert report.value("first_reply_time") == 7_200
    assert report.refused == [{}]


@pytest.mark.parametrize("cell", ["a while", "1 month", "12:75", "<1 h", "5-6 min", "30 min?"])
def test_what_cannot_be_read_is_counted(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "tickets.csv"
    assert first_reply(path, "30 min", "10", cell) == 20 * 60
    assert unread(path) == 1


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("ca 3 tim", 10_800),
        ("~2 h", 7_200),
        ("ca. 1 time", 3_600),
        ("cirka 2 dagar", 172_800),
        ("omkring 2 timer", 7_200),
        ("about 3 hours", 10_800),
        ("Ungefär 1 h 30 min", 5_400),
        ("approx. 45 min", 2_700),
        ("noin 2 tuntia", 7_200),
        ("≈ 1 ½ h", 5_400),
    ],
)
def test_a_time_stated_approximately_is_the_number_stated_and_reported_to_be(
    tmp_path: Path, cell: str, seconds: int
) -> None:
    path = tmp_path / "tickets.csv"
    assert first_reply(path, cell) == seconds
    report = reported(path)
    assert f"states times approximately, as `{cell}`" in report.finding_text("approximate-times")
    result = report.result("first_reply_time")
    assert result is not None
    assert f"as `{cell}`: they are taken as stated" in str(result["notes"])
    drafted = piped("map", path, "--no-config").out
    assert next(line for line in drafted.splitlines() if "first_reply_time:" in line)


def test_a_time_stated_approximately_after_many_that_are_not_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    rows = [f"{place},Solved,2025-09-01 09:00,2025-09-02 09:00,30 min" for place in range(2_000)]
    rows += ["2001,Solved,2025-09-01 09:00,2025-09-02 09:00,ca 3 tim"]
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    report = reported(path)
    assert report.value("first_reply_time") == 1_800
    assert unread(path) == 1


@pytest.mark.parametrize("cell", ["about", "ca", "~", "about a while", "ca 2 moons", "camel 3 h", "summer 2 h"])
def test_what_states_no_time_approximately_is_not_read(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "tickets.csv"
    assert first_reply(path, "30 min", "ca 10 min", cell) == 20 * 60
    assert unread(path) == 1


@pytest.mark.parametrize(("cell", "seconds"), [("1 w", 604_800), ("2w 1d", 1_296_000), ("1.5 w", 907_200)])
def test_weeks_by_their_letter(tmp_path: Path, cell: str, seconds: int) -> None:
    assert first_reply(tmp_path / "tickets.csv", cell) == seconds


def test_bare_numbers_without_a_unit_are_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Ticket ID,Status,Created at,Svarstid\n1,Open,2025-09-01 09:00,5\n2,Open,2025-09-02 09:00,7\n")
    report = reported(path)
    assert report.value("first_reply_time") is None
    assert "`Svarstid` is not read as first_reply_time: cannot tell the unit" in report.notes


def test_minutes_and_seconds_where_the_header_says_so(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("Call ID,Created,Agent,Answered,First reply time (mm:ss)\n1,2025-09-01 09:00,Anna,Y,12:30\n")
    assert reported(path, "--column", "first_reply_time=First reply time (mm:ss)").value("first_reply_time") == 750


@pytest.mark.parametrize(("unit", "seconds"), [("min", 300), ("hrs", 18_000), ("timmar", 18_000), ("sek", 5)])
def test_a_mapping_may_shorten_its_unit(tmp_path: Path, unit: str, seconds: int) -> None:
    mapping = tmp_path / "own.yaml"
    mapping.write_text(
        "name: own\nlabel: Own\nsystem: own\ntable: tickets\ncolumns:\n  ticket_id: No\n  created_at: Opened\n"
        f"  first_reply_time: {{from: Reply, unit: {unit}}}\n"
    )
    path = tmp_path / "tickets.csv"
    path.write_text("No,Opened,Reply\n1,2025-09-01 09:00,5\n2,2025-09-01 09:00,5\n")
    assert reported(path, "--mapping", mapping).value("first_reply_time") == seconds


def test_days_promised_are_no_truth() -> None:
    report = reported(CASES / "days-promised.csv")
    assert report.value("sla_resolution_rate_vendor") is None
    assert "`SLA` is not read as sla_resolution_met: no word of it is known: `1`" in report.notes


@pytest.mark.parametrize(
    ("cells", "share"),
    [
        ("1 0 1 1", 0.75),
        ("ja nej ja ja", 0.75),
        ("1 2 0 1", None),
        ("0 0 5 0", None),
        ("4,5 1 1 1", None),
        ("-1 0 0 1", None),
    ],
)
def test_numbers_are_truths_only_where_all_are_0_or_1(tmp_path: Path, cells: str, share: float | None) -> None:
    path = tmp_path / "tickets.csv"
    rows = [f'{place},2026-03-01,2026-03-02,Closed,"{cell}"' for place, cell in enumerate(cells.split(), 1)]
    path.write_text("Ticket ID,Created,Closed,Status,SLA\n" + "\n".join(rows) + "\n")
    assert reported(path).value("sla_resolution_rate_vendor") == share


@pytest.mark.parametrize(
    ("header", "field", "cells"),
    [
        ("Time to resolution", "resolution_time", ("4:00", "-1:20", "-0:30", "2:00")),
        ("Time to first response", "first_reply_time", ("-0:10", "0:30", "1:00", "0:45")),
        ("Resolution time (hours)", "resolution_time", ("3.5", "-2", "-0.5", "1")),
    ],
)
def test_the_time_left_of_a_promise_is_no_time_that_something_took(
    tmp_path: Path, header: str, field: str, cells: tuple[str, ...]
) -> None:
    path = tmp_path / "desk.csv"
    rows = [f"{n},2026-09-0{n} 08:00,Open,{cell}" for n, cell in enumerate(cells, start=1)]
    path.write_text(f"Ticket ID,Created,Status,{header}\n" + "\n".join(rows) + "\n", encoding="utf-8")
    found = reported(path)
    assert found.value(field) is None
    assert (
        f"`{header}` is not read as {field}: {sum(cell[0] == '-' for cell in cells)} of 4 are below zero" in found.notes
    )


def test_one_time_below_zero_among_many_is_that_tickets_fault(tmp_path: Path) -> None:
    path = tmp_path / "desk.csv"
    rows = [f"{n},2026-09-01 08:00,Solved,{'-2:00' if n == 7 else '4:00'}" for n in range(1, 31)]
    path.write_text("Ticket ID,Created,Status,Time to resolution\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert reported(path).value("resolution_time") == 4 * 3600


@pytest.mark.parametrize("promise", ["first response", "resolution"])
def test_jiras_promises_show_an_export_of_its(tmp_path: Path, promise: str) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(
        f"Issue key,Summary,Status,Created,Resolved,Custom field (Time to {promise})\n"
        "SD-1,a,Resolved,2026-09-01 08:00,2026-09-01 12:00,3:10\nSD-2,b,Resolved,2026-09-02 08:00,2026-09-02 12:00,-0:30\n",
        encoding="utf-8",
    )
    found = reported(path)
    assert found.document["sources"][0]["mapping"] == "jira-tickets"
    assert found.value("resolution_time") == 4 * 3600


@pytest.mark.parametrize(
    ("cells", "seconds"),
    [
        (("1 uke", "2 uker 1 dag"), (604_800, 1_296_000)),
        (("2 veckor", "1 vecka, 3 tim"), (1_209_600, 615_600)),
        (("½ time", "1½ time", "2 ¼ timer"), (1_800, 5_400, 8_100)),
        (("1.02:30", "0.04:00:30"), (95_400, 14_430)),
        (("1 dag 2 tim", "2d 3h 5m"), (93_600, 183_900)),
        (("ca 3 tim", "2 tim"), (10_800, 7_200)),
        (("1 w", "2 tim"), (604_800, 7_200)),
    ],
)
def test_weeks_parts_of_an_hour_and_days_before_a_dot(cells: tuple[str, ...], seconds: tuple[int | None, ...]) -> None:
    written = pl.Series("cell", cells)
    reading = sniff_duration(written, column="Resolution time", unit=None)
    read = written.to_frame().select(parse_duration(pl.col("cell"), reading.in_full))["cell"]
    assert tuple(read) == seconds
