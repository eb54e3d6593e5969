"""A clock of two parts (`22:35`) taken for hours and minutes where it is minutes and seconds: a figure sixty times too high."""

from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from invoked import piped
from reported import reported
from small_reports import written

from kpi_core.ingest.cells.clock_parts import read_parts
from kpi_core.ingest.cells.durations import parse_duration, sniff_duration

START = datetime(2026, 3, 1, 8)
SECONDS = [200 + 37 * n % 1900 for n in range(40)]
"""What was handled in, from 3 to 35 minutes."""
HEADER = "Ticket ID,Created,Resolved,Status"


def clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def tickets(folder: Path, header: str, cells: list[str], *, hours: float = 0) -> Path:
    """Solved tickets that live as long as they are handled, or for some hours."""
    rows = []
    for n, (cell, seconds) in enumerate(zip(cells, SECONDS, strict=False)):
        begun = START + timedelta(hours=11 * n)
        ended = begun + (timedelta(hours=hours * (1 + n % 5)) if hours else timedelta(seconds=seconds))
        rows.append(f"{n},{begun:%Y-%m-%d %H:%M:%S},{ended:%Y-%m-%d %H:%M:%S},Solved,{cell}")
    return written(folder, "tickets", f"{HEADER},{header}", *rows)


@pytest.mark.parametrize(
    ("header", "kpi", "hours", "why"),
    [
        ("Handle time", "handle_time", 0, "the time between the dates"),
        ("Hanteringstid", "handle_time", 2, "would last beyond the end"),
        ("Svarstid", "first_reply_time_mean", 3, "would last beyond the end"),
        ("Handle time (min)", "handle_time", 500, "the column counts minutes"),
        ("Svarstid i minuter", "first_reply_time_mean", 500, "the column counts minutes"),
    ],
)
def test_minutes_and_seconds_are_recognised_by_the_dates_or_the_header(
    tmp_path: Path, header: str, kpi: str, hours: float, why: str
) -> None:
    found = reported(tickets(tmp_path, header, [clock(one) for one in SECONDS], hours=hours), "--kpi", kpi)
    assert found.value(kpi) == pytest.approx(sum(SECONDS) / 40)
    assert any(why in note for note in found.result(kpi)["notes"])
    assert why in found.finding_text("minutes-and-seconds")


def test_a_spreadsheet_that_made_hours_of_them(tmp_path: Path) -> None:
    """`22:35`, typed into a cell, is 22 hours and 35 minutes to Excel."""
    book = openpyxl.Workbook()
    book.active.append([*HEADER.split(","), "Handle time"])
    for n, seconds in enumerate(SECONDS):
        begun = START + timedelta(hours=11 * n)
        book.active.append([n, begun, begun + timedelta(seconds=seconds), "Solved", timedelta(minutes=seconds)])
        book.active.cell(row=n + 2, column=5).number_format = "[h]:mm"
    book.save(tmp_path / "t.xlsx")
    found = reported(tmp_path / "t.xlsx", "--kpi", "handle_time")
    assert found.value("handle_time") == pytest.approx(sum(SECONDS) / 40)
    assert "minutes-and-seconds" in found.codes


@pytest.mark.parametrize("header", ["Handle time", "Hanteringstid", "Svarstid"])
def test_where_nothing_shows_the_column_is_not_read_until_somebody_says(tmp_path: Path, header: str) -> None:
    cells = [clock(one) for one in SECONDS]
    path = tickets(tmp_path, header, cells, hours=500)
    kpi = "first_reply_time_mean" if header == "Svarstid" else "handle_time"
    found = reported(path, "--kpi", kpi, "--kpi", "tickets_created")
    assert found.result(kpi) is None
    assert "may be hours and minutes or minutes and seconds" in found.finding_text("numbers-in-doubt")
    assert "say the unit" in piped("map", path, "--no-config").out
    for messages, factor in (("h:mm", 60), ("m:ss", 1)):
        found = reported(tickets(tmp_path, f"{header} ({messages})", cells, hours=500), "--kpi", kpi)
        assert found.value(kpi) == pytest.approx(factor * sum(SECONDS) / 40)


