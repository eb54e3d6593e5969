"""Guards: an instant typed in one clock and read in another; rows dropped where a field should be; the calendar's edges.

Every instant a reader types is in the report's zone, a day alone is all of it, and what came later is not known.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from invoked import piped

HERE = Path(__file__).parent
TICKETS = HERE / "as-of-in-the-zone.csv"
DUE = HERE / "due.csv"
ANSWERED = HERE / "answered-after-as-of.csv"
STOCKHOLM = ("--zone", "Europe/Stockholm")


def report(*arguments: object) -> dict[str, Any]:
    ended = piped("report", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def value(name: str, *arguments: object) -> float | None:
    results = report(*arguments, "--kpi", name)["results"]
    return results[0]["value"] if results else None


@pytest.mark.parametrize(
    ("typed", "created"),
    [
        ("2026-09-01T11:00", 2),
        ("2026-09-01T11:00+02:00", 2),
        ("2026-09-01T09:00Z", 2),
        ("2026-09-01 12:00", 3),
        ("2026-09-01", 4),
        ("2026-09-02", 7),
        ("20260901", 4),
    ],
)
def test_as_of_is_in_the_report_s_zone(typed: str, created: int) -> None:
    assert value("tickets_created", TICKETS, *STOCKHOLM, "--as-of", typed, "--period", "all") == created


def test_a_day_ends_where_the_report_s_day_does() -> None:
    """The same instants on another clock: 23:30 in Stockholm is the afternoon in New York."""
    asked = (TICKETS, *STOCKHOLM, "--tz", "America/New_York", "--as-of", "2026-09-01", "--period", "all")
    assert value("tickets_created", *asked) == 7
    ended = piped("report", *asked[:-3], "2026-08-31", "--period", "all")
    assert "nothing in the files had happened by 2026-08-31" in ended.err


def test_without_a_zone_instants_are_as_the_file_writes_them() -> None:
    assert value("tickets_created", TICKETS, "--as-of", "2026-09-01T11:00", "--period", "all") == 2
    ended = piped("report", TICKETS, "--as-of", "2026-09-01T11:00Z", "--period", "all")
    assert ended.code == 3
    assert "has an offset, but the files name no time zone" in ended.err
    assert "--zone" in ended.err


def test_a_target_is_judged_at_as_of_in_the_report_s_zone() -> None:
    found = report(DUE, *STOCKHOLM, "--sla", "resolution=2h", "--as-of", "2026-09-01T10:30", "--period", "all",
                   "--kpi", "sla_resolution_rate")  # fmt: skip
    assert found["results"][0]["judged"] == {"met": 0, "breached": 1, "pending": 2}


def test_an_invitation_answered_later_is_unanswered_then() -> None:
    asked = (ANSWERED, "--period", "2026-09")
    assert value("response_rate", *asked, "--as-of", "2026-09-20T12:00") == 0.25
    assert value("csat", *asked, "--as-of", "2026-09-20T12:00") == 1.0
    assert value("response_rate", *asked, "--as-of", "2026-09-30") == 0.75
    assert value("response_rate", *asked, "--as-of", "2026-09-02T10:00") == pytest.approx(1 / 3)


def test_a_ticket_closed_later_was_solved_and_one_solved_later_was_open(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "Ticket ID,Created at,Resolved at,Closed at,Status\n"
        "1,2026-09-01 09:00,2026-09-02 09:00,2026-09-09 09:00,Closed\n"
        "2,2026-09-01 09:00,2026-09-08 09:00,2026-09-09 09:00,Closed\n"
        "3,2026-09-01 09:00,,,Open\n",
        encoding="utf-8",
    )
    asked = (path, "--period", "2026-09-01..2026-09-07", "--compare", "none", "--as-of", "2026-09-07")
    assert value("backlog", *asked) == 2
    assert value("tickets_resolved", *asked) == 1


def test_a_time_that_ends_later_is_not_known(tmp_path: Path) -> None:
    """A file that dates openings alone and says how long each took."""
    path = tmp_path / "tickets.csv"
    path.write_text(
        "Ticket ID,Created at,First response time (hours),Resolution time (hours),Status\n"
        "1,2026-09-01 09:00,1,4,Closed\n2,2026-09-01 09:00,2,48,Closed\n3,2026-09-01 11:00,30,60,Closed\n",
        encoding="utf-8",
    )
    asked = (path, "--period", "all", "--as-of", "2026-09-01")
    assert value("first_reply_time", *asked) == 1.5 * 3600
    assert value("resolution_time", *asked) == 4 * 3600
    assert value("resolution_rate", *asked) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "typed",
    [
        ("--as-of", "9999-12-31"), ("--as-of", "0001-01-01"), ("--as-of", "9999-12-31T23:59:59-12:00"), ("--as-of", "2026-02-30"),
        ("--period", "0001-01"), ("--period", "9999-W52"), ("--period", "9999-12"), ("--period", "0001-W01"), ("--period", "9999"),
        ("--period", "0000-Q1"), ("--period", "2026-W54"), ("--period", "0001-01-01..9999-12-31", "--grain", "day"),
        ("--compare", "0001-01"), ("--compare", "9999-12-31"),
        ("--nki-weights", "1e308,1e308,-2e308"), ("--nki-weights", "nan,nan,nan"), ("--nki-weights", "1e9999999,1,1"),
        ("--target", f"first_reply_time={'9' * 400}h"), ("--target", f"csat={'9' * 400}%"), ("--sla", f"resolution={'9' * 400}d"),
        ("--scale", f"csat=1-{'9' * 400}"),
    ],
    ids=lambda typed: " ".join(typed)[:40],
)  # fmt: skip
def test_the_edges_of_the_calendar_and_of_numbers_are_slips_of_the_command_line(typed: tuple[str, ...]) -> None:
    ended = piped("report", TICKETS, *typed)
    assert ended.code == 2
    assert ended.err.startswith("error: ")
    assert "\nhint: " in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("period", ["1900-01", "2199-12", "1900-W01", "1900", "2199", "1900-01-01..2199-12-31"])
@pytest.mark.parametrize("compare", ["previous", "year-ago"])
def test_the_first_and_the_last_year_are_periods(period: str, compare: str) -> None:
    """Three centuries and those of a year before have days in common, and are not compared."""
    ended = piped("report", TICKETS, "--period", period, "--compare", compare, "--grain", "day")
    is_refused = compare == "year-ago" and ".." in period
    assert ended.code == (3 if is_refused else 0)
    assert ("which has days in common" in ended.err) is is_refused


def test_a_month_is_not_compared_with_a_week_where_days_count() -> None:
    asked = (HERE / "keys-in-where.csv", "--period", "2026-09", "--compare", "2026-W41", "--kpi", "tickets_created",
             "--kpi", "resolution_time_mean")  # fmt: skip
    found = report(*asked)
    created = next(result for result in found["results"] if result["kpi"] == "tickets_created")
    assert created["change"] is None
    assert any("2026-09 has 30 days and 2026-W41 has 7" in note for note in created["notes"])
    assert "uneven-periods" in {finding["code"] for finding in found["findings"]}


@pytest.mark.parametrize("compare", ["2026-08", "2026-02", "2025-09"])
def test_months_are_compared_with_months(compare: str) -> None:
    found = report(HERE / "keys-in-where.csv", "--period", "2026-09", "--compare", compare, "--kpi", "tickets_created")
    assert "uneven-periods" not in {finding["code"] for finding in found["findings"]}


def test_a_month_of_stragglers_is_not_reported_unasked(tmp_path: Path) -> None:
    """Tickets opened until the end of July, exported in September: August has four."""
    opened = [f"2026-{month:02d}-{1 + number % 28:02d} 09:00" for month in (5, 6, 7) for number in range(84)]
    opened += [f"2026-08-{day:02d} 09:00" for day in (1, 9, 18, 30)]
    path = tmp_path / "tickets.csv"
    lines = [f"{number},{at},{at[:11]}15:00,solved" for number, at in enumerate(opened)]
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status", *lines]) + "\n", encoding="utf-8")
    found = report(path)
    assert found["query"]["period"] == {"start": "2026-07-01", "end": "2026-08-01"}
    (message,) = [finding["text"] for finding in found["findings"] if finding["code"] == "sparse-period"]
    assert "2026-08 has 4 rows of tickets" in message
    assert "sparse-period" not in {finding["code"] for finding in report(path, "--period", "2026-08")["findings"]}


@pytest.mark.parametrize("stray", ["2062-01-01 09:00", "2099-12-31 23:59"])
def test_a_date_in_the_far_future_is_reported_and_does_not_set_the_clock(tmp_path: Path, stray: str) -> None:
    path = tmp_path / "tickets.csv"
    lines = [f"{number},2026-03-{1 + number:02d} 09:00,,open" for number in range(12)] + [f"99,{stray},,open"]
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status", *lines]) + "\n", encoding="utf-8")
    found = report(path, "--period", "all")
    assert found["query"]["as_of"] == "2026-03-12T09:00:00"
    assert "far-ahead" in {finding["code"] for finding in found["findings"]}


TICKET = "{number},2026-09-{day:02d} 09:00,2026-09-{day:02d} 15:00,solved"


@pytest.mark.parametrize("year", ["2062", "2027"])
@pytest.mark.parametrize("rows", [12, 28])
@pytest.mark.parametrize("is_opening", [True, False])
def test_a_mistyped_year_is_named_with_its_row_and_is_no_time(
    tmp_path: Path, year: str, rows: int, is_opening: bool
) -> None:
    path = tmp_path / "tickets.csv"
    lines = [TICKET.format(number=number, day=number + 1) for number in range(rows)]
    lines[4] = (
        lines[4].replace("2026", year) if is_opening else f"{year}-09-05 15:00".join(lines[4].split("2026-09-05 15:00"))
    )
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status", *lines]) + "\n", encoding="utf-8")
    found = report(path, "--period", "all")
    known = {one["kpi"]: one for one in found["results"]}
    assert found["query"]["as_of"] == f"2026-09-{rows:02d}T15:00:00"
    (message,) = [finding for finding in found["findings"] if finding["code"] == "far-ahead"]
    assert message["serious"]
    assert f"{path} row 6, `{'Created' if is_opening else 'Resolved'} at`: `{year}-09-05" in message["text"]
    assert (known["resolution_time"]["value"], known["resolution_time"]["n"]) == (6 * 3600, rows - 1)
    assert known["backlog"]["value"] == 0
    assert known["tickets_created"]["value"] == rows


def test_a_mistyped_year_of_an_answer_does_not_set_the_clock(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    lines = [f"{number},2026-09-{1 + number:02d} 10:00,9" for number in range(14)] + ["99,2062-09-03 10:00,0"]
    path.write_text("\n".join(["Response ID,Answered at,NPS (0-10)", *lines]) + "\n", encoding="utf-8")
    found = report(path, "--period", "all")
    assert found["query"]["as_of"] == "2026-09-14T10:00:00"
    assert any("row 16, `Answered at`: `2062-09-03 10:00`" in finding["text"] for finding in found["findings"])


@pytest.mark.parametrize("last", ["2026-12-20 09:00", "2027-03-20 09:00", "2027-01-05 09:00"])
def test_a_ticket_resolved_long_after_the_others_is_no_mistyped_year(tmp_path: Path, last: str) -> None:
    """With its year turned back it would be resolved before it was opened, or lie outside the file."""
    path = tmp_path / "tickets.csv"
    lines = [TICKET.format(number=number, day=number + 1) for number in range(20)] + [
        f"99,2026-09-21 09:00,{last},solved"
    ]
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status", *lines]) + "\n", encoding="utf-8")
    found = report(path, "--period", "all")
    assert found["query"]["as_of"] == last.replace(" ", "T") + ":00"
    assert "far-ahead" not in {finding["code"] for finding in found["findings"]}


def test_a_shop_with_a_ticket_now_and_then_has_no_mistyped_year(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    lines = [f"{number},{2025 + number // 6}-{1 + number % 6 * 2:02d}-03 09:00,,open" for number in range(14)]
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status", *lines]) + "\n", encoding="utf-8")
    assert report(path, "--period", "all")["query"]["as_of"] == "2027-03-03T09:00:00"


@pytest.mark.parametrize("impossible", ["1985-06-01 09:00", "2162-01-01 09:00", "9998-12-31 09:00", "0026-03-01 09:00"])
def test_a_date_that_cannot_be_is_a_refused_row(tmp_path: Path, impossible: str) -> None:
    path = tmp_path / "tickets.csv"
    lines = [f"{number},2026-03-{1 + number:02d} 09:00,,open" for number in range(12)] + [f"99,{impossible},,open"]
    path.write_text("\n".join(["Ticket ID,Created at,Resolved at,Status", *lines]) + "\n", encoding="utf-8")
    found = report(path, "--period", "all", "--kpi", "tickets_created")
    assert found["results"][0]["value"] == 12
    assert sum(found["sources"][0]["rows_refused"].values()) == 1


@pytest.mark.parametrize("more", [(), ("--calendar", "se"), ("--as-of", "2199-12-31"), ("--sla", "resolution=2h")])
def test_a_ticket_of_a_century_is_no_bug(tmp_path: Path, more: tuple[str, ...]) -> None:
    """Longer than the seconds of a duration reach."""
    path = tmp_path / "tickets.csv"
    path.write_text(
        "Ticket ID,Created at,First replied at,Resolved at,Status\n1,1990-01-01 09:00,2099-01-01 09:00,2099-12-31 09:00,solved\n"
        "2,1990-01-01 09:00,1990-01-01 10:00,,open\n3,2099-01-01 09:00,1990-01-01 10:00,1990-01-02 10:00,solved\n",
        encoding="utf-8",
    )
    assert piped("report", path, "--period", "all", "--kpi", "*", *more).code == 0


def test_a_zone_that_nothing_can_be_shown_in_is_reported() -> None:
    """`--tz` converts; without the files' own zone there is nothing to convert from."""
    found = report(TICKETS, "--tz", "America/New_York", "--period", "all")
    assert any("nothing is shown in America/New_York" in finding["text"] for finding in found["findings"])
    zoned = report(TICKETS, *STOCKHOLM, "--tz", "America/New_York", "--period", "all")
    assert not any("nothing is shown" in finding["text"] for finding in zoned["findings"])


def test_an_instant_before_everything_is_refused_and_one_after_it_is_none() -> None:
    ended = piped("report", TICKETS, "--as-of", "1995-01-01")
    assert ended.code == 3
    assert "nothing in the files had happened by 1995-01-01" in ended.err
    assert value("tickets_created", TICKETS, *STOCKHOLM, "--as-of", "2199-12-31", "--period", "2026-09") == 7
