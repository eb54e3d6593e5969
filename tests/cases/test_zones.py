"""Guards: a time zone written in cells or headers that is dropped, so that a time is off by the hours between two zones.

From a file to the report: how long a ticket took, worked out by hand.
"""

from pathlib import Path

import pytest
from invoked import piped
from reported import Reported, reported

from kpi_core.ingest.headers.header_zones import split_zone


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
    ("created", "resolved", "took", "zone"),
    [
        (" 08:00 CEST", " 12:00 UTC", 6, "Europe/Stockholm"),
        (" 08:00 CEST", "T10:00:00Z", 4, "Europe/Stockholm"),
        (" 08:00 EST", " 12:00 PST", 7, "UTC"),
        (" 08:00 BST", " 12:00 EEST", 2, "UTC"),
        (" 08:00 (CET)", "T12:00:00+00:00", 5, "Europe/London"),
        (" 08:00CEST", " 12:00 gmt+1", 5, "UTC"),
        (" 8:00 AM EDT", " 12:00 Z", 0, "America/New_York"),
        (" 08:00 MST", " 12:00 MDT", 3, "UTC"),
        (" 08:00 WEST", " 12:00 WET", 5, "Europe/London"),
        ("T08:00:00Z", " 12:00 UTC-04:00", 8, "America/New_York"),
    ],
)
def test_a_zone_in_the_cells_is_read_whatever_the_file_lacks(
    tmp_path: Path, created: str, resolved: str, took: float, zone: str
) -> None:
    """Days are those of a place whose offsets one column has, next to one in UTC; of two places none."""
    report = reported(tickets(tmp_path / "tickets.csv", created, resolved))
    assert hours(report) == took
    assert report.document["query"]["time_zone"] == zone