def test_a_mapping_says_it(tmp_path: Path) -> None:
    path = tickets(tmp_path, "Handle time", [clock(one) for one in SECONDS], hours=500)
    mapping = tmp_path / "m.yaml"
    for unit, factor in (("clock", 60), ("m:ss", 1)):
        mapping.write_text(
            "name: m\nlabel: m\nsystem: m\ntable: tickets\ncolumns: {ticket_id: Ticket ID, created_at: Created, resolved_at: Resolved,"
            f" status: Status, handle_time: {{from: Handle time, unit: '{unit}'}}}}\n"
        )
        found = reported(path, "--mapping", mapping, "--kpi", "handle_time")
        assert found.value("handle_time") == pytest.approx(factor * sum(SECONDS) / 40)


DAY = 86_400


@pytest.mark.parametrize(
    ("cells", "lived", "are_minutes"),
    [
        ([f"{n}:{n * 5 % 60:02}" for n in range(12)], None, False),
        ([f"{n}:{n * 7 % 60:02}" for n in range(12)], None, None),
        ([f"{n}:{n * 7 % 60:02}" for n in range(60)], None, True),
        ([f"{n}:{n * 7 % 60:02}" for n in range(90)], None, None),
        ([*(f"{n}:{n * 7 % 60:02}" for n in range(12)), "1:02:33", "1:14:09", "2:00:11"], None, True),
        ([*(f"{n}:{n * 7 % 60:02}" for n in range(12)), "0:02:33", "1:14:09", "2:00:11"], None, None),
        ([f"{2 + n}:{n * 7 % 60:02}" for n in range(40)], [(3 + n) * 3600 for n in range(40)], False),
        ([f"{2 + n}:{n * 7 % 60:02}" for n in range(40)], [(1 + n % 9) * 600 for n in range(40)], None),
        ([f"{2 + n}:{n * 7 % 60:02}" for n in range(40)], [(9 + n % 9) * 3600 for n in range(40)], True),
        (["4:32:00", "5:17:00", "12:43:00"] * 4, None, None),
        (["4:32:00", "5:17:00", "12:43:00"] * 4, [7200] * 12, True),
    ],
    ids=["round", "nothing", "ends at 60", "beyond 60", "longer", "longer from 0", "fits its rows", "fits neither way", "beyond its rows",
         "typed", "typed beyond its rows"],
)  # fmt: skip
def test_what_shows_the_parts(cells: list[str], lived: list[int] | None, are_minutes: bool | None) -> None:
    found = read_parts(pl.Series(cells), None if lived is None else pl.Series(lived), None)
    assert (None if found is None else found.are_minutes) is are_minutes


@pytest.mark.parametrize("header", ["Svarstid (m:ss)", "Talk time (mm:ss)", "Samtalstid (min:sek)", "Tid (min:sec)"])
def test_a_header_says_minutes_and_seconds(header: str) -> None:
    reading = sniff_duration(pl.Series(["12:30", "1:02:03"]), column=header, unit=None)
    cells = pl.DataFrame({"cell": ["12:30", "1:02:03"]})
    assert cells.select(parse_duration(pl.col("cell"), reading))["cell"].to_list() == [750, 3723]


def test_many_whole_first_parts_are_in_doubt(tmp_path: Path) -> None:
    """From 2:00 to 118:00, all with `:00`: hours that somebody typed, or minutes as a telephone writes them."""
    rows = [f"{place};2026-03-{1 + place % 20:02d} 09:00;Closed;{2 + 2 * place}:00" for place in range(59)]
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(["Ärendenr;Skapad;Status;Svarstid", *rows, ""]), encoding="utf-8")
    assert reported(path).value("first_reply_time") is None