def test_a_zone_in_the_cells_goes_before_the_one_named(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", " 08:00 CEST", " 12:00 UTC")
    assert hours(reported(path, "--zone", "America/New_York")) == 6


def test_a_zone_that_is_not_known_is_unreadable_and_counted(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", " 08:00 CEST", " 12:00 UTC")
    path.write_text(path.read_text() + "4,2026-09-04 08:00 XYZT,2026-09-04 12:00 UTC,Solved\n")
    report = reported(path)
    assert hours(report) == 6
    assert report.refused == [{"unreadable Created": 1}]


@pytest.mark.parametrize(
    ("created", "resolved", "headers", "named"),
    [
        ("T08:00:00Z", " 12:00", "Created,Resolved", "`Created` names its time zone and `Resolved` does not"),
        (" 08:00", "T12:00:00+02:00", "Opened,Closed", "`Closed` names its time zone and `Opened` does not"),
        (" 08:00 CEST", " 12:00", "Skapad,Löst", "`Skapad` names its time zone and `Löst` does not"),
        (" 08:00", " 12:00", "Created (UTC),Resolved", "`Created (UTC)` names its time zone and `Resolved` does not"),
    ],
)
def test_times_with_a_zone_and_times_without_are_not_compared_by_a_guess(
    tmp_path: Path, created: str, resolved: str, headers: str, named: str
) -> None:
    path = tickets(tmp_path / "tickets.csv", created, resolved, headers=headers)
    ended = piped("report", path)
    assert ended.code == 3
    assert named in ended.err
    assert "--zone Europe/Stockholm" in ended.err
    assert piped("inspect", path).code == 0


@pytest.mark.parametrize(
    ("created", "resolved", "headers", "took"),
    [
        ("T08:00:00Z", " 12:00", "Created,Resolved", 2),
        (" 08:00", "T12:00:00Z", "Created,Resolved", 6),
        (" 08:00", " 12:00", "Created (UTC),Resolved", 2),
    ],
)
def test_the_zone_given_is_that_of_the_times_that_name_none(
    tmp_path: Path, created: str, resolved: str, headers: str, took: float
) -> None:
    path = tickets(tmp_path / "tickets.csv", created, resolved, headers=headers)
    assert hours(reported(path, "--zone", "Europe/Stockholm")) == took


def test_days_next_to_times_with_a_zone_are_days_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    rows = [f"{day},2026-09-0{day}T08:00:00Z,2026-09-0{day}T12:00:00Z,2026-09-0{day + 3},Solved" for day in (1, 2, 3)]
    path.write_text("Ticket ID,Created,Resolved,Due,Status\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = reported(path)
    assert hours(report) == 4
    assert "`Due` holds days without a time zone: taken as days in UTC" in report.notes


@pytest.mark.parametrize(
    ("headers", "took", "zone"),
    [
        ("Created (UTC),Resolved (Europe/Oslo)", 2, "UTC"),
        ("Created (UTC),Resolved (UTC)", 4, "UTC"),
        ("Created UTC,Resolved CET", 2, "UTC"),
        ("Created (CET/CEST),Resolved [GMT]", 6, "UTC"),
        ("Opprettet (UTC+1),Løst (UTC)", 5, "UTC"),
        ("Skapad (CET),Löst (CET)", 4, "Europe/Stockholm"),
        ("Skapad (svensk tid),Löst (UTC)", 6, "UTC"),
        ("created_at_utc,resolved_at_utc", 4, "UTC"),
        ("Date opened (UTC+05:30),Date closed (+00:00)", 9.5, "UTC"),
        ("Opened (time zone: America/New_York),Closed (PST)", 7, "UTC"),
    ],
)
def test_a_zone_in_a_header_is_that_of_its_column(tmp_path: Path, headers: str, took: float, zone: str) -> None:
    report = reported(tickets(tmp_path / "tickets.csv", " 08:00", " 12:00", headers=headers))
    assert hours(report) == took
    assert report.document["query"]["time_zone"] == zone
    assert "as its header says" in report.notes


def test_a_header_goes_before_a_zone_that_contradicts_it_and_says_so(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", " 08:00", " 12:00", headers="Created (UTC),Resolved (CET)")
    report = reported(path, "--zone", "Europe/Oslo")
    assert hours(report) == 2
    assert "`Created (UTC)` in UTC; --zone Europe/Oslo is for times that name no zone" in report.finding_text(
        "zone-in-header"
    )


def test_a_mappings_zone_gives_way_to_a_header_too(tmp_path: Path) -> None:
    path = tickets(tmp_path / "tickets.csv", " 08:00", " 12:00", headers="Begun (UTC),Done")
    mapping = tmp_path / "own.yaml"
    mapping.write_text(
        "name: own-tickets\nlabel: Own\nsystem: own\ntable: tickets\nzone: Europe/Stockholm\n"
        "columns: {ticket_id: Ticket ID, created_at: Begun, resolved_at: Done, status: Status}\n",
        encoding="utf-8",
    )
    report = reported(path, "--mapping", mapping)
    assert hours(report) == 2
    assert "the zone of the mapping, Europe/Stockholm" in report.finding_text("zone-in-header")


def test_a_known_format_is_known_with_zones_in_its_headers(tmp_path: Path) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(
        "Ticket ID,Created time (UTC),Resolved time (UTC),Status,Initial response time (UTC),Agent interactions\n"
        "1,2026-09-01 08:00:00,2026-09-01 12:00:00,Resolved,2026-09-01 09:00:00,1\n",
        encoding="utf-8",
    )
    report = reported(path)
    assert report.document["sources"][0]["mapping"] == "freshdesk-tickets"
    assert (hours(report), report.document["query"]["time_zone"]) == (4, "UTC")


@pytest.mark.parametrize(
    "word", ["Region WEST", "Cost EST", "Delta (+1)", "Open/Closed", "Market (Nordic/Baltic)", "UTC"]
)
def test_words_that_are_no_zone_stay_in_the_header(word: str) -> None:
    assert split_zone(word) == (word, None)


def test_the_events_of_one_log_are_on_one_clock(tmp_path: Path) -> None:
    mapping = tmp_path / "log.yaml"
    mapping.write_text(
        "name: log-tickets\nlabel: Log\nsystem: log\ntable: tickets\nevents: {case: Case, order: At}\n"
        "columns: {ticket_id: Case, created_at: {from: At, take: first}, resolved_at: {from: At, take: last}}\n",
        encoding="utf-8",
    )
    january, february = tmp_path / "1.csv", tmp_path / "2.csv"
    january.write_text("Case,At (CET)\nA,2026-01-31 23:00\nB,2026-01-30 10:00\nB,2026-01-30 11:00\n")
    february.write_text("Case,At (UTC)\nA,2026-02-01 00:00\n")
    ended = piped("report", january, february, "--mapping", mapping)
    assert (ended.code, "another time zone" in ended.err) == (3, True)
    february.write_text("Case,At (CET)\nA,2026-02-01 00:00\n")
    report = reported(january, february, "--mapping", mapping)
    assert (hours(report), report.document["query"]["time_zone"]) == (1, "Europe/Stockholm")


UTC_FILE = "Ticket ID,Created,Resolved,Status\n" + "".join(
    f"{n},2026-09-0{n}T08:00:00Z,2026-09-0{n}T12:00:00Z,Solved\n" for n in (1, 2, 3)
)


def _next_to_zoned(folder: Path, name: str, text: str, *options: str) -> Reported:
    """A report of three tickets in UTC and of another file."""
    (folder / "utc.csv").write_text(UTC_FILE)
    (folder / name).write_text(text)
    return reported(folder / "utc.csv", folder / name, *options)


WALLS = {
    "tickets": "Ticket ID,Created,Resolved,Status\n" + "".join(f"{n},2026-09-0{n} 08:00,2026-09-0{n} 12:00,Solved\n" for n in (4, 5, 6)),
    "answers": "Response ID,Responded at,CSAT (1-5)\n" + "".join(f"{n},2026-09-0{n} 23:30,{n}\n" for n in (1, 2, 3)),
    "orders": "Order ID;Customer ID;Order date;Amount\n" + "".join(f"{n};{n};2026-09-0{n} 23:10;1{n}0,50\n" for n in (1, 2, 3)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "kpi", "other"),
    [("tickets", "tickets_created", None), ("answers", "csat", "tickets_created"), ("orders", "revenue", "tickets_created")],
)  # fmt: skip
def test_a_file_without_a_zone_next_to_one_with_one_is_a_guess_that_is_noted_with_its_figures(
    tmp_path: Path, kind: str, kpi: str, other: str | None
) -> None:
    report = _next_to_zoned(tmp_path, "walls.csv", WALLS[kind])
    assert "the times there are taken as UTC" in report.finding_text("assumed-zone")
    touched, untouched = report.result(kpi), report.result(other or "csat")
    assert touched is not None
    assert "names no time zone" in str(touched["notes"])
    assert untouched is None or "names no time zone" not in str(untouched["notes"])
    files = (tmp_path / "utc.csv", tmp_path / "walls.csv")
    ended = piped("report", *files, "--period", "all", "--no-config", "--fail-on", "quality")
    assert (ended.code, "(`assumed-zone`)" in ended.err) == (4, True)


def test_a_zone_that_is_named_is_no_guess(tmp_path: Path) -> None:
    report = _next_to_zoned(tmp_path, "walls.csv", WALLS["tickets"], "--zone", "Europe/Stockholm")
    assert "assumed-zone" not in report.codes


def test_days_without_times_are_the_same_in_any_zone(tmp_path: Path) -> None:
    text = "Order ID;Customer ID;Order date;Amount\n1;1;2026-09-01;110,50\n2;2;2026-09-02;120,50\n"
    report = _next_to_zoned(tmp_path, "days.csv", text)
    revenue = report.result("revenue")
    assert revenue is not None
    assert "names no time zone" not in str(revenue["notes"])
    ended = piped("report", tmp_path / "utc.csv", tmp_path / "days.csv", "--period", "all", "--no-config", "--fail-on", "quality")  # fmt: skip
    assert "assumed-zone" not in ended.err


def test_many_files_without_a_zone_are_one_note(tmp_path: Path) -> None:
    header, *rows = WALLS["tickets"].splitlines()
    for place, row in enumerate(rows * 2):
        (tmp_path / f"wall{place}.csv").write_text(f"{header}\n{row.replace(row[0], str(10 + place), 1)}\n")
    (tmp_path / "utc.csv").write_text(UTC_FILE)
    text = reported(tmp_path).finding_text("assumed-zone")
    assert len(text.splitlines()) == 1
    assert "3 other files name no time zone" in text
